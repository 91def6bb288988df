package ui

import (
	"fmt"
	"time"

	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

// heartbeat is the longest silence of the plain view while cells end.
const heartbeat = 10 * time.Second

// plain prints lines: what CI and pipes get.
type plain struct {
	*printer
	spoken time.Time
}

// Update prints what is worth a line.
func (v *plain) Update(u pipeline.Update) {
	v.tally.add(u)
	switch u := u.(type) {
	case pipeline.Staged:
		v.line("weft: " + u.Text)
	case pipeline.Talked:
		if v.opts.Verbose {
			v.line(faint.Render("  " + Clean(u.Line)))
		}
	case pipeline.Noted:
		v.line(noteLines(u.Problem))
	case pipeline.Planned:
		v.line("weft: " + plannedText(u))
	case pipeline.Changed:
		v.cell(u.Change)
	case pipeline.Ran, pipeline.Running:
		v.beat()
	case pipeline.Reported:
		v.finish(u)
	}
}

func (v *plain) cell(c result.Change) {
	switch {
	case c.Cell.Unreached():
	case c.Cell.Verdict != result.Passed || c.Cell.Flaky:
		v.line(failureLines(c.Cell))
	case v.opts.Verbose:
		v.line(cellLine(c.Cell))
	default:
		v.beat()
	}
}

// beat says how far it is, when nothing was said for a while.
func (v *plain) beat() {
	if v.tally.now().Sub(v.spoken) < heartbeat {
		return
	}
	text := fmt.Sprintf("weft: %d of %s done, %d failed", v.tally.done(), Plural(v.tally.total, "cell"), len(v.tally.failed))
	if left := v.tally.left(); left > 0 {
		text += ", about " + About(left) + " left"
	}
	v.line(text)
}

func (v *plain) line(text string) {
	v.spoken = v.tally.now()
	fmt.Fprintln(v.talk, text)
}

// Close has nothing to take down.
func (v *plain) Close() {}

func plannedText(u pipeline.Planned) string {
	text := Plural(len(u.Plan.Cells), "cell") + " in " + Plural(len(u.Plan.Environments), "environment")
	if u.Predicted > 0 {
		text += ", about " + About(u.Predicted) + " if nothing comes from a cache"
	}
	return text
}
