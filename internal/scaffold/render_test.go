package scaffold

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	weft "github.com/weft-build/weft"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// golden holds text against testdata/NAME.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s differs (%v): go test ./internal/scaffold -update\n%s", path, err, got)
	}
}

// everything is a project with all that flake.nix can say.
const everything = `
-- pyproject.toml --
[project]
name = "Wells"
requires-python = ">=3.9,<3.12"
dependencies = ["numpy>=1.2", "tomli; python_version<'3.11'", "PyYAML", "nowhere==1"]
[project.optional-dependencies]
test = ["pytest>=6", "pytest-cov", "six", "black", "3to2"]
plot = ["matplotlib", "seaborn"]
-- tox.ini --
[tox]
envlist = py39, py310, py311
-- wells.py --
-- tests/test_wells.py --
import yaml
-- flow.m --
function f()
  mrstModule add incomp
end
%!test f()
-- .github/workflows/test.yml --
`

// settled is the proposal after nixpkgs has been asked: it has all but some.
func settled(t *testing.T, workspace fs.FS, lacking ...string) (Survey, Proposal) {
	t.Helper()
	s, err := Look(workspace)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Propose(s, Wishes{})
	if err != nil {
		t.Fatal(err)
	}
	questions := p.Questions()
	var answers []Answer
	for _, q := range questions {
		a := Answer{Exists: true, Has: map[string]string{}}
		for _, attr := range q.Attrs {
			a.Has[attr] = "1.1"
		}
		for _, l := range lacking {
			where, attr, _ := strings.Cut(l, ":")
			if where == "" || where == q.Interpreter {
				delete(a.Has, attr)
			}
		}
		answers = append(answers, a)
	}
	p, gone := p.Settle(questions, answers)
	if len(gone) > 0 {
		t.Fatalf("gone: %v", gone)
	}
	return s, p
}

func TestFlakeGolden(t *testing.T) {
	s, p := settled(t, files(everything), ":nowhere", "python310:numpy", "python311:seaborn")
	golden(t, "everything.flake.nix", p.Flake(description(s)))
	golden(t, "everything.flake.lock", string(p.Lock()))
	golden(t, "addition.txt", p.Addition())
	var notes strings.Builder
	for _, n := range p.Notes {
		notes.WriteString(n.Text + "\n")
	}
	golden(t, "everything.notes.txt", notes.String())
	golden(t, "probe.flake.nix", string(p.Probe()["flake.nix"]))

	_, p = settled(t, files("-- a.py --\n-- .python-version --\n3.11\n"))
	golden(t, "plain.flake.nix", p.Flake("a \"quoted\" ${name}"))
	_, p = settled(t, files("-- test_a.m --\nfunction test_a(), end\n"))
	golden(t, "octave.flake.nix", p.Flake("tests"))
	golden(t, "octave.flake.lock", string(p.Lock()))
}

// TestFilesGolden has all files but the vendored ones.
func TestFilesGolden(t *testing.T) {
	s, p := settled(t, files(everything))
	all, err := Files(Source{Survey: s, Proposal: p, Vendored: weft.Vendored, Version: "1.2.3", Top: true, First: true, Has: func(string) bool { return false }})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	seen := map[string]bool{}
	for _, f := range all {
		seen[f.Path] = true
		if (!f.Vendored || f.Path == bazelrcFile || f.Path == VersionFile) && !strings.HasPrefix(f.Path, "flake.") {
			b.WriteString("-- " + f.Path + " --\n" + string(f.Data))
		}
	}
	golden(t, "files.txt", b.String())
	for _, name := range []string{"rules_weft/MODULE.bazel", "rules_weft/nix/default.nix", "rules_weft/launcher/weft_launcher/__init__.py", "rules_weft/private/file.bzl"} {
		if !seen[name] {
			t.Errorf("%s is not vendored", name)
		}
	}
	if all[len(all)-1].Path != VersionFile {
		t.Error("the version is not last")
	}
}

func TestFilesDependOnTheRepository(t *testing.T) {
	for _, c := range []struct {
		name, files string
		top, first  bool
		want, not   string
	}{
		{name: "no CI at all", files: "-- a.py --\n", top: true, first: true, want: ".github/workflows/weft.yml BUILD.bazel .bazeliskrc"},
		{name: "another CI", files: "-- a.py --\n-- .gitlab-ci.yml --\n", top: true, first: true, not: ".github/workflows/weft.yml"},
		{name: "another CI and GitHub", files: "-- a.py --\n-- .gitlab-ci.yml --\n-- .git/config --\nurl = git@github.com:a/b\n", top: true, first: true, want: ".github/workflows/weft.yml"},
		{name: "below the top", files: "-- a.py --\n", first: true, not: ".github/workflows/weft.yml"},
		{name: "removed since", files: "-- a.py --\n", top: true, not: ".github/workflows/weft.yml"},
		{name: "what others have", files: "-- a.py --\n-- BUILD --\n-- .bazelversion --\n7.5.0\n", top: true, first: true, not: "BUILD.bazel .bazeliskrc"},
	} {
		workspace := files(c.files)
		s, p := settled(t, workspace)
		all, err := Files(Source{Survey: s, Proposal: p, Vendored: weft.Vendored, Top: c.top, First: c.first,
			Has: func(name string) bool { return workspace[name] != nil }})
		if err != nil {
			t.Fatal(err)
		}
		paths := map[string]bool{}
		for _, f := range all {
			paths[f.Path] = true
		}
		for _, name := range strings.Fields(c.want) {
			if !paths[name] {
				t.Errorf("%s: no %s", c.name, name)
			}
		}
		for _, name := range strings.Fields(c.not) {
			if paths[name] {
				t.Errorf("%s: there is %s", c.name, name)
			}
		}
	}
}

func TestModuleName(t *testing.T) {
	for name, want := range map[string]string{"": "project", "Wells": "wells", "acme.core_2x": "acme.core_2x", "3to2": "to", "rules_weft": "project", "ünder score": "nder-score"} {
		s := Survey{}
		if name != "" {
			s.Distributions = append(s.Distributions, dist(name))
		}
		if got := moduleName(s); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
