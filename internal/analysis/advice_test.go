package analysis

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/result"
)

// TestInterrupted: cells that an interruption left out are no failure; all
// there is to say of them is to run the scope again.
func TestInterrupted(t *testing.T) {
	run := matrix("p9=3.9.2", "p11=3.11.2", "p12=3.12.1")
	run.Interrupted, run.Scope = true, "tests/my file.py"
	run.Environments[2].NotBuilt = "error: hash mismatch"
	for _, env := range []string{"p9", "p11", "p12"} {
		c := cell("tests/test_a.py", "unit", env, result.NotRun)
		c.Reason = "interrupted before it was reported"
		run.Cells = append(run.Cells, c)
	}
	a := Analyse(run, nil, Options{})
	if len(a.Findings) != 1 || a.Findings[0].Kind != NotBuilt {
		t.Errorf("got %+v", a.Findings)
	}
	r := a.Recommendations
	if len(r) != 2 || !strings.Contains(r[0].Text, "left 2 cells out") || r[0].Command != "weft test 'tests/my file.py'" {
		t.Errorf("got %+v", r)
	}
	if code := ExitCode(run, a); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	run.Interrupted = false
	if a := Analyse(run, nil, Options{}); len(a.Findings) != 2 {
		t.Errorf("without an interruption they are: %+v", a.Findings)
	}
}

func TestOneRecommendationForAFilesBenchmarks(t *testing.T) {
	many := func(centre float64, envs ...string) []result.Cell {
		var cells []result.Cell
		for _, env := range envs {
			c := bench(env, centre)
			second := c.JSON.Benchmarks[0]
			second.Name = "load"
			c.JSON.Benchmarks = append(c.JSON.Benchmarks, second)
			cells = append(cells, c)
		}
		return cells
	}
	now := matrix("p9=3.9.2", "p11=3.11.2")
	now.Cells = many(2, "p9", "p11")
	var past []result.Run
	for range BaselineRuns {
		past = append(past, one(many(1, "p9", "p11")...))
	}
	r := Analyse(now, store(t, past...), Options{}).Recommendations
	if len(r) != 2 || r[0].Text != "see whether the 2 benchmarks of tests/test_p.py that are slower in p9 still are when they run again" || r[0].Command != "weft test tests/test_p.py performance,p9" {
		t.Errorf("got %+v", r)
	}
	if r := Analyse(now, store(t, past[:2]...), Options{}).Recommendations; len(r) != 0 {
		t.Errorf("benchmarks that were not judged: %+v", r)
	}
}

func TestMerge(t *testing.T) {
	got := merge([]Recommendation{
		{Finding: "F1", Text: "add x", Command: "one"}, {Finding: "F2", Text: "add y"}, {Finding: "F3", Text: "add x", Command: "two"},
		{Finding: "F4", Text: "add x"}, {Finding: "F5", Text: "add y"}, {Text: "raise z"}, {Text: "raise z"}, {Text: "add x", Change: "c"},
	})
	want := "[{F1 add x (as do F3 and F4)  one} {F2 add y (as does F5)  } { raise z  } { add x c }]"
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestOwnModule tells a module of the project's own from a missing package.
func TestOwnModule(t *testing.T) {
	sources := []string{"src/depth.py", "src/deeper/depth.py", "lib/flow/__init__.py", "lib/flow/wall.py", "plain/one.py", "top.py", "src/yaml.m"}
	for module, want := range map[string]string{
		"depth":      `deps = ["//src"],  # of //tests:test_a`,
		"src.depth":  `deps = ["//src"],  # of //tests:test_a`,
		"flow":       `deps = ["//lib/flow"],  # of //tests:test_a`,
		"flow.wall":  `deps = ["//lib/flow"],  # of //tests:test_a`,
		"plain":      `deps = ["//plain"],  # of //tests:test_a`,
		"top":        `deps = ["//:top"],  # of //tests:test_a`,
		"yaml":       "",
		"epth":       "",
		"plain.two":  "",
		"other.wall": "",
	} {
		run := matrix("p9=3.9.2")
		k := result.Case{ID: "tests/test_a.py", Outcome: result.CaseError, Message: fmt.Sprintf("ModuleNotFoundError: No module named '%s'", module)}
		run.Cells = []result.Cell{cell("tests/test_a.py", "unit", "p9", result.Error, k)}
		a := Analyse(run, nil, Options{Sources: sources})
		kind := UndeclaredDependency
		if want == "" {
			kind = MissingPackage
		}
		if len(a.Recommendations) != 1 || a.Findings[0].Kind != kind || a.Recommendations[0].Change != want || kind == UndeclaredDependency && strings.Contains(a.Recommendations[0].Text, "flake") {
			t.Errorf("%s: got %+v", module, a)
		}
	}
}

func TestFlakyIsRepeatedAlone(t *testing.T) {
	run := matrix("p9=3.9.2")
	c := cell("tests/test_a.py", "unit", "p9", result.Passed, result.Case{ID: "tests/test_a.py::x", Outcome: result.CasePassed, Flaky: true, FirstText: "ValueError: boom"})
	c.Flaky = true
	run.Cells = []result.Cell{c}
	r := Analyse(run, nil, Options{}).Recommendations
	if len(r) != 1 || r[0].Command != "weft test tests/test_a.py unit,p9 -- --runs_per_test=10" {
		t.Errorf("got %+v", r)
	}
}

// TestHistoryNamesEachEnvironment that it counts, or none.
func TestHistoryNamesEachEnvironment(t *testing.T) {
	run := matrix("p9=3.9.2", "p11=3.11.2")
	for _, env := range []string{"p9", "p11"} {
		run.Cells = append(run.Cells, cell("tests/test_a.py", "unit", env, result.Failed, failing("x", "ValueError: boom", "")))
	}
	good := matrix()
	good.Cells = []result.Cell{cell("tests/test_a.py", "unit", "p9", result.Passed, ok("x")), cell("tests/test_a.py", "unit", "p11", result.Passed, ok("x"))}
	bad := matrix()
	bad.Cells = append(bad.Cells, run.Cells...)
	for _, test := range []struct {
		past []result.Run
		want string
	}{
		{nil, ""},
		{[]result.Run{good, bad}, "failed in 2 of its last 4 runs there"},
		{[]result.Run{one(good.Cells[0])}, "did not fail in its last run in p9"},
		{[]result.Run{one(bad.Cells[1])}, "failed in its last run in p11"},
	} {
		if got := Analyse(run, store(t, test.past...), Options{}).Findings[0].Tests[0].History; got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestOneRecommendationForAPackage(t *testing.T) {
	advisory := func(id, fixed string) Advisory {
		return Advisory{result.Advisory{Package: "gitpython", Version: "3.1.30", ID: id, Fixed: fixed}, []string{"p9", "p11"}}
	}
	got := adviseAdvisories([]Advisory{advisory("A-1", "3.1.9"), advisory("A-2", "3.1.41"), advisory("A-3", ""), advisory("A-4", "3.1.37")})
	want := []Recommendation{
		{Text: "raise gitpython from 3.1.30 to 3.1.41 or later in p9 and p11 (A-1, A-2 and A-4)"},
		{Text: "gitpython 3.1.30 has A-3, and no fixed version is known: replace it in p9 and p11"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
