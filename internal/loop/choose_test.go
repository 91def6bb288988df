package loop

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/affected"
	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/watch"
)

// sink collects what is told.
type sink struct{ told []Update }

func (s *sink) Update(u Update) { s.told = append(s.told, u) }

// past is what is known of cells.
type past struct {
	verdicts map[string]result.Verdict
	seconds  map[string]float64 // by environment
	failures map[string]int
	each     time.Duration // of a cell, predicted
	cases    map[string][]result.Case
}

func (p past) Result(id string) (result.Cell, bool) {
	v, ok := p.verdicts[id]
	environment := id[len(id)-3:]
	return result.Cell{ID: id, Verdict: v, Cases: p.cases[id], Duration: time.Duration(p.seconds[environment] * float64(time.Second))}, ok
}

func (p past) Failures(id string) int { return p.failures[id] }

func (p past) Predict(cells []result.PlannedCell, _ int) time.Duration {
	return time.Duration(len(cells)) * p.each
}

// scope is a plan of files in the environments py1 and py2, all of which passed.
func scope(files ...string) (*plan.Plan, past) {
	p := &plan.Plan{Environments: []string{"py1", "py2"}}
	known := past{verdicts: map[string]result.Verdict{}, failures: map[string]int{}, seconds: map[string]float64{"py1": 2, "py2": 1}}
	for _, e := range p.Environments {
		for _, f := range files {
			id := plan.CellID(f, "unit", e)
			p.Cells = append(p.Cells, result.PlannedCell{ID: id, File: f, Type: "unit", Environment: e})
			known.verdicts[id] = result.Passed
		}
	}
	return p, known
}

func newLoop(p *plan.Plan, known past) (*loop, *sink) {
	s := &sink{}
	l := &loop{o: Options{Sink: s}, now: time.Now, facts: known, edited: map[string]bool{}, cleared: map[string]bool{}, held: map[string]watch.Change{}, keeper: &keeper{}}
	l.know(p)
	l.pass = &pass{ran: map[string]result.Verdict{}, judged: map[string]bool{}, cancel: func() {}}
	return l, s
}

func (l *loop) chooses(p *plan.Plan, moved ...string) pipeline.Choice {
	return l.choose(context.Background(), nil, pipeline.Known{Plan: p, Moved: moved})
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, not %q", what, got, want)
	}
}

func TestChoose(t *testing.T) {
	p, known := scope("a.py", "b.py")
	for _, test := range []struct {
		name  string
		todo  todo
		moved []string
		past  func(past)
		want  []string
		left  []string
		part  []string // of which the whole is left to do
		by    Narrowing
	}{
		{name: "nothing"},
		{name: "a test file", todo: todo{sources: map[string]bool{"a.py": true}}, want: []string{"a.py unit py1", "a.py unit py2"}},
		{name: "a cell", todo: todo{ids: map[string]bool{"b.py unit py2": true}}, want: []string{"b.py unit py2"}},
		{name: "an environment that moved", moved: []string{"py2"}, want: []string{"a.py unit py2", "b.py unit py2"}},
		{name: "a cell that has come", past: func(k past) { delete(k.verdicts, "b.py unit py1") }, want: []string{"b.py unit py1"}},
		{name: "narrowed to an environment", todo: todo{sources: map[string]bool{"a.py": true}}, by: Narrowing{Environments: []string{"py2"}},
			want: []string{"a.py unit py2"}, left: []string{"a.py unit py1"}},
		{name: "narrowed to a path", todo: todo{all: true}, by: Narrowing{Paths: "b"},
			want: []string{"b.py unit py1", "b.py unit py2"}, left: []string{"a.py unit py1", "a.py unit py2"}},
		{name: "narrowed to a glob", todo: todo{sources: map[string]bool{"a.py": true, "b.py": true}}, by: Narrowing{Paths: "[a].*"},
			want: []string{"a.py unit py1", "a.py unit py2"}, left: []string{"b.py unit py1", "b.py unit py2"}},
		{name: "narrowed to what failed", todo: todo{sources: map[string]bool{"a.py": true}}, by: Narrowing{OnlyFailed: true},
			past: func(k past) { k.verdicts["a.py unit py1"] = result.Timeout }, want: []string{"a.py unit py1"}, left: []string{"a.py unit py2"}},
		{name: "narrowed to tests by name", todo: todo{sources: map[string]bool{"a.py": true}, partly: map[string]bool{"b.py unit py1": true}}, by: Narrowing{Tests: "x"},
			want: []string{"a.py unit py1", "a.py unit py2"}, part: []string{"a.py unit py1", "a.py unit py2", "b.py unit py1"}},
		{name: "narrowed to tests no more", todo: todo{partly: map[string]bool{"b.py unit py1": true}}, want: []string{"b.py unit py1"}},
	} {
		k := known
		k.verdicts = map[string]result.Verdict{}
		for id, v := range known.verdicts {
			k.verdicts[id] = v
		}
		if test.past != nil {
			test.past(k)
		}
		l, _ := newLoop(p, k)
		l.todo, l.narrow = test.todo, test.by
		choice := l.chooses(p, test.moved...)
		equal(t, test.name, choice.Cells, test.want...)
		equal(t, test.name+": left to do", sorted(l.todo.ids), test.left...)
		equal(t, test.name+": of which a part was run", sorted(l.todo.partly), test.part...)
		equal(t, test.name+": told as left", slices.Clone(choice.Left), slices.Concat(test.left, test.part)...)
		if l.todo.all || len(l.todo.sources) > 0 {
			t.Errorf("%s: chosen cells are still to do: %+v", test.name, l.todo)
		}
		if choice.Tests != test.by.Tests {
			t.Errorf("%s: the filter is %q", test.name, choice.Tests)
		}
	}
}

func TestEverythingIsOnePattern(t *testing.T) {
	p, known := scope("a.py", "b.py")
	known.each = time.Hour
	known.failures["a.py unit py1"] = 1
	l, _ := newLoop(p, known)
	l.todo.all = true
	if c := l.chooses(p); !c.All || len(c.Cells) > 0 || l.pass.later {
		t.Errorf("everything is %+v", c)
	}
}

func sorted(set map[string]bool) []string {
	var out []string
	for k := range set {
		out = append(out, k)
	}
	return out
}

// TestAhead: what likely fails is a pass of its own where the rest takes long.
func TestAhead(t *testing.T) {
	files := []string{"a.py", "b.py", "c.py", "d.py", "e.py"}
	for _, test := range []struct {
		name string
		each time.Duration
		set  func(*loop, past)
		want []string // nil is all at once
	}{
		{"none is likely", time.Minute, func(*loop, past) {}, nil},
		{"the rest is short", 100 * time.Millisecond, func(l *loop, _ past) { l.edited["a.py"] = true }, nil},
		{"edited", time.Minute, func(l *loop, _ past) { l.edited["a.py"] = true }, []string{"a.py unit py2"}},
		{"failed last", time.Minute, func(_ *loop, k past) { k.verdicts["b.py unit py1"] = result.Failed }, []string{"b.py unit py1"}},
		{"failed before", time.Minute, func(_ *loop, k past) { k.failures["b.py unit py1"], k.failures["b.py unit py2"] = 1, 1 }, []string{"b.py unit py2"}},
		{"many are likely", time.Minute, func(l *loop, _ past) { l.edited["a.py"], l.edited["b.py"], l.edited["c.py"] = true, true, true }, nil},
		{"tests by name", time.Minute, func(l *loop, _ past) { l.edited["a.py"], l.narrow.Tests = true, "x" }, nil},
	} {
		p, known := scope(append(files, "z.py")...)
		known.each = test.each
		l, _ := newLoop(p, known)
		test.set(l, known)
		l.todo.files(files)
		first := l.chooses(p).Cells
		if test.want == nil {
			if len(first) != 2*len(files) || l.pass.later {
				t.Errorf("%s: %q go ahead", test.name, first)
			}
			continue
		}
		equal(t, test.name, first, test.want...)
		if len(l.todo.ids) != 2*len(files)-len(test.want) || !l.pass.later {
			t.Errorf("%s: of the rest %d cells are to do", test.name, len(l.todo.ids))
		}
	}
}

// names are what a watcher is told.
type names struct{ paths []string }

func (n *names) Name(paths []string) { n.paths = paths }

// TestTargetsReadAnew: a changed file is asked of the new targets too, unless they
// are older than its save.
func TestTargetsReadAnew(t *testing.T) {
	p, known := scope("a.py", "b.py")
	targets := &bazel.Targets{Rules: map[string]bazel.Rule{"//:b": {Class: "weft_file", Inputs: []string{"//:b.py", "//:new.py"}}},
		Files: []bazel.File{{Label: "//:b", Src: "//:b.py"}}}
	index := affected.New(targets, nil)
	changes := map[string]watch.Change{"new.py": watch.Created}
	if got := index.Of(changes).Files.Sources(); !slices.Equal(got, []string{"b.py"}) {
		t.Fatalf("the targets say %q", got)
	}
	for _, older := range []bool{false, true} {
		l, _ := newLoop(p, known)
		l.index = affected.New(&bazel.Targets{}, nil)
		l.todo.add(watch.Batch{Changes: changes}, l.index.Of(changes), "new.py was saved", time.Now())
		if !l.todo.query {
			t.Fatal("a new file calls for no query")
		}
		l.todo.begun()
		if older {
			l.todo.query = true // BUILD was saved while Bazel read
		}
		named := &names{}
		choice := l.choose(t.Context(), named, pipeline.Known{Plan: p, Targets: targets})
		equal(t, "the watcher is told", named.paths, "b.py", "new.py")
		equal(t, "after the query", choice.Cells, "b.py unit py1", "b.py unit py2")
		if kept := len(l.todo.changes) > 0; kept != older {
			t.Errorf("older targets %v: the changes are kept: %v", older, kept)
		}
	}
}
