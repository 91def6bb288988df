package analysis

import (
	"fmt"
	"strings"
)

// adviseSecurity speaks of every advisory, as there is a version to go to, and
// of what bandit rates high or the gate does not let pass.
func adviseSecurity(s Security, opt Options) []Recommendation {
	least := severityRank("high")
	if opt.SecurityFailOn != "" {
		least = min(least, severityRank(opt.SecurityFailOn))
	}
	var out []Recommendation
	out = append(out, adviseAdvisories(s.Advisories)...)
	for _, f := range s.Bandit {
		if severityRank(f.Severity) >= least {
			out = append(out, Recommendation{Text: fmt.Sprintf("look at %s:%d, bandit %s of severity %s: %s", f.File, f.Line, f.Test, strings.ToLower(f.Severity), headline(f.Message))})
		}
	}
	return out
}

// adviseAdvisories has one recommendation for each package, version and place:
// the newest of the fixed versions mends all that have one.
func adviseAdvisories(all []Advisory) []Recommendation {
	type remedy struct {
		pkg, version, envs string
		known              bool // there is a fixed version
	}
	ids, fixed := map[remedy][]string{}, map[remedy]string{}
	var order []remedy
	for _, a := range all {
		r := remedy{a.Package, a.Version, list(a.Environments), a.Fixed != ""}
		if ids[r] == nil {
			order = append(order, r)
		}
		ids[r] = append(ids[r], a.ID)
		if fixed[r] == "" || older(fixed[r], a.Fixed) {
			fixed[r] = a.Fixed
		}
	}
	var out []Recommendation
	for _, r := range order {
		text := fmt.Sprintf("%s %s has %s, and no fixed version is known: replace it in %s", r.pkg, r.version, list(ids[r]), r.envs)
		if r.known {
			text = fmt.Sprintf("raise %s from %s to %s or later in %s (%s)", r.pkg, r.version, fixed[r], r.envs, list(ids[r]))
		}
		out = append(out, Recommendation{Text: text})
	}
	return out
}

// advisePerformance has one command for each file and environment, whatever
// the number of benchmarks that are slower there.
func advisePerformance(p Performance) []Recommendation {
	type place struct{ file, environment string }
	slower := map[place][]Comparison{}
	var order []place
	for _, b := range p.Benchmarks {
		if b.Verdict != Regression {
			continue
		}
		at := place{b.File, b.Environment}
		if slower[at] == nil {
			order = append(order, at)
		}
		slower[at] = append(slower[at], b)
	}
	var out []Recommendation
	for _, at := range order {
		text := fmt.Sprintf("see whether %s in %s is still %.0f %% slower when it runs again", slower[at][0].Name, at.environment, 100*slower[at][0].Change)
		if n := len(slower[at]); n > 1 {
			text = fmt.Sprintf("see whether the %d benchmarks of %s that are slower in %s still are when they run again", n, at.file, at.environment)
		}
		out = append(out, Recommendation{Text: text, Command: shellCommand("weft", "test", at.file, "performance,"+at.environment)})
	}
	return out
}

// adviseCoverage names the files with the most lines to win.
func adviseCoverage(c Coverage) Recommendation {
	best := c.Files[0]
	for _, f := range c.Files {
		if f.Lines-f.Covered > best.Lines-best.Covered {
			best = f
		}
	}
	return Recommendation{Text: fmt.Sprintf("cover %s first: lines %s are executed by no unit test in any environment", best.File, best.Missing)}
}
