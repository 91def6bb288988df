package repository

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pysource"
)

// test is a file that pytest or the Octave runner collects.
type test struct {
	file *file
	kind string // pytest_file or octave_file
	// name is that of a rule that is there already; empty: by the file's name.
	name    string
	types   []string
	dynamic bool // markers come at collection
	doctest bool // a module whose docstrings are the tests: it is a source too
	deps    edges
}

// discover finds the tests of the workspace: by the projects' settings, and
// those that a BUILD file declares by hand.
func (m *mapper) discover() {
	m.t.each(func(f *folder) {
		for _, name := range sortedKeys(f.files) {
			file := f.files[name]
			switch path.Ext(name) {
			case ".m":
				m.discoverOctave(file)
			case ".py":
				m.discoverPython(file)
			default:
				if p := m.projectOf(f); !f.d.off && p != nil && p.doctested(file) && !m.ignoredByConftest(file) && m.prompts(file) {
					m.addTest(&test{file: file, kind: "pytest_file", types: []string{"unit"}})
				}
			}
		}
	})
}

// prompts reports whether a text file has doctests: pytest looks into every
// test*.txt, and most are none. The code behind the prompts is read as a
// source's.
func (m *mapper) prompts(f *file) bool {
	data, err := os.ReadFile(filepath.Join(m.t.root, filepath.FromSlash(f.path)))
	if err != nil {
		return false
	}
	rows := prompt.FindAllSubmatch(data, -1)
	var code []byte
	for _, row := range rows {
		code = append(append(code, row[1]...), '\n')
	}
	f.py = pysource.Read(code)
	f.py.Strings = useful(f.py.Strings)
	f.py.Problem = nil // its lines are not the file's, and doctest tells it
	return len(rows) > 0
}

var prompt = regexp.MustCompile(`(?m)^[ \t]*(?:>>>|\.\.\.) (.*)$`)

func (m *mapper) discoverPython(f *file) {
	if f.name == "conftest.py" {
		m.strong[basedir(f)] = true
		return
	}
	p := m.projectOf(f.in)
	declared := m.declared(f)
	if p == nil || f.in.d.off {
		return
	}
	named := p.takes(f) && !m.ignoredByConftest(f)
	doctests := p.doctested(f) && !m.ignoredByConftest(f)
	switch {
	case doctests && !named:
		m.addTest(&test{file: f, kind: "pytest_file", name: declared, types: []string{"unit"}, doctest: true})
	case declared != "", named && m.holdsTests(f, p):
		t := &test{file: f, kind: "pytest_file", name: declared}
		t.types, t.dynamic = m.typesOf(f, p)
		if doctests && !slices.Contains(t.types, "unit") {
			t.types = append([]string{"unit"}, t.types...)
		}
		m.addTest(t)
		m.strong[basedir(f)] = true
	case doctests:
		m.addTest(&test{file: f, kind: "pytest_file", types: []string{"unit"}})
	}
}

func (m *mapper) addTest(t *test) {
	if set := t.file.in.d.types; set != nil {
		t.types, t.dynamic = set, t.dynamic || len(set) > 1
	}
	m.tests = append(m.tests, t)
	m.testOf[t.file] = t
}

// declared is the name of the pytest_file or octave_file that names the file.
func (m *mapper) declared(f *file) string {
	at := home(f)
	if at.build == nil {
		return ""
	}
	for _, r := range at.build.rules {
		if (r.kind == "pytest_file" || r.kind == "octave_file") && r.src == below(at, f) {
			return r.name
		}
	}
	return ""
}

// holdsTests reports whether pytest could find a test in a file. It says no
// only when it is sure: a helper that merely has a test's name.
func (m *mapper) holdsTests(f *file, p *project) bool {
	py := f.py
	if py.Problem != nil {
		return true
	}
	for _, word := range []string{"globals", "setattr", "exec", "load_tests", "pytest_generate_tests", "vars", "locals"} {
		if slices.Contains(py.Mentions, word) {
			return true
		}
	}
	// A skip of the whole module is a result: pytest tells it.
	if slices.ContainsFunc(py.Uses, func(u pysource.Reference) bool { return u.Name == "pytest.skip" || u.Name == "unittest.SkipTest" }) ||
		slices.ContainsFunc(py.Dynamic, func(d pysource.Dynamic) bool { return d.Call == "importorskip" }) {
		return true
	}
	for _, i := range py.Imports {
		if slices.Contains(i.Names, "*") && m.starHolds(f, i, p) {
			return true
		}
	}
	return slices.ContainsFunc(py.Definitions, func(d pysource.Definition) bool { return m.collects(f, d, p, 0) })
}

// starHolds reports whether a star import may bring tests: not from a module
// of the workspace that has none, nor from the standard library.
func (m *mapper) starHolds(f *file, i pysource.Import, p *project) bool {
	hit := m.follow(f, i.Level, i.Module)
	if hit.last == nil || hit.last.py == nil {
		first, _, _ := strings.Cut(i.Module, ".")
		return !isStdlib(first)
	}
	return slices.ContainsFunc(hit.last.py.Definitions, func(d pysource.Definition) bool { return m.collects(hit.last, d, p, 1) })
}

// follow finds the module of an import statement.
func (m *mapper) follow(f *file, level int, name string) found {
	if level > 0 {
		return relative(f, level, name)
	}
	return m.find(f, name)
}

// collects reports whether pytest makes tests of a definition.
func (m *mapper) collects(f *file, d pysource.Definition, p *project, deep int) bool {
	function := func(name string) bool { return named(name, p.pytest.PythonFunctions) }
	switch d.Kind {
	case pysource.Function:
		return function(d.Name)
	case pysource.Class:
		methods := slices.ContainsFunc(d.Members, func(k pysource.Definition) bool {
			return k.Kind == pysource.Function && (function(k.Name) || strings.HasPrefix(k.Name, "test") || k.Name == "runTest") ||
				k.Kind == pysource.Class && m.collects(f, k, p, deep)
		})
		own := slices.ContainsFunc(d.Bases, func(b string) bool { return b != "object" })
		// A class of unittest's is collected whatever its name; tests may come from a base.
		return named(d.Name, p.pytest.PythonClasses) && (methods || own) || methods && own ||
			slices.ContainsFunc(d.Bases, func(b string) bool { return strings.Contains(b, "TestCase") })
	case pysource.Name:
		if function(d.Name) {
			return true
		}
		return named(d.Name, p.pytest.PythonClasses) && deep == 0 && m.importedTest(f, d, p)
	}
	return false
}

// importedTest reports whether a name that looks like a test class is one of
// the workspace's own classes with tests.
func (m *mapper) importedTest(f *file, d pysource.Definition, p *project) bool {
	for _, i := range f.py.Imports {
		if !slices.Contains(i.Names, d.Name) {
			continue
		}
		hit := m.follow(f, i.Level, i.Module)
		return hit.last != nil && hit.last.py != nil && slices.ContainsFunc(hit.last.py.Definitions, func(k pysource.Definition) bool {
			return k.Name == d.Name && m.collects(hit.last, k, p, 1)
		})
	}
	// `TestThing = make(…)`: it may well be one.
	return !slices.ContainsFunc(f.py.Imports, func(i pysource.Import) bool { return i.Line == d.Line })
}

// named holds a name against python_functions or python_classes: prefixes, or
// globs when they have a wildcard.
func named(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if strings.ContainsAny(pattern, "*?[") {
			return fnmatch(pattern, name)
		}
		return strings.HasPrefix(name, pattern)
	})
}

// typesOf are the test types that a file has tests of, by their markers.
func (m *mapper) typesOf(f *file, p *project) (types []string, dynamic bool) {
	has := map[string]bool{}
	for _, d := range f.py.Definitions {
		if m.collects(f, d, p, 0) || d.Kind == pysource.Class {
			countTypes(has, d, f.py.Markers, p)
		}
	}
	if len(has) == 0 {
		typesUnder(has, f.py.Markers, nil)
	}
	for _, t := range m.addedTypes(f) {
		dynamic = true
		has[t], has["unit"] = true, true
	}
	for _, t := range TestTypes {
		if has[t] {
			types = append(types, t)
		}
	}
	return types, dynamic
}

func countTypes(has map[string]bool, d pysource.Definition, above []string, p *project) {
	markers := append(slices.Clone(above), d.Markers...)
	if d.Kind != pysource.Class {
		typesUnder(has, markers, d.CaseMarkers)
		return
	}
	any := false
	for _, k := range d.Members {
		if k.Kind == pysource.Class && named(k.Name, p.pytest.PythonClasses) || k.Kind == pysource.Function && (named(k.Name, p.pytest.PythonFunctions) || strings.HasPrefix(k.Name, "test")) {
			any = true
			countTypes(has, k, append(markers, d.CaseMarkers...), p)
		}
	}
	if !any && (named(d.Name, p.pytest.PythonClasses) || len(d.Bases) > 0) && len(d.Bases) > 0 {
		typesUnder(has, markers, nil) // its tests are a base's
	}
}

// typesUnder adds the types of a test with these markers; case markers are
// those of some of its parameters only.
func typesUnder(has map[string]bool, markers, cases []string) {
	typed := false
	for _, t := range TestTypes[1:] {
		if slices.Contains(markers, t) {
			has[t], typed = true, true
		}
		if slices.Contains(cases, t) {
			has[t] = true
		}
	}
	if !typed {
		has["unit"] = true
	}
}

// addedTypes are the types that a conftest above the file gives to tests when
// they are collected.
func (m *mapper) addedTypes(f *file) []string {
	var out []string
	for _, above := range f.in.chain() {
		c := above.files["conftest.py"]
		if c == nil || c.py == nil || !slices.Contains(c.py.Mentions, "add_marker") {
			continue
		}
		for _, t := range TestTypes[1:] {
			marked := slices.ContainsFunc(c.py.Uses, func(u pysource.Reference) bool { return u.Name == "pytest.mark."+t })
			text := slices.ContainsFunc(c.py.Strings, func(s pysource.String) bool { return s.Value == t })
			if (marked || text) && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}
