package repository

import (
	"path"
	"slices"
	"strings"
)

// everyone is the visibility of what tests of any folder may need.
const everyone = "//:__subpackages__"

// output is one BUILD file as it should be.
type output struct {
	in    *folder
	names map[string]bool // taken
	// sources are files of the folder's package that belong to a rule of a folder
	// above; files and dirs are read by tests of others.
	sources []*file
	named   map[item]string // filegroups by what they hold
	asked   []string        // their names, as they were asked for
	suite   []string
	rules   []Rule
}

// write decides which folders are Bazel packages, names the rules and fills
// them.
func (m *mapper) write() *Map {
	m.outputs = map[*folder]*output{}
	for _, g := range m.groups {
		if g.hand == "" && !g.host.d.off {
			m.output(g.host)
		}
	}
	for _, t := range m.tests {
		m.output(home(t.file))
	}
	for _, p := range m.projects {
		if p.dist != nil && m.needsDistInfo(p) {
			m.output(p.in)
		}
	}
	m.t.each(func(f *folder) {
		if f.build != nil && m.lasting(f) {
			m.output(f)
		}
	})
	m.nameAll()
	for _, p := range m.projects {
		m.writeDistInfo(p)
	}
	for _, g := range m.groups {
		m.writeGroup(g)
	}
	for _, t := range m.tests {
		m.writeTest(t)
	}
	return m.finish()
}

// lasting: a BUILD file that stays whatever weft gen does, as it has something
// that a person wrote, if only that it is there.
func (m *mapper) lasting(f *folder) bool {
	if f.build.broken || len(f.build.rules) == 0 || len(f.build.directives) > 0 {
		return true
	}
	return slices.ContainsFunc(f.build.rules, func(r builtRule) bool { return r.kind != "package" && !r.ours(f) })
}

// home is the folder whose BUILD file declares a test: its own, or the first
// above it without a space in its path, as Bazel cannot start a test of such a
// package.
func home(f *file) *folder {
	at := f.in
	for strings.Contains(at.path, " ") {
		at = at.parent
	}
	return at
}

// below is a file's path from a folder that holds it.
func below(at *folder, f *file) string {
	return strings.TrimPrefix(strings.TrimPrefix(f.path, at.path), "/")
}

func (m *mapper) output(f *folder) *output {
	o := m.outputs[f]
	if o == nil {
		o = &output{in: f, names: map[string]bool{}, named: map[item]string{}}
		m.outputs[f] = o
		if f.build != nil {
			for _, r := range f.build.rules {
				if f.d.off || !r.ours(f) {
					o.names[r.name] = true
				}
			}
		}
	}
	return o
}

// packageOf is the folder whose BUILD file a file or folder belongs to.
func (m *mapper) packageOf(f *folder) *output {
	for ; f.parent != nil; f = f.parent {
		if o := m.outputs[f]; o != nil {
			return o
		}
	}
	return m.output(f)
}

// claim takes the first name that is free; several attempts are named like
// their kinds, so in the end a number is never needed in practice.
func (o *output) claim(names ...string) string {
	for _, name := range names {
		if !o.names[name] {
			o.names[name] = true
			return name
		}
	}
	return o.claim(names[len(names)-1] + "_")
}

// nameAll gives every rule its name: tests first, as people type theirs.
func (m *mapper) nameAll() {
	for _, t := range m.tests {
		o := m.output(home(t.file))
		if t.name != "" {
			o.names[t.name] = true
			continue
		}
		stem := t.file.stem()
		if rel := below(o.in, t.file); rel != t.file.name || strings.Contains(stem, " ") {
			stem = underscored(strings.TrimSuffix(rel, path.Ext(rel)))
		}
		switch {
		case t.doctest:
			t.name = o.claim(stem + "_doctest")
		case path.Ext(t.file.name) == ".m" && !strings.HasPrefix(stem, "test"):
			t.name = o.claim(stem+"_test", stem+"_blocks")
		default:
			t.name = o.claim(stem, underscored(t.file.name))
		}
	}
	for _, g := range m.groups {
		if g.hand == "" {
			g.name = m.output(g.host).claim(m.nameGroup(g)...)
		}
	}
}

func (g *group) label() string {
	if g.hand != "" {
		return g.hand
	}
	return label(g.host, g.name)
}

// from is a label as a rule of the folder writes it.
func from(f *folder, label string) string {
	if name, ok := strings.CutPrefix(label, "//"+f.path+":"); ok {
		return ":" + name
	}
	if label == "//"+f.path {
		return ":" + path.Base(f.path)
	}
	return label
}

func (m *mapper) writeGroup(g *group) {
	if g.hand != "" || g.host.d.off {
		return
	}
	o := m.output(g.host)
	var srcs, roots []string
	for _, f := range g.files {
		add(&srcs, m.source(o, f))
		if g.kind == "octave_sources" {
			add(&roots, climb(g.host, octavePath(f)))
		} else if root := m.importRoot(f); root != nil {
			add(&roots, climb(g.host, root))
		}
	}
	var deps []string
	for _, d := range g.deps {
		add(&deps, from(g.host, d.label()))
	}
	r := Rule{Kind: g.kind, Name: g.name}
	r.strings("srcs", srcs)
	if g.testonly {
		r.Attrs = append(r.Attrs, Attr{"testonly", true})
	}
	if g.kind == "octave_sources" {
		r.strings("paths", roots)
	} else {
		r.strings("imports", roots)
	}
	r.strings("data", m.itemLabels(o, g.items))
	slices.Sort(deps)
	r.strings("deps", deps)
	r.strings("visibility", []string{everyone})
	o.rules = append(o.rules, r)
}

// source is a file as srcs of a rule of o name it.
func (m *mapper) source(o *output, f *file) string {
	q := m.packageOf(f.in)
	if q == o {
		return strings.TrimPrefix(strings.TrimPrefix(f.path, o.in.path), "/")
	}
	q.sources = append(q.sources, f)
	return label(q.in, "sources")
}

// climb is the way from a folder to another above or below it.
func climb(from, to *folder) string {
	if inside(from.path, to.path) {
		if rel := strings.TrimPrefix(strings.TrimPrefix(to.path, from.path), "/"); rel != "" {
			return rel
		}
		return "."
	}
	up := depth(from.path) - depth(to.path)
	return strings.TrimSuffix(strings.Repeat("../", up), "/")
}

func (m *mapper) writeTest(t *test) {
	f := t.file
	o := m.output(home(f))
	var deps []string
	for _, n := range t.deps.nodes {
		add(&deps, from(o.in, n.group.label()))
	}
	if own := m.distOf(f.in); own != nil && t.kind == "pytest_file" {
		// All of them are installed where one is.
		for _, p := range m.projects {
			if m.needsDistInfo(p) {
				add(&deps, from(o.in, label(p.in, m.distName(p))))
			}
		}
	}
	slices.Sort(deps)
	r := Rule{Kind: t.kind, Name: t.name}
	r.Attrs = append(r.Attrs, Attr{"src", below(o.in, f)})
	if !slices.Equal(t.types, []string{"unit"}) {
		r.strings("types", t.types)
	}
	if t.dynamic && t.kind == "pytest_file" {
		r.Attrs = append(r.Attrs, Attr{"types_at_collection", true})
	}
	r.strings("environments", f.in.d.environments)
	// Octave runs one file in a process; only pytest takes several.
	if f.in.d.isolation == "suite" || f.in.d.isolation == "package" && t.kind == "pytest_file" {
		r.Attrs = append(r.Attrs, Attr{"isolation", f.in.d.isolation})
	}
	r.strings("data", m.itemLabels(o, t.deps.items))
	r.strings("deps", deps)
	o.rules = append(o.rules, r)
	o.suite = append(o.suite, ":"+t.name)
}

func (r *Rule) strings(name string, values []string) {
	if len(values) > 0 {
		r.Attrs = append(r.Attrs, Attr{name, values})
	}
}

func add(list *[]string, value string) {
	if !slices.Contains(*list, value) {
		*list = append(*list, value)
	}
}

// itemLabels are what a rule of o writes for files that are read.
func (m *mapper) itemLabels(o *output, items []item) []string {
	var out []string
	for _, i := range items {
		switch {
		case i.label != "":
			add(&out, from(o.in, i.label))
		case i.file != nil:
			q := m.packageOf(i.file.in)
			rel := strings.TrimPrefix(strings.TrimPrefix(i.file.path, q.in.path), "/")
			if q == o {
				add(&out, rel)
			} else {
				add(&out, from(o.in, label(q.in, q.group(i, fileRule(rel)))))
			}
		case i.globs:
			add(&out, from(o.in, label(i.dir, m.output(i.dir).group(i, "weft_data"))))
		default:
			for _, part := range m.parts(i.dir) {
				q := m.packageOf(part)
				name := "files"
				if rel := strings.TrimPrefix(strings.TrimPrefix(part.path, q.in.path), "/"); rel != "" {
					name = underscored(rel) + "_files"
				}
				add(&out, from(o.in, label(q.in, q.group(item{dir: part}, name))))
			}
		}
	}
	slices.Sort(out)
	return out
}

// group is the name of the filegroup for something that other packages read.
func (o *output) group(i item, name string) string {
	if known, ok := o.named[i]; ok {
		return known
	}
	o.named[i] = o.claim(name, name+"_files", name+"_data")
	o.asked = append(o.asked, o.named[i])
	return o.named[i]
}

// parts are a folder of data and the packages below it: a glob ends where
// another package begins.
func (m *mapper) parts(dir *folder) []*folder {
	out := []*folder{dir}
	var down func(*folder)
	down = func(f *folder) {
		for _, name := range sortedKeys(f.subs) {
			sub := f.subs[name]
			if m.outputs[sub] != nil {
				out = append(out, sub)
			}
			down(sub)
		}
	}
	down(dir)
	return out
}
