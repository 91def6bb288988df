package analysis

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/weft-build/weft/internal/result"
)

// failure is one thing that went wrong: in a case, or with a cell as a whole.
type failure struct {
	cell          *result.Cell
	kase          *result.Case // nil: the cell as a whole
	flaky         bool
	kind          string // the exception's class, as the suite gave it
	message, text string
}

// cause is what failures are grouped by.
type cause struct {
	kind     Kind
	title    string
	subject  string
	needs    string // a Python version
	removed  bool
	location string
	key      string
}

var (
	noModuleRE  = regexp.MustCompile(`No module named '([^']+)'`)
	noNameRE    = regexp.MustCompile(`cannot import name '([^']+)' from '([^']+)'|module '([\w.]+)' has no attribute '(\w+)'`)
	noFixtureRE = regexp.MustCompile(`fixture '(\w+)' not found`)
	noFileRE    = regexp.MustCompile(`(?:No such file or directory|unable to open file|unable to find file|cannot (?:find|open) file|could not find file)[: ]*['"]([^'"\n]+)['"]`)
	noFileOctRE = regexp.MustCompile(`(?:unable to (?:open|find) file|could not find file) (\S+)`)
	undefinedRE = regexp.MustCompile(`(?m)^(?:error: )?'(\w+)' undefined`)
	noNetworkRE = regexp.MustCompile(`gaierror|[Nn]ame or service not known|[Tt]emporary failure in name resolution|Network is unreachable|Could not resolve host|No route to host|nodename nor servname|EAI_AGAIN`)
	readOnlyRE  = regexp.MustCompile(`(?:Read-only file system|Permission denied)(?:: '([^'\n]+)')?`)
	quotedRE    = regexp.MustCompile(`'[^'\n]*'|"[^"\n]*"`)
	unionRE     = regexp.MustCompile(`unsupported operand type\(s\) for \|: '[^']*(?:type|NoneType|_GenericAlias|ABCMeta)[^']*'`)
)

// cause says why the failure happened. Failures with equal keys share a cause.
func (s *study) cause(f failure) cause {
	c := s.classify(f)
	if c.location == "" {
		c.location = s.location(f.text)
	}
	if c.location == "" {
		c.location = f.cell.File
		if f.kase != nil && f.kase.Line > 0 {
			c.location = fmt.Sprintf("%s:%d", f.cell.File, f.kase.Line)
		}
	}
	if c.key == "" {
		c.key = c.title + "\x00" + c.location
	}
	c.key = string(c.kind) + "\x00" + c.key
	return c
}

func (s *study) classify(f failure) cause {
	if f.kase == nil {
		if c, ok := wholeCell(f.cell); ok {
			return c
		}
	}
	all := f.message + "\n" + f.text
	class, detail := exception(f.kind, f.message, f.text)
	if class == "" && detail == "" {
		detail, _, _ = strings.Cut(strings.TrimSpace(f.text), "\n")
	}
	switch class {
	case "ModuleNotFoundError", "ImportError", "AttributeError":
		if c, ok := s.missingName(all); ok {
			return c
		}
	case "SyntaxError", "IndentationError", "TabError":
		return s.syntax(f.cell.Environment, class, detail, f.text)
	case "TypeError":
		if unionRE.MatchString(all) {
			return cause{kind: Syntax, title: `"X | Y" as a type`, subject: "X | Y as a type", needs: "3.10"}
		}
	}
	if m := noFixtureRE.FindStringSubmatch(all); m != nil {
		return missingFixture(m[1])
	}
	if m := undefinedRE.FindStringSubmatch(all); m != nil {
		return cause{kind: Undefined, title: fmt.Sprintf("%q is undefined", m[1]), subject: m[1], key: m[1]}
	}
	if noNetworkRE.MatchString(all) {
		return cause{kind: Network, title: "the test needs the network: " + headline(named(class, detail)), key: normal(detail) + "\x00" + s.location(f.text)}
	}
	if p, ok := missingPath(class, all); ok {
		return s.missingFile(p, f.text)
	}
	if m := readOnlyRE.FindStringSubmatch(all); m != nil && class != "AssertionError" {
		return cause{kind: ReadOnly, title: "writes where it may not: " + headline(named(class, detail)), subject: m[1]}
	}
	c := cause{kind: Exception, title: headline(named(class, detail))}
	c.location = s.location(f.text)
	if class == "AssertionError" || class == "Failed" {
		// What an assertion says is made of the values at hand, which differ
		// between environments: the place names the cause.
		c.kind = Assertion
		if c.location != "" {
			c.key = class + "\x00" + c.location
			return c
		}
	}
	if class == "" && f.kase != nil && f.kase.Outcome == result.CaseFailed && f.cell.JSON.Environment.Kind != "octave" {
		c.kind = Assertion // pytest.fail without a trace
	}
	if c.location != "" {
		// Raised at one place: what the message quotes is the value at hand.
		detail = quotedRE.ReplaceAllString(detail, "'…'")
	}
	c.key = class + "\x00" + normal(detail) + "\x00" + c.location
	return c
}

func named(class, detail string) string {
	switch {
	case class == "" || strings.HasPrefix(detail, class):
		return detail
	case detail == "":
		return class
	}
	return class + ": " + detail
}

// wholeCell classifies what is no case's doing.
func wholeCell(c *result.Cell) (cause, bool) {
	title := headline(c.Reason)
	switch c.Verdict {
	case result.Timeout:
		return cause{kind: TimedOut, title: title, key: c.File + normal(title)}, true
	case result.Crashed:
		return cause{kind: Crash, title: title, key: c.File + normal(title)}, true
	case result.OutOfMemory:
		return cause{kind: Memory, title: title, key: c.File + normal(title)}, true
	case result.NoTests:
		return cause{kind: NothingFound, title: fmt.Sprintf("no %s test in %s", c.Type, c.File), key: c.File + "\x00" + c.Type}, true
	case result.Infrastructure:
		return cause{kind: Launcher, title: title, key: normal(title)}, true
	case result.NotRun:
		return cause{kind: NoResult, title: title, location: c.Suite, key: normal(title)}, true
	}
	return cause{}, false
}

func (s *study) missingName(text string) (cause, bool) {
	if m := noModuleRE.FindStringSubmatch(text); m != nil {
		module, _, _ := strings.Cut(m[1], ".")
		c := cause{kind: MissingPackage, title: fmt.Sprintf("no module named %q", m[1]), subject: module, key: module}
		c.needs, c.removed = stdlibVersion(module)
		if source := s.ownModule(m[1]); source != "" {
			c = undeclared(c, m[1], source)
		}
		return c, true
	}
	if m := noNameRE.FindStringSubmatch(text); m != nil {
		name, module := m[1]+m[4], m[2]+m[3]
		title := fmt.Sprintf("%s has no %q", module, name)
		return cause{kind: Undefined, title: title, subject: module + "." + name, key: module + "." + name}, true
	}
	return cause{}, false
}

// plugins are the pytest plugins behind well-known fixtures.
var plugins = map[string]string{
	"benchmark": "pytest-benchmark", "benchmark_weave": "pytest-benchmark", "mocker": "pytest-mock",
	"httpserver": "pytest-httpserver", "requests_mock": "requests-mock", "datadir": "pytest-datadir",
	"event_loop": "pytest-asyncio", "cov": "pytest-cov", "freezer": "pytest-freezer", "subtests": "pytest-subtests",
}

func missingFixture(name string) cause {
	c := cause{kind: MissingPlugin, title: fmt.Sprintf("fixture %q not found", name), subject: name, key: name}
	if plugin := plugins[name]; plugin != "" {
		c.title += " (" + plugin + ")"
		c.subject = plugin
	}
	return c
}

func missingPath(class, text string) (string, bool) {
	if class == "AssertionError" {
		return "", false
	}
	if m := noFileRE.FindStringSubmatch(text); m != nil {
		return m[1], homeRE.MatchString(m[1]) || !scratchRE.MatchString(m[1])
	}
	if m := noFileOctRE.FindStringSubmatch(text); m != nil {
		return strings.Trim(m[1], `'"`), true
	}
	return "", false
}

var scratchRE = regexp.MustCompile(`/weft-[0-9a-f]+/(?:tmp|basetemp)/|^/tmp/|^/var/tmp/`)

var privateHomeRE = regexp.MustCompile(`^.*/weft-[0-9a-f]+/home`)

var homeRE = regexp.MustCompile(`/weft-[0-9a-f]+/home(?:/|$)|^~|^/home/|^/root/|^/Users/|/home/\.|/\.(?:config|cache|local|ssh|aws|netrc|gitconfig|bashrc|profile)\b|/homeless-shelter`)

// missingFile says what kind of file is not there: one of the workspace that
// nobody declared, one of a home, one of the machine, or a program.
func (s *study) missingFile(p, text string) cause {
	if !strings.Contains(p, "/") && strings.Contains(text, "_execute_child") {
		return cause{kind: MissingProgram, title: fmt.Sprintf("program %q is not in the environment", p), subject: p, key: p}
	}
	if homeRE.MatchString(p) {
		p = privateHomeRE.ReplaceAllString(p, "~")
		return cause{kind: Home, title: fmt.Sprintf("reads %q of a home, and a cell's home is empty", p), subject: p, key: normal(p)}
	}
	if rel, ok := s.relative(path.Clean(p)); ok {
		return cause{kind: UndeclaredFile, title: fmt.Sprintf("%q is not there: it is not declared as the test's data", rel), subject: rel, key: rel}
	}
	return cause{kind: HostFile, title: fmt.Sprintf("reads %q, which is no file of the workspace", p), subject: p, key: normal(p)}
}
