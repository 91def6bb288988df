package pyproject

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// described writes a distribution as lines, leaving out what is empty.
func described(d Distribution) []string {
	all := []string{fmt.Sprintf("%s %s from %q in %q, roots %q", d.Name, d.Version, d.VersionFrom, d.Dir, d.Roots)}
	for _, f := range d.Fields {
		all = append(all, f.Name+": "+f.Value)
	}
	for _, group := range slices.Sorted(maps.Keys(d.EntryPoints)) {
		all = append(all, "["+group+"] "+strings.Join(d.EntryPoints[group], "; "))
	}
	for _, g := range d.Groups {
		all = append(all, fmt.Sprintf("group %s: %s", g.Name, g.Requires))
	}
	if len(d.Pythons) > 0 {
		all = append(all, "pythons "+strings.Join(d.Pythons, " "))
	}
	return all
}

func checkRead(t *testing.T, name string, workspace fstest.MapFS, folders []string, want, problems []string) {
	t.Helper()
	distributions, found := Read(workspace, folders)
	var got []string
	for _, d := range distributions {
		got = append(got, described(d)...)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	if lines := problemLines(found); !reflect.DeepEqual(lines, problems) {
		t.Errorf("%s: problems\n got %s\nwant %s", name, strings.Join(lines, "\n     "), strings.Join(problems, "\n     "))
	}
}

func TestReadProject(t *testing.T) {
	checkRead(t, "every field", files("LICENSE", "", "AUTHORS.md", "", "x_y/__init__.py", "", "pyproject.toml", `
[project]
name = "X.y"
version = "1.2"
description = "A\nsummary"
requires-python = ">=3.9"
keywords = ["a", "b"]
license = "MIT"
authors = [{name = "Ann"}, {name = "Bob, Jr.", email = "b@x"}, {email = "c@x"}]
maintainers = [{name = "Dee", email = "d@x"}]
classifiers = ["Programming Language :: Python :: 3", "Programming Language :: Python :: 3.10", "Programming Language :: Python :: 3.9"]
dependencies = ["six", "attrs >= 20 ; python_version < '3.11'"]
[project.optional-dependencies]
Test_x = ["pytest>7", "mock; os_name == 'nt' or os_name == 'posix'"]
all = ["X.y[test-x]"]
[project.urls]
Home = "https://h"
Bugs = "https://b"
[project.scripts]
b = "x_y:main"
a = "x_y.cli:run"
[project.gui-scripts]
g = "x_y:gui"
[project.entry-points.pytest11]
x = "x_y.plugin"
[dependency-groups]
lint = ["ruff"]
dev = [{include-group = "Lint"}, "pytest", "ruff"]
[tool.uv]
dev-dependencies = ["mypy"]
`), []string{""}, []string{
		`X.y 1.2 from "pyproject.toml" in "", roots [""]`,
		"Summary: A summary", "Keywords: a,b", "Author: Ann", `Author-email: "Bob, Jr." <b@x>, c@x`, "Maintainer-email: Dee <d@x>",
		"License-Expression: MIT", "License-File: LICENSE", "License-File: AUTHORS.md",
		"Classifier: Programming Language :: Python :: 3", "Classifier: Programming Language :: Python :: 3.10", "Classifier: Programming Language :: Python :: 3.9",
		"Requires-Dist: six", "Requires-Dist: attrs>=20; python_version < '3.11'",
		`Requires-Dist: pytest>7; extra == "test-x"`, `Requires-Dist: mock; (os_name == 'nt' or os_name == 'posix') and extra == "test-x"`,
		`Requires-Dist: X.y[test-x]; extra == "all"`, "Requires-Python: >=3.9",
		"Project-URL: Home, https://h", "Project-URL: Bugs, https://b", "Provides-Extra: test-x", "Provides-Extra: all",
		"[console_scripts] b = x_y:main; a = x_y.cli:run", "[gui_scripts] g = x_y:gui", "[pytest11] x = x_y.plugin",
		"group dev: [ruff pytest mypy]", "group lint: [ruff]", "pythons 3.9 3.10",
	}, nil)

	checkRead(t, "wrong types", files("a/pyproject.toml", `
[project]
name = "x"
version = 1.0
description = 2020-01-01
keywords = "a"
classifiers = [1, "c"]
dependencies = ["six", 3, "a b"]
urls = 3
license = 4
[project.optional-dependencies]
t = "pytest"
[dependency-groups]
a = [{include-group = "b"}, {include-group = "none"}, 5]
b = [{include-group = "a"}]
c = 3
`), []string{"a"}, []string{`x 0.0.0 from "" in "a", roots ["a"]`, "Classifier: c", "Requires-Dist: six", "Provides-Extra: t"}, []string{
		"a/pyproject.toml:4: project.version is not a string",
		"a/pyproject.toml:5: project.description is not a string",
		"a/pyproject.toml:6: project.keywords is not a list of strings",
		"a/pyproject.toml:7: project.classifiers has something that is not a string",
		"a/pyproject.toml:10: project.license is neither a string nor a table",
		"a/pyproject.toml:9: project.urls is not a table",
		"a/pyproject.toml:8: project.dependencies has something that is not a string",
		`a/pyproject.toml:8: reading requirement "a b": "b" is not a version specifier`,
		"a/pyproject.toml:12: project.optional-dependencies.t is not a list of strings",
		`a/pyproject.toml:14: dependency group "a" includes itself`,
		`a/pyproject.toml:13: there is no dependency group "none" to include`,
		"a/pyproject.toml:14: dependency-groups.a has something that is neither a requirement nor an include",
		`a/pyproject.toml:15: dependency group "b" includes itself`,
		"a/pyproject.toml:16: dependency-groups.c is not a list",
	})

	checkRead(t, "a pyproject that does not parse", files("pyproject.toml", "[project]\nname = \n", "setup.cfg", "[metadata]\nname = x\nversion = 1\n"),
		[]string{""}, []string{`x 1 from "setup.cfg" in "", roots [""]`}, []string{"pyproject.toml:2: reading TOML: unexpected character U+000A at start of value"})
	checkRead(t, "settings only", files("pyproject.toml", "[tool.black]\n", "a/setup.cfg", "[flake8]\n", "b/x.py", ""), []string{"", "a", "b", "../c"}, nil,
		[]string{"../c:0: the folder lies outside of the workspace"})
	checkRead(t, "a file that is too large", files("pyproject.toml", "#"+strings.Repeat("x", maxFile)), []string{""}, nil,
		[]string{"pyproject.toml:0: it is larger than 4 MiB and is not read"})
}

func TestReadSetuptools(t *testing.T) {
	checkRead(t, "setup.cfg", files("src/p/__init__.py", "", "src/p/version.py", "V = (1, 2, 'b3')\n", "requirements.txt", "# no\nsix # yes\n",
		"setup.cfg", `
[metadata]
name = p
version = attr: p.version.V
summary = s
author-email = a@x
classifiers =
    Programming Language :: Python :: 3.11
keywords = a, b
project_urls =
    Docs = https://d
license = MIT
[options]
python_requires = >=3.8
install_requires = file: requirements.txt
package_dir =
    = src
packages = find:
tests_require = pytest; mock
[options.extras_require]
dev = black; flake8>3; isort
old =
    a; python_version < "3"
[options.entry_points]
console_scripts =
    p = p:main
    wrong
`, "setup.py", "import setuptools\nsetuptools.setup()\n"), []string{""}, []string{
		`p 1.2b3 from "src/p/version.py" in "", roots ["src"]`, "Summary: s", "Keywords: a,b", "Author-email: a@x", "License: MIT",
		"Classifier: Programming Language :: Python :: 3.11", "Requires-Dist: six",
		`Requires-Dist: black; extra == "dev"`, `Requires-Dist: flake8>3; extra == "dev"`, `Requires-Dist: isort; extra == "dev"`,
		`Requires-Dist: a; python_version < "3" and extra == "old"`, "Requires-Python: >=3.8", "Project-URL: Docs, https://d",
		"Provides-Extra: dev", "Provides-Extra: old", "[console_scripts] p = p:main", "group test: [pytest mock]", "pythons 3.11",
	}, []string{`setup.cfg:27: entry point "wrong" of console_scripts is not of the form name = module:attribute`})

	checkRead(t, "setup.py", files("lib/p/__init__.py", "__version__ = '3.4'\n", "setup.py", `
from setuptools import setup
REQ = ["six>=1", "attrs"]
kw = dict(author="Ann", url="https://h")
setup(name="p", version=get_version(), package_dir={"": "lib"}, install_requires=REQ, python_requires=">=3.7",
      extras_require={"z": "a\nb", ":python_version<'3'": ["enum34"], "y": compute()},
      entry_points={"console_scripts": ["p=p:main"], "pytest11": [f"{x}"]}, keywords="one two",
      classifiers=open("c").read(), **kw)
`), []string{""}, []string{
		`p 3.4 from "lib/p/__init__.py" in "", roots ["lib"]`, "Keywords: one,two", "Home-page: https://h", "Author: Ann",
		"Requires-Dist: six>=1", "Requires-Dist: attrs", `Requires-Dist: enum34; python_version<'3'`,
		`Requires-Dist: a; extra == "z"`, `Requires-Dist: b; extra == "z"`, "Requires-Python: >=3.7",
		"Provides-Extra: y", "Provides-Extra: z", "[console_scripts] p = p:main",
	}, []string{
		"setup.py:5: classifiers of setup() is computed, not literal, and is not read; write it into pyproject.toml",
		"setup.py:5: extra y of setup() is computed, not literal, and is not read; write it into pyproject.toml",
		"setup.py:5: entry_points pytest11 of setup() is computed, not literal, and is not read; write it into pyproject.toml",
	})

	checkRead(t, "dynamic fields", files("VERSION", "2.0\n", "r.txt", "six\n-r other\n", "t.txt", "pytest", "p.py", "", "pyproject.toml", `
[project]
name = "p"
dynamic = ["version", "dependencies", "optional-dependencies", "description"]
[tool.setuptools]
py-modules = ["p"]
[tool.setuptools.dynamic]
version = {file = "VERSION"}
dependencies = {file = ["r.txt", "none.txt"]}
optional-dependencies.test = {file = ["t.txt"]}
`, "setup.py", "from setuptools import setup\nsetup(description='said here', name='not me', python_requires='>=3')"), []string{""}, []string{
		`p 2.0 from "VERSION" in "", roots [""]`, "Summary: said here", "Requires-Dist: six", `Requires-Dist: pytest; extra == "test"`, "Provides-Extra: test",
	}, []string{
		`pyproject.toml:0: "none.txt", which it names, cannot be read`,
		`pyproject.toml:9: reading requirement "-r other": it does not begin with a name`,
	})
	checkRead(t, "a computed name", files("setup.py", "from setuptools import setup\nsetup(name=NAME)"), []string{""}, nil,
		[]string{"setup.py:2: name of setup() is computed, not literal, and is not read; write it into pyproject.toml"})
}

func TestReadPoetryAndFlit(t *testing.T) {
	checkRead(t, "poetry", files("src/p/__init__.py", "", "pyproject.toml", `
[tool.poetry]
name = "p"
version = "1.0"
description = "d"
authors = ["Ann B. <a@x>", "Bob"]
license = "MIT"
homepage = "https://h"
packages = [{include = "p", from = "src"}]
[tool.poetry.dependencies]
python = "^3.8"
six = "*"
attrs = {version = "^20.1", extras = ["x"], python = "<3.10", markers = "os_name == 'nt' or os_name == 'posix'"}
old = [{version = "1.0", python = "~3.8"}, {version = ">=2", platform = "linux"}]
opt = {version = "~1.2.3", optional = true}
near = {path = "../near"}
far = {git = "https://g/far.git", tag = "v1"}
bad = 3
[tool.poetry.extras]
e = ["opt"]
[tool.poetry.dev-dependencies]
black = "^1"
[tool.poetry.group.test.dependencies]
pytest = ">=7"
[tool.poetry.scripts]
p = "p:main"
q = {reference = "p:q", type = "console"}
f = {reference = "bin/f", type = "file"}
[tool.poetry.plugins.pytest11]
p = "p.plugin"
[tool.poetry.urls]
Bugs = "https://b"
`), []string{""}, []string{
		`p 1.0 from "pyproject.toml" in "", roots ["src"]`, "Summary: d", "Author: Ann B.", "Author-email: a@x", "License: MIT",
		"Requires-Dist: six",
		`Requires-Dist: attrs[x]>=20.1,<21.0; (os_name == 'nt' or os_name == 'posix') and python_version < "3.10"`,
		`Requires-Dist: old==1.0; python_version >= "3.8" and python_version < "3.9"`, `Requires-Dist: old>=2; sys_platform == "linux"`,
		"Requires-Dist: near", "Requires-Dist: far @ git+https://g/far.git@v1", `Requires-Dist: opt>=1.2.3,<1.3.0; extra == "e"`,
		"Requires-Python: >=3.8,<4.0", "Project-URL: Homepage, https://h", "Project-URL: Bugs, https://b", "Provides-Extra: e",
		"[console_scripts] p = p:main; q = p:q", "[pytest11] p = p.plugin", "group dev: [black>=1,<2]", "group test: [pytest>=7]",
	}, []string{"pyproject.toml:18: tool.poetry.dependencies.bad is neither a version nor a table"})

	checkRead(t, "flit before [project]", files("m.py", "#!x\n\n\"\"\"A module.\n\nMore.\"\"\"\n__version__ = '0.3'", "pyproject.toml", `
[build-system]
build-backend = "flit_core.buildapi"
[tool.flit.metadata]
module = "m"
author = "Ann"
requires = ["six"]
[tool.flit.metadata.requires-extra]
t = ["pytest"]
[tool.flit.scripts]
m = "m:main"
`), []string{""}, []string{`m 0.3 from "m.py" in "", roots [""]`, "Summary: A module.", "Author: Ann", "Requires-Dist: six", `Requires-Dist: pytest; extra == "t"`, "Provides-Extra: t",
		"[console_scripts] m = m:main"}, nil)
}

func TestVersion(t *testing.T) {
	const head = "[project]\nname = 'My-Pkg'\ndynamic = ['version']\n"
	const hatch = head + "[build-system]\nbuild-backend = 'hatchling.build'\n"
	for _, c := range []struct {
		name          string
		workspace     fstest.MapFS
		version, from string
	}{
		{"none", files("pyproject.toml", head), "0.0.0", ""},
		{"attr of a package", files("pyproject.toml", head+"[tool.setuptools.dynamic]\nversion = {attr = 'a.V'}", "a/__init__.py", "V = '1.1'"), "1.1", "a/__init__.py"},
		{"attr that is imported", files("pyproject.toml", head+"[tool.setuptools.dynamic]\nversion = {attr = 'a.V'}", "a/__init__.py", "from ._version import V", "a/_version.py", "V = '1.2'"), "1.2", "a/_version.py"},
		{"hatch path", files("pyproject.toml", hatch+"[tool.hatch.version]\npath = 'a/v.py'", "a/v.py", "VERSION: str = 'v1.3'"), "1.3", "a/v.py"},
		{"hatch pattern", files("pyproject.toml", hatch+"[tool.hatch.version]\npath = 'v.txt'\npattern = 'is (?P<version>.*)'", "v.txt", "it\nis 1.4\n"), "1.4", "v.txt"},
		{"hatch-vcs file", files("pyproject.toml", hatch+"[tool.hatch.build.hooks.vcs]\nversion-file = 'a/_v.py'", "a/_v.py", "__version__ = version = '1.5.dev1+g1'"), "1.5.dev1+g1", "a/_v.py"},
		{"setuptools_scm", files("pyproject.toml", head+"[tool.setuptools_scm]\nwrite_to = 'a/_v.py'", "a/_v.py", "version = '1.6'"), "1.6", "a/_v.py"},
		{"setuptools_scm without a file", files("pyproject.toml", head+"[tool.setuptools_scm]\nfallback_version = '1.7'"), "1.7", "pyproject.toml"},
		{"versioneer", files("pyproject.toml", head+"[tool.versioneer]\nversionfile_source = 'a/_v.py'", "a/_v.py", "version_json = '''\n{\n \"version\": \"1.8\"\n}\n'''"), "1.8", "a/_v.py"},
		{"the package's own", files("pyproject.toml", head, "src/my_pkg/__init__.py", "", "src/my_pkg/__about__.py", "__version__ = '1.9'"), "1.9", "src/my_pkg/__about__.py"},
		{"not that of another package", files("pyproject.toml", head, "a/__init__.py", "__version__ = '9'", "b/__init__.py", "__version__ = '8'"), "0.0.0", ""},
		{"PKG-INFO", files("pyproject.toml", head, "PKG-INFO", "Name: my_pkg\nVersion: 2.0\n\nVersion: 3\n"), "2.0", "PKG-INFO"},
		{"egg-info of another", files("pyproject.toml", head, "x.egg-info/PKG-INFO", "Name: x\nVersion: 2.0\n"), "0.0.0", ""},
		{"cargo", files("pyproject.toml", head+"[build-system]\nbuild-backend='maturin'", "Cargo.toml", "[package]\nversion = '2.1.0-rc1'"), "2.1.0rc1", "Cargo.toml"},
		{"what is no version", files("pyproject.toml", head, "my_pkg.py", "__version__ = 'unknown'"), "0.0.0", ""},
		{"a version file out of the workspace", files("pyproject.toml", hatch+"[tool.hatch.version]\npath = '../v.py'"), "0.0.0", ""},
	} {
		d, problems := Read(c.workspace, []string{""})
		if len(d) != 1 || len(problems) > 0 {
			t.Errorf("%s: %d distributions, problems %v", c.name, len(d), problems)
			continue
		}
		if d[0].Version != c.version || d[0].VersionFrom != c.from {
			t.Errorf("%s: %q from %q, want %q from %q", c.name, d[0].Version, d[0].VersionFrom, c.version, c.from)
		}
	}
}

func TestRoots(t *testing.T) {
	backend := func(name, rest string) string {
		return "[project]\nname = 'My-Pkg'\nversion = '1'\n[build-system]\nbuild-backend = '" + name + "'\n" + rest
	}
	src := []string{"d/src/my_pkg/__init__.py", "", "d/other/__init__.py", ""}
	flat := []string{"d/my_pkg/__init__.py", ""}
	for _, c := range []struct {
		name, toml string
		more       []string
		want       []string
	}{
		{"src", backend("x", ""), src, []string{"d/src"}},
		{"flat", backend("x", ""), append(flat, "d/src/lib.rs", ""), []string{"d"}},
		{"flat beside another package in src", backend("x", ""), append(flat, "d/src/tool/__init__.py", ""), []string{"d"}},
		{"src is a package", backend("x", ""), []string{"d/src/__init__.py", "", "d/src/my_pkg/__init__.py", ""}, []string{"d"}},
		{"another package in src", backend("x", ""), []string{"d/src/tool.py", ""}, []string{"d/src"}},
		{"a namespace deep in src", backend("x", ""), []string{"d/src/a/b/c/m.py", ""}, []string{"d/src"}},
		{"nothing", backend("x", ""), nil, []string{"d"}},
		{"package-dir", backend("setuptools.build_meta", "[tool.setuptools]\npackage-dir = {'' = 'lib', 'a.b' = 'x/a/b', c = 'c'}"), nil, []string{"d", "d/lib", "d/x"}},
		{"find", backend("setuptools.build_meta", "[tool.setuptools.packages.find]\nwhere = ['lib', '.']"), nil, []string{"d/lib", "d"}},
		{"packages", backend("setuptools.build_meta", "[tool.setuptools]\npackages = ['other']"), src, []string{"d"}},
		{"find in setup.cfg", backend("setuptools.build_meta", ""), []string{"d/setup.cfg", "[options.packages.find]\nwhere = py"}, []string{"d/py"}},
		{"find_packages()", backend("setuptools.build_meta", ""), []string{"d/setup.py", "from setuptools import *\nsetup(package_dir={'': 'py'}, packages=find_packages('py'))"}, []string{"d/py"}},
		{"hatch packages", backend("hatchling.build", "[tool.hatch.build.targets.wheel]\npackages = ['py/my_pkg', 'tool']"), nil, []string{"d/py", "d"}},
		{"hatch sources", backend("hatchling.build", "[tool.hatch.build]\nsources = ['py']"), nil, []string{"d/py"}},
		{"hatch only-include", backend("hatchling.build", "[tool.hatch.build.targets.wheel]\nonly-include = ['a']"), src, []string{"d"}},
		{"poetry", backend("poetry.core.masonry.api", "[tool.poetry]\npackages = [{include = 'a', from = 'py'}, {include = 'b'}]"), nil, []string{"d/py", "d"}},
		{"pdm", backend("pdm.backend", "[tool.pdm.build]\npackage-dir = 'py'"), nil, []string{"d/py"}},
		{"maturin", backend("maturin", "[tool.maturin]\npython-source = 'python'"), src, []string{"d/python"}},
		{"uv", backend("uv_build", ""), src, []string{"d/src"}},
		{"uv module-root", backend("uv_build", "[tool.uv.build-backend]\nmodule-root = ''"), src, []string{"d"}},
		{"flit", backend("flit_core.buildapi", "[tool.flit.module]\nname = 'n'"), []string{"d/src/n.py", ""}, []string{"d/src"}},
		{"scikit-build", backend("scikit_build_core.build", "[tool.scikit-build]\nwheel.packages = ['py/my_pkg']"), nil, []string{"d/py"}},
	} {
		d, problems := Read(files(append(c.more, "d/pyproject.toml", c.toml)...), []string{"d"})
		if len(d) != 1 || len(problems) > 0 || !reflect.DeepEqual(d[0].Roots, c.want) {
			t.Errorf("%s: %+v, problems %v, want roots %q", c.name, d, problems, c.want)
		}
	}
	const outside = "[project]\nname = 'a'\nversion = '1'\n[tool.setuptools]\npackage-dir = {'' = '../..', b = 'other'}"
	d, problems := Read(files("d/pyproject.toml", outside), []string{"d"})
	if len(problems) != 2 || len(d) != 1 || !reflect.DeepEqual(d[0].Roots, []string{"d"}) || problems[0].File != "d/pyproject.toml" || problems[1].File != "d/pyproject.toml" {
		t.Errorf("roots outside: %+v, problems %v", d, problems)
	}
}
