// Package markdown renders a report as Markdown, for people: in a terminal, a
// pull request or a step summary. Everything that a test could have named is
// escaped.
package markdown

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/weft-build/weft/internal/report"
)

// maxListed bounds each list; report.json has everything.
const maxListed = 100

// Write renders the report.
func Write(w io.Writer, r report.Report) error {
	p := &printer{w: bufio.NewWriter(w)}
	p.line("# Parallel Test Execution Report")
	p.head(r)
	p.summary(r)
	p.environments(r)
	p.types(r)
	p.findings(r)
	p.recommendations(r)
	if p.err == nil {
		p.err = p.w.Flush()
	}
	if p.err != nil {
		return fmt.Errorf("writing the Markdown report: %w", p.err)
	}
	return nil
}

// printer keeps the first error, so that the sections read as prose.
type printer struct {
	w   *bufio.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// section opens a heading with the blank lines that it needs.
func (p *printer) section(format string, args ...any) {
	p.line("")
	p.line(format, args...)
	p.line("")
}

func (p *printer) head(r report.Report) {
	p.line("")
	p.line("**%s**: scope %s, run %s, weft %s, Bazel %s", r.Summary.Status, code(r.Run.Scope), code(r.Run.ID), text(r.Weft), orUnknown(r.Bazel))
	if r.Run.Interrupted {
		p.line("")
		p.line("> **Interrupted.** %d of %s not reached. This is what was known at that time.", r.Summary.Cells.NotReached, plural(r.Summary.Cells.Total, "cell"))
	}
	if len(r.Summary.StandIns) > 0 {
		p.line("")
		p.line("> **Stand-ins.** %s: a small substitute for a closed network took the place of the real one. These results speak of the substitute.", strings.Join(codes(r.Summary.StandIns), ", "))
	}
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return text(s)
}

func codes(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = code(n)
	}
	return out
}

func (p *printer) summary(r report.Report) {
	s := r.Summary
	p.section("## Summary")
	p.line("- Total tests: %d", s.Tests.Total)
	p.line("- Passed: %d", s.Tests.Passed)
	p.line("- Failed: %d", s.Tests.Failed)
	p.line("- Skipped: %d", s.Tests.Skipped)
	if s.Tests.XFailed+s.Tests.XPassed > 0 {
		p.line("- Expected to fail: %d did, %d passed", s.Tests.XFailed, s.Tests.XPassed)
	}
	if s.Tests.Flaky > 0 {
		p.line("- Flaky: %d", s.Tests.Flaky)
	}
	p.line("- Environments tested: %s", environmentsTested(r))
	p.line("- Execution time: %s", seconds(r.Run.DurationSeconds))
	p.line("- Cached: %s", cached(s.Cells))
	p.line("- Cells: %s", cells(s.Cells))
	for _, g := range r.Gates {
		p.line("- Gate %s: %s (%s)", g.Name, passFail(g.Passed), text(g.Message))
	}
	if len(r.Problems) > 0 {
		p.line("")
		p.line("What went wrong around the tests:")
		p.line("")
	}
	for _, problem := range r.Problems {
		hint := ""
		if problem.Hint != "" {
			hint = ". Try: " + code(problem.Hint)
		}
		p.line("- %s: %s%s", text(problem.Kind), text(problem.Message), hint)
	}
}

func passFail(ok bool) string {
	if ok {
		return report.Pass
	}
	return report.Fail
}

func environmentsTested(r report.Report) string {
	n, all := len(r.Summary.EnvironmentsTested), len(r.Environments)
	out := fmt.Sprint(n)
	if n < all {
		out += fmt.Sprintf(" of %d", all)
	}
	if n > 0 {
		out += " (" + strings.Join(codes(r.Summary.EnvironmentsTested), ", ") + ")"
	}
	return out
}

func cached(c report.CellTally) string {
	ran := c.Total - c.NotRun
	if ran == 0 {
		return "not measured: no cell ran"
	}
	out := fmt.Sprintf("%d of %s (%.0f %%)", c.Cached, plural(ran, "cell"), 100*float64(c.Cached)/float64(ran))
	if c.Remote > 0 {
		out += fmt.Sprintf(", %d of them by the remote cache", c.Remote)
	}
	switch {
	case c.MeasuredAnew == 1:
		out += "; 1 of the others is a performance cell, which is measured anew by design"
	case c.MeasuredAnew > 1:
		out += fmt.Sprintf("; %d of the others are performance cells, which are measured anew by design", c.MeasuredAnew)
	}
	return out
}

func cells(c report.CellTally) string {
	out := fmt.Sprintf("%d: %d passed, %d did not pass, %d not run", c.Total, c.Passed, c.Failed, c.NotRun)
	if c.NotReached > 0 {
		out += fmt.Sprintf(" (%d not reached: interrupted)", c.NotReached)
	}
	if c.Flaky > 0 {
		out += fmt.Sprintf("; %d flaky", c.Flaky)
	}
	return out
}

func (p *printer) environments(r report.Report) {
	p.section("## Environment Results")
	if len(r.Environments) == 0 {
		p.line("The run has no environment.")
	}
	for i, e := range r.Environments {
		if i > 0 {
			p.line("")
		}
		p.line("### %s", text(e.Name))
		p.line("")
		p.environment(e)
	}
}

func (p *printer) environment(e report.Environment) {
	if e.Description != "" {
		p.line("%s", text(e.Description))
		p.line("")
	}
	p.status(e.Tally)
	p.line("- Tests: %s", passedOf(e.Tests))
	p.line("- Duration: %s", duration(e.Tally))
	if e.Interpreter == "" {
		p.line("- Interpreter: %s %s, by the lock: no cell has seen it", text(e.Kind), text(e.Version))
	} else {
		p.line("- Interpreter: %s %s, %s", text(e.Kind), text(e.Version), code(e.Interpreter))
	}
	p.line("- Store path: %s", code(e.StorePath))
	if e.MRST != nil {
		standIn := ""
		if e.MRST.StandIn {
			standIn = " (a stand-in, not the real MRST)"
		}
		p.line("- MRST: %s%s", text(e.MRST.Version), standIn)
	}
	if len(e.StandIns) > 0 {
		p.line("- Stand-ins: %s", strings.Join(codes(e.StandIns), ", "))
	}
	if len(e.Failures) == 0 {
		p.line("- Failures: none")
	} else {
		p.line("- Failures:")
	}
	for i, f := range e.Failures {
		if i == maxListed {
			p.line("  - and %d more, in report.json", len(e.Failures)-maxListed)
			break
		}
		p.line("  - %s (%s): %s%s", code(f.Test), text(f.Type), text(brief(f.Message)), seeFinding(f.Finding))
	}
}

func seeFinding(id string) string {
	if id == "" {
		return ""
	}
	return ", see " + id
}

// status writes a tally's status with its reason.
func (p *printer) status(t report.Tally) {
	if t.Reason != "" {
		p.line("- Status: %s (%s)", t.Status, text(t.Reason))
		return
	}
	p.line("- Status: %s", t.Status)
}

func passedOf(t report.Tests) string {
	if t.Total == 0 {
		return "none ran"
	}
	out := fmt.Sprintf("%d/%d passed", t.Passed, t.Total)
	for _, part := range []struct {
		n    int
		what string
	}{{t.Failed, "failed"}, {t.Skipped, "skipped"}, {t.XFailed, "failed as expected"}, {t.XPassed, "passed against expectation"}, {t.Flaky, "flaky"}} {
		if part.n > 0 {
			out += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	return out
}

// duration is the time of all cells together; they run side by side, so it is
// no time on the clock.
func duration(t report.Tally) string {
	if t.Cells.Total == t.Cells.NotRun {
		return "not measured: no cell ran"
	}
	out := seconds(t.DurationSeconds) + " in all its cells"
	switch {
	case t.Cells.Cached == 0:
	case t.Cells.Cached == t.Cells.Total-t.Cells.NotRun:
		out += ", all of it from the cache"
	default:
		out += fmt.Sprintf(", %s of it in this run", seconds(t.FreshSeconds))
	}
	return out
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func brief(message string) string {
	message = strings.Join(strings.Fields(message), " ")
	if r := []rune(message); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return message
}
