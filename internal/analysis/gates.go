package analysis

import (
	"fmt"

	"github.com/weft-build/weft/internal/result"
)

// Gate is a limit that the user has set. A gate whose matter was not measured
// has not been passed.
type Gate struct {
	Name    string `json:"name"` // "coverage", "security", "performance"
	Passed  bool   `json:"passed"`
	Message string `json:"message"`
}

func gates(a Analysis, opt Options) []Gate {
	var out []Gate
	if opt.CoverageMin > 0 {
		out = append(out, coverageGate(a.Coverage, opt.CoverageMin))
	}
	if opt.SecurityFailOn != "" {
		out = append(out, securityGate(a.Security, opt.SecurityFailOn))
	}
	if opt.PerformanceGate {
		out = append(out, performanceGate(a.Performance))
	}
	return out
}

func coverageGate(c Coverage, least float64) Gate {
	g := Gate{Name: "coverage", Passed: c.NotMeasured == "" && c.Percent >= least}
	g.Message = fmt.Sprintf("%.1f %% of lines, at least %.1f %% wanted", c.Percent, least)
	if c.NotMeasured != "" {
		g.Message = fmt.Sprintf("not measured: %s; at least %.1f %% wanted", c.NotMeasured, least)
	}
	return g
}

func securityGate(s Security, level string) Gate {
	n := 0
	for _, f := range s.Bandit {
		if severityRank(f.Severity) >= severityRank(level) {
			n++
		}
	}
	for _, a := range s.Advisories {
		if severityRank(a.Severity) >= severityRank(level) {
			n++
		}
	}
	g := Gate{Name: "security", Passed: n == 0, Message: fmt.Sprintf("%s of severity %s or above", plural(n, "finding"), level)}
	if s.BanditNotMeasured != "" && s.AdvisoriesNotMeasured != "" {
		g.Passed, g.Message = false, "not measured: "+s.BanditNotMeasured
	}
	return g
}

func performanceGate(p Performance) Gate {
	if p.NotMeasured != "" {
		return Gate{Name: "performance", Message: "not measured: " + p.NotMeasured}
	}
	n, unjudged := 0, 0
	for _, b := range p.Benchmarks {
		switch b.Verdict {
		case Regression:
			n++
		case NotJudged:
			unjudged++
		}
	}
	g := Gate{Name: "performance", Passed: n == 0, Message: fmt.Sprintf("%s by %.0f %% or more", plural(n, "regression"), 100*p.Threshold)}
	if unjudged > 0 {
		g.Message += fmt.Sprintf("; %s not judged: fewer than %d past runs", plural(unjudged, "benchmark"), BaselineRuns)
	}
	return g
}

// ExitCode is the exit code of weft test for the run; docs/formats.md lists
// the codes. What could not be run outranks what failed: a green or red
// answer that leaves cells out is not the answer that was asked for; and cells
// that all passed without a single test, as under a filter, are no pass.
func ExitCode(run result.Run, a Analysis) int {
	switch {
	case run.Interrupted:
		return 130
	case len(run.Cells) == 0:
		return 4
	}
	code, tests := 0, 0
	for _, g := range a.Gates {
		if !g.Passed {
			code = 1
		}
	}
	for _, p := range run.Problems {
		if p.Kind == "suite" {
			code = 1
		}
	}
	for _, c := range run.Cells {
		tests += len(c.Cases)
		switch c.Verdict {
		case result.Passed:
		case result.NotRun, result.Infrastructure:
			return 3
		default:
			code = 1
		}
	}
	if code == 0 && tests == 0 {
		return 4
	}
	return code
}
