package board

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const a, b, deep = "tests/test_a.py", "tests/test_b.py", "tests/a/test_deep.py"

// bench is a board and the clock that it reads.
type bench struct {
	*Board
	t   *testing.T
	now time.Time
}

func newBench(t *testing.T, cells ...result.PlannedCell) *bench {
	h := &bench{t: t, now: noon}
	h.Board = New(func() time.Time { return h.now })
	h.Add(loop.Known{Cells: cells, Environments: []string{"py1", "py2"}})
	return h
}

func planned(file, environment string) result.PlannedCell {
	return result.PlannedCell{ID: plan.CellID(file, "unit", environment), File: file, Type: "unit", Environment: environment}
}

// all are both files in both environments, in an order of no use.
func all() []result.PlannedCell {
	return []result.PlannedCell{planned(b, "py1"), planned(a, "py2"), planned(b, "py2"), planned(a, "py1")}
}

func (h *bench) begin(number int, cells ...result.PlannedCell) {
	h.Add(loop.Began{Number: number, Since: h.now})
	h.of(pipeline.Planned{Plan: &plan.Plan{Cells: cells}})
}

func (h *bench) of(u pipeline.Update) { h.Add(loop.Of{Update: u}) }

func (h *bench) changed(file, environment string, v result.Verdict, cases ...result.Case) {
	h.of(pipeline.Changed{Change: result.Change{Cell: result.Cell{ID: plan.CellID(file, "unit", environment), File: file, Type: "unit", Environment: environment,
		Verdict: v, Cases: cases, Log: "the log of " + environment}}})
}

func (h *bench) is(file, environment string, state, before State) {
	h.t.Helper()
	if s, ok := h.Square(plan.CellID(file, "unit", environment)); !ok || s.State != state || s.Before != before {
		h.t.Errorf("%s in %s is %q, before %q; want %q, before %q", file, environment, s.State, s.Before, state, before)
	}
}

func no(message string) result.Case {
	return result.Case{ID: a + "::test_no", Outcome: result.CaseFailed, Line: 3, Message: message + "\nand more", Stdout: "it said so\n",
		Text: "def test_no():\n>   f()\n\n" + a + ":12: \nsrc/f.py:4: AssertionError\n"}
}

func TestRowsAreByFolder(t *testing.T) {
	h := newBench(t, append(all(), planned(deep, "py1"))...)
	want := []Row{{a, "unit"}, {b, "unit"}, {deep, "unit"}}
	if !slices.Equal(h.Rows, want) {
		t.Errorf("rows %v, want %v", h.Rows, want)
	}
	var order []string
	for _, s := range h.Squares(-1) {
		order = append(order, fmt.Sprint(s.Row, s.Column))
	}
	if len(order) != 5 {
		t.Errorf("squares %v", order)
	}
}

func TestSquareGoesThroughAPass(t *testing.T) {
	h := newBench(t, all()...)
	h.is(a, "py1", Unknown, Unknown)
	h.begin(1, all()...)
	h.is(a, "py1", Waiting, Unknown)
	h.of(pipeline.Talked{Line: "[3 / 7] Testing tests/test_a.py (unit @ py1); 3s linux-sandbox ... (2 actions)"})
	h.is(a, "py1", Running, Unknown)
	h.is(a, "py2", Waiting, Unknown)
	h.now = h.now.Add(time.Second)
	h.of(pipeline.Ran{CellID: plan.CellID(a, "unit", "py1"), Verdict: result.Failed})
	h.is(a, "py1", Failed, Unknown)
	h.now = h.now.Add(time.Second)
	h.changed(a, "py1", result.Passed) // its suite ran it again
	h.is(a, "py1", Passed, Unknown)
	if p := h.Pass; p.Done != 1 || p.Cells != 4 || p.First != time.Second || p.Last != 2*time.Second {
		t.Errorf("pass %+v", p)
	}
	h.begin(2, planned(a, "py1"))
	h.is(a, "py1", Waiting, Passed)
	h.changed(a, "py1", result.Timeout)
	h.is(a, "py1", Failed, Passed)
	if s, _ := h.Square(plan.CellID(a, "unit", "py1")); s.Pass != 2 || s.Known() != Failed || s.Verdict != result.Timeout {
		t.Errorf("square %+v", s)
	}
}

// TestStoppedPassForgetsNothing: what waited in vain is what it was, also when
// Bazel says of it that it was interrupted.
func TestStoppedPassForgetsNothing(t *testing.T) {
	h := newBench(t, all()...)
	h.begin(1, all()...)
	h.changed(a, "py1", result.Passed)
	h.changed(a, "py2", result.NotRun)
	h.begin(2, all()...)
	h.of(pipeline.Changed{Change: result.Change{Cell: result.Cell{ID: plan.CellID(a, "unit", "py1"), Verdict: result.NotRun, Reason: "Bazel gave its suite up: user interrupted"}}})
	h.is(a, "py1", Waiting, Passed)
	h.Add(loop.Ended{Number: 2, Stopped: true})
	h.is(a, "py1", Passed, Passed)
	h.is(a, "py2", NotRun, NotRun)
	h.is(b, "py2", Unknown, Unknown)
	if !h.Pass.Stopped || h.Pass.Active {
		t.Errorf("pass %+v", h.Pass)
	}
}

type hinted struct{ error }

func (hinted) Hint() string { return "type this" }

func TestPassThatCouldNotBeCarriedOut(t *testing.T) {
	h := newBench(t, all()...)
	h.begin(1)
	h.Add(loop.Ended{Number: 1, Err: fmt.Errorf("reading the targets: %w", hinted{errors.New("exit code 7")})})
	if p := h.Pass; p.Error != "reading the targets: exit code 7" || p.Hint != "type this" {
		t.Errorf("pass %+v", p)
	}
	h.begin(2)
	if h.Pass.Error != "" {
		t.Errorf("the next pass has the error too: %+v", h.Pass)
	}
}

func TestFailuresAreGrouped(t *testing.T) {
	h := newBench(t, all()...)
	h.begin(1, all()...)
	h.changed(a, "py1", result.Failed, no("assert 1 == 2"))
	h.changed(a, "py2", result.Failed, no("assert 1 == 2"), result.Case{ID: a + "::test_ok", Outcome: result.CasePassed})
	h.changed(b, "py2", result.Crashed)
	got := h.Failures()
	if len(got) != 2 {
		t.Fatalf("failures %+v", got)
	}
	if f := got[0]; f.ID != a+"::test_no" || f.File != a || f.Line != 12 || f.Message != "assert 1 == 2" || f.Of != 2 || !slices.Equal(f.Environments, []string{"py1", "py2"}) {
		t.Errorf("failure %+v", f)
	}
	if f := got[1]; f.ID != b || f.Message != "crashed" || f.Text != "the log of py2" || !slices.Equal(f.Environments, []string{"py2"}) {
		t.Errorf("failure %+v", f)
	}
	h.changed(a, "py2", result.Failed, no("another"))
	if got := h.Failures(); len(got) != 3 {
		t.Errorf("another message is the same failure: %+v", got)
	}
	h.begin(2, planned(a, "py1"))
	if got := h.Failures(); len(got) != 3 {
		t.Errorf("a failure is gone while its cell waits: %+v", got)
	}
	h.changed(a, "py1", result.Passed)
	if got := h.Failures(); len(got) != 2 {
		t.Errorf("what passes still fails: %+v", got)
	}
	h.Add(loop.Known{Cells: []result.PlannedCell{planned(b, "py1")}, Environments: []string{"py1"}})
	if got := h.Failures(); len(got) != 0 {
		t.Errorf("what is gone still fails: %+v", got)
	}
}

func TestOutputIsOfEachEnvironment(t *testing.T) {
	h := newBench(t, all()...)
	h.begin(1, all()...)
	h.changed(a, "py1", result.Failed, no("x"))
	h.changed(a, "py2", result.Failed, no("x"))
	got := h.Output(h.Failures()[0])
	for _, part := range []string{"── py1\ndef test_no():", "it said so", "the log of py1", "── py2\n", "the log of py2"} {
		if !strings.Contains(got, part) {
			t.Errorf("lacks %q:\n%s", part, got)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, c := range []struct {
		name, text, file string
		line             int
	}{
		{"its own file before the workspace's", a + ":12: \nsrc/f.py:4: AssertionError\n", a, 12},
		{"the last of its own", a + ":12: \n" + a + ":3: E\n", a, 3},
		{"the workspace's", "src/f.py:4: AssertionError\n", "src/f.py", 4},
		{"not the environment's", "/nix/store/x/numpy.py:9: in f\n", a, 7},
		{"none", "no place: at all", a, 7},
		{"a number too large", a + ":99999999999999999999: E\n", a, 7},
	} {
		if file, line := Place(result.Case{Text: c.text, Line: 7}, a); file != c.file || line != c.line {
			t.Errorf("%s: %s:%d, want %s:%d", c.name, file, line, c.file, c.line)
		}
	}
}

func TestSquaresSince(t *testing.T) {
	h := newBench(t, all()...)
	h.begin(1, all()...)
	before := h.Version()
	if got := h.Squares(before); len(got) != 0 {
		t.Errorf("nothing changed, and yet %+v", got)
	}
	h.changed(b, "py1", result.Passed)
	if got := h.Squares(before); len(got) != 1 || got[0].ID != plan.CellID(b, "unit", "py1") {
		t.Errorf("changed: %+v", got)
	}
	if h.Reshaped(before) {
		t.Error("a verdict is no new shape")
	}
	h.Add(loop.Known{Cells: all(), Environments: []string{"py2", "py1"}})
	if got := h.Squares(before); !h.Reshaped(before) || len(got) != 4 {
		t.Errorf("reshaped %t, squares %+v", h.Reshaped(before), got)
	}
	h.is(b, "py1", Passed, Unknown)
}

func TestCounts(t *testing.T) {
	h := newBench(t, all()...)
	h.begin(1, all()...)
	h.changed(a, "py1", result.Passed)
	h.changed(a, "py2", result.Failed)
	h.begin(2, planned(a, "py1"))
	if c := h.Counts(); c[Passed] != 1 || c[Failed] != 1 || c[Waiting] != 3 || c[Unknown] != 2 {
		t.Errorf("counts %v", c)
	}
}

// TestNotesAreSaidOnce: and one that a pass does not say any more is gone.
func TestNotesAreSaidOnce(t *testing.T) {
	h := newBench(t)
	stays, slow, wrong := result.Problem{Message: "polling"}, result.Problem{Message: "no workers"}, result.Problem{Message: "no cache"}
	h.Add(loop.Noted{Problem: stays})
	h.begin(1)
	h.of(pipeline.Noted{Problem: slow})
	h.of(pipeline.Noted{Problem: wrong})
	h.Add(loop.Ended{Number: 1})
	h.begin(2)
	h.of(pipeline.Noted{Problem: slow})
	if want := []result.Problem{stays, wrong, slow}; !slices.Equal(h.Notes, want) {
		t.Errorf("notes %v, want %v", h.Notes, want)
	}
	h.Add(loop.Ended{Number: 2})
	if want := []result.Problem{stays, slow}; !slices.Equal(h.Notes, want) {
		t.Errorf("notes %v, want %v", h.Notes, want)
	}
	for i := range 100 {
		h.Add(loop.Noted{Problem: result.Problem{Message: fmt.Sprint(i)}})
		h.Add(loop.Saved{Paths: []string{fmt.Sprint(i)}})
		h.of(pipeline.Talked{Line: strings.Repeat("x", i)})
	}
	if len(h.Notes) != kept || len(h.Saves) != kept || h.Notes[kept-1].Message != "99" {
		t.Errorf("%d notes, %d saves are kept", len(h.Notes), len(h.Saves))
	}
}

func TestGeneratedIsOfTheNewestSave(t *testing.T) {
	h := newBench(t)
	h.Add(loop.Saved{Paths: []string{a}})
	h.Add(loop.Generated{Files: []string{"tests/BUILD.bazel"}})
	if len(h.Generated) != 1 {
		t.Errorf("generated %v", h.Generated)
	}
	h.Add(loop.Saved{Paths: []string{b}})
	if len(h.Generated) != 0 {
		t.Errorf("generated %v", h.Generated)
	}
}

// TestPartialIsWhatAFilterLeaves: and a cell of which it leaves nothing was not run.
func TestPartialIsWhatAFilterLeaves(t *testing.T) {
	h := newBench(t, all()...)
	for i, filter := range []string{"", "test_ok", ""} {
		h.Add(loop.Began{Number: i + 1, Since: h.now})
		h.of(pipeline.Planned{Plan: &plan.Plan{Cells: all()}, Tests: filter})
		h.Add(loop.Set{Narrowing: loop.Narrowing{Tests: "later" + filter}}) // counts for the next pass
		h.changed(a, "py1", result.Passed, result.Case{ID: a + "::test_ok", Outcome: result.CasePassed})
		if s, _ := h.Square(plan.CellID(a, "unit", "py1")); s.Partial != (filter != "") || s.State != Passed {
			t.Errorf("filter %q: square %+v", filter, s)
		}
		h.changed(b, "py1", result.Passed)
		want := map[bool]State{true: NotRun, false: Passed}[filter != ""]
		if s, _ := h.Square(plan.CellID(b, "unit", "py1")); s.State != want || (s.Reason != "") != (filter != "") {
			t.Errorf("filter %q: a cell without such a test is %+v", filter, s)
		}
	}
}

// TestRanTellsItsTests: a cell that failed shows its tests before its suite has
// run it again, and none of those that failed before.
func TestRanTellsItsTests(t *testing.T) {
	h := newBench(t, all()...)
	h.begin(1, all()...)
	h.changed(a, "py1", result.Failed, no("assert 1 == 2"))
	h.begin(2, all()...)
	other := no("assert 3 == 4")
	other.ID = a + "::test_other"
	h.of(pipeline.Ran{CellID: plan.CellID(a, "unit", "py1"), Verdict: result.Failed, Cases: []result.Case{other}})
	if f := h.Failures(); len(f) != 1 || f[0].ID != other.ID || f[0].Message != "assert 3 == 4" {
		t.Errorf("failures %+v", f)
	}
}

// TestMended: what the loop takes back is gone; what a pass said of the same is its own.
func TestMended(t *testing.T) {
	h := newBench(t, all()...)
	one, two, three := result.Problem{Message: "one"}, result.Problem{Message: "two"}, result.Problem{Message: "three"}
	h.Add(loop.Noted{Problem: one})
	h.Add(loop.Noted{Problem: two})
	h.begin(1, all()...)
	h.of(pipeline.Noted{Problem: three})
	h.Add(loop.Mended{Problems: []result.Problem{one, three}})
	if !slices.Equal(h.Notes, []result.Problem{two, three}) {
		t.Errorf("notes %v", h.Notes)
	}
}
