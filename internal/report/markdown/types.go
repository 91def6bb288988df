package markdown

import (
	"fmt"
	"strings"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/report"
)

func (p *printer) types(r report.Report) {
	p.section("## Test Type Results")
	p.unit(r)
	p.integration(r)
	p.performance(r)
	p.security(r)
	p.compatibility(r)
}

// opening writes what every type's section begins with.
func (p *printer) opening(name string, t report.Tally) {
	p.line("### %s", name)
	p.line("")
	p.status(t)
	if t.Cells.Total > 0 {
		p.line("- Tests: %s", passedOf(t.Tests))
		p.line("- Duration: %s", duration(t))
	}
}

// notes writes what cells of the type have said about themselves.
func (p *printer) notes(r report.Report, kind string) {
	for _, n := range r.Notes {
		for _, t := range n.Types {
			if t == kind {
				p.line("- Note: %s (%s, %s)", text(n.Text), text(strings.Join(n.Environments, ", ")), plural(n.Cells, "cell"))
			}
		}
	}
	p.line("")
}

func (p *printer) unit(r report.Report) {
	p.opening("Unit", r.Types.Unit.Tally)
	c := r.Types.Unit.Coverage
	if c.NotMeasured != "" {
		p.line("- Coverage: not measured: %s", text(c.NotMeasured))
	} else {
		p.line("- Coverage: %.1f %% (%d of %d lines, united over environments)", c.Percent, c.Covered, c.Lines)
	}
	for _, e := range c.Environments {
		if e.NotMeasured != "" {
			p.line("  - %s: not measured: %s", code(e.Name), text(e.NotMeasured))
			continue
		}
		p.line("  - %s: %.1f %% (%d of %d lines)", code(e.Name), e.Percent, e.Covered, e.Lines)
	}
	for _, w := range c.Warnings {
		p.line("  - %s", text(w))
	}
	p.notes(r, "unit")
}

func (p *printer) integration(r report.Report) {
	t := r.Types.Integration
	p.opening("Integration", t.Tally)
	switch {
	case len(t.External) > 0:
		p.line("- External dependencies:")
	case t.Cells.Total == t.Cells.NotRun:
		p.line("- External dependencies: not measured: no integration test ran")
	default:
		p.line(`- External dependencies: not measured: no test names one (pytest's record_property("external_dependency", …))`)
	}
	for _, d := range t.External {
		failing := ""
		if len(d.Failing) > 0 {
			failing = " in " + strings.Join(codes(d.Failing), ", ")
		}
		p.line("  - %s: %s%s (%s)", code(d.Name), d.Status, failing, plural(d.Tests, "test"))
	}
	p.notes(r, "integration")
}

func (p *printer) performance(r report.Report) {
	t := r.Types.Performance
	p.opening("Performance", t.Tally)
	c := t.Comparison
	switch {
	case c.NotMeasured != "":
		p.line("- Baseline comparison: not measured: %s", text(c.NotMeasured))
	case c.Compared == 0:
		p.line("- Baseline comparison: no baseline yet; this run becomes it")
	default:
		p.line("- Baseline comparison: %s (geometric mean over %s with a baseline)%s", signed(c.Change), plural(c.Compared, "benchmark"), unjudged(c))
	}
	p.changes("Regressions", analysis.Regression, c)
	p.changes("Improvements", analysis.Improvement, c)
	p.notes(r, "performance")
	if len(c.Benchmarks) == 0 {
		return
	}
	p.line("| Benchmark | Environment | Median | Baseline | Change | p | Verdict |")
	p.line("|---|---|---:|---:|---:|---:|---|")
	for i, b := range c.Benchmarks {
		if i == maxListed {
			p.line("")
			p.line("And %d more, in report.json.", len(c.Benchmarks)-maxListed)
			break
		}
		baseline, change, pValue := "–", "–", "–"
		if b.BaselineRuns > 0 {
			baseline = fmt.Sprintf("%s (%s)", seconds(b.Baseline), plural(b.BaselineRuns, "run"))
			change, pValue = signed(b.Change), fmt.Sprintf("%.3f", b.P)
			if b.P < 0.001 {
				pValue = "\\< 0.001"
			}
		}
		verdict := b.Verdict
		if len(b.Notes) > 0 {
			verdict += ": " + strings.Join(b.Notes, "; ")
		}
		p.line("| %s | %s | %s | %s | %s | %s | %s |", cellCode(b.Name), cellCode(b.Environment), seconds(b.Median), baseline, change, pValue, text(verdict))
	}
	p.line("")
}

func (p *printer) changes(title, verdict string, c analysis.Performance) {
	var found []string
	for _, b := range c.Benchmarks {
		if b.Verdict == verdict {
			found = append(found, fmt.Sprintf("%s in %s %s", code(b.Name), code(b.Environment), signed(b.Change)))
		}
	}
	n := notJudged(c)
	switch {
	case len(found) > 0:
		p.line("- %s: %s%s", title, strings.Join(found, ", "), unjudged(c))
	case c.Compared == 0:
		p.line("- %s: not measured: there is no baseline", title)
	case n == c.Compared:
		p.line("- %s: not judged: no baseline has the %d runs that are needed", title, analysis.BaselineRuns)
	default:
		p.line("- %s: none of %.0f %% or more with p < 0.05%s", title, 100*c.Threshold, unjudged(c))
	}
}

func notJudged(c analysis.Performance) int {
	n := 0
	for _, b := range c.Benchmarks {
		if b.Verdict == analysis.NotJudged {
			n++
		}
	}
	return n
}

// unjudged says how many benchmarks have a baseline too short for a verdict.
func unjudged(c analysis.Performance) string {
	n := notJudged(c)
	switch {
	case n == 0:
		return ""
	case n == c.Compared:
		return fmt.Sprintf(", not judged: no baseline has the %d runs that are needed", analysis.BaselineRuns)
	}
	return fmt.Sprintf("; %d of the %d not judged: fewer than %d past runs", n, c.Compared, analysis.BaselineRuns)
}

func (p *printer) security(r report.Report) {
	t := r.Types.Security
	p.opening("Security", t.Tally)
	s := t.Checks
	p.count("Bandit findings", s.BanditNotMeasured, len(s.Bandit))
	for i, f := range s.Bandit {
		if i == maxListed {
			p.line("  - and %d more, in report.json", len(s.Bandit)-maxListed)
			break
		}
		p.line("  - %s %s %s, confidence %s: %s (%s)", code(fmt.Sprintf("%s:%d", f.File, f.Line)), text(f.Test), text(strings.ToLower(f.Severity)),
			text(strings.ToLower(f.Confidence)), text(brief(f.Message)), text(strings.Join(f.Environments, ", ")))
	}
	p.count("Advisory findings", s.AdvisoriesNotMeasured, len(s.Advisories))
	for i, a := range s.Advisories {
		if i == maxListed {
			p.line("  - and %d more, in report.json", len(s.Advisories)-maxListed)
			break
		}
		fixed, severity := "no fixed version known", "severity not stated"
		if a.Fixed != "" {
			fixed = "fixed in " + a.Fixed
		}
		if a.Severity != "" {
			severity = strings.ToLower(a.Severity)
		}
		p.line("  - %s %s: %s, %s, %s: %s (%s)", code(a.Package), text(a.Version), text(a.ID), text(severity), text(fixed), text(brief(a.Summary)), text(strings.Join(a.Environments, ", ")))
	}
	for _, w := range s.Warnings {
		p.line("- %s", text(w))
	}
	p.notes(r, "security")
}

func (p *printer) count(title, notMeasured string, n int) {
	if notMeasured != "" {
		p.line("- %s: not measured: %s", title, text(notMeasured))
		return
	}
	p.line("- %s: %d", title, n)
}

func (p *printer) compatibility(r report.Report) {
	t := r.Types.Compatibility
	p.opening("Compatibility", t.Tally)
	m := t.Matrix
	switch {
	case m.NotMeasured != "":
		p.line("- Differences: not measured: %s", text(m.NotMeasured))
	case len(m.Differences) == 0:
		p.line("- Differences: none; %s, of any type, ran in two or more environments", plural(m.Compared, "test"))
	default:
		p.line("- Differences: %d; %s, of any type, ran in two or more environments", len(m.Differences), plural(m.Compared, "test"))
	}
	p.notes(r, "compatibility")
	if len(m.Differences) == 0 {
		return
	}
	head, rule := "| Test | Type |", "|---|---|"
	for _, e := range r.Environments {
		head += " " + text(e.Name) + " |"
		rule += "---|"
	}
	p.line("%s", head)
	p.line("%s", rule)
	for i, d := range m.Differences {
		if i == maxListed {
			p.line("")
			p.line("And %d more, in report.json.", len(m.Differences)-maxListed)
			break
		}
		name := d.Test
		if name == "" {
			name = d.File
		}
		row := fmt.Sprintf("| %s | %s |", cellCode(name), text(d.Type))
		for _, e := range r.Environments {
			outcome := d.Outcomes[e.Name]
			if outcome == "" {
				outcome = "–"
			}
			row += " " + text(outcome) + " |"
		}
		p.line("%s", row)
	}
	p.line("")
}
