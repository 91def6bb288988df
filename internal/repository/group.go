package repository

import (
	"path"
	"slices"
	"strings"
)

// group is the sources that one rule declares: a module by itself, or modules
// that import each other in a cycle.
type group struct {
	kind     string
	nodes    []*node
	files    []*file
	host     *folder // the folder in whose BUILD file the rule stands
	name     string
	hand     string // label of the rule that a person keeps
	testonly bool
	deps     []*group
	items    []item
}

// condense makes groups of the nodes: cycles become one. (Tarjan's algorithm;
// groups come out with their dependencies before them.)
func (m *mapper) condense() {
	index := map[*node]int{}
	low := map[*node]int{}
	on := map[*node]bool{}
	var stack []*node
	var visit func(*node)
	visit = func(n *node) {
		index[n] = len(index) + 1
		low[n] = index[n]
		stack = append(stack, n)
		on[n] = true
		for _, to := range n.edges.nodes {
			if index[to] == 0 {
				visit(to)
				low[n] = min(low[n], low[to])
			} else if on[to] {
				low[n] = min(low[n], index[to])
			}
		}
		if low[n] != index[n] {
			return
		}
		g := &group{}
		for {
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			on[last] = false
			last.group = g
			g.nodes = append(g.nodes, last)
			if last == n {
				break
			}
		}
		m.groups = append(m.groups, g)
	}
	for _, n := range m.order {
		if index[n] == 0 {
			visit(n)
		}
	}
	for _, g := range m.groups {
		m.settle(g)
	}
	m.spreadTestonly()
}

// settle fills a group from its nodes.
func (m *mapper) settle(g *group) {
	seen := map[*group]bool{g: true}
	g.testonly = true
	for _, n := range g.nodes {
		g.kind = n.kind
		if n.hand != "" {
			g.hand = n.hand
		}
		g.files = append(g.files, n.files...)
		for _, f := range n.files {
			g.testonly = g.testonly && (f.name == "conftest.py" || m.testOf[f] != nil && !m.testOf[f].doctest || testArea(f.in))
		}
		if n.whole {
			g.testonly = g.testonly && testArea(n.in)
		}
		for _, to := range n.edges.nodes {
			if !seen[to.group] {
				seen[to.group] = true
				g.deps = append(g.deps, to.group)
			}
		}
		for _, i := range n.edges.items {
			if !slices.Contains(g.items, i) {
				g.items = append(g.items, i)
			}
		}
		g.host = common(g.host, n.in)
	}
	slices.SortFunc(g.files, func(a, b *file) int { return strings.Compare(a.path, b.path) })
}

// common is the deepest folder that holds both.
func common(a, b *folder) *folder {
	if a == nil {
		return b
	}
	for !inside(a.path, b.path) {
		a = a.parent
	}
	return a
}

// spreadTestonly takes testonly from what a rule needs that is none: Bazel
// refuses such a dependency.
func (m *mapper) spreadTestonly() {
	// Groups stand after their dependencies, so one pass from the end will do.
	for _, g := range slices.Backward(m.groups) {
		if g.testonly {
			continue
		}
		for _, d := range g.deps {
			d.testonly = false
		}
	}
}

// nameGroup is the name that a group's rule should have.
func (m *mapper) nameGroup(g *group) []string {
	base := baseName(g.host)
	if g.kind == "octave_sources" {
		return []string{base, base + "_octave", base + "_package"}
	}
	if len(g.files) == 0 {
		return []string{"modules", base + "_modules"}
	}
	single := len(g.files) == 1
	first := g.files[0]
	if single {
		stem := first.stem()
		if path.Ext(first.name) != ".py" {
			stem, _, _ = strings.Cut(first.name, ".")
		}
		if t := m.testOf[first]; t != nil && !t.doctest {
			return []string{stem + "_source"}
		}
		return []string{stem, stem + "_source", stem + "_sources"}
	}
	packaged := slices.ContainsFunc(g.files, func(f *file) bool { return f.name == "__init__.py" })
	across := slices.ContainsFunc(g.files, func(f *file) bool { return f.in != first.in })
	if packaged || across {
		return []string{base, base + "_package"}
	}
	return []string{first.stem(), first.stem() + "_source", first.stem() + "_sources"}
}

// baseName is a folder's name as that of a rule. The workspace's own differs
// between checkouts, so it is not used.
func baseName(f *folder) string {
	if f.path == "" {
		return "workspace"
	}
	return underscored(path.Base(f.path))
}
