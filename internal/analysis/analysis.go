// Package analysis says what a run means: findings with their evidence,
// coverage, comparisons, gates and recommendations. It is pure: results and
// history go in, data comes out, in an order that depends on nothing else.
package analysis

import (
	"io/fs"

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
	// "low", "medium", "high", "critical", or "" for no gate.
	SecurityFailOn string
	// PerformanceGate makes a regression fail the run.
	PerformanceGate bool
	// Sources are the workspace-relative paths of all source files known to
	// Bazel. They tell a module of the project's own from a missing package.
	Sources []string
	// Workspace tells a file that nobody declared from one that is nowhere; nil
	// when there is none to look into.
	Workspace fs.FS
	// Generated says that `weft gen` keeps the BUILD files, so that remedies are
	// its directives and commands.
	Generated bool
}

// DefaultThreshold is the change of a benchmark's median that is reported.
// Two runs on a busy machine easily differ by half of it.
const DefaultThreshold = 0.10

// Analysis is everything that is said about a run.
type Analysis struct {
	Findings        []Finding
	Coverage        Coverage
	External        []Dependency // of integration tests
	Performance     Performance
	Security        Security
	Compatibility   Compatibility
	Gates           []Gate
	Recommendations []Recommendation
}

// Analyse folds a run and the history before it into an analysis. A nil
// history is an empty one.
func Analyse(run result.Run, past *history.History, opt Options) Analysis {
	if opt.Threshold <= 0 {
		opt.Threshold = DefaultThreshold
	}
	s := newStudy(run, past, opt)
	a := Analysis{
		Findings:      s.findings(),
		Coverage:      s.coverage(opt),
		External:      s.external(),
		Performance:   s.performance(opt),
		Security:      s.security(),
		Compatibility: s.compatibility(),
	}
	a.Gates = gates(a, opt)
	a.Recommendations = s.recommend(a, opt)
	return a
}
