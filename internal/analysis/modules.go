package analysis

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
)

var (
	noModuleRE = regexp.MustCompile(`No module named '([^']+)'|python[\d.]*: (?:No module named|Error while finding module specification for) '?([\w.]+)`)
	noNameRE   = regexp.MustCompile(`cannot import name '([^']+)' from '([^']+)'|module '([\w.]+)' has no attribute '(\w+)'`)
	// What importlib.metadata says from Python 3.10 on, before, and pkg_resources.
	noMetadataRE = regexp.MustCompile(`(?m)No package metadata was found for ([\w.-]+)|PackageNotFoundError: ([\w.-]+)$|The '([^']+)' distribution was not found`)
	noFixtureRE  = regexp.MustCompile(`fixture '(\w+)' not found`)
	undefinedRE  = regexp.MustCompile(`(?m)^(?:error: )?'(\w+)' undefined`)
)

// missingName knows modules, names in them and installed distributions that
// are not there.
func (s *study) missingName(r raised) (cause, bool) {
	switch r.class {
	case "ModuleNotFoundError", "ImportError", "AttributeError", "PackageNotFoundError", "DistributionNotFound":
	case "CalledProcessError":
		if m := noModuleRE.FindStringSubmatch(r.output); m != nil && m[2] != "" {
			return s.missingModule(r, m[2]), true
		}
		return cause{}, false
	default:
		return cause{}, false
	}
	if m := noMetadataRE.FindStringSubmatch(r.message + "\n" + r.said); m != nil {
		name := m[1] + m[2] + m[3]
		return cause{kind: MissingMetadata, title: fmt.Sprintf("distribution %q is not installed in the test's environment", name), subject: name, key: name}, true
	}
	if m := noModuleRE.FindStringSubmatch(r.said); m != nil {
		return s.missingModule(r, m[1]+m[2]), true
	}
	if m := noNameRE.FindStringSubmatch(r.said); m != nil {
		return s.missingMember(r, m[2]+m[3], m[1]+m[4], m[1] != ""), true
	}
	return cause{}, false
}

func (s *study) missingModule(r raised, name string) cause {
	module, _, _ := strings.Cut(name, ".")
	c := cause{kind: MissingPackage, title: fmt.Sprintf("no module named %q", name), subject: module, key: module}
	c.needs, c.removed = stdlibVersion(module)
	if source := s.ownModule(r.cell.File, name); source != "" {
		c = undeclared(c, fmt.Sprintf("no module named %q", name), source)
	}
	return c
}

// missingMember is a name that a module lacks. When it is a module itself, it
// was not given to the cell (from a import b), or nothing has imported it
// (import a; a.b): under plain pytest, a test file before this one had.
func (s *study) missingMember(r raised, module, name string, imported bool) cause {
	full := module + "." + name
	c := cause{kind: Undefined, title: fmt.Sprintf("%s has no %q", module, name), subject: full, key: full}
	source := s.ownModule(r.cell.File, full)
	switch {
	case source != "" && imported:
		return undeclared(c, c.title, source)
	case source != "" || submodules[full]:
		c.kind, c.title = UnimportedModule, fmt.Sprintf("%s is a module that this file has not imported", full)
	}
	return c
}

// submodules of the standard library that importing their package does not
// import, but much else does.
var submodules = set(
	"concurrent.futures", "xml.etree", "xml.dom", "xml.sax", "importlib.util", "importlib.metadata", "importlib.resources", "importlib.machinery",
	"importlib.abc", "email.mime", "email.utils", "email.message", "email.header", "http.client", "http.server", "http.cookies", "http.cookiejar",
	"urllib.request", "urllib.parse", "urllib.error", "logging.handlers", "logging.config", "unittest.mock", "multiprocessing.pool",
	"multiprocessing.shared_memory", "multiprocessing.managers", "ctypes.util", "json.tool", "xmlrpc.client", "xmlrpc.server", "html.parser",
	"html.entities", "collections.abc", "os.path", "wsgiref.simple_server", "dbm.gnu", "curses.panel", "asyncio.subprocess", "distutils.version",
)

// undeclared is the cause of a source of the workspace that the cell was not
// given.
func undeclared(c cause, title, source string) cause {
	c.kind, c.needs, c.removed = UndeclaredDependency, "", false
	c.title = fmt.Sprintf("%s: %s is not declared as a dependency", title, source)
	c.subject, c.key = source, source
	return c
}

// ownModule finds the source of the workspace that is the module: a/b.py or
// a/b/__init__.py for a.b, below any folder; the shortest path wins. A folder
// a/ with sources is a package without an __init__.py. A source that no rule
// names is looked for where an import could find it.
func (s *study) ownModule(test, module string) string {
	at := strings.ReplaceAll(module, ".", "/")
	var found []string
	folder := ""
	for _, source := range s.sources {
		slashed := "/" + source
		switch {
		case strings.HasSuffix(slashed, "/"+at+".py"), strings.HasSuffix(slashed, "/"+at+"/__init__.py"):
			found = append(found, source)
		case strings.HasPrefix(source, at+"/") && strings.HasSuffix(source, ".py"):
			folder = at + "/"
		}
	}
	for _, root := range s.roots(test) {
		for _, file := range []string{at + ".py", at + "/__init__.py"} {
			if p := path.Join(root, file); s.inWorkspace(p) == isFile {
				found = append(found, p)
			}
		}
	}
	return shortest(found, folder)
}

// ownFunction finds the source of the workspace that is Octave's function.
func (s *study) ownFunction(test, name string) string {
	var found []string
	for _, source := range s.sources {
		if strings.HasSuffix("/"+source, "/"+name+".m") {
			found = append(found, source)
		}
	}
	for _, root := range s.roots(test) {
		if p := path.Join(root, name+".m"); s.inWorkspace(p) == isFile {
			found = append(found, p)
		}
	}
	return shortest(found, "")
}

// roots are the folders that an import of the test could look into: its own
// and those around it, and those that usually hold sources.
func (s *study) roots(test string) []string {
	out := []string{"src", "lib", "python", "tests", "test"}
	for dir := path.Dir(test); ; dir = path.Dir(dir) {
		out = append(out, dir)
		if dir == "." || dir == "/" {
			return out
		}
	}
}

func shortest(found []string, otherwise string) string {
	if len(found) == 0 {
		return otherwise
	}
	sort.Slice(found, func(i, j int) bool {
		if len(found[i]) != len(found[j]) {
			return len(found[i]) < len(found[j])
		}
		return found[i] < found[j]
	})
	return found[0]
}

// plugins are the pytest plugins behind well-known fixtures.
var plugins = map[string]string{
	"benchmark": "pytest-benchmark", "benchmark_weave": "pytest-benchmark", "mocker": "pytest-mock",
	"httpserver": "pytest-httpserver", "requests_mock": "requests-mock", "datadir": "pytest-datadir",
	"event_loop": "pytest-asyncio", "cov": "pytest-cov", "freezer": "pytest-freezer", "subtests": "pytest-subtests",
}

func (s *study) missingFixture(r raised) (cause, bool) {
	m := noFixtureRE.FindStringSubmatch(r.said)
	if m == nil {
		return cause{}, false
	}
	c := cause{kind: MissingPlugin, title: fmt.Sprintf("fixture %q not found", m[1]), subject: m[1], key: m[1]}
	if plugin := plugins[m[1]]; plugin != "" {
		c.title += " (" + plugin + ")"
		c.subject = plugin
	} else if conftest := s.conftest(r.cell.File); conftest != "" {
		c = undeclared(c, c.title, conftest)
	}
	return c, true
}

// conftest is the nearest conftest.py of a test file, "" without one.
func (s *study) conftest(test string) string {
	for dir := path.Dir(test); ; dir = path.Dir(dir) {
		p := path.Join(dir, "conftest.py")
		if s.inWorkspace(p) == isFile || slices.Contains(s.sources, p) {
			return p
		}
		if dir == "." || dir == "/" {
			return ""
		}
	}
}

// undefined is what Octave says of a name that nothing defines.
func (s *study) undefined(r raised) (cause, bool) {
	m := undefinedRE.FindStringSubmatch(r.said)
	if m == nil {
		return cause{}, false
	}
	c := cause{kind: Undefined, title: fmt.Sprintf("%q is undefined", m[1]), subject: m[1], key: m[1]}
	if source := s.ownFunction(r.cell.File, m[1]); source != "" {
		c = undeclared(c, c.title, source)
	}
	return c, true
}
