package bazel

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shortly is Client.Settled of these tests, longer than a file system's clock ticks.
const shortly = 20 * time.Millisecond

// write makes a file of the workspace and its folders.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const moduleText = `module(name = "ws")
bazel_dep(name = "rules_weft", version = "0.1.0")
local_path_override(module_name = "rules_weft", path = "../rules")
weft = use_extension("@rules_weft//:extensions.bzl", "weft")
weft.environments(lock = "//:environments.lock.json")
use_repo(weft, "environments")
`

// asked is a workspace whose Bazel counts how often it is asked.
type asked struct {
	*Client
	t   *testing.T
	log string
}

func newAsked(t *testing.T) asked {
	t.Helper()
	top := t.TempDir()
	t.Setenv("HOME", filepath.Join(top, "home"))
	dir, log := filepath.Join(top, "ws"), filepath.Join(top, "log")
	for name, text := range map[string]string{
		"MODULE.bazel": moduleText, "BUILD.bazel": "x", "a/BUILD": "x", "a/defs.bzl": "x", "a/src.py": "x", "environments.lock.json": "{}",
		".bazelrc": "import %workspace%/more.bazelrc\n", "more.bazelrc": "build --x\n", ".bazelignore": "venv\n", "venv/x": "", ".weft/x": "", ".git/x": "",
		"../rules/MODULE.bazel": "module(name = \"rules_weft\")\nweft = use_extension(\"//:extensions.bzl\", \"weft\")\nuse_repo(weft, \"environments\")\n", "../rules/defs.bzl": "x", "../home/x": "",
	} {
		write(t, dir, name, text)
	}
	return asked{&Client{Workspace: dir, Binary: script(t, "echo asked >> "+log), State: filepath.Join(dir, ".weft"), Settled: shortly}, t, log}
}

// asks reports whether a query asks Bazel.
func (a asked) asks() bool {
	a.t.Helper()
	before, _ := os.ReadFile(a.log)
	if _, err := a.Query(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
	after, _ := os.ReadFile(a.log)
	return len(after) > len(before)
}

// TestQueryAsksAgain: for each kind of change that may alter the targets.
func TestQueryAsksAgain(t *testing.T) {
	a := newAsked(t)
	in := func(name string) string { return filepath.Join(a.Workspace, name) }
	set := func(name, text string) func() { return func() { write(t, a.Workspace, name, text) } }
	do := func(f func() error) func() {
		return func() {
			if err := f(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name   string
		change func()
	}{
		{"the first time", func() {}},
		{"a BUILD file, of the same size", set("BUILD.bazel", "y")},
		{"a BUILD file, its time set back", func() {
			info, err := os.Stat(in("a/BUILD"))
			set("a/BUILD", "y")()
			if err != nil || os.Chtimes(in("a/BUILD"), info.ModTime(), info.ModTime()) != nil {
				t.Fatal(err)
			}
		}},
		{"a BUILD file replaced", do(func() error {
			set("new", "z")()
			return os.Rename(in("new"), in("a/BUILD"))
		})},
		{"a .bzl file", set("a/defs.bzl", "y")},
		{"a new BUILD file", set("b/BUILD.bazel", "")},
		{"a BUILD file gone", do(func() error { return os.Remove(in("b/BUILD.bazel")) })},
		{"a new source", set("a/new.py", "")},
		{"a source gone", do(func() error { return os.Remove(in("a/new.py")) })},
		{"a source renamed", do(func() error { return os.Rename(in("a/src.py"), in("a/src2.py")) })},
		{"an empty folder", do(func() error { return os.Mkdir(in("c"), 0o755) })},
		{"a folder in a file's place", do(func() error {
			return firstOf(os.Remove(in("a/src2.py")), os.Mkdir(in("a/src2.py"), 0o755))
		})},
		{"a link to a file", do(func() error { return os.Symlink("BUILD.bazel", in("link")) })},
		{"the link to elsewhere", do(func() error { return firstOf(os.Remove(in("link")), os.Symlink("MODULE.bazel", in("link"))) })},
		{"a link to a folder", do(func() error { return os.Symlink("a", in("folder")) })},
		{"MODULE.bazel", set("MODULE.bazel", moduleText+"\n")},
		{"MODULE.bazel.lock", set("MODULE.bazel.lock", "{}")},
		{"REPO.bazel", set("REPO.bazel", "")},
		{"WORKSPACE with a comment", set("WORKSPACE", "# none\n")},
		{"the environments lock", set("environments.lock.json", "{ }")},
		{"a module's .bzl file", set("../rules/defs.bzl", "y")},
		{"a module's new file", set("../rules/x.txt", "y")},
		{".bazelrc", set(".bazelrc", "try-import %workspace%/more.bazelrc\n")},
		{"an imported rc file", set("more.bazelrc", "build --y\n")},
		{"the user's rc file", set("../home/.bazelrc", "common --x\n")},
		{".bazelignore", set(".bazelignore", "venv\nother\n")},
		{".bazelversion", set(".bazelversion", "7.7.1\n")},
		{".bazeliskrc", set(".bazeliskrc", "USE_BAZEL_VERSION=7.7.1\n")},
		{"tools/bazel", set("tools/bazel", "#!/bin/sh\n")},
		{"Bazel itself", do(func() error { return os.Chmod(a.Binary, 0o777) })},
		{"another Bazel", func() { a.Binary = script(t, "echo asked >> "+a.log) }},
		{"another Bazel behind the same script", do(func() error {
			base := t.TempDir()
			return firstOf(os.Symlink(filepath.Join(base, "execroot", "_main", "bazel-out"), in("bazel-out")), os.Symlink("/install/digest", filepath.Join(base, "install")))
		})},
		{"a variable", func() { t.Setenv("CC", "clang") }},
		{"WEFT_ENVIRONMENTS_LOCK", func() { t.Setenv("WEFT_ENVIRONMENTS_LOCK", in("other.json")) }},
		{"the lock that it names", set("other.json", "{}")},
		{"a lock under overrides", func() { a.Lock = in(".weft/environments.lock.json") }},
		{"that lock's content", set(".weft/environments.lock.json", "{}")},
		{"a kept answer that is cut", do(func() error { return os.Truncate(in(".weft/targets"), 10) })},
	} {
		c.change()
		time.Sleep(2 * shortly)
		if !a.asks() {
			t.Errorf("%s: Bazel is not asked", c.name)
		}
		if a.asks() {
			t.Errorf("%s: Bazel is asked twice: %s", c.name, a.targetsKey().untracked)
		}
	}
}

// firstOf is the first error among several.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestQueryAsksNothing: what no target can hang on.
func TestQueryAsksNothing(t *testing.T) {
	a := newAsked(t)
	time.Sleep(2 * shortly)
	a.asks()
	for name, change := range map[string]func(){
		"a source":               func() { write(t, a.Workspace, "a/src.py", "other") },
		"Weft's folder":          func() { write(t, a.Workspace, ".weft/runs/x", "") },
		"flags of builds":        func() { write(t, a.Workspace, ".weft/bazelrc", "# weft\ntest --y\nbuild --x\n") },
		"git's folder":           func() { write(t, a.Workspace, ".git/y", "") },
		"a folder Bazel ignores": func() { write(t, a.Workspace, "venv/BUILD", "") },
		"another window":         func() { t.Setenv("COLUMNS", "77") },
	} {
		if change(); a.asks() {
			t.Errorf("%s: Bazel is asked", name)
		}
	}
}

// TestQueryAsksAlways: where something cannot be followed.
func TestQueryAsksAlways(t *testing.T) {
	outside := t.TempDir()
	for name, change := range map[string]func(dir string) error{
		"WORKSPACE":              func(dir string) error { write(t, dir, "WORKSPACE", "local_repository()\n"); return nil },
		"another extension":      func(dir string) error { return more(dir, `x = use_extension("@y//:z.bzl", "x")`) },
		"a branch":               func(dir string) error { return more(dir, `git_override(module_name = "x", branch = "main")`) },
		"patches":                func(dir string) error { return more(dir, `archive_override(module_name = "x", patches = ["//:p"])`) },
		"include":                func(dir string) error { return more(dir, `include("//:x.MODULE.bazel")`) },
		"a loop":                 func(dir string) error { return more(dir, `[bazel_dep(name = x) for x in []]`) },
		"an override":            func(dir string) error { write(t, dir, ".bazelrc", "common --override_module=x=/y\n"); return nil },
		"a relative import":      func(dir string) error { write(t, dir, ".bazelrc", "import x\n"); return nil },
		"rc files in a ring":     func(dir string) error { write(t, dir, ".bazelrc", "import %workspace%/.bazelrc\n"); return nil },
		"a link out":             func(dir string) error { return os.Symlink(outside, filepath.Join(dir, "out")) },
		"a link to what is left": func(dir string) error { return os.Symlink("venv", filepath.Join(dir, "env")) },
		"no Weft folder":         func(dir string) error { return os.RemoveAll(filepath.Join(dir, ".weft")) },
	} {
		a := newAsked(t)
		if err := change(a.Workspace); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * shortly)
		if first, second := a.asks(), a.asks(); !first || !second {
			t.Errorf("%s: an answer is kept", name)
		}
	}
}

func more(dir, text string) error {
	return os.WriteFile(filepath.Join(dir, "MODULE.bazel"), []byte(moduleText+text+"\n"), 0o644)
}

// TestChangedWhileAsked: an answer that may be to a state in between is not
// that of the state before, to which the workspace returns.
func TestChangedWhileAsked(t *testing.T) {
	a := newAsked(t)
	a.Binary = script(t, "echo asked >> "+a.log+"; echo > between.py")
	time.Sleep(2 * shortly)
	for range 2 {
		if !a.asks() {
			t.Error("an answer is kept")
		}
		if err := os.Remove(filepath.Join(a.Workspace, "between.py")); err != nil {
			t.Fatal(err)
		}
	}
}

// TestChangedJustBefore: a file that changed a moment ago may change again
// within the same tick of the file system's clock.
func TestChangedJustBefore(t *testing.T) {
	a := newAsked(t)
	a.Settled = time.Hour
	if first, second := a.asks(), a.asks(); !first || !second {
		t.Error("an answer is kept")
	}
}

func TestVersionIsAskedOnce(t *testing.T) {
	a := newAsked(t)
	a.Binary = script(t, "echo asked >> "+a.log+"; echo bazel 7.7.1")
	time.Sleep(2 * shortly)
	for range 3 {
		if v := a.KnownVersion(t.Context()); v != "7.7.1" {
			t.Errorf("version %q", v)
		}
	}
	write(t, a.Workspace, "BUILD.bazel", "other")
	a.KnownVersion(t.Context())
	if log, _ := os.ReadFile(a.log); strings.Count(string(log), "\n") != 1 {
		t.Errorf("asked %d times", strings.Count(string(log), "\n"))
	}
	write(t, a.Workspace, ".bazelversion", "8.0.0")
	a.KnownVersion(t.Context())
	if log, _ := os.ReadFile(a.log); strings.Count(string(log), "\n") != 2 {
		t.Error("not asked again for another .bazelversion")
	}
}

// TestKeptIsFresh edits a workspace at random, as fast as the file system's
// clock cannot tell, and holds each kept answer against a fresh one.
func TestKeptIsFresh(t *testing.T) {
	a := newAsked(t)
	r := rand.New(rand.NewPCG(1, 2))
	kept := 0
	for range 600 {
		for range r.IntN(2) {
			a.edit(r)
		}
		fresh := false
		got, err := a.remembered(t.Context(), "any", a.targetsKey, func(context.Context) ([]byte, error) { fresh = true; return a.facts(), nil })
		if want := a.facts(); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("kept: %s\nfresh: %s", got, want)
		}
		if !fresh {
			kept++
		}
		time.Sleep(time.Duration(r.IntN(8)) * time.Millisecond * time.Duration(r.IntN(2)*r.IntN(2)*6))
	}
	if kept < 20 {
		t.Errorf("only %d answers were kept", kept)
	}
}

// edit makes one change of few kinds, so that they undo one another.
func (a asked) edit(r *rand.Rand) {
	dir := filepath.Join(a.Workspace, string(rune('p'+r.IntN(2))))
	name := filepath.Join(dir, []string{"BUILD", "defs.bzl", "x.py"}[r.IntN(3)])
	_ = os.MkdirAll(dir, 0o755)
	switch r.IntN(4) {
	case 0:
		_ = os.Remove(name)
	case 1:
		_ = os.RemoveAll(dir)
	default:
		_ = os.WriteFile(name, []byte{byte('a' + r.IntN(4))}, 0o644)
	}
}

// facts are what a query could tell: the names, and what BUILD files hold.
func (a asked) facts() []byte {
	var out bytes.Buffer
	_ = filepath.WalkDir(a.Workspace, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.Name() == ".weft" {
			return fs.SkipDir
		}
		fmt.Fprintln(&out, path)
		if defines(e.Name()) {
			data, _ := os.ReadFile(path)
			fmt.Fprintf(&out, "%q\n", data)
		}
		return nil
	})
	return out.Bytes()
}

// TestLockWrittenAgain: Bazel may write MODULE.bazel.lock with every command; the
// same text is no change, another is one.
func TestLockWrittenAgain(t *testing.T) {
	a := newAsked(t)
	lock := filepath.Join(a.Workspace, "MODULE.bazel.lock")
	for _, c := range []struct {
		text string
		asks bool
	}{{"{}", true}, {"{}", false}, {"{ }", true}} {
		if err := os.WriteFile(lock, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * shortly)
		if got := a.asks(); got != c.asks {
			t.Errorf("with %q: asked %t", c.text, got)
		}
	}
}

// TestFreshAsks: and leaves what was kept as it is.
func TestFreshAsks(t *testing.T) {
	a := newAsked(t)
	time.Sleep(2 * shortly)
	a.asks()
	a.Fresh = true
	if !a.asks() {
		t.Error("a kept answer is taken")
	}
	a.Fresh = false
	if a.asks() {
		t.Error("what was kept is gone")
	}
}
