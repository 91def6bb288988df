package watch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open watches a folder until the test ends.
func open(t *testing.T, o Options) *Watcher {
	t.Helper()
	w, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// marker is a file whose change ends a collection: what was done before it was
// hinted at before it.
const marker = "zz.marker"

var marks int

// collect returns the changes up to now, merged, and the warnings.
func collect(t *testing.T, w *Watcher) (map[string]Change, []Warning) {
	t.Helper()
	marks++
	write(t, w.root, marker, fmt.Sprint(marks))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	all := Batch{Changes: map[string]Change{}}
	for {
		b, err := w.Next(ctx)
		if err != nil {
			t.Fatalf("%v; so far %v", err, all.Changes)
		}
		for path, c := range b.Changes {
			all.add(path, c)
		}
		all.Warnings = append(all.Warnings, b.Warnings...)
		if _, ok := all.Changes[marker]; ok {
			delete(all.Changes, marker)
			return all.Changes, all.Warnings
		}
	}
}

func expect(t *testing.T, w *Watcher, want map[string]Change) {
	t.Helper()
	got, warnings := collect(t, w)
	if !maps.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	for _, warning := range warnings {
		t.Errorf("warned: %+v", warning)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestChangesOfFiles(t *testing.T) {
	root := t.TempDir()
	in := func(rel string) string { return filepath.Join(root, rel) }
	for _, f := range []string{"src/a.py", "src/b.py", "src/c.py", "src/d.py", "src/deep/er/e.py", "gone/x.py"} {
		write(t, root, f, f)
	}
	write(t, root, ".gitignore", "")
	w := open(t, Options{Root: root})
	for _, test := range []struct {
		name string
		do   func()
		want map[string]Change
	}{
		{"plain", func() { write(t, root, "src/a.py", "1") }, map[string]Change{"src/a.py": Written}},
		{"new", func() { write(t, root, "src/n.py", "1") }, map[string]Change{"src/n.py": Created}},
		{"removed", func() { must(t, os.Remove(in("src/n.py"))) }, map[string]Change{"src/n.py": Removed}},
		{"new and removed", func() { write(t, root, "src/n.py", "1"); must(t, os.Remove(in("src/n.py"))) }, map[string]Change{}},
		{"atomic", func() { write(t, root, "src/.a.tmp", "2"); must(t, os.Rename(in("src/.a.tmp"), in("src/a.py"))) }, map[string]Change{"src/a.py": Written}},
		{"renamed", func() { must(t, os.Rename(in("src/b.py"), in("src/z.py"))) }, map[string]Change{"src/b.py": Removed, "src/z.py": Created}},
		{"mode", func() { must(t, os.Chmod(in("src/a.py"), 0o755)) }, map[string]Change{}},
		{"touched, its content known", func() {
			must(t, os.Chtimes(in("src/a.py"), time.Now(), time.Now().Add(time.Hour)))
			write(t, root, "src/a.py", "2")
		}, map[string]Change{}},
		{"removed and back", func() { must(t, os.Remove(in("src/c.py"))); write(t, root, "src/c.py", "3") }, map[string]Change{"src/c.py": Written}},
		{"folder and file at once", func() { write(t, root, "new/er/est/a.py", "1") }, map[string]Change{"new/er/est/a.py": Created}},
		{"in it", func() { write(t, root, "new/er/est/b.py", "1") }, map[string]Change{"new/er/est/b.py": Created}},
		{"folder renamed", func() { must(t, os.Rename(in("new"), in("newer"))) }, map[string]Change{
			"new/er/est/a.py": Removed, "new/er/est/b.py": Removed, "newer/er/est/a.py": Created, "newer/er/est/b.py": Created}},
		{"in it", func() { write(t, root, "newer/er/est/a.py", "2") }, map[string]Change{"newer/er/est/a.py": Written}},
		{"folder replaced", func() {
			must(t, os.RemoveAll(in("newer")))
			write(t, root, "newer/er/est/a.py", "3")
		}, map[string]Change{"newer/er/est/a.py": Written, "newer/er/est/b.py": Removed}},
		{"in it", func() { write(t, root, "newer/er/est/a.py", "4") }, map[string]Change{"newer/er/est/a.py": Written}},
		{"folder becomes file", func() { must(t, os.RemoveAll(in("gone"))); write(t, root, "gone", "") }, map[string]Change{"gone/x.py": Removed, "gone": Created}},
		{"and back", func() { must(t, os.Remove(in("gone"))); write(t, root, "gone/x.py", "") }, map[string]Change{"gone/x.py": Created, "gone": Removed}},
		{"folder moved out", func() { must(t, os.Rename(in("src/deep"), filepath.Join(t.TempDir(), "deep"))) }, map[string]Change{"src/deep/er/e.py": Removed}},
		{"editors' own", func() {
			for _, f := range []string{".a.py.swp", ".a.py.swo", "4913", "a.py~", ".#a.py", "#a.py#", "a.py___jb_tmp___", "a.py___jb_old___"} {
				write(t, root, filepath.Join("src", f), "1")
			}
		}, map[string]Change{}},
		{"left out", func() {
			for _, f := range []string{".weft/report.json", ".git/index", "src/__pycache__/a.pyc", ".venv/x.py", "node_modules/x.js"} {
				write(t, root, f, "1")
			}
		}, map[string]Change{}},
		{"ignored from now on", func() {
			write(t, root, ".gitignore", "*.log\nout/\n")
			write(t, root, "out/a.py", "1")
			write(t, root, "src/a.log", "1")
		}, map[string]Change{".gitignore": Written}},
		{"no longer", func() { write(t, root, ".gitignore", "*.log\n!src/a.log\n") },
			map[string]Change{".gitignore": Written, "out/a.py": Created, "src/a.log": Created}},
		{"in it", func() { write(t, root, "out/b.py", "1") }, map[string]Change{"out/b.py": Created}},
	} {
		test.do()
		if got, warnings := collect(t, w); !maps.Equal(got, test.want) || len(warnings) > 0 {
			t.Errorf("%s: told %v %v, want %v", test.name, got, warnings, test.want)
		}
	}
}

func TestLinks(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	write(t, root, "real/a.py", "1")
	write(t, outside, "lib/b.py", "1")
	write(t, outside, "data/c.csv", "1")
	write(t, outside, "out/k8/x", "1")
	must(t, os.Symlink("real", filepath.Join(root, "link")), os.Symlink("..", filepath.Join(root, "real/loop")),
		os.Symlink(filepath.Join(outside, "lib"), filepath.Join(root, "lib")), os.Symlink(filepath.Join(outside, "data/c.csv"), filepath.Join(root, "c.csv")),
		os.Symlink(filepath.Join(outside, "out"), filepath.Join(root, "bazel-out")))
	w := open(t, Options{Root: root})
	write(t, root, "real/a.py", "2")
	expect(t, w, map[string]Change{"real/a.py": Written, "link/a.py": Written})
	write(t, outside, "lib/b.py", "2")
	write(t, outside, "data/c.csv", "2")
	write(t, outside, "data/other.csv", "2")
	write(t, outside, "out/k8/x", "2")
	expect(t, w, map[string]Change{"lib/b.py": Written, "c.csv": Written})
	must(t, os.Remove(filepath.Join(root, "lib")), os.Symlink("real", filepath.Join(root, "lib")))
	expect(t, w, map[string]Change{"lib/b.py": Removed, "lib/a.py": Created})
	write(t, root, "real/a.py", "3")
	expect(t, w, map[string]Change{"real/a.py": Written, "link/a.py": Written, "lib/a.py": Written})
}

func TestNamedFilesAreTold(t *testing.T) {
	root := t.TempDir()
	write(t, root, ".gitignore", "gen/\n*.csv\n")
	for _, f := range []string{"gen/a.py", "gen/b.py", "x.csv", ".github/w.yml"} {
		write(t, root, f, "1")
	}
	w := open(t, Options{Root: root, Named: []string{"gen/a.py"}})
	change := func() {
		for _, f := range []string{"gen/a.py", "gen/b.py", "x.csv", ".github/w.yml", ".github/v.yml"} {
			marks++
			write(t, root, f, fmt.Sprint(marks))
		}
	}
	change()
	expect(t, w, map[string]Change{"gen/a.py": Written})
	write(t, root, "new.py", "1") // told, though it is named before it is seen
	w.Name([]string{"gen/a.py", "x.csv", ".github/w.yml", "new.py"})
	expect(t, w, map[string]Change{"new.py": Created})
	change()
	expect(t, w, map[string]Change{"gen/a.py": Written, "x.csv": Written, ".github/w.yml": Written})
	w.Name(nil)
	change()
	expect(t, w, map[string]Change{})
}

func TestOwnWritesAreNotTold(t *testing.T) {
	root := t.TempDir()
	for _, f := range []string{"a/BUILD.bazel", "b/BUILD.bazel", "c/BUILD.bazel", "d/BUILD.bazel"} {
		write(t, root, f, "old")
	}
	w := open(t, Options{Root: root})
	own := DigestOf([]byte("weft's"))
	w.Ignore(map[string]Digest{"a/BUILD.bazel": own, "b/BUILD.bazel": own, "c/BUILD.bazel": {}, "d/BUILD.bazel": own, "new/BUILD.bazel": own})
	write(t, root, "a/BUILD.bazel", "weft's")
	write(t, root, "b/BUILD.bazel", "a person's, over it")
	must(t, os.Remove(filepath.Join(root, "c/BUILD.bazel")))
	write(t, root, "new/BUILD.bazel", "weft's")
	expect(t, w, map[string]Change{"b/BUILD.bazel": Written})
	write(t, root, "a/BUILD.bazel", "a person's")
	write(t, root, "d/BUILD.bazel", "a person's")
	expect(t, w, map[string]Change{"a/BUILD.bazel": Written, "d/BUILD.bazel": Written})
	write(t, root, "a/BUILD.bazel", "weft's") // undone: the last pass saw another
	write(t, root, "d/BUILD.bazel", "weft's")
	expect(t, w, map[string]Change{"a/BUILD.bazel": Written, "d/BUILD.bazel": Written})
}

func TestChangeWithinATickIsTold(t *testing.T) {
	root := t.TempDir()
	same := time.Now().Add(time.Hour) // a tick that lasts
	save := func(text string) {
		write(t, root, "a.py", text)
		must(t, os.Chtimes(filepath.Join(root, "a.py"), same, same))
	}
	save("1")
	w := open(t, Options{Root: root})
	w.hint(Hint{All: true})
	expect(t, w, map[string]Change{})
	save("2")
	expect(t, w, map[string]Change{"a.py": Written})
	save("2")
	expect(t, w, map[string]Change{})
	save("3")
	expect(t, w, map[string]Change{"a.py": Written})
}

func TestPollingTellsTheSame(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a/b.py", "1")
	w := open(t, Options{Root: root, Poll: 20 * time.Millisecond})
	w.look.Lock()
	w.fallBack(Warning{Text: "polled"})
	w.look.Unlock()
	write(t, root, "a/b.py", "2")
	write(t, root, "c/d.py", "1")
	got, warnings := collect(t, w)
	if want := (map[string]Change{"a/b.py": Written, "c/d.py": Created}); !maps.Equal(got, want) || len(warnings) != 1 {
		t.Errorf("told %v %v, want %v and a warning", got, warnings, want)
	}
	must(t, os.RemoveAll(filepath.Join(root, "c")))
	expect(t, w, map[string]Change{"c/d.py": Removed})
}

func TestWorkspaceGone(t *testing.T) {
	for name, leave := range map[string]func(root string) error{
		"removed":        os.RemoveAll,
		"moved":          func(root string) error { return os.Rename(root, root+".moved") },
		"moved above it": func(root string) error { return os.Rename(filepath.Dir(root), filepath.Dir(root)+".moved") },
		"replaced": func(root string) error {
			return errors.Join(os.Rename(root, root+".moved"), os.Mkdir(root, 0o755))
		},
	} {
		root := filepath.Join(t.TempDir(), "above", "root")
		write(t, root, "a/b.py", "1")
		w := open(t, Options{Root: root})
		must(t, leave(root))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		b, err := w.Next(ctx)
		cancel()
		var gone *GoneError
		if !errors.As(err, &gone) {
			t.Errorf("%s: %v %v, want a GoneError", name, b, err)
		}
	}
}

func TestNextEndsWithItsContextAndLosesNothing(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a.py", "1")
	w := open(t, Options{Root: root})
	ctx, cancel := context.WithCancel(t.Context())
	write(t, root, "a.py", "2")
	cancel()
	if b, err := w.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", b, err)
	}
	expect(t, w, map[string]Change{"a.py": Written})
}

func TestUnreadableFolderIsSaid(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("every folder is readable to root")
	}
	root := t.TempDir()
	write(t, root, "a/b.py", "1")
	must(t, os.Chmod(filepath.Join(root, "a"), 0))
	w := open(t, Options{Root: root})
	_, warnings := collect(t, w)
	must(t, os.Chmod(filepath.Join(root, "a"), 0o755))
	if len(warnings) != 1 || !strings.Contains(warnings[0].Text, "/a is not watched") {
		t.Errorf("warned %v", warnings)
	}
}

func TestPaths(t *testing.T) {
	b := Batch{Changes: map[string]Change{"b": Written, "a": Removed}}
	if got := b.Paths(); !slices.Equal(got, []string{"a", "b"}) {
		t.Error(got)
	}
}
