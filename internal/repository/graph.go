package repository

import (
	"path"
	"strings"
)

// node is what one rule could declare: a Python module, the Octave sources of a
// folder, the rule that a person wrote for some files, or all of a package.
type node struct {
	kind  string // python_sources or octave_sources
	in    *folder
	files []*file
	// hand is the label of a rule that a person keeps; its dependencies are theirs.
	hand string
	// whole: it stands for all modules of the folder and those below it.
	whole bool
	edges edges
	group *group
}

// edges are what a file needs beside itself.
type edges struct {
	nodes []*node
	items []item
	seen  map[any]bool
}

func (e *edges) node(n *node) {
	if n != nil && e.first(n) {
		e.nodes = append(e.nodes, n)
	}
}

func (e *edges) item(i item) {
	if e.first(i) {
		e.items = append(e.items, i)
	}
}

func (e *edges) first(key any) bool {
	if e.seen[key] {
		return false
	}
	if e.seen == nil {
		e.seen = map[any]bool{}
	}
	e.seen[key] = true
	return true
}

// nodeOf is the node of a Python file; what it needs is read when it is first
// asked for.
func (m *mapper) nodeOf(f *file) *node {
	if n, ok := m.nodes[f]; ok {
		return n
	}
	n := &node{kind: "python_sources", in: f.in, files: []*file{f}}
	m.nodes[f] = n
	m.order = append(m.order, n)
	return n
}

// wholeOf is the node of a package with everything in it.
func (m *mapper) wholeOf(at *folder) *node {
	if n, ok := m.wholes[at]; ok {
		return n
	}
	n := &node{kind: "python_sources", in: at, whole: true}
	m.wholes[at] = n
	m.order = append(m.order, n)
	return n
}

// connect reads what tests need, then what these need, until nothing is new.
// The modules beside one that is needed are sources of the same package: they
// are declared too, so that coverage and dynamic imports know them.
func (m *mapper) connect() {
	for _, t := range m.tests {
		if t.kind == "pytest_file" {
			m.readTest(t)
		}
	}
	for i := 0; i < len(m.order); i++ {
		n := m.order[i]
		if n.hand != "" || n.kind != "python_sources" {
			continue
		}
		if n.whole {
			m.readWhole(n)
			continue
		}
		m.readModule(n.files[0], &n.edges)
		if n.files[0].py == nil {
			continue // a compiled module
		}
		if chain := packageChain(n.in); len(chain) > 0 && m.testOf[n.files[0]] == nil {
			m.declarePackage(chain[0])
		}
	}
}

// declarePackage declares all modules of a top-level package.
func (m *mapper) declarePackage(top *folder) {
	if m.packages[top] {
		return
	}
	m.packages[top] = true
	for _, f := range m.modules(top) {
		m.nodeOf(f)
	}
}

// modules are the Python modules of a folder and those below it that are no
// tests, no conftest.py and no scripts beside the packages.
func (m *mapper) modules(at *folder) []*file {
	var out []*file
	at.below(func(f *file) {
		if (path.Ext(f.name) != ".py" || f.py == nil) && path.Ext(f.name) != ".so" {
			return
		}
		if t := m.testOf[f]; t != nil && !t.doctest || f.name == "conftest.py" || f.in.d.off {
			return
		}
		if f.in != at && len(packageChain(f.in)) == 0 && at.files["__init__.py"] != nil {
			return // below a package, but not of it: data
		}
		out = append(out, f)
	})
	return out
}

func (m *mapper) readWhole(n *node) {
	for _, f := range m.modules(n.in) {
		n.edges.node(m.nodeOf(f))
	}
}

// readTest reads what a Python test file needs: what it imports and reads, its
// packages, the conftest.py files above it, the project's settings and plugins.
func (m *mapper) readTest(t *test) {
	f := t.file
	if f.py != nil {
		m.readModule(f, &t.deps)
	}
	if t.doctest {
		t.deps.node(m.nodeOf(f))
	}
	for _, above := range f.in.chain() {
		if c := above.files["conftest.py"]; c != nil {
			t.deps.node(m.nodeOf(c))
		}
	}
	p := m.projectOf(f.in)
	if p == nil {
		return
	}
	if set := m.t.file(p.pytest.File); set != nil {
		t.deps.item(item{file: set})
	}
	for _, name := range p.pytest.Plugins {
		m.need(f, name, &t.deps)
	}
	if own := m.distOf(f.in); own != nil {
		for _, line := range own.dist.EntryPoints["pytest11"] {
			if _, target, ok := strings.Cut(line, "="); ok {
				module, _, _ := strings.Cut(strings.TrimSpace(target), ":")
				m.need(f, module, &t.deps)
			}
		}
	}
	m.directiveData(t)
}

// readModule reads what any Python file needs.
func (m *mapper) readModule(f *file, e *edges) {
	if f.py == nil {
		return
	}
	if own := f.in.files["__init__.py"]; own != nil && own != f {
		e.node(m.nodeOf(own))
	} else if own == f && f.in.parent != nil {
		if above := f.in.parent.files["__init__.py"]; above != nil {
			e.node(m.nodeOf(above))
		}
	}
	for _, i := range f.py.Imports {
		if !i.Typing {
			m.readImport(f, i, e)
		}
	}
	for _, u := range f.py.Uses {
		m.readUse(f, u, e)
	}
	for _, d := range f.py.Dynamic {
		m.readDynamic(f, d, e)
	}
	m.readModuleStrings(f, e)
	if mentions(f, []string{"entry_points", "iter_entry_points", "load_entry_point"}) {
		m.readEntryPoints(f, e)
	}
	m.readData(f, e)
	if f.py.Problem != nil {
		m.fallBack(f, "", e)
	}
}
