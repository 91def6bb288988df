// Package board folds what the watch loop tells into what a person looks at:
// a board with a row per test file and type and a column per environment, the
// failures under it, and how the pass stands. It is pure; the views of
// terminal and page are drawn from it.
package board

import (
	"regexp"
	"time"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// State is how a square looks.
type State string

// The states. A square that waits or runs keeps what was known of it in
// Square.Before.
const (
	Unknown State = "unknown" // not run yet
	Waiting State = "waiting" // in the pass under way, not begun as far as is known
	Running State = "running"
	Passed  State = "passed"
	Failed  State = "failed"
	NotRun  State = "not run" // no result, and Reason says why
)

// Row is one test file in one test type.
type Row struct {
	File string `json:"file"` // relative to the workspace, slashes
	Type string `json:"type"`
}

// Square is one cell on the board.
type Square struct {
	ID          string         `json:"id"` // the cell's
	Row         int            `json:"row"`
	Column      int            `json:"column"`
	State       State          `json:"state"`
	Before      State          `json:"before"`  // what was known before the last pass that it was in; Unknown when nothing was
	Verdict     result.Verdict `json:"verdict"` // of a cell that ended: "timeout" and "crashed" are Failed
	Reason      string         `json:"reason"`
	Cached      bool           `json:"cached"`
	Flaky       bool           `json:"flaky"`
	Partial     bool           `json:"partial"` // only some of its tests were run
	Seconds     float64        `json:"seconds"`
	Tests       int            `json:"tests"`
	FailedTests int            `json:"failedTests"`
	Pass        int            `json:"pass"` // the last pass that planned or judged it; 0 is none

	version int
}

// Known is the last verdict that is known, while it waits or runs too.
func (s Square) Known() State {
	if s.State == Waiting || s.State == Running {
		return s.Before
	}
	return s.State
}

// Failure is one test that fails, or a cell that failed without one, and the
// environments in which it does so with the same message.
type Failure struct {
	ID           string   `json:"id"`   // pytest's node id, FILE::NAME, or the file
	File         string   `json:"file"` // of the place, relative to the workspace
	Line         int      `json:"line"` // of the place, from 1; 0 is unknown
	Type         string   `json:"type"` // test type
	Environments []string `json:"environments"`
	Of           int      `json:"of"`      // environments that the file has a cell in
	Open         int      `json:"-"`       // those of them that have yet to answer in the pass under way
	Cells        []string `json:"cells"`   // ids, one per environment
	Message      string   `json:"message"` // one line: the assertion
	Text         string   `json:"text"`    // traceback or log
}

// Pass is how the last pass stands.
type Pass struct {
	Number   int           `json:"number"` // 0 before the first
	Why      string        `json:"why"`
	Stage    string        `json:"stage"` // a gerund: "reading the workspace's targets"
	Talk     string        `json:"talk"`  // the tool's last word: what Bazel says it is at
	Cells    int           `json:"cells"` // planned
	Done     int           `json:"done"`
	Running  int           `json:"running"` // actions that Bazel has under way
	Partial  bool          `json:"partial"` // only some tests of its cells run
	Active   bool          `json:"active"`
	Stopped  bool          `json:"stopped"`
	Error    string        `json:"error"` // why it could not be carried out
	Hint     string        `json:"hint"`
	Since    time.Time     `json:"since"`
	First    time.Duration `json:"first"` // nanoseconds from the save to the first verdict; 0 is none yet
	Last     time.Duration `json:"last"`
	ExitCode int           `json:"exitCode"`
	Report   string        `json:"report"`
}

// Board is the fold. It is not safe for concurrent use.
type Board struct {
	Rows      []Row
	Columns   []string // environments
	Pass      Pass
	Narrowing loop.Narrowing
	Owed      int              // cells that are still to run, and do not because of the narrowing
	Notes     []result.Problem // the last few facts, each once, the newest last
	Saves     []loop.Saved     // the last few, the newest last
	Generated []string         // BUILD files that were written for the newest save
	Talk      []string         // the tools' last lines in the pass under way, or the last one

	squares  map[string]*Square
	order    []string // ids, by row and column
	noted    []int    // the passes in which Notes were said; 0 is the loop itself
	failing  map[string][]failed
	logs     map[string]string
	now      func() time.Time
	version  int
	reshaped int // the version of the last change of rows and columns
	failed   int // the version of the last change of what fails, or might
	counted  map[string]bool
}

// kept bounds Notes and Saves, talk bounds Talk.
const (
	kept = 20
	talk = 500
)

// New is an empty board.
func New(now func() time.Time) *Board {
	return &Board{squares: map[string]*Square{}, failing: map[string][]failed{}, logs: map[string]string{}, now: now, counted: map[string]bool{}}
}

// Version grows with every Add.
func (b *Board) Version() int { return b.version }

// Reshaped says that rows or columns changed after a version.
func (b *Board) Reshaped(since int) bool { return b.reshaped > since }

// FailuresChanged says that Failures may say something else than after a version.
func (b *Board) FailuresChanged(since int) bool { return b.failed > since }

// Square is a cell by its id.
func (b *Board) Square(id string) (Square, bool) {
	s, ok := b.squares[id]
	if !ok {
		return Square{}, false
	}
	return *s, true
}

// Squares are those that changed after a version, by row and column; of
// version -1 all.
func (b *Board) Squares(since int) []Square {
	var out []Square
	for _, id := range b.order {
		if s := b.squares[id]; s.version > since {
			out = append(out, *s)
		}
	}
	return out
}

// Add takes what the loop tells.
func (b *Board) Add(u loop.Update) {
	b.version++
	switch u := u.(type) {
	case loop.Known:
		b.reshape(u)
	case loop.Saved:
		b.Saves, b.Generated = last(append(b.Saves, u), kept), nil
	case loop.Owed:
		b.Owed = u.Cells
	case loop.Mended:
		b.mended(u)
	case loop.Generated:
		b.Generated = u.Files
	case loop.Noted:
		b.note(u.Problem, 0)
	case loop.Set:
		b.Narrowing = u.Narrowing
	case loop.Began:
		b.Pass = Pass{Number: u.Number, Why: u.Why, Since: u.Since, First: u.First, Active: true}
		b.counted, b.Talk = map[string]bool{}, nil
	case loop.Of:
		b.of(u.Update)
	case loop.Ended:
		b.ended(u)
	}
}

func last[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }

// reshape sets rows and columns; squares that stay keep what they know.
func (b *Board) reshape(k loop.Known) {
	b.reshaped, b.failed = b.version, b.version
	b.Rows, b.Columns, b.order = nil, k.Environments, nil
	columns := map[string]int{}
	for i, name := range k.Environments {
		columns[name] = i
	}
	rows := map[Row]int{}
	squares := make(map[string]*Square, len(k.Cells))
	all := make([]Square, len(k.Cells)) // in one piece of memory
	for i, c := range byRow(k.Cells, columns) {
		row := Row{c.File, c.Type}
		at, ok := rows[row]
		if !ok {
			at = len(b.Rows)
			rows[row] = at
			b.Rows = append(b.Rows, row)
		}
		s := &all[i]
		if *s = (Square{State: Unknown, Before: Unknown}); b.squares[c.ID] != nil {
			*s = *b.squares[c.ID]
		}
		s.ID, s.Row, s.Column, s.version = c.ID, at, columns[c.Environment], b.version
		squares[c.ID] = s
		b.order = append(b.order, c.ID)
	}
	for id := range b.squares {
		if squares[id] == nil {
			delete(b.failing, id)
			delete(b.logs, id)
		}
	}
	b.squares = squares
}

func (b *Board) of(u pipeline.Update) {
	switch u := u.(type) {
	case pipeline.Staged:
		b.Pass.Stage, b.Pass.Talk = u.Text, ""
	case pipeline.Talked:
		b.Pass.Talk = u.Line
		b.Talk = last(append(b.Talk, u.Line), talk)
		b.begun(u.Line)
	case pipeline.Noted:
		b.note(u.Problem, b.Pass.Number)
	case pipeline.Running:
		b.Pass.Running = u.Actions
	case pipeline.Planned:
		b.planned(u)
	case pipeline.Ran:
		b.ran(u)
	case pipeline.Changed:
		b.changed(u.Change.Cell)
	}
}

func (b *Board) planned(u pipeline.Planned) {
	b.Pass.Cells = len(u.Plan.Cells)
	b.Pass.Partial = u.Tests != ""
	for _, c := range u.Plan.Cells {
		if s := b.squares[c.ID]; s != nil {
			b.set(s, Waiting)
		}
	}
}

// set changes a state, remembering what was known before this pass.
func (b *Board) set(s *Square, state State) {
	if s.State != Waiting && s.State != Running && !b.counted[s.ID] {
		s.Before = s.State
	}
	s.State, s.Pass, s.version = state, b.Pass.Number, b.version
}

// begunRE is what Bazel says of a cell at work, among other things:
// "[3 / 7] Testing tests/test_a.py (unit @ python3.9); 3s linux-sandbox".
var begunRE = regexp.MustCompile(`Testing (.+) \((\S+) @ (\S+)\)`)

// begun takes from a line of talk that a cell runs. Bazel names a few of those
// at work, so that not all that run are known to.
func (b *Board) begun(line string) {
	m := begunRE.FindStringSubmatch(line)
	if m == nil {
		return
	}
	if s := b.squares[plan.CellID(m[1], m[2], m[3])]; s != nil && s.State == Waiting {
		b.set(s, Running)
	}
}

// ran takes a cell's own action that ended. Its suite has yet to judge it.
func (b *Board) ran(u pipeline.Ran) {
	s := b.squares[u.CellID]
	if s == nil || b.counted[u.CellID] {
		return
	}
	b.verdict()
	b.failed = b.version
	b.set(s, stateOf(u.Verdict))
	s.Verdict, s.Cached = u.Verdict, false
	if s.State == Failed {
		b.cases(s, b.Rows[s.Row].File, u.Cases)
	}
	b.count(u.CellID)
}

func (b *Board) count(id string) {
	if !b.counted[id] {
		b.counted[id] = true
		b.Pass.Done++
	}
}

// verdict notes when the first and the last came.
func (b *Board) verdict() {
	b.Pass.Last = b.now().Sub(b.Pass.Since)
	if b.Pass.First == 0 {
		b.Pass.First = b.Pass.Last
	}
}

func stateOf(v result.Verdict) State {
	switch v {
	case result.Passed:
		return Passed
	case result.NotRun:
		return NotRun
	}
	return Failed
}

func (b *Board) changed(c result.Cell) {
	s := b.squares[c.ID]
	if s == nil || c.Unreached() {
		return
	}
	if !b.counted[c.ID] || s.Verdict != c.Verdict { // else it was told before
		b.verdict()
	}
	b.failed = b.version
	b.set(s, stateOf(c.Verdict))
	b.count(c.ID)
	s.Verdict, s.Reason, s.Cached, s.Flaky, s.Seconds = c.Verdict, c.Reason, c.Cached, c.Flaky, c.Duration.Seconds()
	s.Partial = b.Pass.Partial
	b.cases(s, c.File, c.Cases)
	if delete(b.logs, c.ID); c.Log != "" {
		b.logs[c.ID] = c.Log
	}
	if s.Partial && s.State == Passed && s.Tests == 0 { // absent is not passed
		s.State, s.Verdict, s.Reason = NotRun, result.NotRun, noneNamed
	}
}

// noneNamed is why a cell has no result in a pass of some tests.
const noneNamed = "it has no test of that name"

// cases takes the tests of a cell.
func (b *Board) cases(s *Square, file string, cases []result.Case) {
	s.Tests, s.FailedTests = 0, 0
	delete(b.failing, s.ID)
	for _, k := range cases {
		if !k.Synthetic {
			s.Tests++
		}
		if k.Outcome == result.CaseFailed || k.Outcome == result.CaseError {
			s.FailedTests++
			b.failing[s.ID] = append(b.failing[s.ID], newFailed(k, file))
		}
	}
}

// ended clears what waited in vain: such a square has what it had before.
func (b *Board) ended(u loop.Ended) {
	p := &b.Pass
	p.Active, p.Stopped, p.ExitCode, p.Report, p.Running, p.Stage = false, u.Stopped, u.ExitCode, u.Report, 0, ""
	if u.First > 0 {
		p.First, p.Last = u.First, u.Last
	}
	if u.Err != nil {
		p.Error = u.Err.Error()
		p.Hint = request.HintOf(u.Err)
	}
	b.failed = b.version
	if !u.Stopped {
		b.forget(u.Number)
	}
	for _, s := range b.squares {
		if s.State == Waiting || s.State == Running {
			s.State, s.version = s.Before, b.version
		}
	}
}
