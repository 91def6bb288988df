package loop

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/weft-build/weft/internal/generate"
)

// project makes a workspace with a test and its BUILD file, and returns what
// saves a file of it.
func project(t *testing.T) (generate.Options, func(file, content string)) {
	t.Helper()
	root := t.TempDir()
	save := func(file, content string) {
		t.Helper()
		name := filepath.Join(root, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	save("MODULE.bazel", "")
	save("pyproject.toml", whole)
	save("tests/test_mean.py", "def test_mean():\n    assert True\n")
	o := generate.Options{Root: root, Cache: filepath.Join(root, ".weft", "gen")}
	if _, err := generate.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return o, save
}

const (
	whole = "[project]\nname = \"gauges\"\nversion = \"1\"\n"
	half  = "[project]\nname = \"gauges\"\nversion = \n"
	late  = "def test_late():\n    assert True\n"
)

// TestKeeperOwes: a test that is new while pyproject.toml is half-written gets
// its rule when that can be read again.
func TestKeeperOwes(t *testing.T) {
	o, save := project(t)
	k := newKeeper(t.Context(), o)
	<-k.first // it looks at the workspace as it is now

	save("pyproject.toml", half)
	save("tests/test_late.py", late)
	var settings *generate.SettingsError
	if done := k.write(t.Context(), []string{"tests"}); !errors.As(done.err, &settings) {
		t.Fatalf("the error is %v", done.err)
	}
	save("pyproject.toml", whole)
	done := k.write(t.Context(), []string{"."})
	equal(t, "files", done.files, "tests/BUILD.bazel")
	if done.err != nil {
		t.Error(done.err)
	}
}

// TestKeeperBeginsBlind: so it is where the watch begins while the file is
// half-written; a person's BUILD file stays the person's.
func TestKeeperBeginsBlind(t *testing.T) {
	o, save := project(t)
	save("mine/test_mine.py", late)
	save("mine/BUILD.bazel", "exports_files([\"test_mine.py\"])\n")
	save("pyproject.toml", half)
	k := newKeeper(t.Context(), o)
	<-k.first

	save("tests/test_late.py", late)
	var settings *generate.SettingsError
	if done := k.write(t.Context(), []string{"tests", "mine"}); !errors.As(done.err, &settings) || len(done.left) > 0 {
		t.Fatalf("the error is %v, left %q", done.err, done.left)
	}
	save("pyproject.toml", whole)
	done := k.write(t.Context(), []string{"."})
	equal(t, "files", done.files, "tests/BUILD.bazel")
	equal(t, "left", done.left, "mine")
	if done.err != nil {
		t.Error(done.err)
	}
}

// TestKeeperFirstTest: a BUILD file that declares nothing, as weft init writes
// it, is no person's who would not want rules in it.
func TestKeeperFirstTest(t *testing.T) {
	root := t.TempDir()
	for file, content := range map[string]string{"MODULE.bazel": "", "BUILD.bazel": "# What stands here counts for all folders below.\n"} {
		if err := os.WriteFile(filepath.Join(root, file), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	k := newKeeper(t.Context(), generate.Options{Root: root})
	<-k.first
	for _, name := range []string{"test_first.py", "tests/test_second.py"} {
		if err := errors.Join(os.MkdirAll(filepath.Join(root, "tests"), 0o755), os.WriteFile(filepath.Join(root, name), []byte(late), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	done := k.write(t.Context(), []string{".", "tests"})
	equal(t, "files", done.files, "BUILD.bazel", "tests/BUILD.bazel")
	equal(t, "left", done.left)
}

// TestKeeperComesLate: a test that is gone when the watch begins leaves a stale
// BUILD file, which is weft gen's all the same; one that a person has changed is not.
func TestKeeperComesLate(t *testing.T) {
	o, save := project(t)
	save("more/test_more.py", late)
	if _, err := generate.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(o.Root, "tests", "test_mean.py")); err != nil {
		t.Fatal(err)
	}
	save("more/test_again.py", late)
	save("more/BUILD.bazel", "load(\"@rules_weft//:defs.bzl\", \"pytest_file\")\n\npytest_file(\n    name = \"mine\",\n    src = \"test_more.py\",\n)\n")
	k := newKeeper(t.Context(), o)
	<-k.first
	save("tests/test_late.py", late)
	done := k.write(t.Context(), []string{"tests", "more"})
	equal(t, "files", done.files, "tests/BUILD.bazel")
	equal(t, "left", done.left, "more")
}
