package ui

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/report/markdown"
	"github.com/weft-build/weft/internal/result"
)

// finish prints what failed in full, then the summary, then where the report is.
func (p *printer) finish(u pipeline.Reported) {
	p.failures(groups(u.Run))
	fmt.Fprint(p.out, diagnosis(u.Report))
	fmt.Fprint(p.out, p.summary(u))
	p.annotate(u)
}

// failures prints what the tests said. GitHub's runners take a line of it that
// begins with two colons for a command, unless they were told not to, up to a
// word that no test can know.
func (p *printer) failures(groups []*group) {
	if set(p.opts.Env, "GITHUB_ACTIONS") && len(groups) > 0 {
		word := rand.Text()
		fmt.Fprintf(p.out, "::stop-commands::%s\n", word)
		defer fmt.Fprintf(p.out, "::%s::\n", word)
	}
	for _, group := range groups {
		fmt.Fprint(p.out, group.text())
	}
}

// group is one failure and the environments that have it.
type group struct {
	title, log   string
	environments []string
}

// groups collects the same failure of several environments, in plan order: the
// same case with the same message. Its text is the first environment's.
// Cells that an interrupted run did not reach are no failures.
func groups(run result.Run) []*group {
	var out []*group
	at := map[string]*group{}
	add := func(title, key, log, environment string) {
		key = title + "\x00" + key
		if at[key] == nil {
			at[key] = &group{title: title, log: log}
			out = append(out, at[key])
		}
		at[key].environments = append(at[key].environments, environment)
	}
	for _, c := range run.Cells {
		if c.Verdict == result.Passed && !c.Flaky || analysis.NotReached(run, c) {
			continue
		}
		told := false
		for _, k := range c.Cases {
			switch {
			case k.Outcome == result.CaseFailed || k.Outcome == result.CaseError:
				add(k.ID, firstLine(k.Message), orElse(k.Text, k.Message), c.Environment)
				told = true
			case k.Flaky:
				add(k.ID+" (flaky: failed first, passed when run again)", "", k.FirstText, c.Environment)
				told = true
			}
		}
		if !told {
			add(c.File+" ("+c.Type+"): "+orElse(c.Reason, string(c.Verdict)), "", c.Log, c.Environment)
		}
	}
	return out
}

func (g *group) text() string {
	text := "\n" + red.Render("── "+Clean(g.title)) + faint.Render("  in "+Clean(strings.Join(g.environments, ", "))) + "\n"
	if log := strings.Trim(g.log, "\n"); log != "" {
		text += Block(log) + "\n"
	}
	return text
}

// diagnosis says in a few lines what the report says of each failure at length:
// where it shows, why only there, and what mends it. Then the gates that were
// missed.
func diagnosis(r report.Report) string {
	var b strings.Builder
	advice := map[string]analysis.Recommendation{}
	for _, a := range r.Recommendations {
		advice[a.Finding] = a
	}
	for i, f := range r.Findings {
		if i == mostFindings {
			fmt.Fprintf(&b, "… and %s more in the report\n", Plural(len(r.Findings)-i, "cause"))
			break
		}
		where := "in all of its environments"
		switch f.Spread {
		case analysis.InSome:
			where = "only in " + strings.Join(f.Environments, ", ")
		case analysis.Flaky:
			where = "flaky"
		}
		fmt.Fprintf(&b, "%s %s%s\n", bold.Render(f.ID), Clean(firstLine(f.Title)), faint.Render("  "+Clean(where)))
		if f.Why != "" {
			fmt.Fprintf(&b, "   why: %s\n", Clean(firstLine(f.Why)))
		}
		if a, ok := advice[f.ID]; ok {
			fmt.Fprintf(&b, "   do: %s\n", Clean(firstLine(orElse(a.Change, a.Text))))
		}
	}
	for _, g := range r.Gates {
		if !g.Passed {
			fmt.Fprintf(&b, "%s %s: %s\n", red.Render("gate missed"), Clean(g.Name), Clean(g.Message))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n" + b.String()
}

// mostFindings bounds the diagnosis to what a person reads at a glance.
const mostFindings = 12

// row is one environment of the summary.
type row struct {
	tests, passed, failed, skipped, xfailed, cells, cached, notRun int
	seconds                                                        float64
}

func (r *row) add(c result.Cell) {
	r.cells++
	if c.Cached {
		r.cached++
	}
	if c.Verdict == result.NotRun {
		r.notRun++
	}
	bad := 0
	for _, k := range c.Cases {
		r.tests++
		switch k.Outcome {
		case result.CasePassed:
			r.passed++
		case result.CaseXFailed:
			r.xfailed++
		case result.CaseSkipped:
			r.skipped++
		case result.CaseXPassed:
			if c.Verdict != result.Passed {
				bad++ // under xfail_strict
			}
		default:
			bad++
		}
	}
	if c.Verdict != result.Passed && c.Verdict != result.NotRun {
		bad = max(bad, 1) // a cell that failed without a failed case
	}
	r.failed += bad
	r.seconds += c.Duration.Seconds()
}

func (p *printer) summary(u pipeline.Reported) string {
	rows := map[string]*row{}
	total := &row{}
	for _, c := range u.Run.Cells {
		if rows[c.Environment] == nil {
			rows[c.Environment] = &row{}
		}
		rows[c.Environment].add(c)
		total.add(c)
	}
	var b strings.Builder
	b.WriteString("\n")
	width := 0
	for _, e := range u.Run.Environments {
		width = max(width, len(e.Name))
	}
	for _, e := range u.Run.Environments {
		r := rows[e.Name]
		if r == nil {
			r = &row{}
		}
		fmt.Fprintf(&b, "%s  %-*s %9s tests %4d skipped %7s cells cached  %.1f s\n",
			status(r, e), width, Clean(e.Name), of(r.passed, r.tests), r.skipped, of(r.cached, r.cells), r.seconds)
	}
	fmt.Fprintf(&b, "\n%s\n", p.verdict(u, total))
	fmt.Fprintf(&b, "report: %s\n", p.relative(filepath.Join(filepath.Dir(u.Folder), "latest", "report.md")))
	return b.String()
}

func of(n, all int) string { return fmt.Sprintf("%d/%d", n, all) }

func status(r *row, e result.Environment) string {
	word, style := "PASS", green
	switch {
	case e.NotBuilt != "":
		word, style = "NOT BUILT", yellow
	case r.failed > 0:
		word, style = "FAIL", red
	case r.notRun > 0 || r.cells == 0:
		word, style = "NOT RUN", yellow
	case r.tests == 0:
		word, style = "NO TESTS", yellow // a filter left nothing over
	}
	return style.Render(fmt.Sprintf("%-9s", word))
}

func (p *printer) verdict(u pipeline.Reported, r *row) string {
	parts := []string{fmt.Sprintf("%d passed", r.passed)}
	style := green
	if r.failed > 0 {
		parts, style = append([]string{fmt.Sprintf("%d failed", r.failed)}, parts...), red
	}
	if r.skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d skipped", r.skipped))
	}
	if r.xfailed > 0 {
		parts = append(parts, fmt.Sprintf("%d expected to fail", r.xfailed))
	}
	if r.notRun > 0 {
		parts = append(parts, Plural(r.notRun, "cell")+" not run")
		if r.failed == 0 {
			style = yellow
		}
	}
	if u.Run.Interrupted {
		parts, style = append([]string{"interrupted"}, parts...), yellow
	}
	took := u.Run.End.Sub(u.Run.Start)
	return style.Render(strings.Join(parts, ", ")) + fmt.Sprintf(" in %s in %s, %d of %s cached",
		Plural(len(u.Run.Environments), "environment"), seconds(took), r.cached, Plural(r.cells, "cell"))
}

// relative shows a path from where the user stands, when that is shorter.
func (p *printer) relative(path string) string {
	if rel, err := filepath.Rel(p.opts.Dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

// annotate serves GitHub's runners: error annotations on the lines that failed
// and the report as the step's summary.
func (p *printer) annotate(u pipeline.Reported) {
	if set(p.opts.Env, "GITHUB_ACTIONS") {
		for _, c := range u.Run.Cells {
			for _, k := range c.Cases {
				if k.Outcome == result.CaseFailed || k.Outcome == result.CaseError {
					fmt.Fprintf(p.out, "::error file=%s,line=%d,title=%s::%s\n", property(c.File), max(1, k.Line),
						property(c.Environment+" · "+k.ID), data(orElse(k.Message, string(k.Outcome))))
				}
			}
		}
	}
	if path := value(p.opts.Env, "GITHUB_STEP_SUMMARY"); path != "" {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err == nil {
			err = markdown.Write(f, u.Report)
			if e := f.Close(); err == nil {
				err = e
			}
		}
		if err != nil {
			fmt.Fprintln(p.talk, noteLines(result.Problem{Message: "writing GITHUB_STEP_SUMMARY: " + err.Error()}))
		}
	}
}

// data and property escape for GitHub's workflow commands, so that a test's
// output cannot start a command of its own.
func data(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(text))
}

func orElse(text, other string) string {
	if strings.TrimSpace(text) == "" {
		return other
	}
	return text
}
