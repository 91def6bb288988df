package analysis

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/result"
)

func TestGroupByCauseNotByName(t *testing.T) {
	run := matrix("python3.9=3.9.2", "python3.11=3.11.2")
	for _, env := range []string{"python3.9", "python3.11"} {
		run.Cells = append(run.Cells,
			cell("tests/test_a.py", "unit", env, result.Failed,
				failing("tests/test_a.py::test_x", "ValueError: bad row 17 'a' at 0x7f01", "src/load.py:4: ValueError"),
				failing("tests/test_a.py::test_y", "ValueError: bad row 4 'b' at 0x7f99", "src/load.py:4: ValueError"),
				failing("tests/test_a.py::test_z", "KeyError: 'z'", "src/load.py:9: KeyError")),
			cell("tests/test_b.py", "unit", env, result.Failed, failing("tests/test_b.py::test_x", "ValueError: bad row 1", "src/load.py:8: ValueError")))
	}
	found := Analyse(run, nil, Options{}).Findings
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%s %s %s %d", f.ID, f.Location, f.Spread, len(f.Tests)))
	}
	want := "[F1 src/load.py:4 all 2 F2 src/load.py:9 all 1 F3 src/load.py:8 all 1]"
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if f := found[0]; f.Rerun != "weft test tests/test_a.py unit,python3.9,python3.11" || f.Why != "" {
		t.Errorf("got %+v", f)
	}
}

// TestSpread says where a failure shows and why only there.
func TestSpread(t *testing.T) {
	const x = "tests/test_a.py::test_x"
	boom := failing(x, "ValueError: boom", "src/a.py:4: ValueError")
	skip := result.Case{ID: x, Outcome: result.CaseSkipped}
	flaky := result.Case{ID: x, Outcome: result.CasePassed, Flaky: true, FirstText: "ValueError: boom\nsrc/a.py:4: ValueError"}
	for _, test := range []struct {
		name   string
		envs   string
		cases  []result.Case // by environment; the zero case = the cell did not run
		spread Spread
		in     string
		why    string
	}{
		{"everywhere", "p9=3.9.2 p11=3.11.2", []result.Case{boom, boom}, InAll, "p9 p11", ""},
		{"older ones", "p9=3.9.2 p10=3.10.1 p11=3.11.2", []result.Case{boom, boom, ok(x)}, InSome, "p9 p10", "it passes from python 3.11.2 on (p11), and p10 has 3.10.1"},
		{"newer ones", "p9=3.9.2 p10=3.10.1 p11=3.11.2", []result.Case{ok(x), ok(x), boom}, InSome, "p11", "it fails from python 3.11.2 on (p11); the newest that passes is 3.10.1 in p10"},
		{"same version", "p11=3.11.2 minimal=3.11.2", []result.Case{ok(x), boom}, InSome, "minimal", "minimal and p11 have the same python 3.11.2, so what differs is their packages"},
		{"no boundary", "p9=3.9.2 p10=3.10.1 p11=3.11.2", []result.Case{boom, ok(x), boom}, InSome, "p9 p11", ""},
		{"skipped elsewhere", "p9=3.9.2 p11=3.11.2", []result.Case{boom, skip}, InSome, "p9", "no environment passes it; elsewhere it was skipped or failed for another cause"},
		{"the others did not run", "p9=3.9.2 p11=3.11.2", []result.Case{boom, {}}, InAll, "p9", ""},
		{"flaky", "p9=3.9.2 p11=3.11.2", []result.Case{flaky, ok(x)}, Flaky, "p9", "both failed and passed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			run := matrix(strings.Fields(test.envs)...)
			for i, k := range test.cases {
				verdict := result.Passed
				switch {
				case k.ID == "":
					verdict = result.NotRun
				case k.Outcome == result.CaseFailed:
					verdict = result.Failed
				}
				c := cell("tests/test_a.py", "unit", run.Environments[i].Name, verdict, k)
				c.Flaky = k.Flaky
				if verdict == result.NotRun {
					c.Cases, run.Environments[i].NotBuilt = nil, "broken"
				}
				run.Cells = append(run.Cells, c)
			}
			found := Analyse(run, nil, Options{}).Findings
			f := found[len(found)-1]
			if f.Spread != test.spread || strings.Join(f.Environments, " ") != test.in || !strings.Contains(f.Why, test.why) || test.why == "" && f.Why != "" {
				t.Errorf("got %s in %v, why %q", f.Spread, f.Environments, f.Why)
			}
		})
	}
}

func TestWhyByVersionNeeded(t *testing.T) {
	for _, test := range []struct{ envs, bad, message, want string }{
		{"p9=3.9.2 p11=3.11.2", "p9", "ModuleNotFoundError: No module named 'tomllib'", "tomllib needs Python 3.11, and p9 has 3.9.2"},
		{"p11=3.11.2 p12=3.12.1", "p12", "ModuleNotFoundError: No module named 'distutils'", "Python 3.12 removed distutils, and p12 has 3.12.1"},
		{"p9=3.9.2 minimal=3.9.2", "minimal", "ModuleNotFoundError: No module named 'numpy'", "numpy is among the packages of p9 and not of minimal"},
	} {
		run := matrix(strings.Fields(test.envs)...)
		for _, e := range run.Environments {
			k := ok("tests/test_a.py::t")
			verdict := result.Passed
			if e.Name == test.bad {
				k, verdict = result.Case{ID: "tests/test_a.py", Outcome: result.CaseError, Message: test.message}, result.Error
			}
			run.Cells = append(run.Cells, cell("tests/test_a.py", "unit", e.Name, verdict, k))
		}
		if f := only(t, run); f.Why != test.want || f.Spread != InSome || len(f.Passing) != 1 {
			t.Errorf("got %q in %v, passing %v; want %q", f.Why, f.Environments, f.Passing, test.want)
		}
	}
}

func TestFlakyCellWithoutFlakyCase(t *testing.T) {
	run := matrix("p9=3.9.2")
	c := cell("tests/test_a.py", "unit", "p9", result.Passed, ok("x"))
	c.Flaky, c.First = true, &result.CellJSON{Verdict: result.Crashed, Reason: "killed by signal 9 (SIGKILL)"}
	run.Cells = []result.Cell{c}
	if f := only(t, run); f.Spread != Flaky || f.Kind != Crash || f.Title != "killed by signal 9 (SIGKILL)" {
		t.Errorf("got %+v", f)
	}
}

func TestEnvironmentNotBuilt(t *testing.T) {
	run := matrix("p9=3.9.2", "p11=3.11.2")
	run.Environments[1].NotBuilt = "error: hash mismatch"
	run.Cells = []result.Cell{
		cell("tests/test_a.py", "unit", "p9", result.Passed, ok("x")),
		cell("tests/test_a.py", "unit", "p11", result.NotRun), cell("tests/test_b.py", "unit", "p11", result.NotRun),
	}
	a := Analyse(run, nil, Options{})
	f := a.Findings[0]
	if len(a.Findings) != 1 || f.Kind != NotBuilt || f.Title != "environment p11 could not be made; 2 cells not run" || f.Evidence != "error: hash mismatch" || f.Rerun != "weft env build p11" {
		t.Errorf("got %+v", a.Findings)
	}
	if code := ExitCode(run, a); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
}

func TestProblemsAsFindings(t *testing.T) {
	run := matrix("p9=3.9.2")
	run.Cells = []result.Cell{cell("tests/test_a.py", "unit", "p9", result.Passed, ok("x"))}
	run.Problems = []result.Problem{
		{Kind: "remote cache", Message: "the remote cache went away"}, {Kind: "suite", Message: "//x failed", Hint: "bazel test //x"}, {Kind: "sandbox", Message: "no"},
	}
	found := Analyse(run, nil, Options{}).Findings
	if len(found) != 2 || found[0].Kind != SuiteBroken || found[1].Kind != CacheDied {
		t.Errorf("got %+v", found)
	}
	if code := ExitCode(run, Analysis{}); code != 1 {
		t.Errorf("a suite that failed beside its cells: exit code %d, want 1", code)
	}
}

func TestHistoryOfAFailure(t *testing.T) {
	run := matrix("p9=3.9.2")
	k := failing("x", "ValueError: boom", "")
	run.Cells = []result.Cell{cell("tests/test_a.py", "unit", "p9", result.Failed, k)}
	good, flaky := matrix(), matrix()
	good.Cells = []result.Cell{cell("tests/test_a.py", "unit", "p9", result.Passed, ok("x"))}
	flaky.Cells = []result.Cell{cell("tests/test_a.py", "unit", "p9", result.Passed, result.Case{ID: "x", Outcome: result.CasePassed, Flaky: true})}
	bad := matrix()
	bad.Cells = []result.Cell{run.Cells[0]}
	f := Analyse(run, store(t, good, flaky, bad), Options{}).Findings[0]
	if want := "failed in 1 of its last 3 runs in p9, flaky in 1"; f.Tests[0].History != want {
		t.Errorf("got %q, want %q", f.Tests[0].History, want)
	}
}
