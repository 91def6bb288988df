package ui

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/weft-build/weft/internal/proc"
)

// How editors are told a line. Those that are not named get the file alone.
var (
	plusLine  = []string{"vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "kak", "micro", "joe", "mg", "ne", "pico"}
	gotoLine  = []string{"code", "code-insiders", "codium", "cursor"}
	colonLine = []string{"subl", "hx", "helix", "zed"}
	lineLine  = []string{"pycharm", "charm", "idea"}
)

// editor is the command that opens a file, an absolute path, at a line; 0 is
// no line.
func editor(env func(string) (string, bool), file string, line int) ([]string, error) {
	text := cmp.Or(value(env, "VISUAL"), value(env, "EDITOR"))
	argv, err := proc.Split(text)
	if err != nil {
		return nil, fmt.Errorf("reading $VISUAL or $EDITOR, %q: %w", text, err)
	}
	if len(argv) == 0 {
		return nil, errors.New("no editor is set: export EDITOR=vim, say")
	}
	name := filepath.Base(argv[0])
	switch {
	case line <= 0:
		return append(argv, file), nil
	case slices.Contains(plusLine, name):
		return append(argv, fmt.Sprintf("+%d", line), file), nil
	case slices.Contains(gotoLine, name):
		return append(argv, "-g", fmt.Sprintf("%s:%d", file, line)), nil
	case slices.Contains(colonLine, name):
		return append(argv, fmt.Sprintf("%s:%d", file, line)), nil
	case slices.Contains(lineLine, name):
		return append(argv, "--line", fmt.Sprint(line), file), nil
	}
	return append(argv, file), nil
}
