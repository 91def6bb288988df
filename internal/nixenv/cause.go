package nixenv

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/weft-build/weft/internal/proc"
)

// flakeError turns a failed nix eval into what is wrong with the flake.
func (o Options) flakeError(err error) error {
	var exit *proc.ExitError
	if !errors.As(err, &exit) || exit.Cause != nil {
		return err
	}
	m := shorten(exit.Stderr, o.Workspace)
	e := &FlakeError{Reason: evaluating + m.String(), Stderr: exit.Stderr, Next: "nix eval --show-trace '.#weftEnvironments'", apart: true}
	switch {
	case m.untracked != "":
		e.Reason, e.Next, e.apart = m.String(), "git add -N "+o.trackable(m.untracked), false
	case strings.Contains(m.text, "does not provide attribute"):
		e.Reason, e.Next, e.apart = "flake.nix has no output weftEnvironments", exampleOutput, false
	case m.input != "" || strings.Contains(m.text, "unable to download"):
		e.Next, e.apart = "on a closed network, replace the input: --override-input NAME=path:FOLDER", false
	case strings.HasPrefix(m.text, "syntax error"):
		e.Next, e.apart = "nix flake show", false
	}
	return e
}

// evaluating opens the message of a flake that does not evaluate.
const evaluating = "evaluating flake.nix: "

// exampleOutput is the hint for a flake that has no environments yet.
const exampleOutput = `weftEnvironments.x86_64-linux."python3.11" = weft.lib.pythonEnvironment { python = pkgs.python311; packages = ps: [ ps.pytest ]; };`

// trackable is the path of a file of the repository as git wants it in the workspace.
func (o Options) trackable(file string) string {
	for up := o.Workspace; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, ".git")); err == nil {
			if rel, err := filepath.Rel(o.Workspace, filepath.Join(up, file)); err == nil {
				file = rel
			}
			break
		}
		if up == filepath.Dir(up) {
			break
		}
	}
	return proc.Quote([]string{file})
}
