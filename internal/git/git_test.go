package git

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func repository(t *testing.T, files ...string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	command(t, dir, "init", "--quiet")
	for _, name := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte("*.lock\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func command(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestTop(t *testing.T) {
	dir := repository(t, "a/b/c")
	for _, in := range []string{"", "a", "a/b"} {
		if top, ok := Top(filepath.Join(dir, in)); !ok || top != dir {
			t.Errorf("%q: got %q, %v", in, top, ok)
		}
	}
	if top, ok := Top("/"); ok {
		t.Errorf("/: got %q", top)
	}
}

func TestIntendToAdd(t *testing.T) {
	dir := repository(t, ".gitignore", "sub/known", "sub/new", "sub/flake.lock", "sub/[x]", "sub/x")
	command(t, dir, "add", "sub/known")
	sub := filepath.Join(dir, "sub")
	unknown, err := Untracked(t.Context(), sub, []string{"known", "new", "flake.lock", "[x]"})
	if err != nil || !slices.Equal(unknown, []string{"new", "flake.lock", "[x]"}) {
		t.Fatalf("got %v, %v", unknown, err)
	}
	if err := IntendToAdd(t.Context(), sub, unknown); err != nil {
		t.Fatal(err)
	}
	if got := command(t, dir, "ls-files"); strings.Join(strings.Fields(got), " ") != "sub/[x] sub/flake.lock sub/known sub/new" {
		t.Errorf("git knows %s", got)
	}
	if got := command(t, dir, "diff", "--cached", "--name-only"); strings.TrimSpace(got) != "sub/known" {
		t.Errorf("staged: %s", got)
	}
	if err := IntendToAdd(t.Context(), sub, []string{"nowhere"}); err == nil {
		t.Error("no error of a file that is not there")
	}
	if err := IntendToAdd(t.Context(), sub, nil); err != nil {
		t.Error(err)
	}
}

// TestWorking: a git at work holds the lock of the index, which a worktree has of
// its own.
func TestWorking(t *testing.T) {
	dir := repository(t, "a")
	command(t, dir, "add", "a")
	command(t, dir, "-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "--quiet", "-m", "x")
	worktree := filepath.Join(t.TempDir(), "worktree")
	command(t, dir, "worktree", "add", "--quiet", worktree)
	own, common := Dirs(worktree)
	if own == common || common != filepath.Join(dir, ".git") {
		t.Errorf("a worktree's folders are %s and %s", own, common)
	}
	if own, common := Dirs(dir); own != common || own != filepath.Join(dir, ".git") {
		t.Errorf("a repository's folders are %s and %s", own, common)
	}
	now := time.Now()
	for _, top := range []string{dir, worktree} {
		own, _ := Dirs(top)
		lock := filepath.Join(own, "index.lock")
		if Working(top, now) {
			t.Errorf("%s: git is at work before there is a lock", top)
		}
		if err := os.WriteFile(lock, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if !Working(top, now) || Working(top, now.Add(time.Hour)) {
			t.Errorf("%s: with a lock git is at work %v, with one of an hour ago %v", top, Working(top, now), Working(top, now.Add(time.Hour)))
		}
	}
	if Working(t.TempDir(), now) {
		t.Error("git is at work where there is no repository")
	}
}
