package repository

import (
	"path"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pysource"
)

// node is what one rule could declare: a Python module, the Octave sources of a
// folder, the rule that a person wrote for some files, or all of a package.
type node struct {
	kind  string // python_sources or octave_sources
	in    *folder
	files []*file
	// hand is the label of a rule that a person keeps; its dependencies are theirs.
	hand string
	// package: it stands for all modules of the folder and those below it.
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
			m.package_(chain[0])
		}
	}
}

// package_ declares all modules of a top-level package.
func (m *mapper) package_(top *folder) {
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

func (m *mapper) readImport(f *file, i pysource.Import, e *edges) {
	hit := m.follow(f, i.Level, i.Module)
	if i.Level == 0 && len(hit.files) == 0 && hit.in == nil {
		if !m.readNamespace(f, i, e) {
			m.external(f, i)
		}
		return
	}
	m.take(f, hit, e)
	for _, name := range i.Names {
		if hit.in == nil {
			break // no package: its names are no modules
		}
		if name == "*" {
			m.readStar(f, hit, e)
			continue
		}
		m.take(f, m.follow(f, i.Level, join(i.Module, name)), e)
	}
}

// readNamespace: `from folder import module`, where the folder has no
// __init__.py and so no file of its own. It reports whether there is one.
func (m *mapper) readNamespace(f *file, i pysource.Import, e *edges) bool {
	any := false
	for _, name := range i.Names {
		if hit := m.follow(f, 0, join(i.Module, name)); len(hit.files) > 0 {
			m.take(f, hit, e)
			any = true
		}
	}
	return any
}

func join(module, name string) string {
	if module == "" {
		return name
	}
	return module + "." + name
}

// readStar: `from package import *` imports the submodules that __all__ names.
func (m *mapper) readStar(f *file, hit found, e *edges) {
	if hit.last == nil || hit.last.py == nil {
		return
	}
	for _, name := range hit.last.py.All {
		m.take(f, lookup(hit.in, []string{name}), e)
	}
}

// take adds the edge to what was found: to its last file, whose packages come
// with it, or as far as the name led.
func (m *mapper) take(f *file, hit found, e *edges) {
	if len(hit.files) == 0 && hit.last == nil {
		return
	}
	last := hit.last
	if last == nil && len(hit.files) > 0 {
		last = hit.files[len(hit.files)-1]
	}
	if hit.root != nil && hit.root.path == "" && !m.strong[hit.root] {
		for _, file := range hit.files {
			m.viaRoot[file] = true
		}
	}
	for _, file := range hit.files {
		// A namespace package in between: the files before it are no packages of
		// the last one.
		if file != last && !slices.Contains(packageChain(last.in), file.in) {
			e.node(m.nodeOf(file))
		}
	}
	if last != nil && last != f {
		e.node(m.nodeOf(last))
	}
}

// need adds what a dotted name leads to, if it is the workspace's.
func (m *mapper) need(f *file, name string, e *edges) {
	m.take(f, m.find(f, name), e)
}

// readUse: `import a` and a.b.c may use the module a.b although another module
// imports it.
func (m *mapper) readUse(f *file, u pysource.Reference, e *edges) {
	hit := m.follow(f, u.Level, u.Name)
	if len(hit.files) > 0 {
		m.take(f, hit, e)
	}
}

func (m *mapper) readDynamic(f *file, d pysource.Dynamic, e *edges) {
	if d.Module == "" {
		if d.Call != "pytest_plugins" && d.Call != "importorskip" {
			m.fallBack(f, d.Prefix, e)
		}
		return
	}
	name := strings.TrimLeft(d.Module, ".")
	level := len(d.Module) - len(name)
	if hit := m.follow(f, level, name); len(hit.files) > 0 {
		m.take(f, hit, e)
		if main := mainOf(hit); d.Call == "run_module" && main != nil {
			e.node(m.nodeOf(main))
		}
	}
}

func mainOf(hit found) *file {
	if hit.in == nil {
		return nil
	}
	return hit.in.files["__main__.py"]
}

// fallBack is for what cannot be known: the module that is imported is
// computed, or the file was not understood. With the name's beginning it is
// that package; for a module, its own; for a test, all that is tested.
func (m *mapper) fallBack(f *file, prefix string, e *edges) {
	if name := strings.TrimRight(prefix, "."); name != "" {
		plain := strings.TrimLeft(name, ".")
		if hit := m.follow(f, len(name)-len(plain), plain); hit.in != nil {
			e.node(m.wholeOf(hit.in))
			return
		}
	}
	if chain := packageChain(f.in); len(chain) > 0 && m.testOf[f] == nil && f.name != "conftest.py" && !testArea(f.in) {
		e.node(m.wholeOf(chain[0]))
		return
	}
	for _, top := range m.topPackages() {
		e.node(m.wholeOf(top))
	}
}

// topPackages are the packages of the distributions' source roots.
func (m *mapper) topPackages() []*folder {
	var out []*folder
	for _, p := range m.projects {
		for _, root := range m.distRoots(p) {
			for _, name := range sortedKeys(root.subs) {
				if sub := root.subs[name]; sub.files["__init__.py"] != nil && !testArea(sub) && !slices.Contains(out, sub) {
					out = append(out, sub)
				}
			}
		}
	}
	return out
}

// testArea reports whether a folder's name, or that of one above it, says that
// it belongs to tests.
func testArea(f *folder) bool {
	for _, part := range strings.Split(f.path, "/") {
		switch part {
		case "test", "tests", "testing", "test_data", "testdata":
			return true
		}
	}
	return false
}

// readModuleStrings: modules are named in text too: mock.patch("pkg.mod.name"),
// INSTALLED_APPS, [sys.executable, "-m", "pkg"], a console script by its name.
func (m *mapper) readModuleStrings(f *file, e *edges) {
	runs := slices.ContainsFunc(f.py.Strings, func(s pysource.String) bool { return s.Value == "-m" })
	own := m.distOf(f.in)
	for _, s := range f.py.Strings {
		switch {
		case importing(s.Value):
			for _, i := range pysource.Read([]byte(s.Value)).Imports {
				m.readImport(f, i, e)
			}
		case dotted(s.Value):
			name, _, _ := strings.Cut(s.Value, ":")
			hit := m.find(f, name)
			if len(hit.files) > 1 || hit.last != nil {
				m.take(f, hit, e)
				if main := mainOf(hit); runs && main != nil {
					e.node(m.nodeOf(main))
				}
			}
		case runs && identifier(s.Value):
			if hit := m.find(f, s.Value); hit.last != nil {
				m.take(f, hit, e)
				if main := mainOf(hit); main != nil {
					e.node(m.nodeOf(main))
				}
			}
		case own != nil && m.testOf[f] != nil:
			m.readScript(f, own, s.Value, e)
		}
	}
}

// readEntryPoints: who asks for entry points loads what the workspace's own
// distributions name there.
func (m *mapper) readEntryPoints(f *file, e *edges) {
	for _, p := range m.projects {
		if p.dist == nil {
			continue
		}
		for _, group := range sortedKeys(p.dist.EntryPoints) {
			for _, line := range p.dist.EntryPoints[group] {
				if _, target, ok := strings.Cut(line, "="); ok {
					module, _, _ := strings.Cut(strings.TrimSpace(target), ":")
					m.need(f, module, e)
				}
			}
		}
	}
}

func (m *mapper) readScript(f *file, own *project, name string, e *edges) {
	for _, line := range own.dist.EntryPoints["console_scripts"] {
		script, target, ok := strings.Cut(line, "=")
		if ok && strings.TrimSpace(script) == name {
			module, _, _ := strings.Cut(strings.TrimSpace(target), ":")
			m.need(f, module, e)
		}
	}
}

// dotted is a name like pkg.mod.name or pkg.mod:name.
func dotted(s string) bool {
	module, attribute, colon := strings.Cut(s, ":")
	if colon && !identifier(attribute) || !strings.Contains(module, ".") {
		return false
	}
	for part := range strings.SplitSeq(module, ".") {
		if !identifier(part) {
			return false
		}
	}
	return true
}

func identifier(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
