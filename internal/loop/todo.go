package loop

import (
	"time"

	"github.com/weft-build/weft/internal/affected"
	"github.com/weft-build/weft/internal/watch"
)

// todo is what the next pass has to do. It stays until a pass has done it: one
// that is stopped, fails or is narrowed leaves the rest here.
type todo struct {
	all     bool            // every cell
	sources map[string]bool // the cells of test files
	ids     map[string]bool // single cells
	// partly are cells of which only some tests were run since: the whole of each
	// is to do, once nothing narrows a pass to some of its tests.
	partly map[string]bool
	// changes are asked of the targets once more when they have been read anew:
	// what depends on a file may be something else by then.
	changes map[string]watch.Change

	query, environments bool

	why   string
	since time.Time // the oldest of what is asked for
	first time.Time // the first verdict that answers it; zero is none yet
	ready bool      // something came since the last pass began
	hold  bool      // a person stopped it
}

func (t *todo) ask(why string, at time.Time) {
	if !t.ready {
		t.why, t.since, t.first = why, at, time.Time{}
	}
	t.ready = true
}

func (t *todo) everything(why string, at time.Time) {
	t.ask(why, at)
	t.all = true
}

func (t *todo) cells(ids []string, why string, at time.Time) {
	t.ask(why, at)
	t.keep(ids)
}

// keep has cells run by the next pass, whenever that is.
func (t *todo) keep(ids []string) {
	if t.ids == nil {
		t.ids = map[string]bool{}
	}
	for _, id := range ids {
		t.ids[id] = true
	}
}

// add takes what saved files affect.
func (t *todo) add(b watch.Batch, e affected.Effect, why string, at time.Time) {
	t.hold = false
	t.ask(why, at)
	t.all = t.all || e.Everything || e.Settings
	t.query = t.query || e.Query
	t.environments = t.environments || e.Environments
	t.files(e.Files.Sources())
	if e.Query {
		if t.changes == nil {
			t.changes = map[string]watch.Change{}
		}
		for path, c := range b.Changes {
			t.changes[path] = c
		}
	}
}

// files has the cells of test files run.
func (t *todo) files(sources []string) {
	if t.sources == nil {
		t.sources = map[string]bool{}
	}
	for _, file := range sources {
		t.sources[file] = true
	}
}

// due says that a pass is to begin.
func (t *todo) due() bool { return t.ready && !t.hold }

// begun is called as a pass begins. What it has to run stays until it chooses.
func (t *todo) begun() { t.ready, t.query, t.environments = false, false, false }

// chosen leaves only what the pass does not run, and what is to be asked of
// targets that it has not read: those of files saved since it began.
//
// It does not touch partly, see some and whole.
func (t *todo) chosen(left []string) {
	t.all, t.sources, t.ids = false, nil, nil
	if !t.query {
		t.changes = nil
	}
	t.keep(left)
}

// some notes that of cells only some tests are run.
func (t *todo) some(ids []string) {
	if t.partly == nil {
		t.partly = map[string]bool{}
	}
	for _, id := range ids {
		t.partly[id] = true
	}
}

// whole notes that cells are run whole.
func (t *todo) whole(ids []string) {
	for _, id := range ids {
		delete(t.partly, id)
	}
}
