package ui

import (
	"encoding/json"
	"io"
	"path"
	"time"

	"github.com/weft-build/weft/internal/board"
	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

// WatchEvent is a line of weft watch --json; docs/formats.md has its meaning.
type WatchEvent struct {
	Event string    `json:"event"`
	Time  time.Time `json:"time"`

	// which pass
	Pass  int        `json:"pass,omitempty"`
	Why   string     `json:"why,omitempty"`
	Since *time.Time `json:"since,omitempty"`
	Stage string     `json:"stage,omitempty"`

	// known and pass.plan
	Cells        []WatchCell `json:"cells,omitempty"`
	Environments []string    `json:"environments,omitempty"`

	// cell
	WatchCell
	Verdict  string         `json:"verdict,omitempty"`
	Reason   string         `json:"reason,omitempty"`
	Cached   *bool          `json:"cached,omitempty"`
	Flaky    bool           `json:"flaky,omitempty"`
	Partial  bool           `json:"partial,omitempty"`
	Seconds  *float64       `json:"seconds,omitempty"`
	Tests    *int           `json:"tests,omitempty"`
	Failures []WatchFailure `json:"failures,omitempty"`

	// pass.end
	Stopped      bool         `json:"stopped,omitempty"`
	ExitCode     *int         `json:"exitCode,omitempty"`
	Counts       *WatchCounts `json:"counts,omitempty"`
	FirstSeconds *float64     `json:"firstSeconds,omitempty"`
	LastSeconds  *float64     `json:"lastSeconds,omitempty"`
	Report       string       `json:"report,omitempty"`

	// saved and generated
	Paths   []string          `json:"paths,omitempty"`
	Effect  string            `json:"effect,omitempty"`
	Reasons map[string]string `json:"reasons,omitempty"`

	// note, and pass.end of a pass that could not be carried out
	Kind    string `json:"kind,omitempty"`
	Message string `json:"message,omitempty"`
	Hint    string `json:"hint,omitempty"`

	Narrowing *loop.Narrowing `json:"narrowing,omitempty"`
	Owed      *int            `json:"owed,omitempty"`
	Address   string          `json:"address,omitempty"`
}

// WatchCell names a cell.
type WatchCell struct {
	ID          string `json:"id,omitempty"`
	File        string `json:"file,omitempty"`
	Type        string `json:"type,omitempty"`
	Environment string `json:"environment,omitempty"`
}

// WatchFailure is a test that fails in a cell, or the cell as a whole.
type WatchFailure struct {
	ID      string `json:"id"`
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Message string `json:"message"`
	Text    string `json:"text,omitempty"`
}

// WatchCounts are the cells of the scope by what is known of them.
type WatchCounts struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	NotRun  int `json:"notRun"`
	Unknown int `json:"unknown"`
}

// watchJSON prints an event a line, for editors.
type watchJSON struct {
	opts  WatchOptions
	queue *queue
	to    *json.Encoder
	board *board.Board
}

func newWatchJSON(o WatchOptions) *watchJSON {
	q := newQueue(func(io.Writer) { o.Quit() }) // who reads no more wants no more
	v := &watchJSON{opts: o, queue: q, to: json.NewEncoder(q.to(o.Stdout)), board: board.New(o.Now)}
	v.to.SetEscapeHTML(false)
	if o.Page != "" {
		v.print(WatchEvent{Event: "page", Address: o.Page})
	}
	return v
}

// Lent is never so.
func (v *watchJSON) Lent() bool { return false }

// Close writes what is left.
func (v *watchJSON) Close() { v.queue.Close() }

// print writes a line.
func (v *watchJSON) print(e WatchEvent) {
	e.Time = v.opts.Now().UTC()
	_ = v.to.Encode(e) // into the queue, of strings, numbers and times: it cannot fail
}

// Update prints what happened.
func (v *watchJSON) Update(u loop.Update) {
	v.board.Add(u)
	switch u := u.(type) {
	case loop.Known:
		v.print(WatchEvent{Event: "known", Cells: planned(u.Cells), Environments: u.Environments})
	case loop.Saved:
		v.print(WatchEvent{Event: "saved", Paths: u.Paths, Effect: u.Effect, Reasons: u.Why, Since: utc(u.At)})
	case loop.Generated:
		v.print(WatchEvent{Event: "generated", Paths: u.Files})
	case loop.Began:
		v.print(WatchEvent{Event: "pass.begin", Pass: u.Number, Why: u.Why, Since: utc(u.Since)})
	case loop.Of:
		v.of(u.Update)
	case loop.Ended:
		v.ended(u)
	case loop.Noted:
		v.note(u.Problem)
	case loop.Set:
		v.print(WatchEvent{Event: "narrowing", Narrowing: &u.Narrowing})
	case loop.Owed:
		v.print(WatchEvent{Event: "owed", Owed: &u.Cells})
	case loop.Mended:
		for _, p := range u.Problems {
			v.print(WatchEvent{Event: "mended", Kind: p.Kind, Message: p.Message})
		}
	case loop.Waiting:
		v.print(WatchEvent{Event: "waiting"})
	}
}

func (v *watchJSON) note(p result.Problem) {
	v.print(WatchEvent{Event: "note", Kind: p.Kind, Message: p.Message, Hint: p.Hint})
}

func (v *watchJSON) of(u pipeline.Update) {
	pass := v.board.Pass.Number
	switch u := u.(type) {
	case pipeline.Staged:
		v.print(WatchEvent{Event: "pass.stage", Pass: pass, Stage: u.Text})
	case pipeline.Planned:
		v.print(WatchEvent{Event: "pass.plan", Pass: pass, Cells: planned(u.Plan.Cells)})
	case pipeline.Noted:
		v.note(u.Problem)
	case pipeline.Ran:
		v.ran(pass, u)
	case pipeline.Changed:
		if !u.Change.Cell.Unreached() {
			v.cell(pass, u.Change.Cell)
		}
	}
}

// ran prints a cell that passed in its own action, before its suite tells the rest
// of it. One that did not is run again by the suite, which says why it failed.
func (v *watchJSON) ran(pass int, u pipeline.Ran) {
	s, ok := v.board.Square(u.CellID)
	if !ok || u.Verdict != result.Passed {
		return
	}
	row := v.board.Rows[s.Row]
	v.print(WatchEvent{Event: "cell", Pass: pass, WatchCell: WatchCell{s.ID, row.File, row.Type, v.board.Columns[s.Column]}, Verdict: string(u.Verdict),
		Cached: new(false), Partial: v.board.Pass.Partial})
}

func (v *watchJSON) cell(pass int, c result.Cell) {
	e := WatchEvent{Event: "cell", Pass: pass, WatchCell: WatchCell{c.ID, c.File, c.Type, c.Environment}, Verdict: string(c.Verdict), Reason: c.Reason,
		Cached: &c.Cached, Flaky: c.Flaky, Partial: v.board.Pass.Partial, Seconds: new(c.Duration.Seconds()), Tests: new(0)}
	for _, k := range c.Cases {
		if !k.Synthetic {
			*e.Tests++
		}
		if k.Outcome == result.CaseFailed || k.Outcome == result.CaseError {
			file, line := board.Place(k, c.File)
			e.Failures = append(e.Failures, WatchFailure{ID: k.ID, File: file, Line: line, Message: firstLine(k.Message), Text: orElse(k.Text, k.Message)})
		}
	}
	if len(e.Failures) == 0 && c.Verdict != result.Passed && c.Verdict != result.NotRun {
		e.Failures = []WatchFailure{{ID: c.File, File: c.File, Message: orElse(c.Reason, string(c.Verdict)), Text: c.Log}}
	}
	if s, ok := v.board.Square(c.ID); ok && s.State == board.NotRun {
		e.Verdict, e.Reason = string(s.Verdict), s.Reason
	}
	v.print(e)
}

func (v *watchJSON) ended(u loop.Ended) {
	c := v.board.Counts()
	e := WatchEvent{Event: "pass.end", Pass: u.Number, Stopped: u.Stopped,
		Counts: &WatchCounts{c[board.Passed], c[board.Failed], c[board.NotRun], c[board.Unknown]}}
	if u.Err == nil && !u.Stopped && !u.Partial { // else it would be a verdict on nothing
		e.ExitCode = &u.ExitCode
	}
	if u.Report != "" {
		e.Report = path.Join(u.Report, "report.json")
	}
	if u.First > 0 {
		e.FirstSeconds, e.LastSeconds = new(u.First.Seconds()), new(u.Last.Seconds())
	}
	if u.Err != nil {
		e.Message, e.Hint = u.Err.Error(), v.board.Pass.Hint
	}
	v.print(e)
}

func planned(cells []result.PlannedCell) []WatchCell {
	out := make([]WatchCell, len(cells))
	for i, c := range cells {
		out[i] = WatchCell{c.ID, c.File, c.Type, c.Environment}
	}
	return out
}

func utc(t time.Time) *time.Time { return new(t.UTC()) }
