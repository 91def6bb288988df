package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/result"
)

// Parts says how some cells of a plan are run without the others. It is made
// once for a plan, and Narrow looks up in it what a pass wants.
type Parts struct {
	plan    *Plan
	at      map[string]int32   // cell id → position in the plan
	cells   []part             // by position
	members map[string][]int32 // the plan's suites → positions of their cells
}

// part is what is known of a cell.
type part struct {
	own      []string // labels of the suites of its file alone
	together bool     // it is only right with those of its suite: isolation = "package"
	inSuite  bool     // it runs in its suite's test action, which is no cached action of its own
}

// typesInSuite run in the test action of their suite, by rules_weft's types.bzl.
var typesInSuite = []string{"integration", "performance"}

// NewParts reads them from the targets that the plan was made of.
func NewParts(p *Plan, t *bazel.Targets) *Parts {
	s := &Parts{plan: p, at: make(map[string]int32, len(p.Cells)), cells: make([]part, len(p.Cells)), members: map[string][]int32{}}
	for i, c := range p.Cells {
		s.at[c.ID] = int32(i)
		for _, label := range c.Suites {
			s.members[label] = append(s.members[label], int32(i))
		}
	}
	files := make(map[string]bazel.File, len(t.Files))
	for _, f := range t.Files {
		files[f.Label] = f
	}
	own := make([]string, 0, len(p.Cells)) // in one piece of memory: most cells have one
	for _, suite := range t.Suites {
		if !suite.PerFile {
			continue
		}
		for _, label := range suite.Files {
			f := files[label]
			i, ok := s.at[CellID(bazel.Path(f.Src), suite.Type, suite.Environment)]
			if !ok {
				continue
			}
			one := &s.cells[i]
			if one.own == nil {
				own = append(own, suite.Label)
				one.own = slices.Clip(own[len(own)-1:])
			} else {
				one.own = append(one.own, suite.Label)
			}
			one.together = one.together || f.Isolation == "package"
			one.inSuite = one.inSuite || cmp.Or(f.Isolation, "cell") != "cell" || slices.Contains(typesInSuite, suite.Type)
		}
	}
	return s
}

// Output is where a cell's own action leaves its result, relative to Bazel's
// folder of outputs (bazel-bin); "" when it has no action of its own. By
// rules_weft's macros the tests of one file are //PACKAGE:NAME.TYPE@ENVIRONMENT,
// and its cells those of //PACKAGE:NAME.cells.
func (s *Parts) Output(id string) string {
	i, ok := s.at[id]
	if !ok || s.cells[i].inSuite || len(s.cells[i].own) == 0 {
		return ""
	}
	c := s.plan.Cells[i]
	name, ok := strings.CutSuffix(bazel.Path(s.cells[i].own[0]), "."+c.Type+"@"+c.Environment)
	if !ok {
		return ""
	}
	return name + ".cells/" + c.Type + "/" + c.Environment + "/cell.json"
}

// gathering is how many cells a suite gathers in the time that the test of one
// file alone takes beside its cell: Bazel's test setup, a sandbox, an interpreter.
const gathering = 100

// Narrow is a plan of some cells, by their ids, in the order given: what is
// wanted first stands first. Files that share a process bring the others of
// their suite along. settled says of a cell that it passed and would come from
// the cache: where all the others of a suite are so, the suite is run in place
// of the tests of many files alone, of which each costs a start. slots is how
// many of those run at once.
func (s *Parts) Narrow(ids []string, settled func(id string) bool, slots int) *Plan {
	n := narrowing{Parts: s, out: &Plan{Timeouts: s.plan.Timeouts}, placed: make(map[int32]int, len(ids)), named: map[string]bool{}}
	wanted := make([]int32, 0, len(ids))
	for _, id := range ids {
		if i, ok := s.at[id]; ok {
			wanted = append(wanted, i)
		}
	}
	gathered := map[string]bool{}
	if len(wanted) > slots {
		gathered = s.gathered(wanted, settled)
	}
	for _, i := range wanted {
		suites := s.plan.Cells[i].Suites
		whole := slices.IndexFunc(suites, func(label string) bool { return gathered[label] })
		switch {
		case s.cells[i].together:
			n.add(i, suites...)
		case whole >= 0:
			n.add(i, suites[whole])
		default:
			n.add(i, s.cells[i].own...)
		}
	}
	n.neighbours(gathered)
	for _, name := range s.plan.Environments {
		if slices.ContainsFunc(n.out.Cells, func(c result.PlannedCell) bool { return c.Environment == name }) {
			n.out.Environments = append(n.out.Environments, name)
		}
	}
	return n.out
}

// gathered are the suites that are to be run in place of single files.
func (s *Parts) gathered(wanted []int32, settled func(id string) bool) map[string]bool {
	of := map[string]map[int32]bool{}
	for _, i := range wanted {
		for _, label := range s.plan.Cells[i].Suites {
			if of[label] == nil {
				of[label] = map[int32]bool{}
			}
			of[label][i] = true
		}
	}
	out := map[string]bool{}
	for label, in := range of {
		all := s.members[label]
		out[label] = (len(in)-1)*gathering >= len(all) && !slices.ContainsFunc(all, func(i int32) bool {
			return s.cells[i].inSuite || !in[i] && !settled(s.plan.Cells[i].ID)
		})
	}
	return out
}

// narrowing is a plan under way.
type narrowing struct {
	*Parts
	out    *Plan
	placed map[int32]int   // position in the whole plan → in this one
	named  map[string]bool // labels among the patterns
}

// add has a cell run by suites.
func (n *narrowing) add(i int32, suites ...string) {
	at, seen := n.placed[i]
	if !seen {
		at = len(n.out.Cells)
		n.placed[i] = at
		c := n.plan.Cells[i]
		c.Suites = nil
		n.out.Cells = append(n.out.Cells, c)
	}
	for _, label := range suites {
		if c := &n.out.Cells[at]; !slices.Contains(c.Suites, label) {
			c.Suites = append(c.Suites, label)
		}
		if !n.named[label] {
			n.named[label] = true
			n.out.Patterns = append(n.out.Patterns, label)
		}
	}
}

// neighbours adds what the suites bring along: cells that share a process with
// those that are wanted, and beside them those that are only gathered again.
func (n *narrowing) neighbours(gathered map[string]bool) {
	for _, label := range slices.Clone(n.out.Patterns) {
		for _, i := range n.members[label] {
			if _, wanted := n.placed[i]; wanted {
				n.add(i, label)
				continue
			}
			if !gathered[label] {
				n.add(i, label)
				continue
			}
			c := n.plan.Cells[i]
			c.Suites = []string{label}
			n.out.Beside = append(n.out.Beside, c)
		}
	}
}
