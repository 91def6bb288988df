// Package report is the model of a run's report, which is report.json. The
// other formats, in the folders below, are rendered from it and from nothing
// else, so that each of them can be made from a stored report.json too.
package report

import (
	"iter"
	"slices"
	"time"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/result"
)

// SchemaVersion is the version of report.json. It rises when a key changes its
// meaning or goes; new keys do not raise it.
const SchemaVersion = 1

// The statuses in a report.
const (
	Pass   = "PASS"
	Fail   = "FAIL"
	NotRun = "NOT RUN"
)

// Report is report.json; docs/formats.md describes each key.
type Report struct {
	SchemaVersion   int                       `json:"schemaVersion"`
	Weft            string                    `json:"weft"`
	Bazel           string                    `json:"bazel"`
	Run             RunInfo                   `json:"run"`
	Summary         Summary                   `json:"summary"`
	Environments    []Environment             `json:"environments"`
	Types           Types                     `json:"types"`
	Findings        []analysis.Finding        `json:"findings"`
	Gates           []analysis.Gate           `json:"gates"`
	Recommendations []analysis.Recommendation `json:"recommendations"`
	Problems        []Problem                 `json:"problems"`
	Notes           []Note                    `json:"notes"`
	// Cells are those of a report that was read; see AllCells.
	Cells []Cell `json:"cells"`

	run []result.Cell // of a report that was built
}

// AllCells are the cells of a report, one after the other: those of a large run
// have no room in memory twice.
func (r Report) AllCells() iter.Seq[Cell] {
	if r.run == nil {
		return slices.Values(r.Cells)
	}
	return func(yield func(Cell) bool) {
		for _, c := range r.run {
			if !yield(cell(c)) {
				return
			}
		}
	}
}

// RunInfo says which run it was.
type RunInfo struct {
	ID              string    `json:"id"`
	Scope           string    `json:"scope"`
	Start           time.Time `json:"start"`
	End             time.Time `json:"end"`
	DurationSeconds float64   `json:"durationSeconds"`
	Interrupted     bool      `json:"interrupted"`
	ExitCode        int       `json:"exitCode"`
}

// Summary is the whole run in numbers.
type Summary struct {
	Status             string    `json:"status"`
	Tests              Tests     `json:"tests"`
	Cells              CellTally `json:"cells"`
	EnvironmentsTested []string  `json:"environmentsTested"`
	StandIns           []string  `json:"standIns,omitempty"`
}

// Tests counts cases: a test that ran in three environments counts thrice.
type Tests struct {
	Total   int `json:"total"`
	Passed  int `json:"passed"`
	Failed  int `json:"failed"` // errors included
	Skipped int `json:"skipped"`
	XFailed int `json:"xfailed"` // failed as expected
	XPassed int `json:"xpassed"` // passed against expectation
	Flaky   int `json:"flaky"`   // of those passed or failed
}

// CellTally counts cells.
type CellTally struct {
	Total        int `json:"total"`
	Passed       int `json:"passed"`
	Failed       int `json:"failed"` // ran and did not pass
	NotRun       int `json:"notRun"`
	NotReached   int `json:"notReached"` // of those not run: the run was interrupted before
	Cached       int `json:"cached"`     // of those that ran
	Remote       int `json:"remote"`     // of the cached ones, from the remote cache
	Flaky        int `json:"flaky"`
	MeasuredAnew int `json:"measuredAnew"` // performance cells: run anew by design
}

// Tally is what environments and test types have in common.
type Tally struct {
	Status          string    `json:"status"`
	Reason          string    `json:"reason,omitempty"` // why NOT RUN, or FAIL without a failed test
	Tests           Tests     `json:"tests"`
	Cells           CellTally `json:"cells"`
	DurationSeconds float64   `json:"durationSeconds"` // of all its cells together
	FreshSeconds    float64   `json:"freshSeconds"`    // the part that is not from a cache
}

// Environment is one environment's results.
type Environment struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	Version     string `json:"version"`
	Description string `json:"description,omitempty"`
	StorePath   string `json:"storePath"`
	Interpreter string `json:"interpreter,omitempty"` // as its cells saw it
	NotBuilt    string `json:"notBuilt,omitempty"`
	Tally
	StandIns []string     `json:"standIns,omitempty"`
	MRST     *result.MRST `json:"mrst,omitempty"`
	Failures []Failure    `json:"failures,omitempty"`
}

// Failure is a test, or a whole cell, that did not pass in an environment.
type Failure struct {
	Test    string `json:"test"`
	Type    string `json:"type"`
	Message string `json:"message"`
	Finding string `json:"finding,omitempty"`
}

// Types are the results by test type.
type Types struct {
	Unit struct {
		Tally
		Coverage analysis.Coverage `json:"coverage"`
	} `json:"unit"`
	Integration struct {
		Tally
		External []analysis.Dependency `json:"external"`
	} `json:"integration"`
	Performance struct {
		Tally
		Comparison analysis.Performance `json:"comparison"`
	} `json:"performance"`
	Security struct {
		Tally
		Checks analysis.Security `json:"checks"`
	} `json:"security"`
	Compatibility struct {
		Tally
		Matrix analysis.Compatibility `json:"matrix"`
	} `json:"compatibility"`
}

// Problem is a non-fatal fact about the run itself.
type Problem struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Note is something that cells have said about themselves, each text once.
type Note struct {
	Text         string   `json:"text"`
	Environments []string `json:"environments"`
	Types        []string `json:"types"`
	Cells        int      `json:"cells"`
}

// Cell is one test file × test type × environment.
type Cell struct {
	ID              string    `json:"id"`
	File            string    `json:"file"`
	Type            string    `json:"type"`
	Environment     string    `json:"environment"`
	Suite           string    `json:"suite,omitempty"`
	Verdict         string    `json:"verdict"`
	Reason          string    `json:"reason,omitempty"`
	Cached          bool      `json:"cached"`
	Remote          bool      `json:"remote"`
	Flaky           bool      `json:"flaky"`
	Start           time.Time `json:"start,omitzero"`
	DurationSeconds float64   `json:"durationSeconds"`
	LogPath         string    `json:"logPath,omitempty"`
	Log             string    `json:"log,omitempty"`
	Cases           []Case    `json:"cases"`
}

// Case is one test of a cell.
type Case struct {
	ID              string            `json:"id"`
	Name            string            `json:"name"`
	Class           string            `json:"class,omitempty"`
	Outcome         string            `json:"outcome"`
	DurationSeconds float64           `json:"durationSeconds"`
	Line            int               `json:"line,omitempty"`
	Type            string            `json:"type,omitempty"`
	Message         string            `json:"message,omitempty"`
	Text            string            `json:"text,omitempty"`
	Flaky           bool              `json:"flaky,omitempty"`
	FirstText       string            `json:"firstText,omitempty"`
	Stdout          string            `json:"stdout,omitempty"`
	Properties      map[string]string `json:"properties,omitempty"`
	Synthetic       bool              `json:"synthetic,omitempty"` // stands for the whole cell
}
