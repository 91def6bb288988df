package pyproject

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// files makes a workspace of names and contents.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

const iniOptions = "[tool.pytest.ini_options]\npython_files = 'check_*.py'\n"

func TestReadPytestFile(t *testing.T) {
	for _, c := range []struct {
		name       string
		workspace  fstest.MapFS
		folder     string
		root, file string
		problems   []string
	}{
		{"nothing", files("a/b/x.py", ""), "a/b", "a/b", "", nil},
		{"setup.py makes the root", files("a/setup.py", "", "a/b/x.py", ""), "a/b", "a", "", nil},
		{"pyproject.toml without settings, before setup.py", files("a/pyproject.toml", "", "a/b/setup.py", ""), "a/b", "a", "a/pyproject.toml", nil},
		{"the nearest pyproject.toml", files("pyproject.toml", "", "a/pyproject.toml", ""), "a", "a", "a/pyproject.toml", nil},
		{"settings above a pyproject.toml without", files("tox.ini", "[pytest]", "a/pyproject.toml", ""), "a", "", "tox.ini", nil},
		{"an empty pytest.ini", files("pytest.ini", "", "pyproject.toml", iniOptions), "", "", "pytest.ini", nil},
		{"an empty .pytest.ini", files(".pytest.ini", "", "tox.ini", "[pytest]"), "", "", ".pytest.ini", nil},
		{"pytest.toml first", files("pytest.toml", "", ".pytest.toml", "", "pytest.ini", "[pytest]"), "", "", "pytest.toml", nil},
		{".pytest.toml next", files(".pytest.toml", "", "pytest.ini", "[pytest]"), "", "", ".pytest.toml", nil},
		{"pyproject.toml before tox.ini", files("pyproject.toml", iniOptions, "tox.ini", "[pytest]"), "", "", "pyproject.toml", nil},
		{"an empty table counts", files("pyproject.toml", "[tool.pytest.ini_options]", "tox.ini", "[pytest]"), "", "", "pyproject.toml", nil},
		{"[tool.pytest]", files("pyproject.toml", "[tool.pytest]\naddopts = ['-q']", "tox.ini", "[pytest]"), "", "", "pyproject.toml", nil},
		{"an empty [tool.pytest] does not count", files("pyproject.toml", "[tool.pytest]", "tox.ini", "[pytest]"), "", "", "tox.ini", nil},
		{"tox.ini before setup.cfg", files("tox.ini", "[tox]\n[pytest]", "setup.cfg", "[tool:pytest]"), "", "", "tox.ini", nil},
		{"tox.ini without the section", files("tox.ini", "[tox]", "setup.cfg", "[tool:pytest]"), "", "", "setup.cfg", nil},
		{"[pytest] in setup.cfg", files("setup.cfg", "[metadata]\n[pytest]"), "", "", "",
			[]string{"setup.cfg:2: pytest refuses [pytest] in setup.cfg; name the section [tool:pytest]"}},
		{"a broken pyproject.toml", files("pyproject.toml", "[a]\nb =", "tox.ini", "[pytest]"), "", "", "tox.ini",
			[]string{"pyproject.toml:2: reading TOML: expected value, not end of input"}},
		{"both tables", files("pyproject.toml", iniOptions+"[tool.pytest]\nx = []"), "", "", "pyproject.toml",
			[]string{"pyproject.toml:1: pytest refuses [tool.pytest] beside [tool.pytest.ini_options]; keep one of them"}},
		{"a table where none may be", files("pyproject.toml", "tool = 1"), "", "", "pyproject.toml",
			[]string{"pyproject.toml:1: tool is not a table"}},
		{"out of the workspace", files("x", ""), "..", "", "", []string{"..:0: the folder lies outside of the workspace"}},
		{"a trailing slash", files("a/pytest.ini", ""), "./a/", "a", "a/pytest.ini", nil},
	} {
		p, problems := ReadPytest(c.workspace, c.folder)
		if p.Root != c.root || p.File != c.file {
			t.Errorf("%s: root %q, file %q, want %q and %q", c.name, p.Root, p.File, c.root, c.file)
		}
		if got := problemLines(problems); !reflect.DeepEqual(got, c.problems) {
			t.Errorf("%s: problems\n got %q\nwant %q", c.name, got, c.problems)
		}
	}
}

// plain is what pytest does without any setting.
func plain() Pytest {
	return Pytest{
		PythonFiles: []string{"test_*.py", "*_test.py"}, PythonClasses: []string{"Test"}, PythonFunctions: []string{"test"},
		NoRecurse: slices.Clone(noRecurse), ImportMode: "prepend", DoctestGlobs: []string{"test*.txt"},
	}
}

func TestReadPytestSettings(t *testing.T) {
	sources := []string{"a/x.py", "", "tests/unit/test_a.py", "", "tests/.hidden/x", "", "src/pkg/__init__.py", "", "src/pkg/tests/test_b.py", "", "docs/a.rst", ""}
	for _, c := range []struct {
		name, file, text, folder string
		want                     func(p *Pytest)
		problems                 []string
	}{
		{"defaults", "pytest.ini", "[pytest]", "", func(p *Pytest) {}, nil},
		{"every setting", "tox.ini", "[pytest]\ntestpaths =\n    tests\n    docs src\npython_files = check_*.py\n  'x y.py'\n" +
			"python_classes = Check *Suite\npython_functions = check\nnorecursedirs = build .git\npythonpath = src .\n", "",
			func(p *Pytest) {
				p.TestPaths = []string{"tests", "docs", "src"}
				p.PythonFiles, p.PythonClasses = []string{"check_*.py", "x y.py"}, []string{"Check", "*Suite"}
				p.PythonFunctions, p.NoRecurse, p.PythonPath = []string{"check"}, []string{"build", ".git"}, []string{"src", ""}
			}, nil},
		{"empty settings are no defaults", "pytest.ini", "[pytest]\nnorecursedirs =\n", "", func(p *Pytest) { p.NoRecurse = nil }, nil},
		{"lists", "pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = ['te*', 'src/**/tests']\npython_files = ['a b.py', 3]\nminversion = 6.0\naddopts = '-ra --doctest-modules'", "",
			func(p *Pytest) {
				p.TestPaths, p.PythonFiles = []string{"tests", "src/pkg/tests"}, []string{"a b.py"}
				p.Addopts, p.DoctestModules = []string{"-ra", "--doctest-modules"}, true
			}, []string{"pyproject.toml:3: tool.pytest.ini_options.python_files has something that is not a string"}},
		{"native lists only", "pyproject.toml", "[tool.pytest]\ntestpaths = 'tests'\npython_files = ['x.py']", "",
			func(p *Pytest) { p.PythonFiles = []string{"x.py"} },
			[]string{"pyproject.toml:2: testpaths is not a list of strings, as pytest wants it here"}},
		{"a date", "pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = 2020-01-01\naddopts = {a = 1}", "",
			func(p *Pytest) {},
			[]string{"pyproject.toml:3: tool.pytest.ini_options.addopts is a table, not a string or a list",
				"pyproject.toml:2: nothing is found in testpaths 2020-01-01; pytest searches the whole folder"}},
		{"hidden names match no star", "pytest.ini", "[pytest]\ntestpaths = tests/* tests/unit", "", func(p *Pytest) { p.TestPaths = []string{"tests/unit"} }, nil},
		{"testpaths that is the root", "pytest.ini", "[pytest]\ntestpaths = . tests", "", func(p *Pytest) {}, nil},
		{"testpaths of another folder", "pytest.ini", "[pytest]\ntestpaths = tests\npythonpath = src\naddopts = --ignore=x", "a",
			func(p *Pytest) {
				p.TestPaths, p.PythonPath = []string{"a"}, []string{"src"}
				p.Ignore, p.Addopts = []string{"a/x"}, []string{"--ignore=x"}
			}, nil},
		{"paths in addopts", "pytest.ini", "[pytest]\ntestpaths = tests\naddopts = -n 2 --cov src docs tests/unit/test_a.py::TestX missing", "",
			func(p *Pytest) {
				p.TestPaths = []string{"docs", "tests/unit/test_a.py"}
				p.Addopts = strings.Fields("-n 2 --cov src docs tests/unit/test_a.py::TestX missing")
			}, []string{`pytest.ini:3: addopts names "missing", which is not there`}},
		{"pyargs", "pytest.ini", "[pytest]\naddopts = --pyargs pkg.tests", "",
			func(p *Pytest) {
				p.TestPaths, p.Addopts = []string{"src/pkg/tests"}, []string{"--pyargs", "pkg.tests"}
			}, nil},
		{"every option", "pytest.ini", "[pytest]\naddopts = -vvp one -p=two -pno:cacheprovider -p 'no:x' --doctest-glob *.rst\n --doctest-glob='*.md' " +
			"--ignore-glob=a/* --ignore docs --import-mode importlib -opython_files=o.py --override-ini 'testpaths=docs a'", "",
			func(p *Pytest) {
				p.Plugins, p.DoctestGlobs = []string{"one", "two"}, []string{"*.rst", "*.md"}
				p.Ignore, p.ImportMode = []string{"docs", "glob:a/*"}, "importlib"
				p.PythonFiles, p.TestPaths = []string{"o.py"}, []string{"docs", "a"}
				p.Addopts = strings.Fields("-vvp one -p=two -pno:cacheprovider -p no:x --doctest-glob *.rst --doctest-glob=*.md --ignore-glob=a/* --ignore docs --import-mode importlib -opython_files=o.py --override-ini")
				p.Addopts = append(p.Addopts, "testpaths=docs a")
			}, nil},
		{"what has no effect", "pytest.ini", "[pytest]\naddopts = -c x.ini --rootdir=a --import-mode=none -o x 'a", "",
			func(p *Pytest) {
				p.Addopts = strings.Fields("-c x.ini --rootdir=a --import-mode=none -o x")
			}, []string{
				`pytest.ini:2: reading addopts: splitting "-c x.ini --rootdir=a --import-mode=none -o x 'a": a quotation or an escape is not finished`,
				"pytest.ini:2: -c in addopts has no effect: pytest reads addopts from the file it has found by then",
				"pytest.ini:2: --rootdir in addopts has no effect: pytest reads addopts from the file it has found by then",
				`pytest.ini:2: pytest knows no import mode "none"; there are prepend, append and importlib`,
				`pytest.ini:2: -o "x" in addopts is not of the form key=value`}},
		{"an unknown option", "pytest.ini", "[pytest]\naddopts = --mystery docs --other 5 -x -- -tests", "",
			func(p *Pytest) { p.Addopts = strings.Fields("--mystery docs --other 5 -x -- -tests") },
			[]string{`pytest.ini:2: whether --mystery in addopts takes a value is not known; "docs" is taken for it`,
				`pytest.ini:2: addopts names "-tests", which is not there`}},
		{"out of the workspace", "pytest.ini", "[pytest]\npythonpath = ../lib /usr src\naddopts = --ignore=../x", "",
			func(p *Pytest) { p.PythonPath, p.Addopts = []string{"src"}, []string{"--ignore=../x"} },
			[]string{`pytest.ini:2: pythonpath "../lib" leads out of the workspace`, `pytest.ini:2: pythonpath "/usr" leads out of the workspace`}},
	} {
		want := plain()
		want.File = c.file
		c.want(&want)
		got, problems := ReadPytest(files(append(sources, c.file, c.text)...), c.folder)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, want)
		}
		if lines := problemLines(problems); !reflect.DeepEqual(lines, c.problems) {
			t.Errorf("%s: problems\n got %s\nwant %s", c.name, strings.Join(lines, "\n     "), strings.Join(c.problems, "\n     "))
		}
	}
}
