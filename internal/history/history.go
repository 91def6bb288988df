// Package history keeps past runs on disk under .weft/history: durations per
// cell, what did not pass, and benchmark samples.
//
// Each run is one file of JSON lines, written by one process and renamed into
// place, so that any number of writers need no lock and a reader never sees half
// a run. All passes of a watch are one run: else a day of saves would push whole
// runs beyond the limit.
package history

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/weft-build/weft/internal/result"
)

const (
	lastDurations = 10 // measurements that a predicted duration looks at
	lastOutcomes  = 20 // runs of a cell that a case's record looks at
	lastBaselines = 5  // runs whose samples are a benchmark's baseline
)

// History is what the past runs tell. A nil History is empty.
type History struct {
	runs       []pastRun // newest first
	cells      map[string][]*cellLine
	benchmarks map[benchmarkKey][]benchmarkLine
}

// CaseRecord counts how a case ended in past runs of its cell, those whose
// result came from a cache counted once.
type CaseRecord struct{ Runs, Failed, Flaky int }

// Baseline is what a benchmark took before.
type Baseline struct {
	Runs      int       // past runs whose samples are pooled
	Latest    time.Time // start of the newest of them
	StorePath string    // of the newest run's environment
	Samples   []float64 // seconds
	Medians   []float64 // of each of the runs, newest first
}

type benchmarkKey struct{ file, name, environment string }

func index(runs []pastRun) *History {
	h := &History{runs: runs, cells: map[string][]*cellLine{}, benchmarks: map[benchmarkKey][]benchmarkLine{}}
	seen := map[string]bool{}
	for _, r := range runs {
		for i := range r.cells {
			c := &r.cells[i]
			// A cached cell is the same measurement again.
			if key := measurement(c.ID, c.Start); !seen[key] {
				seen[key] = true
				if known := h.cells[c.ID]; known != nil {
					c.ID = known[0].ID // the same text once
				}
				h.cells[c.ID] = append(h.cells[c.ID], c)
			}
		}
		for _, b := range r.benchmarks {
			if len(b.Samples) > 0 {
				h.benchmarks[b.key()] = append(h.benchmarks[b.key()], b)
			}
		}
	}
	// A run of many passes, as a watch, goes on beside others.
	for _, cells := range h.cells {
		slices.SortStableFunc(cells, func(a, b *cellLine) int { return b.Start.Compare(a.Start) })
	}
	for _, benchmarks := range h.benchmarks {
		slices.SortStableFunc(benchmarks, func(a, b benchmarkLine) int { return b.Start.Compare(a.Start) })
	}
	return h
}

// Runs is the number of past runs.
func (h *History) Runs() int {
	if h == nil {
		return 0
	}
	return len(h.runs)
}

// Duration is the median of the cell's last durations that were measured.
func (h *History) Duration(cellID string) (time.Duration, bool) {
	if h == nil || len(h.cells[cellID]) == 0 {
		return 0, false
	}
	var values []float64
	for _, c := range h.cells[cellID] {
		if len(values) == lastDurations {
			break
		}
		values = append(values, c.Seconds)
	}
	return time.Duration(median(values) * float64(time.Second)), true
}

// Computing is the share of the cell's time in which its processes computed:
// about 1 for one that computes in a single thread, near 0 for one that sleeps.
// It is the median of the last measurements that tell it.
func (h *History) Computing(cellID string) (float64, bool) {
	if h == nil {
		return 0, false
	}
	var shares []float64
	for _, c := range h.cells[cellID] {
		if c.CPU != nil && c.Seconds > 0 && len(shares) < lastDurations {
			shares = append(shares, *c.CPU/c.Seconds)
		}
	}
	return median(shares), len(shares) > 0
}

// Failures is in how many of the last runs of a cell a test of it failed.
func (h *History) Failures(cellID string) int {
	if h == nil {
		return 0
	}
	n := 0
	for _, c := range h.cells[cellID][:min(lastOutcomes, len(h.cells[cellID]))] {
		for _, o := range c.Cases {
			if o == string(result.CaseFailed) || o == string(result.CaseError) {
				n++
				break
			}
		}
	}
	return n
}

// Case tells how a case ended in the past runs of its cell. A case that a run
// of its cell does not name passed, was skipped, or was not there yet.
func (h *History) Case(cellID, caseID string) CaseRecord {
	var rec CaseRecord
	if h == nil {
		return rec
	}
	for _, c := range h.cells[cellID] {
		if rec.Runs == lastOutcomes {
			break
		}
		rec.Runs++
		switch o := c.Cases[caseID]; {
		case o == outcomeFlaky:
			rec.Flaky++
		case o == string(result.CaseFailed), o == string(result.CaseError):
			rec.Failed++
		}
	}
	return rec
}

// Baseline pools the samples of the benchmark's last runs in the environment.
func (h *History) Baseline(file, benchmark, environment string) (Baseline, bool) {
	if h == nil {
		return Baseline{}, false
	}
	lines := h.benchmarks[benchmarkKey{file, benchmark, environment}]
	if len(lines) == 0 {
		return Baseline{}, false
	}
	b := Baseline{Latest: lines[0].Start, StorePath: lines[0].StorePath}
	for _, l := range lines[:min(len(lines), lastBaselines)] {
		b.Runs++
		b.Samples = append(b.Samples, l.Samples...)
		b.Medians = append(b.Medians, median(append([]float64(nil), l.Samples...)))
	}
	return b, true
}

// median of values, which it sorts; NaN when there are none.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	sort.Float64s(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}
