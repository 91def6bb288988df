// Package analysis says what a run means: findings with their evidence,
// coverage, comparisons, gates and recommendations. It is pure: results and
// history go in, data comes out.
package analysis

import (
	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/result"
)

// Options are the user's thresholds and gates.
type Options struct {
	// Threshold is the relative change of a benchmark's median that counts as
	// a regression or an improvement; 0 means DefaultThreshold.
	Threshold float64
	// CoverageAsked says that unit cells were told to measure coverage.
	CoverageAsked bool
	// CoverageMin is the least overall unit coverage in percent; 0 = no gate.
	CoverageMin float64
	// SecurityFailOn is the lowest severity that fails the security gate:
	// "low", "medium", "high" or "" for no gate.
	SecurityFailOn string
	// PerformanceGate makes a regression fail the run.
	PerformanceGate bool
}

// DefaultThreshold is the change of a benchmark's median that is reported.
const DefaultThreshold = 0.05

// Analysis is everything that is said about a run.
type Analysis struct{}

// Analyse folds a run and the history before it into an analysis.
func Analyse(run result.Run, past *history.History, opt Options) Analysis { return Analysis{} }

// ExitCode is the exit code of weft test for the run: 0, 1, 3, 4 or 130.
func ExitCode(run result.Run, a Analysis) int { return 0 }
