package scaffold

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/weft-build/weft/internal/pyproject"
)

func dist(name string) pyproject.Distribution { return pyproject.Distribution{Name: name} }

// wanted are the files of a small weft of some version.
func wanted(version string) []File {
	return []File{
		{Path: "rules_weft/a.bzl", Data: []byte("rules " + version + "\n"), Vendored: true},
		{Path: "flake.nix", Data: []byte("flake\n")},
		{Path: "flake.lock", Data: []byte("lock\n"), Once: true, With: "flake.nix"},
		{Path: ".gitignore", Data: []byte("/.weft/\n/x\n"), Merge: addLines([]string{"/.weft/", "/x"}, "# Weft's")},
		{Path: "weft.toml", Data: []byte("toml\n"), Once: true},
		{Path: VersionFile, Data: []byte(version + "\n"), Vendored: true},
	}
}

// plan is what Compare says, a line per change and note.
func plan(t *testing.T, workspace fs.FS, files []File, upgrade bool) (Plan, string) {
	t.Helper()
	p, err := Compare(workspace, files, upgrade)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range p.Changes {
		word := "update"
		switch {
		case c.Old == nil:
			word = "new"
		case c.New == nil:
			word = "remove"
		case c.Adds:
			word = "add"
		}
		if c.Ask {
			word += "?"
		}
		fmt.Fprintf(&b, "%s %s\n", word, c.Path)
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "! %s\n", n.Text)
	}
	return p, b.String()
}

// carriedOut is a workspace after its plan.
func carriedOut(p Plan, workspace fstest.MapFS) fstest.MapFS {
	out := fstest.MapFS{}
	for name, file := range workspace {
		out[name] = file
	}
	changes := p.Changes
	if m, ok := p.Manifest(); ok {
		changes = append(changes, m)
	}
	for _, c := range changes {
		if c.New == nil {
			delete(out, c.Path)
		} else {
			out[c.Path] = &fstest.MapFile{Data: c.New, Mode: 0o644}
		}
	}
	return out
}

func with(workspace fstest.MapFS, name, text string) fstest.MapFS {
	out := fstest.MapFS{}
	for n, f := range workspace {
		out[n] = f
	}
	if text == "" {
		delete(out, name)
	} else {
		out[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return out
}

func TestCompare(t *testing.T) {
	first, all := plan(t, fstest.MapFS{}, wanted("1"), false)
	if all != "new rules_weft/a.bzl\nnew flake.nix\nnew flake.lock\nnew .gitignore\nnew weft.toml\nnew rules_weft/VERSION\n" {
		t.Fatalf("in an empty folder: %s", all)
	}
	done := carriedOut(first, fstest.MapFS{})
	other := wanted("1")
	other[1].Data = []byte("another flake\n")
	less := wanted("2")[1:]
	for _, c := range []struct {
		name      string
		workspace fstest.MapFS
		files     []File
		upgrade   bool
		want      string
	}{
		{name: "again", workspace: done, files: wanted("1")},
		{name: "a new proposal", workspace: done, files: other, want: "update flake.nix\n"},
		{name: "edited", workspace: with(done, "flake.nix", "mine"), files: wanted("1")},
		{name: "edited, a new proposal", workspace: with(done, "flake.nix", "mine"), files: other, want: "update? flake.nix\n"},
		{name: "removed", workspace: with(done, "flake.nix", ""), files: wanted("1"), want: "new flake.nix\n"},
		{name: "the lock has moved on", workspace: with(done, "flake.lock", "newer"), files: wanted("1")},
		{name: "a foreign flake", workspace: fstest.MapFS{"flake.nix": {Data: []byte("theirs")}}, files: wanted("1")[1:3], want: "update? flake.nix\nnew flake.lock\n"},
		{name: "foreign lines", workspace: with(done, ".gitignore", "a\n.weft\n"), files: wanted("1"), want: "add? .gitignore\n"},
		{name: "another version", workspace: done, files: wanted("2"), want: "! rules_weft is of weft 1 and left as it is; this is weft 2\n"},
		{name: "upgrade", workspace: done, files: wanted("2"), upgrade: true, want: "update rules_weft/a.bzl\nupdate rules_weft/VERSION\n"},
		{name: "upgrade, edited", workspace: with(done, "rules_weft/a.bzl", "mine"), files: wanted("2"), upgrade: true,
			want: "update? rules_weft/a.bzl\nupdate rules_weft/VERSION\n"},
		{name: "upgrade to less", workspace: done, files: less, upgrade: true, want: "update rules_weft/VERSION\nremove rules_weft/a.bzl\n"},
		{name: "upgrade to less, edited", workspace: with(done, "rules_weft/a.bzl", "mine"), files: less, upgrade: true,
			want: "update rules_weft/VERSION\nremove? rules_weft/a.bzl\n"},
		{name: "upgrade to the same", workspace: done, files: wanted("1"), upgrade: true},
		{name: "rules lost", workspace: with(done, "rules_weft/a.bzl", ""), files: wanted("1"), want: "new rules_weft/a.bzl\n"},
		{name: "interrupted before the version", workspace: with(with(done, VersionFile, ""), "rules_weft/a.bzl", ""), files: wanted("2"),
			want: "new rules_weft/a.bzl\nnew rules_weft/VERSION\n"},
	} {
		if _, got := plan(t, c.workspace, c.files, c.upgrade); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

// TestDeclined: what was declined is not offered again, and takes with it what
// makes no sense alone.
func TestDeclined(t *testing.T) {
	foreign := fstest.MapFS{"flake.nix": {Data: []byte("theirs")}}
	p, _ := plan(t, foreign, wanted("1"), false)
	left := p.Leave(func(c Change) bool { return c.Ask && !c.Adds })
	if len(left) != 1 || left[0].Path != "flake.nix" {
		t.Fatalf("left %v", left)
	}
	after := carriedOut(p, foreign)
	if after["flake.lock"] != nil || string(after["flake.nix"].Data) != "theirs" {
		t.Errorf("the lock of a flake that was declined is written, or the flake is")
	}
	if p, again := plan(t, after, wanted("1"), false); again != "" {
		t.Errorf("again: %s", again)
	} else if _, changed := p.Manifest(); changed {
		t.Error("the manifest changes again")
	}
}

// TestDeclinedRulesAreOfferedAgain: half of the rules is no state to be quiet about.
func TestDeclinedRulesAreOfferedAgain(t *testing.T) {
	first, _ := plan(t, fstest.MapFS{}, wanted("1"), false)
	edited := with(carriedOut(first, fstest.MapFS{}), "rules_weft/a.bzl", "mine")
	p, _ := plan(t, edited, wanted("2"), true)
	p.Leave(func(c Change) bool { return c.Ask })
	if _, again := plan(t, carriedOut(p, edited), wanted("2"), true); again != "update? rules_weft/a.bzl\n" {
		t.Errorf("again: %q", again)
	}
}

func TestMerge(t *testing.T) {
	add, block, module := addLines([]string{"/.weft/", "rules_weft"}, "# Weft's"), addBlock("# see\nimport x\n", "import x"), addModule("bazel_dep(name = \"rules_weft\")\n")
	for _, c := range []struct {
		name      string
		merge     func([]byte) []byte
		old, want string
	}{
		{"empty", add, "", "# Weft's\n/.weft/\nrules_weft\n"},
		{"all there", add, "rules_weft/\n.weft\n", "rules_weft/\n.weft\n"},
		{"one there, no last newline", add, "a\n.weft", "a\n.weft\n\n# Weft's\nrules_weft\n"},
		{"CRLF", add, "a\r\n/.weft/\r\n", "a\r\n/.weft/\r\n\r\n# Weft's\r\nrules_weft\r\n"},
		{"without a comment", addLines([]string{"a"}, ""), "b\n", "b\na\n"},
		{"block", block, "build --x\n", "build --x\n\n# see\nimport x\n"},
		{"block there", block, "import x\n", "import x\n"},
		{"module", module, "module(name = \"a\")\n", "module(name = \"a\")\n\nbazel_dep(name = \"rules_weft\")\n"},
		{"module there", module, "bazel_dep(name = \"rules_weft\")\n", "bazel_dep(name = \"rules_weft\")\n"},
	} {
		once := c.merge([]byte(c.old))
		if string(once) != c.want {
			t.Errorf("%s: got %q, want %q", c.name, once, c.want)
		}
		if twice := c.merge(once); !bytes.Equal(once, twice) {
			t.Errorf("%s: the second time gives %q", c.name, twice)
		}
	}
}

func TestApply(t *testing.T) {
	root := t.TempDir()
	script := filepath.Join(root, "run")
	if err := errors.Join(os.WriteFile(script, []byte("old"), 0o755), os.Symlink("run", filepath.Join(root, "link")),
		os.Mkdir(filepath.Join(root, "real"), 0o755), os.Symlink("real", filepath.Join(root, "folder")), os.WriteFile(filepath.Join(root, "gone"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	err := Apply(t.Context(), root, []Change{{Path: "link", New: []byte("new")}, {Path: "a/b/c", New: []byte{}}, {Path: "folder/x/y", New: []byte("y")}, {Path: "gone", Old: []byte{}}})
	if err != nil {
		t.Fatal(err)
	}
	info, _ := os.Stat(script)
	link, _ := os.Lstat(filepath.Join(root, "link"))
	data, _ := os.ReadFile(script)
	if info.Mode().Perm() != 0o755 || link.Mode()&fs.ModeSymlink == 0 || string(data) != "new" {
		t.Errorf("mode %v, link %v, %q", info.Mode(), link.Mode(), data)
	}
	for name, want := range map[string]bool{"a/b/c": true, "real/x/y": true, "gone": false} {
		if _, err := os.Stat(filepath.Join(root, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	rest, _ := filepath.Glob(filepath.Join(root, ".*"))
	if len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
}

func TestApplyStaysInTheWorkspace(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	if err := errors.Join(os.Symlink(outside, filepath.Join(root, "rules_weft")), os.WriteFile(filepath.Join(outside, "rc"), nil, 0o644),
		os.Symlink(filepath.Join(outside, "rc"), filepath.Join(root, ".bazelrc")), os.WriteFile(filepath.Join(root, "file"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"rules_weft/new", ".bazelrc", "file/below"} {
		err := Apply(t.Context(), root, []Change{{Path: name, New: []byte("x")}})
		var file *FileError
		if !errors.As(err, &file) || file.Path != name || file.Hint() == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if entries, _ := os.ReadDir(outside); len(entries) != 1 {
		t.Errorf("outside there is %v", entries)
	}
}

func TestCompareBadFiles(t *testing.T) {
	root := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(root, ".gitignore"), 0o755), os.Symlink("nowhere", filepath.Join(root, "flake.nix"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".gitignore", "flake.nix"} {
		_, err := Compare(os.DirFS(root), []File{{Path: name, Data: []byte("x")}}, false)
		var file *FileError
		if !errors.As(err, &file) || file.Path != name {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct {
		change Change
		want   string
	}{
		{Change{Path: "a", New: []byte("x\n")}, "diff --git a/a b/a\nnew file mode 100644\n--- /dev/null\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n"},
		{Change{Path: "a", Old: []byte("x\n")}, "diff --git a/a b/a\ndeleted file mode 100644\n--- a/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n"},
		{Change{Path: "a", New: []byte{}}, "diff --git a/a b/a\nnew file mode 100644\n"},
	} {
		if got := string(c.change.Diff()); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

func TestApplyIsInterrupted(t *testing.T) {
	root := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := Apply(ctx, root, []Change{{Path: "a", New: []byte("x")}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(root); len(entries) != 0 {
		t.Errorf("written: %v", entries)
	}
}
