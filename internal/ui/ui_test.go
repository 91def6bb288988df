package ui

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock is a time that the test moves.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func cell(file, environment string, v result.Verdict, cases ...result.Case) result.Cell {
	return result.Cell{ID: plan.CellID(file, "unit", environment), File: file, Type: "unit", Environment: environment, Verdict: v, Cases: cases, Duration: time.Second}
}

func failing(environment string) result.Cell {
	c := cell("tests/test_b.py", environment, result.Failed,
		result.Case{ID: "tests/test_b.py::test_ok", Outcome: result.CasePassed},
		result.Case{ID: "tests/test_b.py::test_no", Outcome: result.CaseFailed, Line: 7, Message: "assert 1 == 2\nmore", Text: "    def test_no():\n>       assert 1 == 2\nE       assert 1 == 2"})
	c.Reason = "1 failed"
	return c
}

func pass() pipeline.Reported {
	cells := []result.Cell{
		cell("tests/test_a.py", "py1", result.Passed, result.Case{ID: "x", Outcome: result.CasePassed}, result.Case{ID: "y", Outcome: result.CaseSkipped}),
		failing("py1"), failing("py2"),
		{ID: "c", File: "tests/test_c.py", Type: "unit", Environment: "py2", Verdict: result.Timeout, Reason: "timed out after 3 s in tests/test_c.py::test_hang", Log: "the log"},
		{ID: "d", File: "tests/test_d.py", Type: "unit", Environment: "py3", Verdict: result.NotRun, Reason: "the environment could not be built"},
	}
	cells[0].Cached = true
	flaky := cell("tests/test_f.py", "py1", result.Passed, result.Case{ID: "tests/test_f.py::test_race", Outcome: result.CasePassed, Flaky: true, FirstText: "first trace"})
	flaky.Flaky = true
	return pipeline.Reported{
		Folder: "/ws/.weft/runs/1",
		Run: result.Run{Start: start, End: start.Add(1500 * time.Millisecond), Cells: append(cells, flaky),
			Environments: []result.Environment{{Name: "py1"}, {Name: "py2"}, {Name: "py3", NotBuilt: "no"}}},
	}
}

func view(t *testing.T, verbose bool, variables map[string]string) (View, *bytes.Buffer, *bytes.Buffer, *clock) {
	t.Helper()
	var out, talk bytes.Buffer
	c := &clock{start}
	v := New(Options{Stdout: &out, Stderr: &talk, Verbose: verbose, Dir: "/ws", Now: c.now,
		Env: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }})
	return v, &out, &talk, c
}

func needs(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("lacks %q:\n%s", p, text)
		}
	}
}

func TestPlainSaysFailuresAtOnce(t *testing.T) {
	v, _, talk, _ := view(t, false, nil)
	v.Update(pipeline.Planned{Plan: &plan.Plan{Cells: make([]result.PlannedCell, 3), Environments: []string{"py1"}}, Predicted: 2 * time.Second})
	v.Update(pipeline.Noted{Problem: result.Problem{Message: "the cache\nis gone", Hint: "type this"}})
	v.Update(pipeline.Changed{Change: result.Change{Cell: cell("tests/test_a.py", "py1", result.Passed)}})
	v.Update(pipeline.Changed{Change: result.Change{Cell: failing("py1")}})
	v.Close()
	got := talk.String()
	needs(t, got, "3 cells in 1 environment, about 2 s", "weft: warning: the cache\n  is gone\nweft: hint: type this", "FAIL  py1  unit  tests/test_b.py", "tests/test_b.py::test_no: assert 1 == 2\n")
	if strings.Contains(got, "test_a.py") {
		t.Errorf("a passed cell is shown without --verbose:\n%s", got)
	}
}

// TestHostileNames: a test's name neither drives the terminal, with the C1
// controls either, nor turns the writing direction around.
func TestHostileNames(t *testing.T) {
	v, out, talk, _ := view(t, false, nil)
	c := failing("py1")
	c.Environment = "py\x1b"
	c.Cases[len(c.Cases)-1].ID = "tests/test_b.py::test_\u009b31m\u202egpj.\u2066\u061c"
	v.Update(pipeline.Changed{Change: result.Change{Cell: c}})
	u := pass()
	u.Run.Cells = []result.Cell{c}
	v.Update(u)
	if text := talk.String() + out.String(); strings.ContainsAny(text, "\x1b\u009b\u202e\u2066\u061c") || !strings.Contains(text, "test_\uFFFD31m\uFFFDgpj.") {
		t.Errorf("got %q", text)
	}
}

func TestVerboseShowsEveryCellAndTalk(t *testing.T) {
	v, _, talk, _ := view(t, true, nil)
	v.Update(pipeline.Talked{Line: "INFO: \x1b[31mbazel\x1b[0m"})
	v.Update(pipeline.Changed{Change: result.Change{Cell: cell("tests/test_a.py", "py1", result.Passed)}})
	needs(t, talk.String(), "INFO: \uFFFD[31mbazel", "PASS  py1  unit  tests/test_a.py")
}

func TestPlainHeartbeat(t *testing.T) {
	v, _, talk, c := view(t, false, nil)
	v.Update(pipeline.Planned{Plan: &plan.Plan{Cells: make([]result.PlannedCell, 4)}})
	v.Update(pipeline.Ran{CellID: "a", Verdict: result.Passed})
	if strings.Contains(talk.String(), "done") {
		t.Errorf("too talkative:\n%s", talk)
	}
	c.t = c.t.Add(heartbeat)
	v.Update(pipeline.Ran{CellID: "b", Verdict: result.Passed})
	needs(t, talk.String(), "weft: 2 of 4 cells done, 0 failed, about 10 s left")
}

func TestFinish(t *testing.T) {
	v, out, _, _ := view(t, false, nil)
	v.Update(pass())
	needs(t, out.String(),
		"── tests/test_b.py::test_no  in py1, py2\n    def test_no():",
		"── tests/test_c.py (unit): timed out after 3 s in tests/test_c.py::test_hang  in py2\nthe log",
		"── tests/test_f.py::test_race (flaky: failed first, passed when run again)  in py1\nfirst trace",
		"── tests/test_d.py (unit): the environment could not be built  in py3",
		"FAIL       py1       3/5 tests    1 skipped     1/3 cells cached",
		"NOT BUILT  py3  ",
		"3 failed, 4 passed, 1 skipped, 1 cell not run in 3 environments in 1.50 s, 1 of 6 cells cached",
		"report: .weft/runs/latest/report.md")
	if strings.Contains(out.String(), "\x1b") {
		t.Errorf("colours in a pipe:\n%q", out)
	}
}

func TestDiagnosis(t *testing.T) {
	v, out, _, _ := view(t, false, nil)
	u := pass()
	u.Report.Findings = []analysis.Finding{
		{ID: "F1", Title: `the "match" statement is a syntax error`, Spread: analysis.InSome, Environments: []string{"py1"}, Why: "it needs Python 3.10"},
		{ID: "F2", Title: "a race", Spread: analysis.Flaky},
	}
	u.Report.Recommendations = []analysis.Recommendation{{Finding: "F1", Text: "write it otherwise", Change: `environments = ["py2"],`}}
	u.Report.Gates = []analysis.Gate{{Name: "coverage", Message: "76.9 % is below 99 %"}, {Name: "security", Passed: true, Message: "fine"}}
	v.Update(u)
	needs(t, out.String(), "F1 the \"match\" statement is a syntax error  only in py1\n   why: it needs Python 3.10\n   do: environments = [\"py2\"],\n",
		"F2 a race  flaky\n", "gate missed coverage: 76.9 % is below 99 %\n")
	if strings.Contains(out.String(), "security") {
		t.Errorf("a gate that passed is shown as missed:\n%s", out)
	}
}

func TestUnreachedCellsAreQuiet(t *testing.T) {
	v, _, talk, _ := view(t, false, nil)
	c := cell("tests/test_a.py", "py1", result.NotRun)
	c.Reason = "Bazel gave its suite up: user interrupted"
	v.Update(pipeline.Changed{Change: result.Change{Cell: c}})
	if talk.Len() > 0 {
		t.Errorf("said %q", talk)
	}
}

func TestInterrupted(t *testing.T) {
	v, out, _, _ := view(t, false, nil)
	u := pass()
	u.Run.Interrupted = true
	u.Run.Cells = append(u.Run.Cells, cell("tests/test_e.py", "py2", result.NotRun))
	v.Update(u)
	// That py3 could not be built has nothing to do with the interruption.
	needs(t, out.String(), "interrupted, 3 failed", "2 cells not run", "── tests/test_b.py::test_no", "── tests/test_d.py")
	if strings.Contains(out.String(), "── tests/test_e.py") {
		t.Errorf("a cell that was not reached is shown as a failure:\n%s", out)
	}
}

func TestColours(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{map[string]string{}, false},
		{map[string]string{"FORCE_COLOR": "1"}, true},
		{map[string]string{"FORCE_COLOR": "1", "NO_COLOR": "1"}, false},
		{map[string]string{"FORCE_COLOR": "0"}, false},
	} {
		v, out, _, _ := view(t, false, c.env)
		v.Update(pass())
		if got := strings.Contains(out.String(), "\x1b["); got != c.want {
			t.Errorf("%v: colours %v", c.env, got)
		}
	}
}

func TestGitHub(t *testing.T) {
	summary := filepath.Join(t.TempDir(), "summary.md")
	v, out, _, _ := view(t, false, map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary})
	v.Update(pass())
	_, rest, _ := strings.Cut(out.String(), "::stop-commands::")
	word, rest, _ := strings.Cut(rest, "\n")
	said, commands, resumed := strings.Cut(rest, "\n::"+word+"::\n")
	if len(word) < 20 || !resumed || !strings.Contains(said, "the log") || strings.Contains(said, "::error") || !strings.Contains(commands, "::error") {
		t.Errorf("what tests print could be a command:\n%s", out)
	}
	needs(t, out.String(), "::error file=tests/test_b.py,line=7,title=py1 · tests/test_b.py%3A%3Atest_no::assert 1 == 2%0Amore\n")
	if data, err := os.ReadFile(summary); err != nil || !strings.Contains(string(data), "# Parallel Test Execution Report") {
		t.Errorf("step summary: %v\n%s", err, data)
	}
}

func TestScreen(t *testing.T) {
	c := &clock{start}
	s := &screen{tally: newTally(c.now), width: 80}
	s.Update(updateMsg{pipeline.Staged{Text: "realising the environments"}})
	s.Update(updateMsg{pipeline.Talked{Line: "building python"}})
	needs(t, s.View().Content, "realising the environments", "building python")
	s.Update(updateMsg{pipeline.Planned{Plan: &plan.Plan{Cells: make([]result.PlannedCell, 10)}, Predicted: 20 * time.Second}})
	s.Update(updateMsg{pipeline.Staged{Text: "running the tests"}})
	s.Update(updateMsg{pipeline.Running{Actions: 3}})
	cached := cell("tests/test_a.py", "py1", result.Passed)
	cached.Cached = true
	s.Update(updateMsg{pipeline.Changed{Change: result.Change{Cell: cached}}})
	s.Update(updateMsg{pipeline.Ran{CellID: failing("py1").ID, Verdict: result.Failed}})
	s.Update(updateMsg{pipeline.Changed{Change: result.Change{Cell: failing("py1")}}})
	c.t = c.t.Add(4 * time.Second)
	got := s.View().Content
	needs(t, got, "2/10 cells", "3 running", "1 failed", "50 % cached", "4.00 s", "about 16 s left")
	s.Update(updateMsg{pipeline.Talked{Line: "[3 / 7] Testing tests/test_hang.py (unit @ py1); 11s linux-sandbox"}})
	s.Update(updateMsg{pipeline.Talked{Line: "INFO: something else"}})
	needs(t, s.View().Content, "tests/test_hang.py (unit @ py1); 11s")
	s.width = 24
	for line := range strings.SplitSeq(s.View().Content, "\n") {
		if n := len([]rune(stripped(line))); n > 24 {
			t.Errorf("%d cells wide on a terminal of 24: %q", n, line)
		}
	}
}

// stripped takes the colours off.
func stripped(s string) string {
	var b bytes.Buffer
	w := colored(&b, func(string) (string, bool) { return "", false })
	_, _ = w.Write([]byte(s))
	return b.String()
}
