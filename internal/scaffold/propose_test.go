package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// files makes a workspace of a txtar-like text: "-- name --" and what follows.
func files(text string) fstest.MapFS {
	out, name := fstest.MapFS{}, ""
	for line := range strings.Lines(text) {
		if n, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok {
			name = strings.TrimSuffix(n, " --")
			out[name] = &fstest.MapFile{Mode: 0o644}
			continue
		}
		if name != "" {
			out[name].Data = append(out[name].Data, line...)
		}
	}
	return out
}

// propose is what a workspace's proposal says, a line per environment and note.
func propose(t *testing.T, workspace fs.FS, w Wishes) (Proposal, string) {
	t.Helper()
	s, err := Look(workspace)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Propose(s, w)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range p.Environments {
		fmt.Fprintf(&b, "%s: %s", e.Name, strings.Join(attrs(e), " "))
		if e.MRST {
			b.WriteString(" +mrst")
		}
		b.WriteString("\n")
	}
	for _, n := range p.Notes {
		b.WriteString("! " + n.Text + "\n")
	}
	return p, b.String()
}

func TestPropose(t *testing.T) {
	for _, c := range proposals {
		t.Run(c.name, func(t *testing.T) {
			_, got := propose(t, files(c.files), c.wishes)
			if want := strings.TrimLeft(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

var proposals = []struct {
	name, files string
	wishes      Wishes
	want        string
}{
	{name: "src layout with tox", files: `
-- pyproject.toml --
[project]
name = "wells"
requires-python = ">=3.9"
dependencies = ["PyYAML>=6", "tomli; python_version < '3.11'", "pywin32; sys_platform == 'win32'"]
[project.optional-dependencies]
test = ["pytest>=7", "six"]
plot = ["matplotlib", "opencv-python-headless"]
all = ["wells[plot]"]
docs = ["sphinx"]
[tool.pytest.ini_options]
addopts = "--cov=wells -ra"
-- tox.ini --
[tox]
envlist = py{38,39,311}, lint
[testenv]
extras = test
commands = pytest
-- src/wells/__init__.py --
-- tests/test_a.py --
import pytest
`, want: `
python3.9: pytest pytest-cov pyyaml six tomli
python3.11: pytest pytest-cov pyyaml six
minimal: pytest pytest-cov pyyaml
full: matplotlib opencv4 pytest pytest-cov pyyaml six
! Python 3.8 is left out: requires-python does not allow it
`},
	{name: "flat with setup.py", files: `
-- setup.py --
from setuptools import setup
setup(name="flat", python_requires=">=3.10, <3.13", install_requires=["numpy"],
      classifiers=["Programming Language :: Python :: 3", "Programming Language :: Python :: 3.10", "Programming Language :: Python :: 3.12"])
-- requirements-dev.txt --
pytest
black
hypothesis
-- flat/__init__.py --
-- test_flat.py --
from hypothesis import given
`, want: `
python3.10: hypothesis numpy pytest
python3.12: hypothesis numpy pytest
! minimal is left out: it would have the packages of python3.12
! full is left out: it would have the packages of python3.12
`},
	{name: "an example's own distribution, tools, a compiled list", files: `
-- pyproject.toml --
[project]
name = "app"
requires-python = ">=3.11,<3.13"
[project.optional-dependencies]
cov = ["app[tests]", "coverage"]
tests = ["pytest", "mypy", "types-six", "six"]
shell = ["ipython"]
-- app.py --
-- examples/images/setup.py --
from setuptools import setup
setup(name="images", install_requires=["pillow", "app"], python_requires=">=3.12")
-- tests/test_app.py --
import six, types
-- requirements-tests.txt --
a==1
b==1
c==1
d==1
e==1
f==1
g==1
h==1
i==1
j==1
k==1
l==1
m==1
n==1
pytest-mock==1
six==1.16
`, want: `
python3.11: coverage pytest pytest-mock six
python3.12: coverage pytest pytest-mock six
minimal: pytest pytest-mock six
full: coverage ipython pytest pytest-mock six
`},
	{name: "nox", files: `
-- pyproject.toml --
[project]
name = "noxed"
-- noxfile.py --
import nox
@nox.session(python=["3.11", "3.13"])
def tests(session):
    session.install("pytest", "pytest-mock")
    session.run("pytest")
-- noxed.py --
`, want: `
python3.11: pytest pytest-mock
python3.13: pytest pytest-mock
! minimal is left out: it would have the packages of python3.13
! full is left out: it would have the packages of python3.13
`},
	{name: "poetry", files: `
-- pyproject.toml --
[tool.poetry]
name = "verses"
version = "1.2"
[tool.poetry.dependencies]
python = "^3.9"
requests = "^2.0"
[tool.poetry.group.dev.dependencies]
pytest = "^7.0"
mypy = "*"
-- verses/__init__.py --
`, want: `
python3.13: pytest requests
python3.14: pytest requests
! minimal is left out: it would have the packages of python3.14
! full is left out: it would have the packages of python3.14
`},
	{name: "two distributions", files: `
-- core/pyproject.toml --
[project]
name = "acme-core"
requires-python = ">=3.9"
dependencies = ["attrs"]
classifiers = ["Programming Language :: Python :: 3.9", "Programming Language :: Python :: 3.12"]
-- core/src/acme/core.py --
-- app/pyproject.toml --
[project]
name = "acme.app"
requires-python = ">=3.10"
dependencies = ["acme_core", "zope.interface"]
classifiers = ["Programming Language :: Python :: 3.12"]
[project.optional-dependencies]
test = ["pytest", "acme-core[fast]"]
-- app/src/app.py --
`, want: `
python3.12: attrs pytest zope-interface
! minimal is left out: it would have the packages of python3.12
! full is left out: it would have the packages of python3.12
`},
	{name: "octave only", files: `
-- src/poro.m --
function y = poro(x)
  y = x;
end
%!test assert(poro(1), 1)
-- src/main.m --
pkg load statistics
mrstModule add incomp
function z(), end
`, want: `
octave: statistics +mrst
! mrst is pinned by its commit; its hash is not known here, and ` + "`nix flake lock`" + ` adds it to flake.lock
`},
	{name: "mixed, octave without tests", files: `
-- a.py --
-- lib/f.m --
function f()
end
-- ios/View.m --
#import <UIKit/UIKit.h>
@implementation View
@end
-- .python-version --
3.11.4
`, want: `
python3.11: pytest
! minimal is left out: it would have the packages of python3.11
! full is left out: it would have the packages of python3.11
! octave is left out: no .m file has a test (a %!test block, or test_ in its name)
`},
	{name: "pythons that no release has", files: `
-- tox.ini --
[tox]
envlist = py27, py37, py310
-- a.py --
`, want: `
python3.10: pytest
! Python 2.7 is left out: no nixpkgs release that weft knows has it
! Python 3.7 is left out: no nixpkgs release that weft knows has it
! minimal is left out: it would have the packages of python3.10
! full is left out: it would have the packages of python3.10
`},
	{name: "the newest are gone", wishes: Wishes{Gone: []string{"3.12", "3.13", "3.14"}}, files: `
-- a.py --
`, want: `
python3.10: pytest
python3.11: pytest
! minimal is left out: it would have the packages of python3.11
! full is left out: it would have the packages of python3.11
`},
	{name: "chosen by the user", wishes: Wishes{Environments: []string{"minimal", "python3.9", "octave"}}, files: `
-- a.py --
-- .python-version --
3.11
`, want: `
python3.9: pytest
minimal: pytest
octave: 
`},
	{name: "not the project's own", files: `
-- a.py --
-- venv/pyvenv.cfg --
-- venv/lib/python3.9/site-packages/x/setup.py --
from setuptools import setup
setup(name="x", install_requires=["numpy"])
-- other/MODULE.bazel --
-- other/pyproject.toml --
[project]
name = "other"
dependencies = ["scipy"]
-- .python-version --
3.12
`, want: `
python3.12: pytest
! minimal is left out: it would have the packages of python3.12
! full is left out: it would have the packages of python3.12
`},
}

func TestLookFindsNothing(t *testing.T) {
	for name, text := range map[string]string{"nothing": "", "documents": "-- README.md --\nhello\n-- a.m --\n@end\n", "only others'": "-- .venv/pyvenv.cfg --\n-- .venv/a.py --\n"} {
		_, err := Look(files(text))
		var empty *EmptyError
		if !errors.As(err, &empty) || empty.Hint() == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestProposeUnknownEnvironment(t *testing.T) {
	s, err := Look(files("-- a.py --\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Propose(s, Wishes{Environments: []string{"python3.1"}})
	var unknown *UnknownEnvironmentError
	if !errors.As(err, &unknown) || unknown.Name != "python3.1" || !strings.Contains(unknown.Hint(), "python3.9") {
		t.Errorf("got %v", err)
	}
}

func TestCandidates(t *testing.T) {
	for name, want := range map[string]string{
		"pyyaml": "pyyaml", "opencv-python": "opencv4", "psycopg2-binary": "psycopg2", "typing-extensions": "typing-extensions typing_extensions",
		"dataclasses": "", "python-dateutil": "python-dateutil python_dateutil", "scikit-learn": "scikit-learn scikit_learn",
	} {
		if got := strings.Join(candidates(name), " "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestImports(t *testing.T) {
	imported := map[string]bool{"yaml": true, "pytest": true, "dateutil": true, "google": true, "jwt": true, "six": true}
	for name, want := range map[string]bool{"pyyaml": true, "python-dateutil": true, "google-auth": true, "pyjwt": true, "six": true,
		"pytest-mock": false, "numpy": false, "python-magic": false} {
		if got := imports(imported, name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
