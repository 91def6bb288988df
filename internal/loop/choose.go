package loop

import (
	"context"
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
		switch {
		case !l.wanted(c, known.Moved):
		case !l.within(c):
			left = append(left, c.ID)
		default:
			chosen = append(chosen, c)
		}
	}
	choice := pipeline.Choice{Tests: l.narrow.Tests, All: len(chosen) == len(known.Plan.Cells)}
	var later []string
	if !choice.All { // the whole is one pattern, and the rest would be a label for each cell
		chosen, later = l.ahead(chosen)
	}
	l.pass.chosen = make(map[string]string, len(chosen))
	l.last = nil
	for _, c := range chosen {
		l.pass.chosen[c.ID] = c.File
		l.last = append(l.last, c.ID)
	}
	if !choice.All {
		choice.Cells = l.last
	}
	if choice.Tests != "" { // some of their tests; the whole cells are still to run
		left = append(left, l.last...)
	}
	choice.Left = append(left, later...)
	l.todo.chosen(choice.Left)
	l.pass.later = len(later) > 0
	return choice
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
	if l.todo.all || l.todo.sources[c.File] || l.todo.ids[c.ID] || slices.Contains(moved, c.Environment) {
		return true
	}
	_, known := l.facts.Result(c.ID)
	return !known // a cell that has come to the scope
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

func (l *loop) failed(id string) bool {
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
