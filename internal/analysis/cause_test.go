package analysis

import (
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/result"
)

// TestCauses holds what tests write when they fail against what the finding
// and the recommendation must say.
func TestCauses(t *testing.T) {
	for _, test := range []struct {
		name, message, text string
		kind                Kind
		title               string // part of it
		location            string
		advice              string // part of the recommendation; "" = none
	}{
		{"assertion", "assert 1 == 2", "tests/test_a.py:3: AssertionError", Assertion, "assert 1 == 2", "tests/test_a.py:3", ""},
		{"exception in the source", "ValueError: bad row", "tests/test_a.py:9: \nsrc/load.py:4: ValueError", Exception, "ValueError: bad row", "src/load.py:4", ""},
		{"exception in a library", "KeyError: 'x'", "src/load.py:4: in f\n/nix/store/h-p/lib/python3.9/site-packages/pandas/core.py:88: KeyError", Exception, "KeyError: 'x'", "src/load.py:4", ""},
		{"exception of a package", "pandas.errors.ParserError: eof", "", Exception, "ParserError: eof", "tests/test_a.py", ""},
		{"native traceback", "RuntimeError: no", `  File "src/a.py", line 7, in f`, Exception, "RuntimeError: no", "src/a.py:7", ""},
		{"traceback through the launcher", "RuntimeError: no", "  File \"src/a.py\", line 7, in f\n  File \"/x/src/weft_launcher/cell.py\", line 1, in run", Exception, "RuntimeError: no", "src/a.py:7", ""},
		{"did not raise", "Failed: DID NOT RAISE <class 'ValueError'>", "tests/test_a.py:5: Failed", Assertion, "DID NOT RAISE", "tests/test_a.py:5", ""},
		{"missing module", "ModuleNotFoundError: No module named 'lasio.las'", "tests/test_a.py:1: in <module>", MissingPackage, `no module named "lasio.las"`, "tests/test_a.py:1",
			`add the package that provides "lasio" to python3.9 in flake.nix`},
		{"missing module of the workspace", "ModuleNotFoundError: No module named 'load'", "", UndeclaredDependency, `no module named "load": src/load.py is not declared`, "", `deps = ["//src"],  # of //tests:test_a`},
		{"missing name", "ImportError: cannot import name 'Self' from 'typing' (/nix/store/x)", "", Undefined, `typing has no "Self"`, "", ""},
		{"missing attribute", "AttributeError: module 'itertools' has no attribute 'pairwise'", "", Undefined, `itertools has no "pairwise"`, "", ""},
		{"octave undefined", "'cartGrid' undefined near line 3", "", Undefined, `"cartGrid" is undefined`, "", ""},
		{"octave undefined, MRST asleep", "'cartGrid' undefined", "'cartGrid' undefined\n(MRST is in this environment but was not started, since …)", Undefined, "cartGrid", "", "ask for MRST"},
		{"octave assertion", "ASSERT errors for: assert (1,2)", "ASSERT errors\n  at tests/test_f.m:5", Assertion, "ASSERT errors", "tests/test_f.m:5", ""},
		{"union types", "TypeError: unsupported operand type(s) for |: 'type' and 'NoneType'", "src/a.py:2: TypeError", Syntax, `"X | Y" as a type`, "src/a.py:2", `without X | Y as a type`},
		{"match", "SyntaxError: invalid syntax", "E     File \"src/a.py\", line 2\nE       match row:\nE             ^\nE   SyntaxError: invalid syntax", Syntax, `the "match" statement is a syntax error`, "src/a.py:2", `write src/a.py:2 without the "match" statement`},
		{"plain syntax error", "SyntaxError: invalid syntax", "E     File \"src/a.py\", line 2\nE       x = = 1\nE   SyntaxError: invalid syntax", Syntax, "SyntaxError: invalid syntax", "src/a.py:2", ""},
		{"except star", "SyntaxError: invalid syntax", "E     File \"src/a.py\", line 2\nE       except* ValueError:\nE   SyntaxError: invalid syntax", Syntax, `"except*" is a syntax error`, "src/a.py:2", "without"},
		{"undeclared file", "FileNotFoundError: [Errno 2] No such file or directory: 'data/wells.csv'", "src/load.py:3: FileNotFoundError", UndeclaredFile, `"data/wells.csv" is not there`, "src/load.py:3", `data = ["//data:wells.csv"]`},
		{"undeclared file of the package", "FileNotFoundError: [Errno 2] No such file or directory: 'tests/x.csv'", "", UndeclaredFile, `"tests/x.csv"`, "", `data = ["x.csv"],  # of //tests:test_a`},
		{"octave file", "csvread: unable to open file 'data/x.csv'", "", UndeclaredFile, `"data/x.csv"`, "", "data ="},
		{"host file", "FileNotFoundError: [Errno 2] No such file or directory: '/etc/wells.toml'", "", HostFile, `reads "/etc/wells.toml"`, "", "copy"},
		{"home", "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/weft-1a/home/.config/w.toml'", "", Home, `reads "~/.config/w.toml"`, "", "HOME is private"},
		{"another home", "FileNotFoundError: [Errno 2] No such file or directory: '/home/kim/w.toml'", "", Home, `"/home/kim/w.toml"`, "", "HOME is private"},
		{"the test's own temporary file", "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/weft-1a/basetemp/x0/a'", "", Exception, "FileNotFoundError", "", ""},
		{"program", "FileNotFoundError: [Errno 2] No such file or directory: 'git'", "subprocess.py:1: in _execute_child", MissingProgram, `program "git"`, "", `tools = [ nixpkgs.legacyPackages.${system}.git ];`},
		{"network", "socket.gaierror: [Errno -3] Temporary failure in name resolution", "tests/test_a.py:9: gaierror", Network, "needs the network", "tests/test_a.py:9", "serve what tests/test_a.py:9 asks for"},
		{"unreachable", "OSError: [Errno 101] Network is unreachable", "", Network, "needs the network", "", "127.0.0.1"},
		{"read-only", "OSError: [Errno 30] Read-only file system: '/nix/store/x'", "src/a.py:2: OSError", ReadOnly, "into the Nix store, which is read-only", "src/a.py:2", "tmp_path"},
		{"fixture", "tests/test_a.py:9", "E       fixture 'benchmark' not found", MissingPlugin, `fixture "benchmark" not found (pytest-benchmark)`, "", "add pytest-benchmark to the packages of python3.9"},
		{"own fixture", "x", "E       fixture 'wells' not found", MissingPlugin, `fixture "wells" not found`, "", "add wells"},
		{"an assertion on a message", "AssertionError: assert 'No such file or directory: 'x'' == ''", "tests/test_a.py:3: AssertionError", Assertion, "assert", "tests/test_a.py:3", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			run := matrix("python3.9=3.9.2")
			run.Cells = []result.Cell{
				cell("tests/test_a.py", "unit", "python3.9", result.Failed, failing("tests/test_a.py::test_x", test.message, test.text)),
				cell("src/load.py", "unit", "python3.9", result.Passed),
			}
			a := Analyse(run, nil, Options{})
			if len(a.Findings) != 1 {
				t.Fatalf("findings: %+v", a.Findings)
			}
			f := a.Findings[0]
			if f.Kind != test.kind || !strings.Contains(f.Title, test.title) {
				t.Errorf("got %s: %q, want %s: %q", f.Kind, f.Title, test.kind, test.title)
			}
			if test.location != "" && f.Location != test.location {
				t.Errorf("location %q, want %q", f.Location, test.location)
			}
			var advice string
			for _, r := range a.Recommendations {
				advice += r.Text + " " + r.Change
			}
			if (test.advice == "") != (advice == "") || !strings.Contains(advice, test.advice) {
				t.Errorf("advice %q, want %q", advice, test.advice)
			}
		})
	}
}

func TestWholeCellCauses(t *testing.T) {
	for _, test := range []struct {
		verdict result.Verdict
		reason  string
		kind    Kind
		advice  string
	}{
		{result.Timeout, "timed out after 3 s in tests/test_a.py::test_x", TimedOut, "timeout_seconds = 6,  # of //tests:test_a, now 3"},
		{result.Crashed, "killed by signal 11 (SIGSEGV) in tests/test_a.py::test_x", Crash, ""},
		{result.OutOfMemory, "killed by the kernel for lack of memory", Memory, "--jobs 1"},
		{result.NoTests, "no unit test in tests/test_a.py", NothingFound, `take "unit" out of types of //tests:test_a`},
		{result.Infrastructure, "the interpreter is not the environment's", Launcher, ""},
		{result.NotRun, "its suite could not be built: no such package", NoResult, "bazel test --test_output=all //tests:tests.unit@python3.9"},
		{result.Error, "pytest was called wrongly: unrecognized arguments: --x", Exception, ""},
	} {
		t.Run(string(test.verdict), func(t *testing.T) {
			run := matrix("python3.9=3.9.2")
			told := result.Case{ID: "tests/test_a.py::test_x", Outcome: result.CaseError, Type: "weft." + string(test.verdict), Message: test.reason}
			if test.verdict == result.Error || test.verdict == result.NoTests {
				told.ID, told.Synthetic = "tests/test_a.py", true
			}
			c := cell("tests/test_a.py", "unit", "python3.9", test.verdict, told)
			if test.verdict == result.NotRun {
				c.Cases = nil
			}
			c.Reason, c.JSON.TimeoutSeconds, c.Log = test.reason, 3, `Current thread (most recent call first):
  File "/tmp/weft-1/tree/tests/test_a.py", line 9 in test_x
  File "/nix/store/x/lib/python3.9/site-packages/_pytest/python.py", line 195 in call
  File "/x/weft_launcher/cell.py", line 1 in run`
			run.Cells = []result.Cell{c}
			f := only(t, run)
			if f.Kind != test.kind || len(f.Tests) != 1 {
				t.Errorf("got %+v", f)
			}
			if want := "tests/test_a.py:9"; f.Kind != NoResult && f.Location != want {
				t.Errorf("location %q, want %q", f.Location, want)
			}
			var advice string
			for _, r := range Analyse(run, nil, Options{}).Recommendations {
				advice += r.Text + " " + r.Change + " " + r.Command
			}
			if (test.advice == "") != (advice == "") || !strings.Contains(advice, test.advice) {
				t.Errorf("advice %q, want %q", advice, test.advice)
			}
		})
	}
}

func TestVersionOrder(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{{"3.9.21", "3.10", true}, {"3.10", "3.9.21", false}, {"3.10", "3.10.0", false}, {"3.13.0rc1", "3.13.1", true}, {"", "3.9", true}, {"7.3.0", "7.3.0", false}} {
		if got := older(test.a, test.b); got != test.want {
			t.Errorf("older(%q, %q) = %v", test.a, test.b, got)
		}
	}
}

func TestShellCommand(t *testing.T) {
	if got, want := shellCommand("weft", "test", "tests/it's a.py", "unit,python3.9"), `weft test 'tests/it'\''s a.py' unit,python3.9`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
