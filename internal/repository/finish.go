package repository

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// finish adds the filegroups and suites, and finds what earlier runs wrote and
// nothing stands behind any more.
func (m *mapper) finish() *Map {
	out := &Map{Folders: map[string]*Folder{}}
	for f, o := range m.outputs {
		if f.d.off {
			m.sayOff(o)
		}
		if f.d.off || f.build != nil && f.build.broken {
			continue
		}
		m.writeFilegroups(o)
		if len(o.suite) > 0 {
			o.rules = append(o.rules, Rule{Kind: "matrix_suite", Name: m.suiteName(o), Attrs: []Attr{{"files", m.suiteFiles(o)}}})
		}
		folder := m.folder(f)
		folder.Rules = o.rules
		sortRules(folder.Rules)
		folder.Empty = m.empty(f, folder.Rules)
		out.Folders[f.path] = folder
	}
	m.t.each(func(f *folder) {
		if f.build == nil || f.build.broken || f.d.off || out.Folders[f.path] != nil {
			return
		}
		folder := m.folder(f)
		if folder.Empty = m.empty(f, nil); len(folder.Empty) > 0 {
			out.Folders[f.path] = folder
		}
	})
	m.count(out)
	m.share(out)
	return out
}

// sayOff tells what others need of a folder whose BUILD file is left alone.
func (m *mapper) sayOff(o *output) {
	if len(o.asked) == 0 {
		return
	}
	name := BuildNames[0]
	if o.in.build != nil {
		name = o.in.build.name
	}
	m.t.problem(Problem{File: path.Join(o.in.path, name), Text: fmt.Sprintf("tests elsewhere need %s here, and weft is off", strings.Join(o.asked, ", ")),
		Hint: "declare them by hand: filegroup(name = …, srcs = […], visibility = [\"" + everyone + "\"])"})
}

func (m *mapper) folder(f *folder) *Folder {
	out := &Folder{Path: f.path, Build: BuildNames[0]}
	if f.build != nil {
		out.Build = f.build.name
	}
	return out
}

// place orders kinds as a reader wants them: a suite names what stands above it.
func place(kind string) int {
	return slices.Index([]string{"python_dist_info", "python_sources", "octave_sources", "filegroup", "pytest_file", "octave_file", "matrix_suite"}, kind)
}

func (m *mapper) writeFilegroups(o *output) {
	if len(o.sources) > 0 {
		var srcs []string
		for _, f := range o.sources {
			add(&srcs, strings.TrimPrefix(strings.TrimPrefix(f.path, o.in.path), "/"))
		}
		slices.Sort(srcs)
		o.filegroup("sources", srcs)
	}
	for i, name := range o.named {
		switch {
		case i.file != nil:
			o.filegroup(name, []string{strings.TrimPrefix(strings.TrimPrefix(i.file.path, o.in.path), "/")})
		case i.globs:
			if globs := m.directiveGlobs(o.in); len(globs) > 0 {
				o.filegroup(name, Glob{Include: globs})
			}
		default:
			o.filegroup(name, folderGlob(o.in, i.dir))
		}
	}
}

// folderGlob is all of a folder. Of a package's own folder the sources are left
// out, as rules declare them; of a folder of data nothing is but what Python
// leaves beside its sources.
func folderGlob(pkg, dir *folder) Glob {
	if dir == pkg {
		return Glob{Include: []string{"**"}, Exclude: []string{"**/*.py", "**/*.pyc", "BUILD", "BUILD.bazel"}}
	}
	rel := strings.TrimPrefix(strings.TrimPrefix(dir.path, pkg.path), "/")
	g := Glob{Include: []string{rel + "/**"}}
	python := false
	dir.below(func(f *file) { python = python || path.Ext(f.name) == ".py" })
	if python {
		g.Exclude = []string{"**/*.pyc"}
	}
	return g
}

func (o *output) filegroup(name string, srcs any) {
	o.rules = append(o.rules, Rule{Kind: "filegroup", Name: name, Attrs: []Attr{{"srcs", srcs}, {"visibility", []string{everyone}}}})
}

// suiteName keeps the name of a suite that is there.
func (m *mapper) suiteName(o *output) string {
	if o.in.build != nil {
		for _, r := range o.in.build.rules {
			if r.kind == "matrix_suite" && !r.keep {
				return r.name
			}
		}
	}
	return o.claim("tests", "tests_suite")
}

// suiteFiles are the tests of a folder that no other suite has.
func (m *mapper) suiteFiles(o *output) []string {
	elsewhere := map[string]bool{}
	if o.in.build != nil {
		first := true
		for _, r := range o.in.build.rules {
			if r.kind != "matrix_suite" {
				continue
			}
			if first && !r.keep {
				first = false // the one that is written
				continue
			}
			for _, name := range r.files {
				elsewhere[":"+name] = true
			}
		}
	}
	var out []string
	for _, name := range o.suite {
		if !elsewhere[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// empty are the rules of a BUILD file that are as weft gen writes them and that
// it would not write now.
func (m *mapper) empty(f *folder, wanted []Rule) []Rule {
	var out []Rule
	if f.build == nil {
		return nil
	}
	for _, r := range f.build.rules {
		if !r.ours(f) || slices.ContainsFunc(wanted, func(w Rule) bool { return w.Kind == r.kind && w.Name == r.name }) {
			continue
		}
		if r.kind == "matrix_suite" && slices.ContainsFunc(r.files, func(name string) bool {
			return slices.ContainsFunc(wanted, func(w Rule) bool { return w.Name == name })
		}) {
			continue // a second suite, whose tests are still there
		}
		out = append(out, Rule{Kind: r.kind, Name: r.name})
	}
	return out
}

func (m *mapper) count(out *Map) {
	for _, f := range m.t.folders {
		out.Counts.Files += len(f.files)
	}
	out.Counts.Tests = len(m.tests)
	for _, g := range m.groups {
		out.Counts.Sources += len(g.files)
	}
}

// needsDistInfo: the distribution has a name, tests that could ask for it, and a
// BUILD file that weft gen may write.
func (m *mapper) needsDistInfo(p *project) bool {
	return p.dist != nil && !p.in.d.off && slices.ContainsFunc(m.tests, func(t *test) bool { return t.kind == "pytest_file" && m.distOf(t.file.in) == p })
}

// distName is the name of the rule with a distribution's metadata.
func (m *mapper) distName(p *project) string {
	if m.distNames[p] == "" {
		m.distNames[p] = m.output(p.in).claim("distribution", "dist_info")
	}
	return m.distNames[p]
}

// writeDistInfo declares what installing the distribution would tell of it.
func (m *mapper) writeDistInfo(p *project) {
	if !m.needsDistInfo(p) {
		return
	}
	d := p.dist
	r := Rule{Kind: "python_dist_info", Name: m.distName(p)}
	r.Attrs = append(r.Attrs, Attr{"distribution", d.Name}, Attr{"version", d.Version})
	var imports []string
	for _, root := range m.distRoots(p) {
		add(&imports, climb(p.in, root))
	}
	r.strings("imports", imports)
	if len(d.EntryPoints) > 0 {
		r.Attrs = append(r.Attrs, Attr{"entry_points", d.EntryPoints})
	}
	fields := map[string][]string{}
	for _, f := range d.Fields {
		fields[f.Name] = append(fields[f.Name], f.Value)
	}
	if len(fields) > 0 {
		r.Attrs = append(r.Attrs, Attr{"fields", fields})
	}
	r.strings("visibility", []string{everyone})
	m.output(p.in).rules = append(m.output(p.in).rules, r)
	if d.VersionFrom == "" && m.asksVersion() {
		m.t.problem(Problem{File: path.Join(d.Dir, "pyproject.toml"), Text: fmt.Sprintf("the version of %s is computed when it is built: its metadata says %s", d.Name, d.Version),
			Hint: `write it where it can be read, or set version = "…" in the python_dist_info rule with "# keep" behind it`})
	}
}

// asksVersion: some source asks for installed metadata.
func (m *mapper) asksVersion() bool {
	for f := range m.nodes {
		if f.py != nil && (slices.Contains(f.py.Mentions, "metadata") || slices.Contains(f.py.Mentions, "pkg_resources")) {
			return true
		}
	}
	return slices.ContainsFunc(m.tests, func(t *test) bool {
		return t.file.py != nil && (slices.Contains(t.file.py.Mentions, "metadata") || slices.Contains(t.file.py.Mentions, "pkg_resources"))
	})
}
