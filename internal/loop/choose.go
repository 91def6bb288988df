package loop

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/affected"
	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

// namer is told which files rules name: the watcher.
type namer interface{ Name(paths []string) }

// choose says what the pass under way runs of the scope: what is to do, within
// what a person narrowed it to.
func (l *loop) choose(ctx context.Context, w namer, known pipeline.Known) pipeline.Choice {
	if known.Targets != nil {
		if l.know(known.Plan); l.keeper == nil {
			l.keeper = newKeeper(ctx, l.generateOptions())
		}
		l.index = affected.New(known.Targets, bazel.LocalModules(l.o.Request.Workspace))
		w.Name(known.Targets.Sources())
		l.tell(Known{Cells: known.Plan.Cells, Environments: known.Plan.Environments})
		l.ask()
	}
	var chosen []result.PlannedCell
	var left []string
	for _, c := range known.Plan.Cells {
		if l.todo.all || l.todo.sources[c.File] { // what was found of its failing tests may not hold
			delete(l.cleared, c.ID)
		}
		switch {
		case !l.wanted(c, known.Moved):
		case !l.within(c):
			left = append(left, c.ID)
		default:
			chosen = append(chosen, c)
		}
	}
	choice, chosen, later := l.turn(chosen, len(known.Plan.Cells))
	l.pass.filter, l.pass.named = choice.Tests, l.narrow.Tests
	l.pass.chosen = make(map[string]string, len(chosen))
	l.last = nil
	for _, c := range chosen {
		l.pass.chosen[c.ID] = c.File
		l.last = append(l.last, c.ID)
	}
	if !choice.All {
		choice.Cells = l.last
	}
	left = append(left, later...)
	l.todo.chosen(left)
	if choice.Tests == "" {
		l.todo.whole(l.last)
		for _, id := range l.last {
			delete(l.cleared, id)
		}
	} else {
		l.todo.some(l.last)
	}
	choice.Left = slices.Concat(left, slices.Collect(maps.Keys(l.todo.partly)))
	l.pass.later = len(later) > 0
	l.tellOwed()
	return choice
}

// turn splits what is to run into what runs in this pass, and how, and the ids of
// what is left to the next.
func (l *loop) turn(chosen []result.PlannedCell, of int) (choice pipeline.Choice, now []result.PlannedCell, later []string) {
	whole := len(chosen) == of // it is one pattern, and the rest would be a label for each cell
	if l.narrow.Tests != "" {
		return pipeline.Choice{Tests: l.narrow.Tests, All: whole}, chosen, nil
	}
	if first, rest, filter := l.split(chosen); filter != "" {
		for _, c := range rest {
			later = append(later, c.ID)
		}
		return pipeline.Choice{Tests: filter}, first, later
	}
	if whole {
		return pipeline.Choice{All: true}, chosen, nil
	}
	now, later = l.ahead(chosen)
	return pipeline.Choice{}, now, later
}

// know takes the plan of the whole scope.
func (l *loop) know(p *plan.Plan) {
	l.plan, l.scope = p, map[string]bool{}
	for _, c := range p.Cells {
		l.scope[c.File] = true
	}
}

// ask asks the targets, read anew, of the files that were saved.
func (l *loop) ask() {
	e := l.index.Of(l.todo.changes)
	l.todo.all = l.todo.all || e.Everything
	l.todo.files(e.Files.Sources())
}

// wanted says that a cell is to do.
func (l *loop) wanted(c result.PlannedCell, moved []string) bool {
	switch {
	case l.todo.all || l.todo.sources[c.File] || l.todo.ids[c.ID] || slices.Contains(moved, c.Environment):
		return true
	case l.todo.partly[c.ID]:
		return !l.some(c.ID)
	}
	_, known := l.facts.Result(c.ID)
	return !known // a cell that has come to the scope
}

// tellOwed tells how many cells are to run, and do not because of what passes
// are narrowed to.
func (l *loop) tellOwed() {
	owed := 0
	if l.plan != nil && !l.narrow.none() {
		for _, c := range l.plan.Cells {
			if l.todo.partly[c.ID] || !l.within(c) && l.wanted(c, nil) {
				owed++
			}
		}
	}
	if owed != l.owed {
		l.owed = owed
		l.tell(Owed{owed})
	}
}

// leftToDo says that a pass would find something to run.
func (l *loop) leftToDo() bool {
	return l.plan != nil && slices.ContainsFunc(l.plan.Cells, func(c result.PlannedCell) bool { return l.wanted(c, nil) && l.within(c) })
}

// within says that a person has not narrowed it away.
func (l *loop) within(c result.PlannedCell) bool {
	n := l.narrow
	switch {
	case n.OnlyFailed && !l.failed(c.ID):
		return false
	case len(n.Environments) > 0 && !slices.Contains(n.Environments, c.Environment):
		return false
	case n.Paths == "" || strings.Contains(c.File, n.Paths):
		return true
	}
	ok, _ := path.Match(n.Paths, c.File)
	return ok
}

// failed says that a cell did not pass, as far as is known.
func (l *loop) failed(id string) bool {
	if l.pass != nil && l.pass.filter == "" {
		if v, ok := l.pass.ran[id]; ok {
			return v != result.Passed
		}
	}
	c, ok := l.facts.Result(id)
	return ok && c.Verdict != result.Passed
}

// failing are the cells that did not pass.
func (l *loop) failing() []string {
	if l.plan == nil {
		return nil
	}
	var out []string
	for _, c := range l.plan.Cells {
		if l.failed(c.ID) {
			out = append(out, c.ID)
		}
	}
	return out
}
