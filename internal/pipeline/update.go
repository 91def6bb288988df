package pipeline

import (
	"time"

	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/result"
)

// Sink is told what happens while it happens. Calls do not overlap.
type Sink interface{ Update(Update) }

// Update is one of the types below.
type Update interface{ update() }

// Staged says what is being done now, in a gerund: "evaluating the environments".
type Staged struct{ Text string }

// Talked is a line of talk of the tool at work (Nix, Bazel), for those who
// want to see it.
type Talked struct{ Line string }

// Noted is a fact that the user should know at once.
type Noted struct{ Problem result.Problem }

// Planned says what will run. Predicted is 0 when nothing is known.
type Planned struct {
	Plan      *plan.Plan
	Predicted time.Duration
	Tests     string // the test filter of a watch's pass, see Choice; empty is none
}

// Ran is a cell's own action that ended; its suite has yet to judge it.
type Ran struct {
	CellID  string
	Verdict result.Verdict
	Cases   []result.Case // in a watch, of one that did not pass, as far as they can be read
}

// Changed is a cell that became known.
type Changed struct{ Change result.Change }

// Running is how many actions Bazel has under way.
type Running struct{ Actions int }

// Reported is the end: what happened, the report, and where it was written.
type Reported struct {
	Run    result.Run
	Report report.Report
	Folder string // the run's folder, absolute
}

func (Staged) update()   {}
func (Talked) update()   {}
func (Noted) update()    {}
func (Planned) update()  {}
func (Ran) update()      {}
func (Changed) update()  {}
func (Running) update()  {}
func (Reported) update() {}
