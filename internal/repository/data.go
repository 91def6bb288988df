package repository

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// item is something that a file reads at run time: a file, all that a folder
// holds, what a weft_data directive names, or a label.
type item struct {
	file  *file
	dir   *folder
	label string
	// globs: the weft_data directives of the folder dir.
	globs bool
}

// finding are words that say that the code looks for files by its own place or
// by the folder it was started in, and listing those that say that it reads
// what it finds there, whatever the names.
var (
	finding = []string{"__file__", "__path__", "resources", "get_data", "files", "fspath", "rootpath", "rootdir", "getcwd", "cwd"}
	listing = []string{"glob", "rglob", "iglob", "iterdir", "listdir", "scandir", "walk"}
)

// readData finds the files that a source names in its strings: below its own
// folder, below one above it, or in a package that it names. One that looks for
// files and names none gets all that its folder has.
func (m *mapper) readData(f *file, e *edges) {
	finds, lists := mentions(f, finding), mentions(f, listing)
	anchors := m.anchors(f)
	hits, within := 0, map[string]bool{}
	for _, s := range f.py.Strings {
		if s.Joined && strings.Contains(s.Value, "/") {
			if n := m.readString(f, s.Value, anchors, finds || lists, e); n > 0 {
				hits += n
				for _, part := range strings.Split(s.Value, "/") {
					within[part] = true // "data" of "data" / "wells.csv" is not all of data
				}
			}
		}
	}
	for _, s := range f.py.Strings {
		if !within[s.Value] && !(s.Joined && strings.Contains(s.Value, "/")) {
			hits += m.readString(f, s.Value, anchors, finds || lists, e)
		}
	}
	// pytest-datadir's folder: named like the test.
	if beside := f.in.subs[f.stem()]; beside != nil && m.testOf[f] != nil && !m.hasModules(beside) {
		e.item(item{dir: beside})
	}
	opens := mentions(f, []string{"open", "read_text", "read_bytes", "get_data", "loadtxt", "read_csv"})
	if hits == 0 && finds && (lists || opens) && f.in.path != "" {
		m.readFolder(f.in, e)
	}
}

func mentions(f *file, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(f.py.Mentions, w) })
}

// anchors are the folders that a relative path may start from.
func (m *mapper) anchors(f *file) []*folder {
	out := f.in.chain()
	for _, i := range f.py.Imports {
		hit := m.follow(f, i.Level, i.Module)
		if hit.in != nil && !slices.Contains(out, hit.in) {
			out = append(out, hit.in)
		}
	}
	if !mentions(f, []string{"resources", "get_data", "files", "pkg_resources", "open_text", "read_text", "open_binary", "read_binary"}) {
		return out
	}
	for _, s := range f.py.Strings {
		if dotted(s.Value) || identifier(s.Value) {
			if hit := m.find(f, s.Value); hit.in != nil && len(hit.files) > 0 && !slices.Contains(out, hit.in) {
				out = append(out, hit.in)
			}
		}
	}
	return out
}

// readString adds what a string leads to from any of the anchors; it returns
// how many that were.
func (m *mapper) readString(f *file, s string, anchors []*folder, finds bool, e *edges) int {
	if strings.ContainsAny(s, "*?[") {
		if !finds {
			return 0
		}
		return m.readGlob(f, s, e)
	}
	if s == "." || s == ".." || strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "/..") {
		return 0
	}
	s = strings.TrimPrefix(s, "/")
	hits := 0
	first, _, _ := strings.Cut(s, "/")
	for _, from := range anchors {
		if from.files[first] == nil && from.subs[first] == nil && first != "." && first != ".." {
			continue
		}
		target := path.Join(from.path, s)
		if strings.HasPrefix(target, "../") || target == ".." {
			continue
		}
		if file := m.t.file(target); file != nil && file != f {
			hits++
			m.readFile(f, file, e)
		} else if dir := m.t.at(target); dir != nil && dir.path != "" && (finds || strings.Contains(s, "/")) && !inside(dir.path, f.path) && !m.hasModules(dir) {
			hits++
			m.readFolder(dir, e)
		}
	}
	return hits
}

// readFile adds a file that is read by name; Python's are sources as well.
func (m *mapper) readFile(f, target *file, e *edges) {
	switch {
	case slices.Contains(BuildNames, target.name):
	case path.Ext(target.name) == ".py" && target.py != nil:
		if m.declarable(target) {
			e.node(m.nodeOf(target))
		} else {
			e.item(item{file: target})
		}
	default:
		e.item(item{file: target})
	}
}

// declarable: a Python file that is imported somewhere, or a script. What lies
// below a folder of data is data.
func (m *mapper) declarable(f *file) bool {
	return len(packageChain(f.in)) > 0 || m.nodes[f] != nil || depth(f.in.path) < 2 && !testArea(f.in)
}

// readGlob takes the files below a source's folder that a glob matches, as the
// folders that they lie in.
func (m *mapper) readGlob(f *file, glob string, e *edges) int {
	hits := 0
	f.in.below(func(file *file) {
		rel := strings.TrimPrefix(strings.TrimPrefix(file.path, f.in.path), "/")
		if isSource(file) || file == f {
			return
		}
		if doublestar.MatchUnvalidated(glob, rel) || !strings.Contains(glob, "/") && doublestar.MatchUnvalidated(glob, file.name) && mentions(f, []string{"rglob", "walk"}) {
			hits++
			if file.in == f.in {
				e.item(item{file: file})
			} else {
				e.item(item{dir: topBelow(f.in, file.in)})
			}
		}
	})
	return hits
}

// topBelow is the folder directly below outer on the way to inner.
func topBelow(outer, inner *folder) *folder {
	for inner.parent != outer {
		inner = inner.parent
	}
	return inner
}

// isSource: rules of their own declare these.
func isSource(f *file) bool {
	ext := path.Ext(f.name)
	return ext == ".py" || ext == ".pyc" || ext == ".m" || slices.Contains(BuildNames, f.name)
}

// hasModules reports whether a folder, or one below it, holds Python packages
// or tests: sources, which are declared one by one.
func (m *mapper) hasModules(dir *folder) bool {
	known, ok := m.sourceDirs[dir]
	if ok {
		return known
	}
	has := dir.files["__init__.py"] != nil || dir.files["conftest.py"] != nil
	for _, f := range dir.files {
		has = has || m.testOf[f] != nil
	}
	for _, sub := range dir.subs {
		has = m.hasModules(sub) || has
	}
	m.sourceDirs[dir] = has
	return has
}

// readFolder adds all that a folder holds, without the sources of packages.
func (m *mapper) readFolder(dir *folder, e *edges) {
	if !m.hasModules(dir) {
		e.item(item{dir: dir})
		return
	}
	for _, name := range sortedKeys(dir.files) {
		if f := dir.files[name]; !isSource(f) {
			e.item(item{file: f})
		}
	}
	for _, name := range sortedKeys(dir.subs) {
		m.readFolder(dir.subs[name], e)
	}
}

// directiveData adds what weft_data directives name for a test.
func (m *mapper) directiveData(t *test) {
	for _, d := range t.file.in.d.data {
		switch glob, rooted := strings.CutPrefix(d.value, "//"); {
		case rooted && !strings.Contains(glob, ":"):
			if files := m.rooted(glob); len(files) > 0 {
				for _, file := range files {
					t.deps.item(item{file: file})
				}
				continue
			}
			t.deps.item(item{label: d.value}) // a package's own target
		case rooted, strings.HasPrefix(d.value, "@"):
			t.deps.item(item{label: d.value})
		default:
			t.deps.item(item{dir: d.in, globs: true})
		}
	}
}

// rooted are the files that a glob from the workspace's root matches.
func (m *mapper) rooted(glob string) []*file {
	if known, ok := m.globs[glob]; ok {
		return known
	}
	var out []*file
	if root := m.t.at(""); root != nil {
		root.below(func(f *file) {
			if !slices.Contains(BuildNames, f.name) && doublestar.MatchUnvalidated(glob, f.path) {
				out = append(out, f)
			}
		})
	}
	m.globs[glob] = out
	return out
}

// directiveGlobs are the globs of a folder's own weft_data directives; one
// that matches nothing is said.
func (m *mapper) directiveGlobs(f *folder) []string {
	var out []string
	for _, set := range f.build.directives {
		if set.key != "weft_data" || set.value == "" || strings.HasPrefix(set.value, "//") || strings.HasPrefix(set.value, "@") {
			continue
		}
		matched := false
		f.below(func(file *file) {
			rel := strings.TrimPrefix(strings.TrimPrefix(file.path, f.path), "/")
			matched = matched || doublestar.MatchUnvalidated(set.value, rel)
		})
		if !matched {
			m.t.problem(Problem{File: path.Join(f.path, f.build.name), Line: set.line, Text: fmt.Sprintf("weft_data %q matches no file below %s", set.value, shown(f)), Hint: "a glob is relative to its BUILD file, or begins with // at the workspace; //package:target is a label"})
			continue
		}
		out = append(out, set.value)
	}
	return out
}

// shown is a folder as people read it.
func shown(f *folder) string {
	if f.path == "" {
		return "the workspace"
	}
	return f.path + "/"
}
