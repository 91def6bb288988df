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
// away, nor runs again what the other has run: under overrides the environments
// lock, the disk cache, and the flags of builds that depend on this machine.

const (
	bazelrcHead   = "# Written by weft, so that plain Bazel is given what weft gives it; weft keeps it up to date.\n"
	bazelrcLock   = "common "
	bazelrcTests  = "test "
	bazelrcBuilds = "build "
)

// ShareWithBazel writes .weft/bazelrc, with these flags of builds in place of
// those of the last time; without anything to say there is none.
func ShareWithBazel(o Options, build []string) error {
	var lines []string
	for _, flag := range build {
		lines = append(lines, bazelrcBuilds+rcWord(flag))
	}
	return o.writeBazelrc(lines)
}

// pointBazel writes .weft/bazelrc before anything is asked of Bazel, which must
// not see an older lock: the flags of builds hang on its answer, and stay as the
// last run has left them.
func (o Options) pointBazel() error {
	data, err := os.ReadFile(o.bazelrcPath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading what plain Bazel is given: %w", err)
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, bazelrcBuilds) {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return o.writeBazelrc(lines)
}

func (o Options) bazelrcPath() string {
	return filepath.Join(o.Workspace, filepath.FromSlash(BazelrcName))
}

// writeBazelrc puts the lines of builds below those that the options make.
func (o Options) writeBazelrc(builds []string) error {
	var lines []string
	if len(o.Overrides) > 0 {
		lines = append(lines, bazelrcLock+rcWord("--repo_env="+LockVariable+"="+o.LockPath()))
	}
	if o.DiskCache != "" {
		lines = append(lines, bazelrcTests+rcWord("--disk_cache="+o.DiskCache))
	}
	lines = append(lines, builds...)
	var err error
	if len(lines) > 0 {
		err = replaceFile(o.bazelrcPath(), []byte(bazelrcHead+strings.Join(lines, "\n")+"\n"))
	} else if err = os.Remove(o.bazelrcPath()); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("writing what plain Bazel is given: %w", err)
	}
	return nil
}

// rcWord quotes what is more than one word in an rc file.
func rcWord(flag string) string {
	if strings.ContainsAny(flag, " \t\"'\\#") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(flag) + `"`
	}
	return flag
}
