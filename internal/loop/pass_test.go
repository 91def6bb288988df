package loop

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/affected"
	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/watch"
)

func judged(id string, v result.Verdict) pipeline.Changed {
	return pipeline.Changed{Change: result.Change{Cell: result.Cell{ID: id, Verdict: v}}}
}

// TestEnd: what a pass did not do is still to do, and begins again only where
// that leads anywhere.
func TestEnd(t *testing.T) {
	fault := errors.New("a BUILD file does not parse")
	for _, test := range []struct {
		name  string
		stop  bool
		end   passEnd
		left  []string
		again bool
		err   error
	}{
		{name: "done", left: nil},
		{name: "stopped", stop: true, end: passEnd{err: errors.New("context canceled")}, left: []string{"a.py unit py2", "b.py unit py1"}, again: true},
		{name: "failed", end: passEnd{err: fault}, left: []string{"a.py unit py2", "b.py unit py1"}, err: fault},
		{name: "Bazel ended", end: passEnd{outcome: pipeline.Outcome{BrokenOff: true}}, left: []string{"a.py unit py2", "b.py unit py1"}, again: true},
	} {
		p, known := scope("a.py", "b.py")
		l, s := newLoop(p, known)
		l.pass.chosen = map[string]string{"a.py unit py1": "a.py", "a.py unit py2": "a.py", "b.py unit py1": "b.py"}
		l.edited["a.py"], l.edited["b.py"] = true, true
		l.pass.since = time.Now().Add(-time.Second)
		l.hear(judged("a.py unit py1", result.Passed))
		l.hear(pipeline.Ran{CellID: "a.py unit py2", Verdict: result.Passed})
		if test.stop {
			l.pass.stop()
		}
		l.hear(judged("b.py unit py1", result.NotRun)) // by the stop, or by what is broken
		if !test.stop {
			delete(l.pass.judged, "b.py unit py1")
		}
		if test.name == "done" {
			l.pass.judged["a.py unit py2"], l.pass.judged["b.py unit py1"] = true, true
		}
		since := l.pass.since
		l.end(test.end)
		equal(t, test.name+": left", sorted(l.todo.ids), test.left...)
		if l.todo.due() != test.again || test.again && !l.todo.since.Equal(since) {
			t.Errorf("%s: begins again: %v, since %v", test.name, l.todo.due(), l.todo.since)
		}
		told := s.told[len(s.told)-1].(Ended)
		if !errors.Is(told.Err, test.err) || told.Stopped != test.stop || told.First < time.Second || told.Last < told.First {
			t.Errorf("%s: told %+v", test.name, told)
		}
		if l.edited["a.py"] {
			t.Errorf("%s: a.py has run and still counts as edited", test.name)
		}
		if l.edited["b.py"] == (test.name == "done") {
			t.Errorf("%s: b.py counts as edited: %v", test.name, l.edited["b.py"])
		}
	}
}

// TestVerdictCountsOnce: that a suite says of a cell what was known of it makes
// no verdict later; that it says something else does.
func TestVerdictCountsOnce(t *testing.T) {
	for _, test := range []struct{ ran, judged result.Verdict }{{result.Passed, result.Passed}, {result.Failed, result.Passed}, {"", result.Passed}} {
		p, known := scope("a.py")
		l, _ := newLoop(p, known)
		at := time.Now()
		l.now = func() time.Time { return at }
		if test.ran != "" {
			l.hear(pipeline.Ran{CellID: "a.py unit py1", Verdict: test.ran})
		}
		at = at.Add(time.Second)
		l.hear(judged("a.py unit py1", test.judged))
		if again := l.pass.last.Equal(at); again != (test.ran != test.judged) {
			t.Errorf("%q, then %q: counts again: %v", test.ran, test.judged, again)
		}
	}
}

// TestBazelEndsTwice: a pass is repeated once, not for ever.
// TestReportIsNotTold: a view that is behind, as while an editor has the terminal,
// would keep the results of each pass.
func TestReportIsNotTold(t *testing.T) {
	p, known := scope("a.py")
	l, s := newLoop(p, known)
	l.hear(pipeline.Reported{})
	l.hear(pipeline.Running{Actions: 1})
	if want := []Update{Of{pipeline.Running{Actions: 1}}}; !reflect.DeepEqual(s.told, want) {
		t.Errorf("told %v", s.told)
	}
}

func TestBazelEndsTwice(t *testing.T) {
	p, known := scope("a.py")
	l, _ := newLoop(p, known)
	for i, again := range []bool{true, false} {
		l.pass = &pass{chosen: map[string]string{"a.py unit py1": "a.py"}, cancel: func() {}}
		l.todo.ready = false
		l.end(passEnd{outcome: pipeline.Outcome{BrokenOff: true}})
		if l.todo.due() != again {
			t.Errorf("end %d: begins again: %v", i+1, l.todo.due())
		}
	}
}

// TestSaved: what a save does to a pass under way.
func TestSaved(t *testing.T) {
	targets := &bazel.Targets{Rules: map[string]bazel.Rule{
		"//:a": {Class: "weft_file", Inputs: []string{"//:a.py", "//:lib.py"}}, "//:b": {Class: "weft_file", Inputs: []string{"//:b.py"}}},
		Files: []bazel.File{{Label: "//:a", Src: "//:a.py"}, {Label: "//:b", Src: "//:b.py"}}}
	for _, test := range []struct {
		path    string
		change  watch.Change
		ran     []string
		stopped bool
		due     bool
	}{
		{"a.py", watch.Written, nil, true, true},
		{"lib.py", watch.Written, nil, true, true},
		{"b.py", watch.Written, nil, false, true},
		{"a.py", watch.Written, []string{"a.py unit py1", "a.py unit py2"}, false, true},
		{"README", watch.Written, nil, false, false},
		{"README", watch.Created, nil, false, true}, // a glob may take it in
		{"BUILD.bazel", watch.Written, nil, true, true},
		{"flake.nix", watch.Written, nil, true, true},
		{"rules.bzl", watch.Written, nil, true, true},
	} {
		p, known := scope("a.py", "b.py")
		l, s := newLoop(p, known)
		l.index = affected.New(targets, nil)
		l.pass.chosen = map[string]string{"a.py unit py1": "a.py", "a.py unit py2": "a.py"}
		for _, id := range test.ran {
			l.hear(pipeline.Ran{CellID: id})
		}
		l.saved(t.Context(), nil, watch.Batch{Changes: map[string]watch.Change{test.path: test.change}})
		if l.pass.stopped != test.stopped || l.todo.due() != test.due {
			t.Errorf("%s %s: stopped %v, due %v", test.path, test.change, l.pass.stopped, l.todo.due())
		}
		saved := s.told[len(s.told)-1].(Saved)
		if !slices.Equal(saved.Paths, []string{test.path}) || saved.Effect == "" {
			t.Errorf("%s: told %+v", test.path, saved)
		}
	}
}

// TestSavedOutsideOfTheScope: a save that no cell of the scope depends on begins
// no pass, of which nothing would come but one more report.
func TestSavedOutsideOfTheScope(t *testing.T) {
	targets := &bazel.Targets{Rules: map[string]bazel.Rule{"//:a": {Class: "weft_file", Inputs: []string{"//:a.py"}}, "//:b": {Class: "weft_file", Inputs: []string{"//:b.py"}}},
		Files: []bazel.File{{Label: "//:a", Src: "//:a.py"}, {Label: "//:b", Src: "//:b.py"}}}
	for path, effect := range map[string]string{"a.py": "1 test file", "b.py": "1 test file outside of the scope"} {
		p, known := scope("a.py")
		l, s := newLoop(p, known)
		l.pass, l.index = nil, affected.New(targets, nil)
		l.saved(t.Context(), nil, watch.Batch{Changes: map[string]watch.Change{path: watch.Written}})
		if told := s.told[0].(Saved); told.Effect != effect || l.todo.due() != (path == "a.py") {
			t.Errorf("%s: told %q, a pass begins: %v", path, told.Effect, l.todo.due())
		}
	}
}

// TestSavedBeforeAnythingIsRead: what the first pass has read by then may be
// older than the save.
func TestSavedBeforeAnythingIsRead(t *testing.T) {
	for _, path := range []string{"BUILD.bazel", "flake.nix", "weft.toml", "a.py"} {
		p, known := scope("a.py")
		l, _ := newLoop(p, known)
		reloaded := false
		l.o.Reload = func() (request.Request, bool, error) { reloaded = true; return request.Request{}, false, nil }
		l.todo.hold = true // by a person, before
		l.saved(t.Context(), nil, watch.Batch{Changes: map[string]watch.Change{path: watch.Written}})
		if !l.todo.all || !l.todo.query || !l.todo.environments || !l.todo.due() || !l.pass.stopped {
			t.Errorf("%s: to do: %+v, stopped: %v", path, l.todo, l.pass.stopped)
		}
		if reloaded != (path == "weft.toml") {
			t.Errorf("%s: the settings were read again: %v", path, reloaded)
		}
	}
}

// TestLocksWaitForThePass: Nix and Weft write them while a pass runs.
func TestLocksWaitForThePass(t *testing.T) {
	p, known := scope("a.py")
	l, s := newLoop(p, known)
	l.memory = &pipeline.Memory{}
	l.index = affected.New(&bazel.Targets{}, nil)
	l.saved(t.Context(), nil, watch.Batch{Changes: map[string]watch.Change{"flake.lock": watch.Written}})
	if len(s.told) > 0 || l.todo.due() {
		t.Fatalf("a lock that the pass may have written counts at once: %+v", s.told)
	}
	l.end(passEnd{})
	l.saved(t.Context(), nil, l.release())
	if !l.todo.environments || !l.todo.due() {
		t.Errorf("a lock that says what is not known is not looked at: %+v", l.todo)
	}
}

// saving stands among commands for a save of test files.
type saving []string

func (saving) command() {}

func TestCommands(t *testing.T) {
	p, known := scope("a.py", "b.py")
	known.verdicts["a.py unit py1"] = result.Failed
	l, s := newLoop(p, known)
	l.last = []string{"b.py unit py2"}
	l.pass = nil
	for _, test := range []struct {
		command Command
		want    []string
	}{
		{RunAll{}, []string{"a.py unit py1", "a.py unit py2", "b.py unit py1", "b.py unit py2"}},
		{OnlyFailed{On: true}, []string{"a.py unit py1"}},
		{OnlyFailed{}, []string{}},
		{Environments{Names: []string{"py2"}}, []string{}},
		{saving{"a.py"}, []string{"a.py unit py2"}},
		{Environments{}, []string{"a.py unit py1"}}, // what was left out
		{Paths{Text: "b"}, []string{}},
		{saving{"a.py", "b.py"}, []string{"b.py unit py1", "b.py unit py2"}},
		{Rerun{}, []string{"b.py unit py1", "b.py unit py2"}},
		{RunAll{}, []string{"a.py unit py1", "a.py unit py2", "b.py unit py1", "b.py unit py2"}},
	} {
		if saved, ok := test.command.(saving); ok {
			l.todo.ask("a save", time.Now())
			l.todo.files(saved)
		} else {
			l.command(test.command)
		}
		if len(test.want) > 0 && !l.todo.due() {
			t.Errorf("%T: no pass begins", test.command)
		}
		l.pass = &pass{cancel: func() {}}
		l.todo.begun()
		choice := l.chooses(p)
		if choice.All {
			for _, c := range p.Cells {
				choice.Cells = append(choice.Cells, c.ID)
			}
		}
		equal(t, "after a command", choice.Cells, test.want...)
		l.pass = nil
	}
	l.command(Stop{})
	if l.todo.due() {
		t.Error("after Stop a pass begins")
	}
	if set, ok := s.told[len(s.told)-1].(Set); !ok || set.Narrowing.Paths != "" {
		t.Errorf("the last narrowing told is %+v", s.told[len(s.told)-1])
	}
}

// TestMistyped: a scope that is not there ends the watch before there was a
// plan, and is a failed pass once there was one.
func TestMistyped(t *testing.T) {
	p, known := scope("a.py")
	l, _ := newLoop(p, known)
	typo := passEnd{err: fmt.Errorf("the pass: %w", &request.UsageError{Msg: "no such scope"})}
	if l.mistyped(typo) {
		t.Error("it ends a watch that has a plan")
	}
	l.plan = nil
	if !l.mistyped(typo) {
		t.Error("a first pass waits for a save that mends the command line")
	}
	if l.mistyped(passEnd{err: errors.New("a BUILD file does not parse")}) {
		t.Error("a fault that a save mends ends the watch")
	}
	if l.pass.stop(); l.mistyped(typo) {
		t.Error("a pass that was stopped ends the watch")
	}
}
