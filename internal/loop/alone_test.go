package loop

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

func failing(ids ...string) []result.Case {
	out := []result.Case{{ID: "a.py::test_ok", Outcome: result.CasePassed}}
	for _, id := range ids {
		out = append(out, result.Case{ID: id, Outcome: result.CaseFailed, Duration: 100 * time.Millisecond})
	}
	return out
}

// TestAlone: what can run without the rest of its cell, and is worth it.
func TestAlone(t *testing.T) {
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf("a.py::test_%s[%d]", strings.Repeat("long", 20), i)
	}
	hook := result.Case{ID: "a.py::a.py", Outcome: result.CaseError, Synthetic: true}
	for _, test := range []struct {
		name    string
		verdict result.Verdict
		cases   []result.Case
		seconds float64
		by      Narrowing
		want    string
	}{
		{"two tests", result.Failed, failing("a.py::test_a", "a.py::TestB::test_b[it's \"[x] ü]"), 10, Narrowing{OnlyFailed: true}, "a.py::test_a\na.py::TestB::test_b[it's \"[x] ü]"},
		{"an error of a fixture", result.Error, []result.Case{{ID: "a.py::test_a", Outcome: result.CaseError}}, 10, Narrowing{OnlyFailed: true}, "a.py::test_a"},
		{"a doctest", result.Failed, failing("docs/a.rst::a.rst"), 10, Narrowing{OnlyFailed: true}, "docs/a.rst::a.rst"},
		{"not narrowed", result.Failed, failing("a.py::test_a"), 10, Narrowing{}, ""},
		{"narrowed to a name too", result.Failed, failing("a.py::test_a"), 10, Narrowing{OnlyFailed: true, Tests: "x"}, "x"},
		{"a quick file", result.Failed, failing("a.py::test_a"), 2.05, Narrowing{OnlyFailed: true}, ""},
		{"a file that does not import", result.Error, []result.Case{hook}, 10, Narrowing{OnlyFailed: true}, ""},
		{"a file that fails as a whole too", result.Error, append(failing("a.py::test_a"), hook), 10, Narrowing{OnlyFailed: true}, ""},
		{"an id that is none", result.Failed, failing("a.py"), 10, Narrowing{OnlyFailed: true}, ""},
		{"an id of two lines", result.Failed, failing("a.py::test_a[\n]"), 10, Narrowing{OnlyFailed: true}, ""},
		{"a timeout", result.Timeout, failing("a.py::test_a"), 10, Narrowing{OnlyFailed: true}, ""},
		{"more than an argument takes", result.Failed, failing(many...), 200, Narrowing{OnlyFailed: true}, ""},
	} {
		p, known := scope("a.py", "b.py")
		known.verdicts["a.py unit py1"], known.cases = test.verdict, map[string][]result.Case{"a.py unit py1": test.cases}
		known.seconds["py1"] = test.seconds
		l, _ := newLoop(p, known)
		l.narrow = test.by
		l.todo.files([]string{"a.py"})
		if choice := l.chooses(p); choice.Tests != test.want {
			t.Errorf("%s: the filter is %q, not %q", test.name, choice.Tests, test.want)
		}
	}
}

// TestAloneThenWhole: the failing tests of slow cells run first. The whole of a
// cell runs when they pass, and only then; a save begins anew.
func TestAloneThenWhole(t *testing.T) {
	p, known := scope("a.py", "b.py", "c.py")
	known.seconds["py1"], known.seconds["py2"] = 10, 10
	known.cases = map[string][]result.Case{}
	for _, id := range []string{"a.py unit py1", "a.py unit py2", "b.py unit py1"} {
		known.verdicts[id] = result.Failed
		known.cases[id] = failing(id[:4] + "::test_x")
	}
	known.verdicts["c.py unit py2"] = result.Timeout // which has no tests to run alone
	l, s := newLoop(p, known)
	l.pass = nil
	next := func(what, filter string, want ...string) {
		t.Helper()
		if !l.todo.due() {
			t.Fatalf("%s: no pass begins", what)
		}
		l.todo.begun()
		l.pass = &pass{ran: map[string]result.Verdict{}, judged: map[string]bool{}, cancel: func() {}}
		choice := l.chooses(p)
		if choice.Tests != filter {
			t.Errorf("%s: the filter is %q, not %q", what, choice.Tests, filter)
		}
		equal(t, what, slices.Clone(choice.Cells), want...)
	}
	owed := func(want int) {
		t.Helper()
		if l.owed != want || !slices.Contains(s.told, Update(Owed{want})) {
			t.Errorf("%d cells are owed, not %d", l.owed, want)
		}
	}

	l.command(OnlyFailed{On: true})
	next("f", "a.py::test_x\nb.py::test_x", "a.py unit py1", "a.py unit py2", "b.py unit py1")
	l.hear(judged("a.py unit py1", result.Passed))
	l.hear(judged("a.py unit py2", result.Failed))
	l.hear(judged("b.py unit py1", result.Passed))
	l.hear(judged("b.py unit py2", result.Passed)) // shares a process with the one before
	l.end(passEnd{})
	next("the rest", "", "a.py unit py1", "b.py unit py1", "c.py unit py2")
	for _, id := range l.last {
		l.hear(judged(id, result.Passed))
		known.verdicts[id] = result.Passed
	}
	known.verdicts["b.py unit py1"] = result.Failed // with the others it still fails
	l.end(passEnd{})
	if l.cleared["b.py unit py2"] {
		t.Error("a cell that was not chosen counts as run")
	}
	owed(1)
	if l.todo.due() {
		t.Fatal("what fails alone runs whole")
	}

	l.todo.ask("a save", time.Now())
	l.todo.files([]string{"a.py", "b.py"})
	next("a save", "b.py::test_x\na.py::test_x", "a.py unit py2", "b.py unit py1")
	owed(4) // two that do not fail, two of which a part runs
	l.hear(judged("b.py unit py1", result.Passed))
	l.pass.stop()
	l.todo.files([]string{"b.py"})
	l.end(passEnd{})
	next("a save meanwhile", "b.py::test_x\na.py::test_x", "a.py unit py2", "b.py unit py1")
	l.hear(judged("a.py unit py2", result.Failed))
	l.hear(judged("b.py unit py1", result.Failed))
	l.end(passEnd{})

	l.command(OnlyFailed{})
	next("f no more", "", "a.py unit py1", "a.py unit py2", "b.py unit py1", "b.py unit py2")
	l.end(passEnd{})
	owed(0)
}

// TestNothingIsNamed: a name that no test has is said, and one that some have is not.
func TestNothingIsNamed(t *testing.T) {
	for _, found := range []bool{false, true} {
		p, known := scope("a.py")
		l, s := newLoop(p, known)
		l.command(Tests{Text: "nosuch"})
		l.chooses(p)
		change := judged("a.py unit py1", result.Passed)
		if found {
			change.Change.Cell.Cases = failing()
		}
		l.hear(change)
		l.hear(judged("a.py unit py2", result.Passed))
		l.end(passEnd{})
		said := slices.ContainsFunc(s.told, func(u Update) bool {
			of, _ := u.(Of)
			noted, ok := of.Update.(pipeline.Noted)
			return ok && strings.Contains(noted.Problem.Message, `"nosuch"`)
		})
		if said == found {
			t.Errorf("a test is found: %v; that none is, is said: %v", found, said)
		}
		if ended := slices.IndexFunc(s.told, func(u Update) bool { e, ok := u.(Ended); return ok && e.Partial }); ended < 0 {
			t.Error("the pass ends as if it were of whole cells")
		}
	}
}

// TestNarrowingStops: a pass that runs what is not wanted any more ends.
func TestNarrowingStops(t *testing.T) {
	for _, test := range []struct {
		name    string
		before  Narrowing
		ran     []string // by cell that was judged
		command Command
		stops   bool
	}{
		{"a path that it runs no more of", Narrowing{}, nil, Paths{Text: "b"}, true},
		{"a path that is all it has to run", Narrowing{}, []string{"a.py unit py1", "a.py unit py2"}, Paths{Text: "b"}, false},
		{"an environment", Narrowing{}, nil, Environments{Names: []string{"py2"}}, true},
		{"wider", Narrowing{Paths: "b"}, nil, Paths{}, false},
		{"a name", Narrowing{}, nil, Tests{Text: "x"}, true},
		{"another name", Narrowing{Tests: "x"}, nil, Tests{Text: "y"}, true},
		{"no name", Narrowing{Tests: "x"}, nil, Tests{}, true},
		{"the same name", Narrowing{Tests: "x"}, nil, Tests{Text: "x"}, false},
		{"what fails", Narrowing{}, []string{"!b.py unit py1"}, OnlyFailed{On: true}, true},
		{"what fails, where nothing does", Narrowing{}, nil, OnlyFailed{On: true}, false},
	} {
		p, known := scope("a.py", "b.py")
		l, _ := newLoop(p, known)
		l.narrow = test.before
		l.todo.everything("asked for", time.Now())
		l.chooses(p)
		for _, id := range test.ran {
			v := result.Passed
			if id[0] == '!' {
				id, v = id[1:], result.Failed
			}
			l.hear(judged(id, v))
		}
		l.command(test.command)
		if l.pass.stopped != test.stops {
			t.Errorf("%s: stops %v", test.name, l.pass.stopped)
		}
	}
	p, known := scope("a.py")
	l, _ := newLoop(p, known)
	if l.command(Paths{Text: "b"}); l.pass.stopped {
		t.Error("a pass that has yet to choose stops")
	}
}
