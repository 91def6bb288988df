package repository

import (
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/bmatcuk/doublestar/v4"
)

// mapper is the state of one Read, stage by stage: tree and facts, projects,
// tests, graph, groups, rules.
type mapper struct {
	t   *tree
	opt Options

	projects      []*project // the deepest first
	projectAt     map[*folder]*project
	collectIgnore map[*file][]string
	roots         map[*folder][]*folder
	// strong are source roots that are meant as such: what they hold may hide a
	// module of the standard library.
	strong  map[*folder]bool
	viaRoot map[*file]bool // found only because the workspace was looked in

	tests  []*test
	testOf map[*file]*test

	nodes      map[*file]*node
	wholes     map[*folder]*node
	packages   map[*folder]bool
	order      []*node
	groups     []*group
	sourceDirs map[*folder]bool
	externals  map[*file][]external
	globs      map[string][]*file

	octave map[*folder]*node

	outputs   map[*folder]*output
	distNames map[*project]string
}

// Read maps the workspace. The error is for a workspace that cannot be read at
// all, or for a context that ended.
func Read(ctx context.Context, opt Options) (*Map, error) {
	t, err := walk(opt.Root, openCache(opt.Cache))
	if err != nil {
		return nil, err
	}
	read, err := t.scan(ctx)
	if err != nil {
		return nil, err
	}
	m := &mapper{
		t: t, opt: opt,
		projectAt: map[*folder]*project{}, collectIgnore: map[*file][]string{},
		roots: map[*folder][]*folder{}, strong: map[*folder]bool{}, viaRoot: map[*file]bool{},
		testOf: map[*file]*test{}, nodes: map[*file]*node{}, wholes: map[*folder]*node{},
		packages: map[*folder]bool{}, sourceDirs: map[*folder]bool{}, externals: map[*file][]external{}, globs: map[string][]*file{},
		octave: map[*folder]*node{}, distNames: map[*project]string{},
	}
	m.readProjects()
	m.findStrong()
	m.takeHandWritten()
	m.discover()
	m.connect()
	m.connectOctave()
	m.condense()
	out := m.write()
	m.sayUnread()
	m.sayUnknownEnvironments()
	m.sayShadows()
	m.sayMissing()
	out.Counts.Scanned = read
	out.Problems = m.sorted()
	return out, nil
}

func (m *mapper) findStrong() {
	for _, p := range m.projects {
		for _, root := range m.distRoots(p) {
			m.strong[root] = true
		}
		for _, dir := range p.pytest.PythonPath {
			if at := m.t.at(dir); at != nil {
				m.strong[at] = true
			}
		}
	}
}

// takeHandWritten makes the rules that people keep the providers of their
// files: weft gen neither changes nor repeats them.
func (m *mapper) takeHandWritten() {
	m.t.each(func(f *folder) {
		if f.build == nil || f.build.broken {
			return
		}
		for _, r := range f.build.rules {
			if r.kind == "python_sources" && (f.d.off || !r.ours(f)) {
				m.provide(f, r)
			}
		}
	})
}

func (m *mapper) provide(f *folder, r builtRule) {
	n := &node{kind: r.kind, in: f, hand: label(f, r.name)}
	take := func(file *file) {
		if file != nil && m.nodes[file] == nil && file.name != "conftest.py" {
			m.nodes[file] = n
			n.files = append(n.files, file)
		}
	}
	for _, src := range r.srcs {
		take(m.t.file(path.Join(f.path, src)))
	}
	if len(r.globs) > 0 {
		f.below(func(file *file) {
			rel := file.path[len(f.path):]
			if f.path != "" {
				rel = rel[1:]
			}
			if path.Ext(file.name) == ".py" && owner(file.in) == f && slices.ContainsFunc(r.globs, func(g string) bool { return doublestar.MatchUnvalidated(g, rel) }) {
				take(file)
			}
		})
	}
	if len(n.files) > 0 {
		m.order = append(m.order, n)
	}
}

// owner is the folder with the BUILD file that a file of this folder belongs to.
func owner(f *folder) *folder {
	for f.parent != nil && f.build == nil {
		f = f.parent
	}
	return f
}

func label(f *folder, name string) string {
	if f.path != "" && path.Base(f.path) == name {
		return "//" + f.path
	}
	return fmt.Sprintf("//%s:%s", f.path, name)
}
