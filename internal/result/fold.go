package result

import (
	"io"
	"time"

	"github.com/weft-build/weft/internal/event"
)

// Opener opens an artifact that Bazel named by URI: file:// or bytestream://.
// The caller resolves both; the fold itself touches neither disk nor network.
type Opener func(uri string) (io.ReadCloser, error)

// Change is a cell that became known, or known better, by one event.
type Change struct {
	Cell    Cell // with its verdict and its cases
	Revised bool // it had been announced before: another attempt, run or shard
}

// Fold turns events into a run. It is not safe for concurrent use.
type Fold struct {
	planned []PlannedCell
	start   time.Time
	open    Opener
}

// New makes a fold over the planned cells. A cell whose recorded start lies
// before start came from a cache.
func New(planned []PlannedCell, start time.Time, open Opener) *Fold {
	return &Fold{planned: planned, start: start, open: open}
}

// Exclude marks the environment's cells as not run for a reason that the
// events cannot tell: the environment could not be built, Bazel was not asked.
func (f *Fold) Exclude(environment, reason string) {}

// Add takes one event and returns the cells that became known by it.
func (f *Fold) Add(e event.Event) []Change { return nil }

// Run returns what is known so far: cells in plan order, problems, Bazel's
// version, Interrupted. Cells without a result are NotRun with their reason.
// The caller fills the other fields. It may be called at any time.
func (f *Fold) Run() Run { return Run{} }
