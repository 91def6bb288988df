package report

import (
	"fmt"
	"sort"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/result"
)

// Build makes the report of a run.
func Build(run result.Run, a analysis.Analysis) Report {
	r := Report{
		SchemaVersion: SchemaVersion, Weft: run.Weft, Bazel: run.Bazel,
		Run: RunInfo{
			ID: run.ID, Scope: run.Scope, Start: run.Start, End: run.End,
			DurationSeconds: max(run.End.Sub(run.Start), 0).Seconds(),
			Interrupted:     run.Interrupted, ExitCode: analysis.ExitCode(run, a),
		},
		Findings: a.Findings, Gates: a.Gates, Recommendations: a.Recommendations,
		Notes: notes(run),
	}
	for _, p := range run.Problems {
		r.Problems = append(r.Problems, Problem(p))
	}
	r.run = run.Cells
	r.Environments = environments(run, a)
	r.Types = types(run, a)
	r.Summary = summary(run, r)
	return r
}

func summary(run result.Run, r Report) Summary {
	t := tally(run, run.Cells)
	s := Summary{Status: Pass, Tests: t.Tests, Cells: t.Cells}
	if r.Run.ExitCode != 0 {
		s.Status = Fail
	}
	seen := map[string]bool{}
	for _, e := range r.Environments {
		if e.Cells.Total > e.Cells.NotRun {
			s.EnvironmentsTested = append(s.EnvironmentsTested, e.Name)
		}
		for _, name := range e.StandIns {
			if !seen[name] {
				seen[name] = true
				s.StandIns = append(s.StandIns, name)
			}
		}
	}
	sort.Strings(s.StandIns)
	return s
}

// tally counts cells and their cases. Its status is about them alone.
func tally(run result.Run, cells []result.Cell) Tally {
	t := Tally{Status: Pass}
	for _, c := range cells {
		t.Cells.add(c)
		if analysis.NotReached(run, c) {
			t.Cells.NotReached++
		}
		for _, k := range c.Cases {
			t.Tests.add(k)
		}
		t.DurationSeconds += c.Duration.Seconds()
		if !c.Cached {
			t.FreshSeconds += c.Duration.Seconds()
		}
	}
	switch {
	case t.Cells.Failed > 0:
		t.Status = Fail
		if t.Tests.Failed == 0 {
			t.Reason = firstReason(cells, func(v result.Verdict) bool { return v != result.Passed && v != result.NotRun })
		}
	case t.Cells.NotReached > 0 && t.Cells.NotReached == t.Cells.NotRun:
		t.Status = NotRun
		t.Reason = fmt.Sprintf("interrupted: %d of %s not reached", t.Cells.NotReached, plural(t.Cells.Total, "cell"))
	case t.Cells.Total == t.Cells.NotRun:
		t.Status = NotRun
		t.Reason = firstReason(cells, func(v result.Verdict) bool { return v == result.NotRun })
	case t.Cells.NotRun > 0:
		t.Status = Fail
		t.Reason = fmt.Sprintf("%d of %s not run: %s", t.Cells.NotRun, plural(t.Cells.Total, "cell"),
			firstReason(cells, func(v result.Verdict) bool { return v == result.NotRun }))
	}
	return t
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func firstReason(cells []result.Cell, which func(result.Verdict) bool) string {
	for _, c := range cells {
		if which(c.Verdict) {
			return c.Reason
		}
	}
	return ""
}

func (t *CellTally) add(c result.Cell) {
	t.Total++
	switch c.Verdict {
	case result.Passed:
		t.Passed++
	case result.NotRun:
		t.NotRun++
		return
	default:
		t.Failed++
	}
	if c.Cached {
		t.Cached++
		if c.Remote {
			t.Remote++
		}
	} else if c.Type == "performance" {
		t.MeasuredAnew++
	}
	if c.Flaky {
		t.Flaky++
	}
}

func (t *Tests) add(k result.Case) {
	if k.Synthetic {
		return
	}
	t.Total++
	switch k.Outcome {
	case result.CaseFailed, result.CaseError:
		t.Failed++
	case result.CaseSkipped:
		t.Skipped++
	case result.CaseXFailed:
		t.XFailed++
	case result.CaseXPassed:
		t.XPassed++
	default:
		t.Passed++
	}
	if k.Flaky {
		t.Flaky++
	}
}

func types(run result.Run, a analysis.Analysis) Types {
	var t Types
	t.Unit.Tally, t.Unit.Coverage = ofType(run, a, "unit"), a.Coverage
	t.Integration.Tally, t.Integration.External = ofType(run, a, "integration"), a.External
	t.Performance.Tally, t.Performance.Comparison = ofType(run, a, "performance"), a.Performance
	t.Security.Tally, t.Security.Checks = ofType(run, a, "security"), a.Security
	t.Compatibility.Tally, t.Compatibility.Matrix = ofType(run, a, "compatibility"), a.Compatibility
	return t
}

// gateOf says which test type a gate belongs to.
var gateOf = map[string]string{"coverage": "unit", "security": "security", "performance": "performance"}

func ofType(run result.Run, a analysis.Analysis, name string) Tally {
	var cells []result.Cell
	for _, c := range run.Cells {
		if c.Type == name {
			cells = append(cells, c)
		}
	}
	t := tally(run, cells)
	if len(cells) == 0 {
		t.Reason = fmt.Sprintf("the run has no %s cell", name)
	}
	for _, g := range a.Gates {
		if !g.Passed && gateOf[g.Name] == name {
			t.Status = Fail
			t.Reason = g.Name + " gate: " + g.Message
		}
	}
	return t
}

func cell(c result.Cell) Cell {
	out := Cell{
		ID: c.ID, File: c.File, Type: c.Type, Environment: c.Environment, Suite: c.Suite,
		Verdict: string(c.Verdict), Reason: c.Reason, Cached: c.Cached, Remote: c.Remote, Flaky: c.Flaky,
		Start: c.Start, DurationSeconds: c.Duration.Seconds(), LogPath: c.LogPath, Cases: make([]Case, 0, len(c.Cases)),
	}
	if c.Verdict != result.Passed || c.Flaky {
		out.Log = c.Log
	}
	for _, k := range c.Cases {
		item := Case{
			ID: k.ID, Name: k.Name, Class: k.Class, Outcome: string(k.Outcome), DurationSeconds: k.Duration.Seconds(),
			Line: k.Line, Type: k.Type, Message: k.Message, Text: k.Text, Flaky: k.Flaky, FirstText: k.FirstText, Synthetic: k.Synthetic,
		}
		if k.Outcome == result.CaseFailed || k.Outcome == result.CaseError || k.Flaky {
			item.Stdout = k.Stdout
		}
		for _, p := range k.Properties {
			if item.Properties == nil {
				item.Properties = map[string]string{}
			}
			if old, twice := item.Properties[p.Name]; twice {
				p.Value = old + ", " + p.Value
			}
			item.Properties[p.Name] = p.Value
		}
		out.Cases = append(out.Cases, item)
	}
	return out
}
