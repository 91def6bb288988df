package repository

import (
	"os"
	"path"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pyproject"
	"github.com/weft-build/weft/internal/pysource"
)

// project is a part of the workspace that pytest is run on as a whole: its
// settings and the distribution that it tests, if there is one.
type project struct {
	in     *folder
	pytest pyproject.Pytest
	dist   *pyproject.Distribution // nil: none
}

// projects reads the settings of every part, the deepest folder first, so that
// the first that holds a file is the file's.
func (m *mapper) readProjects() {
	var folders []string
	marked := map[string]bool{"": true}
	m.t.each(func(f *folder) {
		folders = append(folders, f.path)
		for _, name := range []string{"pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", ".pytest.ini", "tox.ini", "pytest.toml", ".pytest.toml"} {
			if f.files[name] != nil {
				marked[f.path] = true
			}
		}
	})
	disk := os.DirFS(m.t.root)
	dists, problems := pyproject.Read(disk, folders)
	m.tell(problems)
	seen := map[pyproject.Problem]bool{}
	for _, rel := range sortedKeys(marked) {
		p := &project{in: m.t.at(rel)}
		if p.in == nil {
			continue
		}
		var found []pyproject.Problem
		p.pytest, found = pyproject.ReadPytest(disk, rel)
		for _, problem := range found {
			if !seen[problem] { // several folders share a file of settings
				seen[problem] = true
				m.tell([]pyproject.Problem{problem})
			}
		}
		for i := range dists {
			if dists[i].Dir == rel && dists[i].Name != "" {
				p.dist = &dists[i]
			}
		}
		m.projects = append(m.projects, p)
	}
	slices.SortStableFunc(m.projects, func(a, b *project) int { return depth(b.in.path) - depth(a.in.path) })
}

func depth(p string) int {
	if p == "" {
		return 0
	}
	return 1 + strings.Count(p, "/")
}

func (m *mapper) tell(problems []pyproject.Problem) {
	for _, p := range problems {
		m.t.problem(Problem{File: p.File, Line: p.Line, Text: p.Text, Unread: p.Unread})
	}
}

// projectOf is the deepest project that holds a folder.
func (m *mapper) projectOf(f *folder) *project {
	if p, ok := m.projectAt[f]; ok {
		return p
	}
	var found *project
	for _, p := range m.projects {
		if inside(p.in.path, f.path) {
			found = p
			break
		}
	}
	m.projectAt[f] = found
	return found
}

// distOf is the distribution that a folder belongs to; nil when to none.
func (m *mapper) distOf(f *folder) *project {
	for _, p := range m.projects {
		if p.dist != nil && inside(p.in.path, f.path) {
			return p
		}
	}
	return nil
}

// inside reports whether inner is outer or lies in it.
func inside(outer, inner string) bool {
	return outer == "" || inner == outer || strings.HasPrefix(inner, outer+"/")
}

// tested reports whether pytest, run on the project, comes to the folder.
func (p *project) tested(f *folder) bool {
	set := p.pytest
	if len(set.TestPaths) > 0 && !slices.ContainsFunc(set.TestPaths, func(dir string) bool { return inside(clean(dir), f.path) }) {
		return false
	}
	for _, above := range f.chain() {
		if above.path == set.Root || above.parent == nil {
			break
		}
		if slices.ContainsFunc(set.TestPaths, func(dir string) bool { return clean(dir) == above.path }) {
			break // named by hand: norecursedirs is not asked
		}
		name := path.Base(above.path)
		if slices.ContainsFunc(set.NoRecurse, func(glob string) bool { return matches(glob, name, above.path) }) {
			return false
		}
	}
	return !p.ignores(f.path)
}

// ignores reports whether --ignore or --ignore-glob leaves a path out.
func (p *project) ignores(rel string) bool {
	return slices.ContainsFunc(p.pytest.Ignore, func(set string) bool {
		if glob, ok := strings.CutPrefix(set, "glob:"); ok {
			return matches(glob, path.Base(rel), rel)
		}
		return inside(clean(set), rel)
	})
}

// takes reports whether pytest collects Python tests from a file of this name.
// testpaths may name the file itself.
func (p *project) takes(f *file) bool {
	if slices.Contains(p.pytest.TestPaths, f.path) {
		return true
	}
	return !p.ignores(f.path) && p.tested(f.in) &&
		slices.ContainsFunc(p.pytest.PythonFiles, func(glob string) bool { return matches(glob, f.name, f.path) })
}

// doctested reports whether pytest looks for doctests in a file.
func (p *project) doctested(f *file) bool {
	if p.ignores(f.path) || !p.tested(f.in) && !slices.Contains(p.pytest.TestPaths, f.path) {
		return false
	}
	if path.Ext(f.name) == ".py" {
		return p.pytest.DoctestModules && f.name != "setup.py" && f.name != "__main__.py" && f.py.Doctests
	}
	return slices.ContainsFunc(p.pytest.DoctestGlobs, func(glob string) bool { return matches(glob, f.name, f.path) })
}

// matches is fnmatch as pytest uses it: a pattern with a slash is held against
// the path's end, any other against the name.
func matches(glob, name, rel string) bool {
	if strings.Contains(glob, "/") {
		return fnmatch(glob, rel) || fnmatch("*/"+strings.TrimPrefix(glob, "/"), rel)
	}
	return fnmatch(glob, name)
}

// fnmatch is Python's: * and ? match slashes too.
func fnmatch(glob, text string) bool {
	// path.Match does not let * match a slash; so slashes become something else.
	const slash = "\x01"
	ok, err := path.Match(strings.ReplaceAll(strings.ReplaceAll(glob, "[!", "[^"), "/", slash), strings.ReplaceAll(text, "/", slash))
	return ok && err == nil
}

// ignoredByConftest reads collect_ignore and collect_ignore_glob of the
// conftest.py files above a file.
func (m *mapper) ignoredByConftest(f *file) bool {
	for _, above := range f.in.chain() {
		c := above.files["conftest.py"]
		if c == nil {
			continue
		}
		set, ok := m.collectIgnore[c]
		if !ok {
			set = m.readCollectIgnore(c)
			m.collectIgnore[c] = set
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(f.path, above.path), "/")
		for _, glob := range set {
			if ok := fnmatch(glob, rel); ok || inside(clean(glob), rel) && clean(glob) != "" {
				return true
			}
		}
	}
	return false
}

func (m *mapper) readCollectIgnore(c *file) []string {
	data, err := os.ReadFile(path.Join(m.t.root, c.path))
	if err != nil {
		return nil
	}
	var out []string
	constants := pysource.Constants(data)
	for _, name := range []string{"collect_ignore", "collect_ignore_glob"} {
		list, _ := constants[name].([]any)
		for _, item := range list {
			if s, ok := item.(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}
