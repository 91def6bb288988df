package analysis

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// Recommendation is what to do next, derived from a finding, a gate or a
// measurement. Change is something to write, Command something to run.
type Recommendation struct {
	Finding string `json:"finding,omitempty"` // "F1"
	Text    string `json:"text"`
	Change  string `json:"change,omitempty"`
	Command string `json:"command,omitempty"`
}

func (s *study) recommend(a Analysis, opt Options) []Recommendation {
	var out []Recommendation
	if n := s.notReached(); n > 0 {
		out = append(out, Recommendation{
			Text:    fmt.Sprintf("run the scope again: the interruption left %s out; what has run comes from the cache", plural(n, "cell")),
			Command: shellCommand("weft", "test", s.run.Scope),
		})
	}
	for _, f := range a.Findings {
		if r := s.advise(f); r.Text != "" {
			r.Finding = f.ID
			if r.Command == "" {
				r.Command = f.Rerun
			}
			out = append(out, r)
		}
	}
	out = append(out, adviseSecurity(a.Security, opt)...)
	out = append(out, advisePerformance(a.Performance)...)
	for _, g := range a.Gates {
		if !g.Passed && g.Name == "coverage" && a.Coverage.NotMeasured == "" {
			out = append(out, adviseCoverage(a.Coverage))
		}
	}
	return merge(out)
}

// advise gives a finding's remedy; an assertion or an exception of the
// project's own has none that could be derived, beyond where it is.
func (s *study) advise(f Finding) Recommendation {
	envs := list(f.Environments)
	label := ""
	if len(f.Tests) > 0 {
		label = f.Tests[0].Label
	}
	if f.Spread == Flaky {
		return adviseFlaky(f)
	}
	switch f.Kind {
	case Undefined:
		if strings.Contains(f.Evidence, "MRST is in this environment but was not started") {
			return Recommendation{Text: fmt.Sprintf("let %s ask for MRST, so that it is started before its tests", f.Tests[0].File), Change: "% needs MRST"}
		}
	case MissingPackage:
		return s.adviseModule(f, label)
	case UndeclaredDependency:
		return adviseDependency(f)
	case MissingPlugin:
		return Recommendation{Text: fmt.Sprintf("add %s to the packages of %s in flake.nix", f.subject, envs)}
	case MissingProgram:
		return Recommendation{Text: fmt.Sprintf("a cell's PATH is its environment alone: add the package of %q to %s in flake.nix, or do without it", f.subject, envs)}
	case Syntax:
		if f.needs == "" {
			return Recommendation{}
		}
		return s.leaveOut(f, label, fmt.Sprintf("write %s without %s, or leave %s out", f.Location, f.subject, envs))
	case UndeclaredFile:
		return Recommendation{Text: fmt.Sprintf("declare %q as data of %s, so that its cells see it and rerun when it changes", f.subject, label), Change: dataAttribute(label, f.subject)}
	case Network:
		return Recommendation{Text: fmt.Sprintf("cells have no network but loopback: serve what %s asks for from the test itself, on 127.0.0.1 and a free port", where(f))}
	case Home:
		return Recommendation{Text: fmt.Sprintf("a cell's HOME is private and empty: give %s the path of a declared file instead", where(f))}
	case HostFile:
		return Recommendation{Text: fmt.Sprintf("copy %q into the workspace and declare it as data of %s, or take it from a package of the environment", f.subject, label)}
	case ReadOnly:
		return Recommendation{Text: fmt.Sprintf("let %s write below pytest's tmp_path, or TMPDIR", where(f))}
	case TimedOut:
		return s.adviseTimeout(f, label)
	case Memory:
		return Recommendation{Text: "run fewer cells at once, or let the test need less", Command: f.Rerun + " --jobs 1"}
	case NothingFound:
		t := f.Tests[0]
		write := fmt.Sprintf("mark a test in %s with @pytest.mark.%s", t.File, t.Type)
		if t.Type == "unit" {
			write = "write a test without another type's marker in " + t.File
		}
		return Recommendation{Text: fmt.Sprintf("%s, or take %q out of types of %s", write, t.Type, label)}
	case NotBuilt:
		return Recommendation{Text: fmt.Sprintf("mend environment %s in flake.nix; this builds it alone and shows the whole error", f.subject)}
	case NoResult:
		if f.Location == "" || !strings.Contains(f.Location, "//") {
			return Recommendation{}
		}
		return Recommendation{Text: "see what Bazel says about the suite", Command: shellCommand("bazel", "test", "--test_output=all", f.Location)}
	case SuiteBroken:
		return Recommendation{Text: "see why the suite itself failed"}
	}
	return Recommendation{}
}

func where(f Finding) string {
	if f.Location != "" {
		return f.Location
	}
	return f.Tests[0].File
}

func (s *study) adviseModule(f Finding, label string) Recommendation {
	if f.needs != "" && f.Spread == InSome {
		return s.leaveOut(f, label, fmt.Sprintf("import %q only where Python has it, or leave %s out", f.subject, list(f.Environments)))
	}
	r := s.leaveOut(f, label, fmt.Sprintf("add the package that provides %q to %s in flake.nix, or leave it out there", f.subject, list(f.Environments)))
	return r
}

// leaveOut proposes the environments attribute that keeps the passing ones.
func (s *study) leaveOut(f Finding, label, text string) Recommendation {
	r := Recommendation{Text: text}
	if len(f.Passing) > 0 && label != "" {
		quoted := make([]string, len(f.Passing))
		for i, env := range f.Passing {
			quoted[i] = strconv.Quote(env)
		}
		r.Change = fmt.Sprintf("environments = [%s],  # of %s", strings.Join(quoted, ", "), label)
	}
	return r
}

// dataAttribute writes the attribute that declares a workspace's file for the
// target.
func dataAttribute(label, file string) string {
	pkg, _, _ := strings.Cut(strings.TrimPrefix(label, "//"), ":")
	if rest, ok := strings.CutPrefix(file, pkg+"/"); ok && pkg != "" {
		return fmt.Sprintf("data = [%q],  # of %s", rest, label)
	}
	dir, base := path.Split(file)
	return fmt.Sprintf("data = [%q],  # of %s; and exports_files([%q]) in %sBUILD.bazel", "//"+strings.TrimSuffix(dir, "/")+":"+base, label, base, dir)
}

func (s *study) adviseTimeout(f Finding, label string) Recommendation {
	limit := 0.0
	for _, t := range f.Tests {
		if c := s.cells[fileType{t.File, t.Type}][t.Environments[0]]; c != nil {
			limit = c.JSON.TimeoutSeconds
		}
	}
	r := Recommendation{Text: fmt.Sprintf("find what hangs in %s, or give it more time", where(f))}
	if limit > 0 && label != "" {
		r.Change = fmt.Sprintf("timeout_seconds = %d,  # of %s, now %g", int(2*limit), label, limit)
	}
	return r
}

func adviseFlaky(f Finding) Recommendation {
	r := Recommendation{Text: fmt.Sprintf("make %s independent of order, time and chance; this repeats it", where(f))}
	t := f.Tests[0]
	r.Command = shellCommand("weft", "test", t.File, t.Type+","+t.Environments[0], "--", "--runs_per_test=10")
	return r
}

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
