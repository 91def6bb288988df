package markdown

import (
	"fmt"
	"strings"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/report"
)

// maxAdvice bounds the recommendations: nobody follows more of them at once.
const maxAdvice = 20

// shown is how many lines of evidence stand open; longer ones are folded.
const shown = 12

func (p *printer) findings(r report.Report) {
	p.line("## Failure Analysis")
	p.line("")
	if len(r.Findings) == 0 {
		p.line("%s", nothingFailed(r))
	}
	for i, f := range r.Findings {
		if i > 0 {
			p.line("")
		}
		if i == maxListed {
			p.line("And %d more, in report.json.", len(r.Findings)-maxListed)
			break
		}
		p.finding(f)
	}
}

func nothingFailed(r report.Report) string {
	switch {
	case r.Summary.Cells.Total == 0:
		return "No cell was planned, so there is nothing to analyse."
	case r.Summary.Cells.NotRun == r.Summary.Cells.Total:
		return "No cell ran, so there is nothing to analyse."
	case r.Summary.Cells.NotReached > 0:
		return "Nothing failed in what ran before the interruption."
	}
	return "Nothing failed."
}

func (p *printer) finding(f analysis.Finding) {
	p.line("### %s: %s", f.ID, text(f.Title))
	p.line("")
	p.line("- Cause: %s%s", text(string(f.Kind)), at(f.Location))
	p.line("- Where: %s", spread(f))
	if f.Why != "" {
		p.line("- Why: %s", text(f.Why))
	}
	if len(f.Tests) > 0 {
		p.line("- Tests:")
	}
	for i, t := range f.Tests {
		if i == maxListed {
			p.line("  - and %d more, in report.json", len(f.Tests)-maxListed)
			break
		}
		name := t.Case
		if name == "" {
			name = t.File
		}
		history := ""
		if t.History != "" {
			history = "; " + text(t.History)
		}
		p.line("  - %s (%s): %s%s", code(name), text(t.Type), text(strings.Join(t.Environments, ", ")), history)
	}
	if f.Rerun != "" {
		p.line("- Run it again: %s", code(f.Rerun))
	}
	p.evidence(f.Evidence)
}

func at(location string) string {
	if location == "" {
		return ""
	}
	return " at " + code(location)
}

func spread(f analysis.Finding) string {
	envs := text(strings.Join(f.Environments, ", "))
	switch {
	case f.Kind == analysis.SuiteBroken, f.Kind == analysis.CacheDied:
		return "the whole run"
	case f.Kind == analysis.NoResult, f.Kind == analysis.NotBuilt:
		return "not run in " + envs
	case f.Spread == analysis.Flaky:
		return "flaky, seen in " + envs
	case f.Spread == analysis.InAll && len(f.Environments) == 1:
		return "in the only environment that ran it: " + envs
	case f.Spread == analysis.InAll:
		return fmt.Sprintf("in all %d environments that ran it: %s", len(f.Environments), envs)
	}
	out := "only in " + envs
	if len(f.Passing) > 0 {
		out += "; passes in " + text(strings.Join(f.Passing, ", "))
	}
	return out
}

func (p *printer) evidence(s string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	p.line("")
	lines := strings.Count(s, "\n") + 1
	if lines <= shown {
		p.line("%s", block(s))
		return
	}
	p.line("<details><summary>%d lines of output</summary>", lines)
	p.line("")
	p.line("%s", block(s))
	p.line("")
	p.line("</details>")
}

func (p *printer) recommendations(r report.Report) {
	p.section("## Recommendations")
	if len(r.Recommendations) == 0 {
		p.line("%s", noAdvice(r))
	}
	for i, rec := range r.Recommendations {
		if i == maxAdvice {
			p.line("")
			p.line("… and %d more, see above.", len(r.Recommendations)-maxAdvice)
			break
		}
		from := ""
		if rec.Finding != "" {
			from = rec.Finding + ": "
		}
		p.line("%d. %s%s", i+1, from, text(rec.Text))
		if rec.Change != "" {
			p.line("   - Write: %s", code(rec.Change))
		}
		if rec.Command != "" {
			p.line("   - Run: %s", code(rec.Command))
		}
	}
}

func noAdvice(r report.Report) string {
	if len(r.Findings) > 0 {
		return "None beyond the findings above: their causes lie in the project's own code, at the places named."
	}
	return "None."
}
