package result

import (
	"fmt"
	"sort"
	"strings"

	"github.com/weft-build/weft/internal/proc"
)

// Run returns what is known so far: cells in plan order, problems, Bazel's
// version, Interrupted. Cells without a result are NotRun with their reason.
// The caller fills the other fields. It may be called at any time.
func (f *Fold) Run() Run {
	run := Run{Bazel: f.bazel, Interrupted: f.interrupted()}
	for i, p := range f.planned {
		run.Cells = append(run.Cells, f.cell(cellKey{p.File, p.Type, p.Environment}, i))
	}
	extra := append([]cellKey(nil), f.extra...)
	sort.Slice(extra, func(i, j int) bool { return extra[i].String() < extra[j].String() })
	for _, key := range extra {
		run.Cells = append(run.Cells, f.cell(key, -1))
	}
	run.Problems = append(run.Problems, f.problems.list()...)
	run.Problems = append(run.Problems, f.suiteProblems()...)
	run.Problems = append(run.Problems, f.facts.problems()...)
	return run
}

// cell is the cell as known now; planned is its position in the plan or -1.
func (f *Fold) cell(key cellKey, planned int) Cell {
	if parts := f.parts[key]; len(parts) > 0 {
		cell := mergeParts(parts)
		cell.ID = key.String()
		if planned >= 0 {
			cell.ID = f.planned[planned].ID
		}
		cell.Cached = cell.Start.Before(f.start)
		if cell.Start.IsZero() { // a cell.json that does not say when
			last := parts[len(parts)-1].event
			cell.Cached = last.CachedLocally || last.CachedRemotely
		}
		return cell
	}
	p := f.planned[planned]
	cell := Cell{ID: p.ID, File: p.File, Type: p.Type, Environment: p.Environment, Verdict: NotRun, Reason: f.why(p)}
	if len(p.Suites) > 0 {
		cell.Suite = p.Suites[0]
	}
	for _, label := range p.Suites {
		if s := f.state[label]; s != nil && cell.LogPath == "" {
			cell.LogPath = s.log
		}
	}
	return cell
}

// why says why a planned cell has no result.
func (f *Fold) why(p PlannedCell) string {
	if why := f.excluded[p.Environment]; why != "" {
		return why
	}
	for _, label := range p.Suites {
		s := f.state[label]
		switch {
		case s == nil:
		case s.why != "":
			return s.why
		case s.cells > 0:
			return label + " reported other cells and not this one"
		case s.status != "":
			return fmt.Sprintf("its suite has no result; Bazel says: %s", s.status)
		}
	}
	switch {
	case f.interrupted():
		return "interrupted before it was reported"
	case f.finished == nil:
		return "Bazel ended, or was stopped, before it reported this cell"
	case f.finished.ExitName != "" && f.finished.ExitCode != 0:
		return fmt.Sprintf("Bazel reported nothing on its suite and ended with %s", f.finished.ExitName)
	}
	return "Bazel reported nothing on its suite"
}

// suiteProblems lists the suites with a run or shard that failed although its
// cells passed, or that left none while others did: a launcher that broke
// beside its cells must not look like success.
func (f *Fold) suiteProblems() []Problem {
	var out []Problem
	for label, s := range f.state {
		if s.cells > 0 && anyOf(s.broken) {
			out = append(out, Problem{
				Kind:    "suite",
				Message: strings.TrimSpace(fmt.Sprintf("%s failed although each cell that it reported passed; Bazel says: %s %s", label, s.status, oneLine(s.details))),
				Hint:    "bazel test " + proc.Quote([]string{label}),
			})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Message < out[j].Message })
	return out
}

func anyOf(m map[lane]bool) bool {
	for _, v := range m {
		if v {
			return true
		}
	}
	return false
}
