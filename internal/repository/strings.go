package repository

import (
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pysource"
)

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
