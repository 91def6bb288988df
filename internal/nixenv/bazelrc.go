package nixenv

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// .weft/bazelrc, which a workspace's .bazelrc try-imports, gives plain
// `bazel test` what weft gives it, so that neither throws the other's analysis
// away: under overrides the environments lock, for all commands, and the flags
// of builds that depend on this machine.

const (
	bazelrcHead   = "# Written by weft, so that plain Bazel is given what weft gives it; weft keeps it up to date.\n"
	bazelrcAll    = "common "
	bazelrcBuilds = "build "
)

// pointBazel makes plain `bazel test` use the same lock, and leaves the flags
// of builds as they are.
func (o Options) pointBazel() error {
	var lock []string
	if len(o.Overrides) > 0 {
		lock = []string{bazelrcAll + rcWord("--repo_env="+LockVariable+"="+o.LockPath())}
	}
	if err := o.rewriteBazelrc(bazelrcAll, lock); err != nil {
		return fmt.Errorf("pointing Bazel at the environments lock: %w", err)
	}
	return nil
}

// ShareBuildFlags gives plain Bazel's builds the flags given, in place of those
// of the last time.
func ShareBuildFlags(o Options, flags []string) error {
	lines := make([]string, len(flags))
	for i, flag := range flags {
		lines[i] = bazelrcBuilds + rcWord(flag)
	}
	if err := o.rewriteBazelrc(bazelrcBuilds, lines); err != nil {
		return fmt.Errorf("sharing flags with plain Bazel: %w", err)
	}
	return nil
}

// rewriteBazelrc replaces the lines of one kind; a file without lines is removed.
func (o Options) rewriteBazelrc(kind string, lines []string) error {
	path := filepath.Join(o.Workspace, filepath.FromSlash(BazelrcName))
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var others []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, kind) {
			others = append(others, line)
		}
	}
	if kind == bazelrcAll {
		lines = append(lines, others...)
	} else {
		lines = append(others, lines...)
	}
	if len(lines) > 0 {
		text := bazelrcHead + strings.Join(lines, "\n") + "\n"
		if text == string(data) { // Bazel, and what is kept of its answers, need not look at it again
			return nil
		}
		return replaceFile(path, []byte(text))
	}
	if err = os.Remove(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// rcWord quotes what is more than one word in an rc file.
func rcWord(flag string) string {
	if strings.ContainsAny(flag, " \t\"'\\#") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(flag) + `"`
	}
	return flag
}
