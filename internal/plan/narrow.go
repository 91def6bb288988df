package plan

import (
	"slices"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/result"
)

// Singles says how a cell is run without the others of its package.
type Singles struct {
	own      map[string][]string // cell id → labels of the suites of its file alone
	together map[string]bool     // cells that are only right with those of their suite: isolation = "package"
}

// NewSingles reads it from the targets.
func NewSingles(t *bazel.Targets) Singles {
	s := Singles{own: map[string][]string{}, together: map[string]bool{}}
	files := make(map[string]bazel.File, len(t.Files))
	for _, f := range t.Files {
		files[f.Label] = f
	}
	for _, suite := range t.Suites {
		if !suite.PerFile {
			continue
		}
		for _, label := range suite.Files {
			f := files[label]
			id := CellID(bazel.Path(f.Src), suite.Type, suite.Environment)
			s.own[id] = append(s.own[id], suite.Label)
			if f.Isolation == "package" {
				s.together[id] = true
			}
		}
	}
	return s
}

// Narrow is a plan of some cells of p, by their ids, in the order given: what is
// wanted first stands first. Files that share a process bring the others of
// their suite along.
func (p *Plan) Narrow(ids []string, singles Singles) *Plan {
	n := &Plan{Timeouts: p.Timeouts}
	at := make(map[string]int, len(ids))
	named := map[string]bool{}
	planned := make(map[string]result.PlannedCell, len(p.Cells))
	for _, c := range p.Cells {
		planned[c.ID] = c
	}
	add := func(c result.PlannedCell, suites []string) {
		i, seen := at[c.ID]
		if !seen {
			i = len(n.Cells)
			at[c.ID] = i
			c.Suites = nil
			n.Cells = append(n.Cells, c)
		}
		for _, label := range suites {
			if !slices.Contains(n.Cells[i].Suites, label) {
				n.Cells[i].Suites = append(n.Cells[i].Suites, label)
			}
			if !named[label] {
				named[label] = true
				n.Patterns = append(n.Patterns, label)
			}
		}
	}
	shared := map[string]bool{}
	for _, id := range ids {
		c, ok := planned[id]
		switch {
		case !ok:
		case singles.together[id]:
			add(c, c.Suites)
			for _, label := range c.Suites {
				shared[label] = true
			}
		default:
			add(c, singles.own[id])
		}
	}
	for _, c := range p.Cells {
		if with := slices.DeleteFunc(slices.Clone(c.Suites), func(label string) bool { return !shared[label] }); len(with) > 0 {
			add(c, with)
		}
	}
	for _, name := range p.Environments {
		if slices.ContainsFunc(n.Cells, func(c result.PlannedCell) bool { return c.Environment == name }) {
			n.Environments = append(n.Environments, name)
		}
	}
	return n
}
