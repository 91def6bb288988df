package analysis

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/weft-build/weft/internal/result"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// recording is a failure as a cell's test.xml has it: provoked once in cells of
// real environments, and those of packages that these lack (test_more) in a
// network namespace with loopback alone. Lines of library source are left out.
type recording struct {
	Octave                            bool
	Case, Type, Message, Text, Output string
}

func recordings(t *testing.T) map[string]recording {
	t.Helper()
	data, err := os.ReadFile("testdata/only_under_weft.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]recording{}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// recordedWorkspace is what the recordings' workspace had.
var recordedWorkspace = fstest.MapFS{
	"README.md": {}, "pytest.ini": {}, "data/wells.csv": {}, "src/flow/__init__.py": {}, "src/flow/wall.py": {}, "src/flow/deep.py": {},
	"tests/conftest.py": {}, "tests/helper_fn.m": {}, "tests/test_sub.py": {}, "tests/helpers.py": {}, "scripts/run.py": {}, "scripts/run.sh": {}, "src/BUILD.bazel": {}, "tests/BUILD": {},
	"out/keep": {}, "pyproject.toml": {Data: []byte("[project]\nname = \"weftdemo\"\n")},
}

func recordedRun(r recording) result.Run {
	env := "python3.11=3.11.2"
	if r.Octave {
		env = "octave=7.3.0"
	}
	run := matrix(env)
	file, _, _ := strings.Cut(r.Case, "::")
	k := failing(r.Case, r.Message, r.Text)
	k.Type, k.Stdout = r.Type, r.Output
	c := cell(file, "unit", run.Environments[0].Name, result.Failed, k)
	c.JSON.Environment.Kind = run.Environments[0].Kind
	run.Cells = []result.Cell{c}
	return run
}

// TestOnlyUnderWeft: what is said of each recorded failure, and what mends it
// in BUILD files of people and of weft gen.
func TestOnlyUnderWeft(t *testing.T) {
	const golden = "testdata/only_under_weft.golden"
	all := recordings(t)
	var got strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		var said []string
		for _, generated := range []bool{false, true} {
			a := Analyse(recordedRun(all[name]), nil, Options{Workspace: recordedWorkspace, Generated: generated})
			if len(a.Findings) != 1 {
				t.Fatalf("%s: %d findings", name, len(a.Findings))
			}
			f := a.Findings[0]
			if !generated {
				fmt.Fprintf(&got, "%s\n  %s at %s\n  %s\n", name, f.Kind, f.Location, f.Title)
			}
			for _, r := range a.Recommendations {
				if r.Command == f.Rerun {
					r.Command = ""
				}
				said = append(said, strings.Join(slices.DeleteFunc([]string{r.Text, r.Change, r.Command}, func(s string) bool { return s == "" }), "\n     "))
			}
		}
		for _, s := range slices.Compact(said) {
			fmt.Fprintf(&got, "  -> %s\n", s)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("go test ./internal/analysis -update shows what changed; got\n%s", got.String())
	}
}

// TestNotOfTheSandbox: what only sounds like a cause of the sandbox's is what
// it would be anywhere.
func TestNotOfTheSandbox(t *testing.T) {
	for _, test := range []struct {
		name, class, message, text string
		kind                       Kind
	}{
		{"a key of a dict", "KeyError", "KeyError: 'DATABASE_URL'", ">       settings['DATABASE_URL']\nE       KeyError: 'DATABASE_URL'\n\ntests/test_a.py:3: KeyError", Exception},
		{"an assertion that quotes the network", "AssertionError", "AssertionError: assert 'Network is unreachable' == 'ok'", "E       AssertionError: assert 'Network is unreachable' == 'ok'\n\ntests/test_a.py:3: AssertionError", Assertion},
		{"an assertion that quotes a refusal", "AssertionError", "AssertionError: assert 'Connection refused' == 'ok'", "tests/test_a.py:3: AssertionError", Assertion},
		{"a file that the code should have made", "AssertionError", "AssertionError: assert False", "E        +  where False = <bound method Path.exists of PosixPath('build/made.txt')>()\n\ntests/test_a.py:3: AssertionError", Assertion},
		{"source code that speaks of modules", "ValueError", "ValueError: x", "    raise ImportError(\"No module named 'yaml'\")\nE       ValueError: x\n\ntests/test_a.py:3: ValueError", Exception},
		{"a declared script's own status", "subprocess.CalledProcessError", "subprocess.CalledProcessError: Command '['python3', 'scripts/run.py']' returned non-zero exit status 2.", "tests/test_a.py:3: CalledProcessError", Exception},
		{"a program with another status", "subprocess.CalledProcessError", "subprocess.CalledProcessError: Command '['git', 'diff']' returned non-zero exit status 1.", "tests/test_a.py:3: CalledProcessError", Exception},
	} {
		k := recording{Case: "tests/test_a.py::test_x", Type: test.class, Message: test.message, Text: test.text}
		f := Analyse(recordedRun(k), nil, Options{Workspace: recordedWorkspace}).Findings[0]
		if f.Kind != test.kind {
			t.Errorf("%s: got %s: %s", test.name, f.Kind, f.Title)
		}
	}
}
