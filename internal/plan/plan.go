// Package plan turns a request and the workspace's target facts into cells: it
// is pure, so the same wish over the same workspace is the same plan.
package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/texts"
)

// Plan is what one pass will do.
type Plan struct {
	Cells        []result.PlannedCell // ordered by environment, type, file
	Environments []string             // those that the cells need, in the lock's order
	Timeouts     map[string]int       // cell id → seconds
	// Patterns and TagFilters are the targets of the one `bazel test`.
	// Without TagFilters the patterns are labels of suites.
	Patterns   []string
	TagFilters []string
	Notes      []string // facts about the plan that the user should know
	// Beside are cells that the suites tell of as well, though nothing is asked of
	// them: they passed, and are gathered again. See Parts.Narrow.
	Beside []result.PlannedCell
}

// Workspace is what the plan needs to know beside the targets.
type Workspace struct {
	Environments []string // the names in the environments lock, in its order
	Targets      *bazel.Targets
	Path         string // a path scope, workspace-relative with slashes; "" is the root
	IsDir        bool   // Path is a folder
	Package      string // package that a relative Bazel pattern (":x") starts from
}

// New makes the plan. Its errors are *request.UsageError for a name that does
// not exist and *NothingError when nothing matches.
func New(req request.Request, ws Workspace) (*Plan, error) {
	environments, err := request.Select(req.Environments, ws.Environments)
	if err != nil {
		return nil, err
	}
	types := req.Types
	if req.Scope.Kind == request.ScopeType && !slices.Contains(types, req.Scope.Text) {
		types = append([]string{req.Scope.Text}, types...)
	}
	if len(types) == 0 {
		types = request.Types
	}
	ix := newIndex(ws.Targets)
	chosen, err := ix.choose(req, ws)
	if err != nil {
		return nil, err
	}
	p := &Plan{Timeouts: map[string]int{}, Notes: chosen.notes}
	keep := func(s bazel.Suite) bool {
		return slices.Contains(environments, s.Environment) && slices.Contains(types, s.Type)
	}
	suites := slices.DeleteFunc(chosen.suites, func(s bazel.Suite) bool { return !keep(s) })
	p.addCells(ix, suites, ws.Environments)
	if len(p.Cells) == 0 {
		return nil, nothing(req, ix, chosen, environments, types)
	}
	p.setTargets(chosen.pattern, suites)
	return p, nil
}

// Without returns the plan less the cells of the environments given, which
// could not be made.
func (p *Plan) Without(environments []string) *Plan {
	q := *p
	q.Cells = slices.DeleteFunc(slices.Clone(p.Cells), func(c result.PlannedCell) bool { return slices.Contains(environments, c.Environment) })
	q.Beside = slices.DeleteFunc(slices.Clone(p.Beside), func(c result.PlannedCell) bool { return slices.Contains(environments, c.Environment) })
	q.Environments = slices.DeleteFunc(slices.Clone(p.Environments), func(e string) bool { return slices.Contains(environments, e) })
	if len(p.TagFilters) > 0 {
		q.TagFilters = tagFilters(q.Cells)
		return &q
	}
	var labels []string
	for _, c := range q.Cells {
		labels = append(labels, c.Suites...)
	}
	slices.Sort(labels)
	q.Patterns = slices.Compact(labels)
	return &q
}

// CellID is the stable name of a cell.
func CellID(file, testType, environment string) string {
	return file + " " + testType + " " + environment
}

func (p *Plan) addCells(ix *index, suites []bazel.Suite, order []string) {
	at := map[string]int{}
	var ids texts.Table
	for _, s := range suites {
		for _, label := range s.Files {
			file, ok := ix.files[label]
			if !ok {
				continue
			}
			src := ids.One(bazel.Path(file.Src))
			id := CellID(src, s.Type, s.Environment)
			i, seen := at[id]
			if !seen {
				i, id = len(p.Cells), ids.Keep(id)
				at[id] = i
				p.Cells = append(p.Cells, result.PlannedCell{ID: id, File: src, Type: s.Type, Environment: s.Environment})
				p.Timeouts[id] = file.Timeout
			}
			p.Cells[i].Suites = append(p.Cells[i].Suites, s.Label)
		}
	}
	p.Cells = slices.Clip(p.Cells)
	gather(p.Cells)
	slices.SortStableFunc(p.Cells, func(a, b result.PlannedCell) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Environment), slices.Index(order, b.Environment)),
			cmp.Compare(slices.Index(request.Types, a.Type), slices.Index(request.Types, b.Type)), strings.Compare(a.File, b.File))
	})
	for _, c := range p.Cells {
		if !slices.Contains(p.Environments, c.Environment) {
			p.Environments = append(p.Environments, c.Environment)
		}
	}
}

// gather has the cells' lists of suites in one piece of memory.
func gather(cells []result.PlannedCell) {
	n := 0
	for _, c := range cells {
		n += len(c.Suites)
	}
	all := make([]string, 0, n)
	for i := range cells {
		from := len(all)
		all = append(all, cells[i].Suites...)
		cells[i].Suites = slices.Clip(all[from:])
	}
}

// setTargets prefers one pattern with tag filters, which reads well and stays
// short however large the workspace is; single files need labels.
func (p *Plan) setTargets(pattern string, suites []bazel.Suite) {
	if pattern != "" {
		p.Patterns, p.TagFilters = []string{pattern}, tagFilters(p.Cells)
		return
	}
	for _, s := range suites {
		p.Patterns = append(p.Patterns, s.Label)
	}
	slices.Sort(p.Patterns)
	p.Patterns = slices.Compact(p.Patterns)
}

// tagFilters names the type@environment pairs of the cells; Bazel runs a test
// that carries any of them.
func tagFilters(cells []result.PlannedCell) []string {
	var tags []string
	for _, c := range cells {
		if tag := c.Type + "@" + c.Environment; !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// NothingError says that a valid request matches no cell.
type NothingError struct{ Msg, Hinted string }

func (e *NothingError) Error() string { return e.Msg }

// Hint says what to type next.
func (e *NothingError) Hint() string { return e.Hinted }

// nothing says which of the request's parts left nothing over.
func nothing(req request.Request, ix *index, chosen choice, environments, types []string) error {
	if len(ix.targets.Suites) == 0 {
		return &NothingError{Msg: "the workspace has no Weft tests", Hinted: "declare them with pytest_file, octave_file and matrix_suite from @rules_weft//:defs.bzl"}
	}
	if len(chosen.suites) == 0 && req.Scope.Kind != request.ScopeAll && req.Scope.Kind != request.ScopeType {
		return &NothingError{Msg: fmt.Sprintf("no test lies in or depends on %q", req.Scope.Text), Hinted: "see what there is: weft plan all"}
	}
	wider := req.Scope.Text
	if req.Scope.Kind == request.ScopeType {
		wider = "all" // a plan of the type alone would be as empty
	}
	return &NothingError{
		Msg:    fmt.Sprintf("no cell of scope %q is of type %s in environment %s", req.Scope.Text, strings.Join(types, ", "), strings.Join(environments, ", ")),
		Hinted: "see what there is: weft plan " + proc.Quote([]string{wider}),
	}
}
