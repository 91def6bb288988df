package loop

import (
	"time"

	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

// Sink is told what happens while it happens. Calls do not overlap.
type Sink interface{ Update(Update) }

// Update is one of the types below.
type Update interface{ update() }

// Known says which cells the scope has, after each reading of the targets: the
// board's squares. Cells that were known before and are not named are gone.
type Known struct {
	Cells        []result.PlannedCell // in plan order
	Environments []string             // those of the cells, in the lock's order
}

// Saved says that files changed, and what that calls for.
type Saved struct {
	Paths  []string          // sorted, relative to the workspace with slashes
	Effect string            // a few words: "3 test files", "nothing"
	Why    map[string]string // by path, what is not plain: "no rule names it"
	At     time.Time
}

// Generated says that the BUILD files of new, renamed or removed tests were
// brought up to date, as weft gen does.
type Generated struct{ Files []string }

// Began says that a pass begins.
type Began struct {
	Number int       // from 1
	Why    string    // "the first pass", "src/load.py was saved", "asked for"
	Since  time.Time // the oldest save that it answers, or when it was asked for
	// First is from Since to the first verdict of a pass before, which this one
	// goes on with; 0 when there was none.
	First time.Duration
}

// Of is an update of the pass under way.
type Of struct{ pipeline.Update }

// Ended says that a pass ended.
type Ended struct {
	Number int
	// Err says that the pass could not be carried out: a BUILD file that does not
	// parse, a flake that does not evaluate. Then nothing is known of what it
	// would have run.
	Err error
	// Final says that the watch ends with this pass, for Err, which Run returns.
	Final bool
	// Stopped says that it was cut short, by a save that affects what ran, or by
	// a command; another pass takes its place.
	Stopped bool
	// Partial says that only some tests of the cells were run, and the rest of each
	// is still to run: ExitCode says nothing.
	Partial bool
	// ExitCode is that of a weft test of the whole scope with the results known now.
	ExitCode int
	// First and Last are from Began.Since to the first and to the last verdict
	// of a cell; 0 when there was none.
	First, Last time.Duration
	Report      string // the report's folder, absolute; empty when there is none
}

// Noted is a fact that the user should know at once.
type Noted struct{ Problem result.Problem }

// Mended says that what Noted told before holds no longer.
type Mended struct{ Problems []result.Problem }

// Set says how the narrowing of passes stands, after each command that changes it.
type Set struct{ Narrowing Narrowing }

// Owed says how many cells are still to run, for a save or because only some of
// their tests were run, and wait until passes are no longer narrowed.
type Owed struct{ Cells int }

// Waiting says that everything known is done, and a save is waited for.
type Waiting struct{}

func (Known) update()     {}
func (Saved) update()     {}
func (Generated) update() {}
func (Began) update()     {}
func (Of) update()        {}
func (Ended) update()     {}
func (Noted) update()     {}
func (Mended) update()    {}
func (Set) update()       {}
func (Owed) update()      {}
func (Waiting) update()   {}
