package pyproject

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestReadMatrix(t *testing.T) {
	for _, c := range []struct {
		name, folder string
		workspace    []string
		pythons      string
		requires     []string
		sources      []string
		problems     []string
	}{
		{"nothing", "", []string{"x.py", ""}, "", nil, nil, nil},
		{"tox.ini", "a", []string{"a/tox.ini", `[tox]
envlist =
    py{39,310}-{x,y}, py3{12,13}
    # py27
    pypy3, lint
[base]
deps = six
[testenv]
deps =
    pytest>=7
    x: attrs
    docs: sphinx
    {[base]deps}
    {env:PYTEST_DEP:pytest-xdist}
    -r{toxinidir}/r.txt
    -r missing.txt
    -e .
    git+https://h/x.git@main
    name @ https://h/n.zip
    a b
[testenv:py311-cov]
deps = coverage; mock
[testenv:docs]
deps = furo
`, "a/r.txt", "hypothesis\n-c c.txt\n", "a/c.txt", "junk ==="}, "3.9 3.10 3.11 3.12 3.13",
			[]string{"pytest>=7", "attrs", "six", "pytest-xdist", "hypothesis", "name @ https://h/n.zip"},
			[]string{"a/tox.ini: envlist", "a/tox.ini: deps of testenv", "a/r.txt", "a/tox.ini: testenv:py311-cov"},
			[]string{`a/tox.ini:16: the requirements file "missing.txt", which it names, cannot be read`,
				`a/tox.ini:20: reading requirement "a b": "b" is not a version specifier`,
				`a/tox.ini:22: reading requirement "coverage; mock": reading marker "mock": "mock" is neither a string nor a variable`}},
		{"tox in setup.cfg", "", []string{"setup.cfg", "[tox:tox]\nenvlist = py38\n[testenv]\ndeps = pytest\n"}, "3.8", []string{"pytest"},
			[]string{"setup.cfg: envlist", "setup.cfg: deps of testenv"}, nil},
		{"legacy_tox_ini", "", []string{"pyproject.toml", "[tool.tox]\nlegacy_tox_ini = '''\n[tox]\nenv_list = 3.9, 3.1{0,1}\n'''"}, "3.9 3.10 3.11", nil,
			[]string{"pyproject.toml: envlist"}, nil},
		{"native TOML", "", []string{"pyproject.toml", "[tool.tox]\nenv_list = ['3.12', 'py310', 'lint']\nenv_run_base.deps = ['pytest', '-r r.txt', 3]\n[tool.tox.env.lint]\ndeps = ['ruff']\n[tool.tox.env.\"3.13\"]\ndeps = ['six']",
			"r.txt", "attrs"}, "3.10 3.12 3.13", []string{"pytest", "attrs", "six"},
			[]string{"pyproject.toml: env_list", "pyproject.toml: deps of env_run_base", "r.txt", "pyproject.toml: env 3.13", "pyproject.toml: deps of env 3.13"}, nil},
		{"tox.ini before the others", "", []string{"tox.ini", "[tox]\nenvlist=py39", "pyproject.toml", "[tool.tox]\nenv_list = ['3.12']", "tox.toml", "env_list=['3.13']"}, "3.9", nil,
			[]string{"tox.ini: envlist"}, nil},
		{"nox", "", []string{"noxfile.py", `
import nox
PYTHONS = ["3.10", "3.9"]
@nox.session(python=PYTHONS)
def tests(session):
    session.install("pytest", "-e", ".[test]", "-r", "r.txt", f"x{y}", "six>=1", silent=False)
@nox.session(python="3.8")
def lint(session):
    session.install("ruff")
@session(python=["pypy3.9", "3.11"], name="x")
def unit(session):
    session.install("-c", "c.txt", "--upgrade", "attrs", "pytest")
`, "r.txt", "mock", "c.txt", ""}, "3.9 3.10 3.11", []string{"pytest", "mock", "six>=1", "attrs"},
			[]string{"noxfile.py: session tests", "noxfile.py: session unit", "noxfile.py: session.install", "r.txt"}, nil},
		{".python-version", "", []string{".python-version", "# mine\n3.11.4\npypy3.9-7.3\nmyenv\n3.10\n"}, "3.10 3.11", nil, []string{".python-version"}, nil},
		{"hatch", "", []string{"hatch.toml", "[envs.default]\ndependencies = ['pytest']\n[envs.docs]\ndependencies = ['mkdocs']\n[[envs.hatch-test.matrix]]\npython = ['3.10', '311']\n"},
			"3.10", []string{"pytest"}, []string{"hatch.toml: hatch environment default", "hatch.toml: hatch environment hatch-test"}, nil},
		{"requirements files", "", []string{"requirements.txt", "six==1 \\\n  --hash=sha256:0 \\\n  --hash=sha256:1\n\nattrs ; python_version < '3.11' # why\n--index-url https://h\n./local\nx[\n",
			"requirements-dev.txt", "-r requirements.txt\npytest\n", "test-requirements.txt", "mock\n-r requirements-dev.txt", "docs-requirements.txt", "sphinx",
			"requirements/a.txt", "-r b.in\nSix>2\n", "requirements/b.in", "-r a.txt\nb\n-c ../../x\n", "notes.txt", "no"},
			"", []string{"six==1", "attrs; python_version < '3.11'", "pytest", "mock", "b"},
			[]string{"requirements.txt", "requirements-dev.txt", "test-requirements.txt", "requirements/b.in"}, []string{`requirements.txt:8: reading requirement "x[": ` + "`[` is not closed"}},
	} {
		m, problems := ReadMatrix(files(c.workspace...), c.folder)
		var requires []string
		for _, r := range m.Requires {
			requires = append(requires, r.String())
		}
		if got := strings.Join(m.Pythons, " "); got != c.pythons {
			t.Errorf("%s: pythons %s, want %s", c.name, got, c.pythons)
		}
		if fmt.Sprint(requires) != fmt.Sprint(c.requires) {
			t.Errorf("%s: requires\n got %q\nwant %q", c.name, requires, c.requires)
		}
		if !reflect.DeepEqual(m.Sources, c.sources) {
			t.Errorf("%s: sources\n got %q\nwant %q", c.name, m.Sources, c.sources)
		}
		if got := problemLines(problems); !reflect.DeepEqual(got, c.problems) {
			t.Errorf("%s: problems\n got %s\nwant %s", c.name, strings.Join(got, "\n     "), strings.Join(c.problems, "\n     "))
		}
	}
}

func TestExpandFactors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "",
		"py{39, 310}-{a,b}, lint":             "py39-a py39-b py310-a py310-b lint",
		"py3{9-11}":                           "py39 py310 py311",
		"py{39-311}{,-x}":                     "py39 py39-x py310 py310-x py311 py311-x",
		"py{39":                               "py{39",
		strings.Repeat("{a,b}", 3) + "\n#c\n": "aaa aab aba abb baa bab bba bbb",
	} {
		if got := strings.Join(expandFactors(text), " "); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	if n := len(expandFactors(strings.Repeat("{a,b}", 40))); n != maxExpanded {
		t.Errorf("2^40 environments are cut to %d, want %d", n, maxExpanded)
	}
}
