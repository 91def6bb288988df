package watch

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// runGit runs the real git, without the user's settings.
func runGit(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "XDG_CONFIG_HOME="+dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && stderr.Len() > 0 {
		t.Fatalf("git %q: %v\n%s", args, err, stderr.String())
	}
	return stdout.String()
}

func write(t *testing.T, root, rel, text string) {
	t.Helper()
	file := filepath.Join(root, rel)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRulesAreGits holds what the tree remembers against what git does not
// ignore, for rules that are drawn at random from those that differ most.
func TestRulesAreGits(t *testing.T) {
	lines := []string{
		"*", "!*/", "!*.py", "*.py", "/a", "a/", "!a/", "b", "!b", "a/b", "a/*", "!a/*/", "**/b", "b/**", "!b/**", "a/**/c.py",
		"/*", "!/a/", "[ab]", "[!a]*", "c.p?", `\!x`, `\#x`, "# a comment", "c.py ", "!c.py", "x", "*.txt\r", "{a,b}", "/a/*", "[[:alpha:]].py", "",
	}
	names := []string{"a", "b", "x"}
	files := []string{"c.py", "d.txt", "!x", "#x", "{a,b}", "a.py"}
	r := rand.New(rand.NewPCG(5, 5))
	extra := 0
	for round := range 40 {
		root := t.TempDir()
		runGit(t, root, "", "init", "-q")
		rulesAt := func(dir string) {
			var text []string
			for range 1 + r.IntN(5) {
				text = append(text, lines[r.IntN(len(lines))])
			}
			write(t, root, filepath.Join(dir, ".gitignore"), strings.Join(text, "\n")+"\n")
		}
		for _, one := range append([]string{"."}, names...) {
			for _, two := range append([]string{"."}, names...) {
				for _, f := range files {
					write(t, root, filepath.Join(one, two, "in", f), "")
					write(t, root, filepath.Join(one, two, f), "")
				}
			}
		}
		rulesAt(".")
		rulesAt(names[r.IntN(3)])
		write(t, root, ".git/info/exclude", lines[r.IntN(len(lines))]+"\n")
		want := strings.Split(strings.TrimSuffix(runGit(t, root, "", "ls-files", "-z", "--others", "--exclude-standard"), "\x00"), "\x00")
		got := remembered(t, root)
		for _, f := range want {
			if f != "" && !slices.Contains(got, f) {
				t.Fatalf("round %d: %s is not ignored by git\n%s", round, f, allRules(root))
			}
		}
		for _, f := range got {
			if !slices.Contains(want, f) {
				extra++
				t.Logf("round %d: %s is ignored by git\n%s", round, f, allRules(root))
			}
		}
	}
	if extra > 0 {
		t.Errorf("%d files are ignored by git and watched all the same", extra)
	}
}

// remembered are the files of a workspace that are not left out.
func remembered(t *testing.T, root string) []string {
	tree := newTree(root, func(string, fileID, bool) {})
	var out []string
	tree.rescan(t.Context(), func(path string, _ Change) { out = append(out, path) })
	slices.Sort(out)
	return out
}

func allRules(root string) string {
	var b strings.Builder
	for _, f := range []string{".gitignore", "a/.gitignore", "b/.gitignore", "x/.gitignore", ".git/info/exclude"} {
		if data, err := os.ReadFile(filepath.Join(root, f)); err == nil {
			fmt.Fprintf(&b, "%s: %q\n", f, data)
		}
	}
	return b.String()
}
