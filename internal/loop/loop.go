// Package loop keeps the answer of a scope current while a person works: a
// save is looked up in the target graph, what it affects is run by
// pipeline.Run, and views are told. One goroutine owns all state; the watcher
// and the pass under way each have one that talks to it.
package loop

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/affected"
	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/watch"
)

// Options are what a loop works with.
type Options struct {
	Request  request.Request
	Tools    pipeline.Tools
	Sink     Sink
	Commands <-chan Command
	// Generate has BUILD files written for tests that are new, renamed or gone.
	Generate bool
	// Reload reads the settings again after weft.toml has changed.
	Reload func() (request.Request, bool, error)
}

// loop is the state of one Run.
type loop struct {
	o      Options
	now    func() time.Time
	memory *pipeline.Memory
	facts  facts           // the memory's
	index  *affected.Index // nil until the targets were read
	todo   todo
	narrow Narrowing

	keeper *keeper         // nil until there are environments
	plan   *plan.Plan      // of the whole scope; nil until it was made
	scope  map[string]bool // its test files
	edited map[string]bool // test files that were saved since they last ran
	// cleared are cells whose failing tests passed when they were run alone: the
	// whole of each is to run.
	cleared map[string]bool
	owed    int // as it was told
	// complaints are what was said of a thing when it was last looked at.
	complaints map[string][]result.Problem

	number  int
	pass    *pass                   // under way; nil when there is none
	last    []string                // cells of the last pass, by id
	retried bool                    // a pass was repeated because Bazel had ended under it
	waiting bool                    // Waiting was told
	held    map[string]watch.Change // see withoutOurs

	batches chan batch
	more    chan struct{} // asks the watcher for the next batch
	asked   chan question
	told    chan pipeline.Update
	ended   chan passEnd
}

type batch struct {
	watch.Batch
	err error
}

// facts are what is known of cells.
type facts interface {
	Result(id string) (result.Cell, bool)
	Failures(id string) int
	Predict(cells []result.PlannedCell, slots int) time.Duration
}

// GCPercent is for a watch what GOGC says for programs: a pass over a large
// workspace makes a lot that soon is garbage, and takes less memory for some
// more of the processor's time.
const GCPercent = 50

// Run watches until the context ends, whose error it returns, or the workspace
// is gone: a *watch.GoneError. A scope or environment that is not there when it
// begins ends it too: a *request.UsageError.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer debug.SetGCPercent(debug.SetGCPercent(GCPercent))
	w, err := watch.Open(ctx, watch.Options{Root: o.Request.Workspace})
	if err != nil {
		return err
	}
	l := &loop{
		o: o, now: o.Tools.Now, memory: &pipeline.Memory{}, edited: map[string]bool{}, cleared: map[string]bool{}, held: map[string]watch.Change{},
		batches: make(chan batch), more: make(chan struct{}, 1), asked: make(chan question), told: make(chan pipeline.Update), ended: make(chan passEnd),
	}
	l.facts = l.memory
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		l.watch(ctx, w)
	}()
	defer func() {
		cancel()
		l.drain()
		<-watched
		_ = w.Close()
	}()
	return l.run(ctx, w)
}

// watch hands batches over, each when it is asked for: between two, what Weft
// itself writes can be announced.
func (l *loop) watch(ctx context.Context, w *watch.Watcher) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.more:
		}
		b, err := w.Next(ctx)
		select {
		case <-ctx.Done():
			return
		case l.batches <- batch{b, err}:
		}
	}
}

func (l *loop) run(ctx context.Context, w *watch.Watcher) error {
	l.todo.everything("the first pass", l.now())
	l.more <- struct{}{}
	for {
		if l.pass == nil {
			l.begin(ctx)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case b := <-l.batches:
			if b.err != nil {
				return b.err
			}
			l.saved(ctx, w, b.Batch)
			l.more <- struct{}{}
		case q := <-l.asked:
			q.answer <- l.choose(ctx, w, q.known)
		case u := <-l.told:
			l.hear(u)
		case end := <-l.ended:
			if l.mistyped(end) {
				l.pass = nil
				l.tell(Ended{Number: l.number, Err: end.err, Final: true})
				return end.err
			}
			l.end(end)
			l.keep(ctx)
			l.saved(ctx, w, l.release())
		case c := <-l.o.Commands:
			l.command(c)
		}
	}
}

// drain waits for a pass that is being stopped.
func (l *loop) drain() {
	if l.pass == nil {
		return
	}
	l.pass.stop()
	for {
		select {
		case <-l.told:
		case q := <-l.asked:
			q.answer <- pipeline.Choice{}
		case <-l.ended:
			return
		}
	}
}

func (l *loop) tell(u Update) { l.o.Sink.Update(u) }

func (l *loop) note(kind, message, hint string) {
	l.tell(Noted{result.Problem{Kind: kind, Message: message, Hint: hint}})
}

// saved takes a batch: what it affects is to do, and a pass under way that it
// concerns begins anew.
func (l *loop) saved(ctx context.Context, w *watch.Watcher, b watch.Batch) {
	for _, warning := range b.Warnings {
		l.note("watch", warning.Text, warning.Hint)
	}
	if b.Rescanned && len(b.Changes) > 0 {
		l.note("watch", "the system lost track of changes, so every file was looked at", "")
	}
	l.withoutOurs(b.Changes)
	if len(b.Changes) == 0 {
		return
	}
	if l.o.Generate {
		l.awaitGit(ctx)
	}
	at := l.when(b.Changes)
	var generated []string
	if l.index == nil { // nothing could be read yet: anything may be what was waited for, or was read too early
		if l.o.Generate && l.keeper != nil { // the first test of a workspace may be what was saved
			l.keeper.looked(ctx, b.Changes)
			if folders := affected.New(&bazel.Targets{}, bazel.LocalModules(l.o.Request.Workspace)).Of(b.Changes).Generate; len(folders) > 0 {
				generated = l.generate(ctx, w, folders)
			}
		}
		if _, saved := b.Changes[affected.Settings]; saved {
			l.reload()
		}
		l.todo.everything(why(b.Paths()), at)
		l.todo.query, l.todo.environments, l.todo.hold = true, true, false
		l.tell(Saved{Paths: b.Paths(), Effect: "any test", At: at})
		l.tellGenerated(generated)
		l.restart()
		return
	}
	e := l.index.Of(b.Changes)
	if e.Settings {
		l.reload()
	}
	if l.o.Generate {
		l.keeper.looked(ctx, b.Changes)
	}
	if len(e.Generate) > 0 && l.o.Generate {
		generated = l.generate(ctx, w, e.Generate)
		e.Query = e.Query || len(generated) > 0
	}
	l.tell(Saved{Paths: b.Paths(), Effect: l.summary(e), Why: e.Why, At: at})
	l.tellGenerated(generated)
	if !l.concerns(e) {
		return
	}
	l.todo.add(b, e, why(b.Paths()), at)
	for path := range b.Changes {
		if l.scope[path] {
			l.edited[path] = true
		}
	}
	// What the targets alone may take in, as a glob does a new file, waits for the
	// end: the pass is right for the targets that it has.
	if l.pass != nil && (e.Everything || e.Environments || e.Settings || l.pass.runs(e.Files.Sources())) {
		l.restart()
	}
	l.tellOwed()
}

// when is when the first of the changed files was saved, by its own time where
// that is of the last moment: an older one was moved here.
func (l *loop) when(changes map[string]watch.Change) time.Time {
	at := l.now()
	since := at.Add(-time.Second)
	for path := range changes {
		if info, err := os.Stat(filepath.Join(l.o.Request.Workspace, path)); err == nil && info.ModTime().After(since) && info.ModTime().Before(at) {
			at = info.ModTime()
		}
	}
	return at
}

// concerns says that an effect is about anything that a pass does.
func (l *loop) concerns(e affected.Effect) bool {
	return e.Everything || e.Query || e.Environments || e.Settings || slices.ContainsFunc(e.Files.Sources(), func(file string) bool { return l.scope[file] })
}

// summary is an effect within the scope, in a few words.
func (l *loop) summary(e affected.Effect) string {
	if l.o.Generate { // which was just done
		e.Generate = nil
	}
	text := e.Summary()
	if e.Files.Len() > 0 && !l.concerns(e) {
		text += " outside of the scope"
	}
	return text
}

// restart stops the pass under way; what it was to run stays to do.
func (l *loop) restart() {
	if l.pass != nil {
		l.pass.stop()
	}
}

func (l *loop) reload() {
	r, generate, err := l.o.Reload()
	if err != nil {
		l.complain("settings", result.Problem{Kind: "settings", Message: err.Error(), Hint: request.HintOf(err)})
		return
	}
	l.complain("settings")
	l.o.Request, l.o.Generate = r, generate
	l.todo.query = true // what the settings call for is settled with the targets
}

// why names what was saved.
func why(paths []string) string {
	switch n := len(paths); {
	case n == 0:
		return "a save"
	case n <= 2:
		return strings.Join(paths, " and ") + map[bool]string{true: " were saved", false: " was saved"}[n > 1]
	default:
		return fmt.Sprintf("%s and %d more were saved", paths[0], n-1)
	}
}

// command does what a person asks.
func (l *loop) command(c Command) {
	at := l.now()
	switch c := c.(type) {
	case RunAll:
		l.narrow = Narrowing{}
		l.todo.everything("asked for", at)
		l.restart()
	case Rerun:
		l.todo.cells(l.last, "asked for again", at)
		l.restart()
	case Stop:
		l.todo.hold = true
		l.restart()
		return
	case OnlyFailed:
		l.narrow.OnlyFailed = c.On
		if c.On {
			l.todo.cells(l.failing(), "only what failed", at)
		}
	case Paths:
		l.narrow.Paths = c.Text
	case Tests:
		l.narrow.Tests = c.Text
		if c.Text != "" {
			l.todo.everything("tests named "+c.Text, at)
		}
	case Environments:
		l.narrow.Environments = slices.Clone(c.Names)
	}
	l.todo.hold = false
	if l.pass != nil && l.unwanted() {
		l.restart()
	}
	if !l.todo.ready && l.leftToDo() {
		l.todo.ask("what was left out", at)
	}
	l.tellOwed()
	l.tell(Set{l.narrow})
}

// unwanted says that the pass under way runs what passes are narrowed away from,
// or other tests than are wanted now.
func (l *loop) unwanted() bool {
	p := l.pass
	if p.chosen == nil || l.narrow.OnlyFailed && len(l.failing()) == 0 {
		return false // it has yet to choose, or nothing is known to fail
	}
	if p.named != l.narrow.Tests {
		return true
	}
	return slices.ContainsFunc(l.plan.Cells, func(c result.PlannedCell) bool {
		_, runs := p.chosen[c.ID]
		return runs && !p.judged[c.ID] && !l.within(c)
	})
}
