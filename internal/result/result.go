// Package result folds the plan, Bazel's events and the suites' test.xml
// into what happened: a run, its cells, their cases.
//
// A cell is planned first; the fold then gives it the verdict that its suite
// reported. A planned cell that nothing reported stays NotRun and says why:
// absent is never passed.
package result

import (
	"strings"
	"time"
)

// Verdict is how a cell ended. The values up to Infrastructure are the
// launcher's words in cell.json; NotRun is the driver's own.
type Verdict string

// The verdicts of a cell.
const (
	Passed         Verdict = "passed"
	Failed         Verdict = "failed"         // a test failed
	Error          Verdict = "error"          // collection, usage or an internal error of the test runner
	Timeout        Verdict = "timeout"        // stopped at the cell's own timeout
	Crashed        Verdict = "crashed"        // ended by a signal or by os._exit
	OutOfMemory    Verdict = "out of memory"  // killed by the kernel for its memory
	NoTests        Verdict = "no tests"       // nothing was collected
	Infrastructure Verdict = "infrastructure" // the launcher could not do its work
	NotRun         Verdict = "not run"        // planned, but no result arrived
)

// severity orders verdicts: of several parts of a cell the worst one counts.
// The order also lists every verdict that a cell.json may hold.
var severity = map[Verdict]int{
	Passed: 0, NoTests: 1, Failed: 2, Error: 3, Timeout: 4, OutOfMemory: 5, Crashed: 6, Infrastructure: 7,
}

func (v Verdict) known() bool {
	_, ok := severity[v]
	return ok
}

// Run is everything that one `weft test` learnt.
type Run struct {
	ID           string    // sortable: 20261123T120000.123Z-<pid>
	Scope        string    // as the user typed it: "all", "tests/test_a.py"
	Start, End   time.Time // of the whole command
	Weft         string    // version of weft
	Bazel        string    // version of Bazel
	Interrupted  bool
	Environments []Environment // in plan order
	Cells        []Cell        // in plan order
	Problems     []Problem     // non-fatal facts about the run itself
}

// Environment is one environment of the run.
type Environment struct {
	Name, Kind, Version, Description string
	StorePath                        string
	StandIn                          []string // inputs that were overridden by a stand-in: "nixpkgs", "mrst"
	NotBuilt                         string   // why it could not be made; empty when it could
}

// Problem is a non-fatal fact that the report must say.
type Problem struct {
	// Kind groups problems: "remote cache", "sandbox", "missing xml",
	// "environment", "bazel", "workers", "report", "history", "unplanned", "suite". The
	// last says that a suite failed beside its cells, or a test that has none,
	// and fails the run.
	Kind    string
	Message string // lower case, without a full stop
	Hint    string // what to type next; may be empty
}

// Cell is one test file × test type × environment.
type Cell struct {
	ID          string // stable: "tests/test_a.py unit python3.9"
	File        string // workspace-relative, slashes
	Type        string
	Environment string
	Suite       string // label of the suite that decided, "//tests:tests.unit@python3.9"
	Verdict     Verdict
	Reason      string // one line; empty when passed
	Cached      bool   // its start lies before the run's
	Remote      bool   // its suite's result came from the remote cache
	Flaky       bool   // its outcome differed between attempts or runs
	Start       time.Time
	Duration    time.Duration
	Cases       []Case
	Log         string    // capped log of a cell that did not pass, or was flaky
	LogPath     string    // the suite's test.log on disk, when there is one
	JSON        CellJSON  // the deciding attempt's cell.json
	First       *CellJSON // the first attempt's, when the cell was run again
}

// Unreached says that a cell has no result only because the run was stopped
// before it: that says nothing about its tests.
func (c Cell) Unreached() bool {
	return c.Verdict == NotRun && strings.Contains(c.Reason, "interrupted")
}

// Outcome is how a case ended, in pytest's words.
type Outcome string

// The outcomes of a case.
const (
	CasePassed  Outcome = "passed"
	CaseFailed  Outcome = "failed"
	CaseError   Outcome = "error"
	CaseSkipped Outcome = "skipped"
	CaseXFailed Outcome = "xfailed"
	CaseXPassed Outcome = "xpassed"
)

// Case is one test.
type Case struct {
	ID         string // pytest's node id, or FILE::NAME for Octave
	Name       string // the last part of ID
	Class      string // JUnit classname
	Outcome    Outcome
	Duration   time.Duration
	Type       string // exception class ("ValueError"), when the suite named it
	Message    string // first line of what went wrong, or the reason of a skip
	Text       string // the traceback
	Line       int    // 1-based; 0 when unknown
	Flaky      bool   // its outcome differed between attempts or runs; Outcome is the one that counts
	FirstText  string // the first attempt's message and traceback, when it failed then
	Properties []Property
	Stdout     string
	Synthetic  bool // stands for the cell as a whole and counts as no test
}

// Property is one of pytest's record_property pairs.
type Property struct{ Name, Value string }

// PlannedCell is a cell before it ran.
type PlannedCell struct {
	ID, File, Type, Environment string
	Suites                      []string // labels of the suites in the plan that decide it
}
