package loop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// pass is the one under way.
type pass struct {
	cancel  context.CancelFunc
	stopped bool
	since   time.Time
	filter  string    // of tests; empty is whole cells
	named   string    // the name filter that it is of
	tests   int       // that ran
	later   bool      // the rest of what it answers is left to another pass
	first   time.Time // of the first verdict; zero is none yet
	last    time.Time
	chosen  map[string]string         // cell id → test file; nil until the pass asked
	ran     map[string]result.Verdict // of cells that have read their files
	judged  map[string]bool           // cells with a result
}

func (p *pass) stop() {
	p.stopped = true
	p.cancel()
}

// runs says that a cell of one of the test files has yet to end.
func (p *pass) runs(sources []string) bool {
	files := make(map[string]bool, len(sources))
	for _, s := range sources {
		files[s] = true
	}
	for id, file := range p.chosen {
		if _, ran := p.ran[id]; files[file] && !ran {
			return true
		}
	}
	return false
}

// unfinished are the cells that have no result.
func (p *pass) unfinished() []string {
	var out []string
	for id := range p.chosen {
		if !p.judged[id] {
			out = append(out, id)
		}
	}
	return out
}

type passEnd struct {
	outcome pipeline.Outcome
	err     error
}

// question is what a pass asks once it knows the scope.
type question struct {
	known  pipeline.Known
	answer chan pipeline.Choice
}

// begin begins a pass when there is something to do, and says so when not.
func (l *loop) begin(ctx context.Context) {
	if !l.todo.due() {
		if !l.waiting {
			l.waiting = true
			l.tell(Waiting{})
			l.memory.Rest()
		}
		return
	}
	l.waiting = false
	if l.todo.query {
		l.memory.ForgetTargets()
	}
	if l.todo.environments {
		l.memory.ForgetEnvironments()
	}
	l.number++
	ctx, cancel := context.WithCancel(ctx)
	l.pass = &pass{cancel: cancel, since: l.todo.since, first: l.todo.first, ran: map[string]result.Verdict{}, judged: map[string]bool{}}
	began := Began{Number: l.number, Why: l.todo.why, Since: l.todo.since}
	if !l.todo.first.IsZero() {
		began.First = l.todo.first.Sub(l.todo.since)
	}
	l.tell(began)
	l.todo.begun()
	r, tools := l.o.Request, l.o.Tools
	tools.Memory = l.memory
	l.memory.Choose = func(known pipeline.Known) pipeline.Choice {
		q := question{known, make(chan pipeline.Choice, 1)}
		l.asked <- q
		return <-q.answer
	}
	go func() {
		defer cancel()
		out, err := pipeline.Run(ctx, r, tools, l)
		l.ended <- passEnd{out, err}
	}()
}

// Update takes what a pass tells, in its goroutine.
func (l *loop) Update(u pipeline.Update) { l.told <- u }

// hear takes it in the loop's.
func (l *loop) hear(u pipeline.Update) {
	switch u := u.(type) {
	case pipeline.Reported:
		return // Ended says where it is; a view that is behind would keep all results
	case pipeline.Ran:
		l.pass.ran[u.CellID] = u.Verdict
		l.verdict()
	case pipeline.Changed:
		c := u.Change.Cell
		if _, chosen := l.pass.chosen[c.ID]; !chosen && l.pass.filter != "" {
			return // it shares a process with one that was chosen
		}
		if l.pass.stopped && c.Verdict == result.NotRun {
			return // only for that it was stopped: another pass comes to it
		}
		l.part(c)
		known, ran := l.pass.ran[c.ID]
		l.pass.ran[c.ID], l.pass.judged[c.ID] = c.Verdict, true
		if !ran || known != c.Verdict { // else it was told before
			l.verdict()
		}
	}
	l.tell(Of{u})
}

// part takes the result of some tests of a cell.
func (l *loop) part(c result.Cell) {
	for _, k := range c.Cases {
		if !k.Synthetic {
			l.pass.tests++
		}
	}
	if l.pass.filter != "" && l.pass.named == "" && c.Verdict == result.Passed {
		l.cleared[c.ID] = true // or they are there no more
	}
}

func (l *loop) verdict() {
	l.pass.last = l.now()
	if l.pass.first.IsZero() {
		l.pass.first = l.pass.last
	}
}

// mistyped says that what was asked for is not there, before anything was ever
// planned: no save mends a command line.
func (l *loop) mistyped(e passEnd) bool {
	var usage *request.UsageError
	return l.plan == nil && !l.pass.stopped && errors.As(e.err, &usage)
}

// end takes the end of a pass; what it did not do is still to do.
func (l *loop) end(e passEnd) {
	p := l.pass
	l.pass = nil
	for id, file := range p.chosen {
		if p.judged[id] {
			delete(l.edited, file)
		}
	}
	told := Ended{Number: l.number, Err: e.err, Stopped: p.stopped, Partial: p.filter != "", ExitCode: e.outcome.ExitCode, Report: e.outcome.Folder}
	if !p.first.IsZero() {
		told.First = p.first.Sub(p.since)
	}
	if !p.last.IsZero() {
		told.Last = p.last.Sub(p.since)
	}
	switch {
	case p.stopped:
		told.Err = nil
		l.todo.keep(p.unfinished())
		l.resume("what was stopped", p)
	case e.err != nil:
		l.todo.keep(p.unfinished())
	case e.outcome.BrokenOff:
		l.todo.keep(p.unfinished())
		if !l.retried { // Bazel begins again by itself, but not for ever
			l.retried = true
			l.note("bazel", "Bazel ended under the pass, which begins again", "")
			l.resume("Bazel ended under the pass before", p)
		}
	default:
		l.retried = false
		switch {
		case p.named != "" && p.tests == 0 && len(p.judged) > 0:
			l.tell(Of{pipeline.Noted{Problem: result.Problem{Kind: "tests", Message: fmt.Sprintf("no test of what ran is named %q", p.named)}}})
		case p.later:
			l.resume("the rest", p)
		case p.filter != "" && l.leftToDo():
			l.resume("the whole of what passes alone", p)
		}
	}
	l.tell(told)
	l.tellOwed()
}

// resume has another pass do what one has left: it still answers the oldest save.
func (l *loop) resume(why string, p *pass) {
	if !l.todo.ready {
		l.todo.ask(why, p.since)
	}
	l.todo.since, l.todo.first = p.since, p.first
}
