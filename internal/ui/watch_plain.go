package ui

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/board"
	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

// watchPlain prints lines: what fails and a summary of each pass to stdout, the
// rest to stderr. After the first pass it tells only what changed.
type watchPlain struct {
	opts      WatchOptions
	queue     *queue
	out, talk io.Writer
	board     *board.Board
	bell      bell
	told      map[string]string // by cell: the failures that were told of it
	warned    []result.Problem
	cells     int // of the last Known
	waited    bool
	saved     bool // a save was told since the last pass began
}

func newWatchPlain(o WatchOptions) *watchPlain {
	out := colored(o.Stdout, o.Env)
	q := newQueue(func(to io.Writer) {
		if to == out { // who reads no more wants no more; what stderr does not take, stdout may
			o.Quit()
		}
	})
	v := &watchPlain{opts: o, queue: q, out: q.to(out), talk: q.to(colored(o.Stderr, o.Env)), board: board.New(o.Now), bell: bell{kind: o.Bell}, told: map[string]string{}}
	if o.Page != "" {
		v.say("page: " + Clean(o.Page))
	}
	return v
}

// Lent is never so: lines leave the terminal alone.
func (v *watchPlain) Lent() bool { return false }

// Close writes what is left.
func (v *watchPlain) Close() { v.queue.Close() }

// Update prints what is worth a line.
func (v *watchPlain) Update(u loop.Update) {
	v.board.Add(u)
	switch u := u.(type) {
	case loop.Known:
		if n := len(u.Cells); n != v.cells {
			v.say(Plural(n, "cell") + " in " + Plural(len(u.Environments), "environment"))
			v.cells = n
		}
	case loop.Saved:
		v.save(u)
	case loop.Generated:
		var files []string
		for _, f := range u.Files {
			files = append(files, v.opts.shown(f))
		}
		v.say("weft gen wrote " + strings.Join(files, ", "))
	case loop.Began:
		if !v.saved {
			v.say(fmt.Sprintf("pass %d: %s", u.Number, Clean(u.Why)))
		}
		v.saved = false
	case loop.Of:
		v.of(u.Update)
	case loop.Ended:
		v.ended(u)
	case loop.Noted:
		v.warn(u.Problem)
	case loop.Set:
		v.say("narrowed to: " + orElse(strings.Join(narrowing(u.Narrowing), ", "), "nothing less than the whole scope"))
	case loop.Owed:
		if u.Cells > 0 {
			v.say(Plural(u.Cells, "cell") + " still to run, which the narrowing leaves out")
		}
	case loop.Mended:
		for _, p := range u.Problems {
			v.warned = slices.DeleteFunc(v.warned, func(w result.Problem) bool { return w == p })
		}
	case loop.Waiting:
		if !v.waited {
			v.say("waiting for a save")
			v.waited = true
		}
	}
}

func (v *watchPlain) say(text string) { fmt.Fprintln(v.talk, "weft: "+text) }

// mostSaved bounds the paths of a save that are told one by one.
const mostSaved = 5

func (v *watchPlain) save(u loop.Saved) {
	var paths []string
	for _, p := range u.Paths[:min(len(u.Paths), mostSaved)] {
		paths = append(paths, v.opts.shown(p))
	}
	text := strings.Join(paths, ", ")
	if more := len(u.Paths) - mostSaved; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	v.say("saved " + text + ": " + Clean(u.Effect))
	for _, p := range u.Paths {
		if why := u.Why[p]; why != "" {
			v.say("  " + v.opts.shown(p) + ": " + Clean(why))
		}
	}
	v.saved = true
}

func (v *watchPlain) of(u pipeline.Update) {
	switch u := u.(type) {
	case pipeline.Staged:
		if v.board.Pass.Number <= 1 || v.opts.Verbose {
			v.say(Clean(u.Text))
		}
	case pipeline.Talked:
		if v.opts.Verbose {
			fmt.Fprintln(v.talk, faint.Render("  "+Clean(u.Line)))
		}
	case pipeline.Noted:
		v.warn(u.Problem)
	case pipeline.Changed:
		v.cell(u.Change.Cell)
	}
}

// warn says a fact once, as long as it is known.
func (v *watchPlain) warn(p result.Problem) {
	if !slices.Contains(v.warned, p) {
		fmt.Fprintln(v.talk, noteLines(p))
	}
	v.warned = append(slices.DeleteFunc(v.warned, func(w result.Problem) bool { return w == p }), p)
	v.warned = v.warned[max(0, len(v.warned)-100):]
}

// cell tells a cell that fails, that fails otherwise than before, or that
// passes again.
func (v *watchPlain) cell(c result.Cell) {
	if c.Unreached() {
		return
	}
	now := ""
	if s, ok := v.board.Square(c.ID); ok && s.State == board.NotRun {
		if s.Partial && !v.opts.Verbose {
			return // it has no test of the name that is wanted
		}
		c.Verdict, c.Reason = s.Verdict, s.Reason
	}
	if c.Verdict != result.Passed || c.Flaky {
		now = failed(c)
	}
	before := v.told[c.ID]
	v.told[c.ID] = now
	switch {
	case now == before && !v.opts.Verbose:
	case now == "":
		fmt.Fprintln(v.out, cellLine(c))
	default:
		fmt.Fprintln(v.out, v.failure(c))
	}
}

// failure is a cell that fails, with the tests and where they do; with
// --verbose with their text too.
func (v *watchPlain) failure(c result.Cell) string {
	lines := []string{cellLine(c)}
	if c.Verdict != result.Failed && c.Reason != "" {
		lines = append(lines, "         "+Clean(c.Reason))
	}
	for _, k := range c.Cases {
		if k.Outcome != result.CaseFailed && k.Outcome != result.CaseError && !k.Flaky || k.Message == c.Reason && k.Text == "" {
			continue
		}
		file, at := board.Place(k, c.File)
		place := v.opts.shown(file)
		if at > 0 {
			place += fmt.Sprintf(":%d", at)
		}
		lines = append(lines, "         "+Clean(k.ID)+"  "+place, "           "+Clean(firstLine(k.Message)))
		if v.opts.Verbose && k.Text != "" {
			lines = append(lines, Block(k.Text))
		}
	}
	return strings.Join(lines, "\n")
}

// failed is what a cell's failure consists of: when it stays the same, nothing is told.
func failed(c result.Cell) string {
	text := string(c.Verdict) + "\x00" + c.Reason
	for _, k := range c.Cases {
		if k.Outcome == result.CaseFailed || k.Outcome == result.CaseError || k.Flaky {
			text += "\x00" + k.ID + "\x00" + k.Message
		}
	}
	return text
}

func (v *watchPlain) ended(u loop.Ended) {
	switch {
	case u.Final: // the error is the command's last word
	case u.Err != nil:
		fmt.Fprintf(v.out, "pass %d: %s: %s\n", u.Number, red.Render("error"), indent(Block(u.Err.Error())))
		if v.board.Pass.Hint != "" {
			v.say("hint: " + indent(Block(v.board.Pass.Hint)))
		}
	case u.Stopped:
		v.say(fmt.Sprintf("pass %d was stopped", u.Number))
	default:
		fmt.Fprintf(v.out, "pass %d: %s\n", u.Number, v.summary(u))
	}
	if ring := v.bell.rung(u); ring != "" && isTerminal(v.opts.Stderr) {
		fmt.Fprint(v.queue.to(v.opts.Stderr), ring)
	}
}

// summary is the whole scope as it is known now.
func (v *watchPlain) summary(u loop.Ended) string {
	c := v.board.Counts()
	passed := green.Render(fmt.Sprintf("%d passed", c[board.Passed]))
	parts := []string{passed}
	if n := c[board.Failed]; n > 0 {
		parts = []string{red.Render(fmt.Sprintf("%d failed", n)), passed}
	}
	if n := c[board.NotRun]; n > 0 {
		parts = append(parts, yellow.Render(fmt.Sprintf("%d not run", n)))
	}
	if n := c[board.Unknown]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not known yet", n))
	}
	if u.First > 0 {
		parts = append(parts, "first verdict "+seconds(u.First), "last "+seconds(u.Last))
	}
	return strings.Join(parts, ", ")
}
