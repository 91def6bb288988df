// Package git knows what little of git `weft init` needs: where a repository's
// top is, and how to make it know of new files, which is when Nix sees them.
package git

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/proc"
)

// Top is the folder at or above dir that has a .git; false when there is none.
func Top(dir string) (string, bool) {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Lstat(filepath.Join(d, ".git")); err == nil {
			return d, true
		}
		if d == filepath.Dir(d) {
			return "", false
		}
	}
}

// Dirs are where git keeps what is a working tree's own, its index above all,
// and what the working trees of the repository share; they are one but for a
// worktree, whose .git is a file that names the first.
func Dirs(top string) (own, common string) {
	own = filepath.Join(top, ".git")
	if data, err := os.ReadFile(own); err == nil {
		own = inDir(top, strings.TrimPrefix(string(data), "gitdir:"))
	}
	common = own
	if data, err := os.ReadFile(filepath.Join(own, "commondir")); err == nil {
		common = inDir(own, string(data))
	}
	return own, common
}

// inDir is a path that may be relative to a folder.
func inDir(dir, name string) string {
	name = strings.TrimSpace(name)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// Working says that git is changing the working tree that a folder is in, as a
// checkout does: it holds the lock of its index. A lock that is older than a
// minute is one that a git which died has left.
func Working(dir string, now time.Time) bool {
	top, ok := Top(dir)
	if !ok {
		return false
	}
	own, _ := Dirs(top)
	info, err := os.Lstat(filepath.Join(own, "index.lock"))
	return err == nil && now.Sub(info.ModTime()) < time.Minute
}

// Untracked are those of the paths that git does not know, relative to dir as
// they are.
func Untracked(ctx context.Context, dir string, paths []string) ([]string, error) {
	out, err := run(ctx, dir, "asking git for its files", append([]string{"ls-files", "-z", "--"}, literal(paths)...))
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, name := range strings.Split(string(out), "\x00") {
		known[name] = true
	}
	var unknown []string
	for _, p := range paths {
		if !known[p] {
			unknown = append(unknown, p)
		}
	}
	return unknown, nil
}

// IntendToAdd makes git know paths without staging what is in them, also those
// that a .gitignore leaves out.
func IntendToAdd(ctx context.Context, dir string, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	_, err := run(ctx, dir, "telling git of new files", append([]string{"add", "--intent-to-add", "--force", "--"}, literal(paths)...))
	return err
}

// literal keeps git from reading a path as a pattern.
func literal(paths []string) (out []string) {
	for _, p := range paths {
		out = append(out, ":(literal)"+p)
	}
	return out
}

func run(ctx context.Context, dir, purpose string, args []string) ([]byte, error) {
	res, err := proc.Run(ctx, proc.Command{Purpose: purpose, Argv: append([]string{"git"}, args...), Dir: dir})
	return res.Stdout, err
}
