package repository

import (
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pysource"
)

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
