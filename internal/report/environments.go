package report

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/result"
)

// environments are those of the run, and any that only a cell has named.
func environments(run result.Run, a analysis.Analysis) []Environment {
	list := append([]result.Environment(nil), run.Environments...)
	known := map[string]bool{}
	for _, e := range list {
		known[e.Name] = true
	}
	cells := map[string][]result.Cell{}
	for _, c := range run.Cells {
		if !known[c.Environment] {
			known[c.Environment] = true
			j := c.JSON.Environment
			list = append(list, result.Environment{Name: c.Environment, Kind: j.Kind, Version: j.Version, StorePath: j.StorePath})
		}
		cells[c.Environment] = append(cells[c.Environment], c)
	}
	found := findingsByTest(a.Findings)
	var out []Environment
	for _, e := range list {
		out = append(out, environment(run, e, cells[e.Name], found))
	}
	return out
}

func environment(run result.Run, e result.Environment, cells []result.Cell, found map[place]string) Environment {
	out := Environment{
		Name: e.Name, Kind: e.Kind, Version: e.Version, Description: e.Description,
		StorePath: e.StorePath, NotBuilt: e.NotBuilt, StandIns: append([]string(nil), e.StandIn...), Tally: tally(run, cells),
	}
	if len(cells) == 0 {
		out.Reason = "the run has no cell in it"
	}
	if e.NotBuilt != "" {
		out.Status, out.Reason = NotRun, "it could not be made"
	}
	for _, c := range cells {
		if out.Interpreter == "" {
			out.Interpreter = c.JSON.Interpreter.Executable
		}
		if c.JSON.Interpreter.Version != "" {
			out.Version = c.JSON.Interpreter.Version
		}
		if out.MRST == nil && c.JSON.MRST != nil {
			mrst := *c.JSON.MRST
			out.MRST = &mrst
		}
		out.Failures = append(out.Failures, failures(c, found)...)
	}
	out.Failures = append(out.Failures, notRun(run, cells)...)
	if out.MRST != nil && out.MRST.StandIn && !slices.Contains(out.StandIns, "mrst") {
		out.StandIns = append(out.StandIns, "mrst")
	}
	sort.Strings(out.StandIns)
	return out
}

// place is where a finding shows: a test, or a file as a whole (id empty), in
// an environment.
type place struct{ file, kind, id, environment string }

func findingsByTest(findings []analysis.Finding) map[place]string {
	out := map[place]string{}
	for _, f := range findings {
		for _, t := range f.Tests {
			for _, env := range t.Environments {
				p := place{t.File, t.Type, t.Case, env}
				if out[p] == "" {
					out[p] = f.ID
				}
			}
		}
	}
	return out
}

// failures lists what did not pass in a cell that ran: its failed tests, and
// the cell itself when it ended by something that is no test's failure. Of the
// latter the launcher's own case tells which test was running.
func failures(c result.Cell, found map[place]string) []Failure {
	if c.Verdict == result.Passed || c.Verdict == result.NotRun {
		return nil
	}
	whole := Failure{Test: c.File, Type: c.Type, Message: string(c.Verdict) + ": " + c.Reason}
	whole.Finding = found[place{c.File, c.Type, "", c.Environment}]
	var out []Failure
	for _, k := range c.Cases {
		switch {
		case k.Outcome != result.CaseFailed && k.Outcome != result.CaseError:
		case k.Synthetic || strings.HasPrefix(k.Type, "weft."):
			whole.Test = k.ID
		default:
			out = append(out, Failure{Test: k.ID, Type: c.Type, Message: k.Message, Finding: found[place{c.File, c.Type, k.ID, c.Environment}]})
		}
	}
	if len(out) == 0 || whole.Finding != "" {
		out = append(out, whole)
	}
	return out
}

// notRun gathers cells that did not run by their reason, which many share.
// Those that an interrupted run did not reach are no failures.
func notRun(run result.Run, cells []result.Cell) []Failure {
	byReason := map[string][]result.Cell{}
	for _, c := range cells {
		if c.Verdict == result.NotRun && !analysis.NotReached(run, c) {
			byReason[c.Reason] = append(byReason[c.Reason], c)
		}
	}
	var out []Failure
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		same, types := byReason[reason], map[string]bool{}
		for _, c := range same {
			types[c.Type] = true
		}
		f := Failure{Test: same[0].File, Type: strings.Join(sorted(types), ", "), Message: "not run: " + reason}
		if len(same) > 1 {
			f.Test = fmt.Sprintf("%d cells", len(same))
		}
		out = append(out, f)
	}
	return out
}

// notes gathers what cells have said: options left out, cut logs, processes
// left behind.
func notes(run result.Run) []Note {
	type gathered struct {
		envs, types map[string]bool
		cells       int
	}
	byText := map[string]*gathered{}
	for _, c := range run.Cells {
		texts := append([]string(nil), c.JSON.Notes...)
		for _, l := range c.JSON.Leftovers {
			texts = append(texts, "left behind: "+l)
		}
		for _, text := range texts {
			g := byText[text]
			if g == nil {
				g = &gathered{envs: map[string]bool{}, types: map[string]bool{}}
				byText[text] = g
			}
			g.envs[c.Environment], g.types[c.Type] = true, true
			g.cells++
		}
	}
	var out []Note
	for text, g := range byText {
		out = append(out, Note{Text: text, Environments: sorted(g.envs), Types: sorted(g.types), Cells: g.cells})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Text < out[j].Text })
	return out
}

func sorted(set map[string]bool) []string {
	var out []string
	for name := range set {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
