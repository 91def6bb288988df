package scaffold

import (
	"regexp"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pyproject"
)

// needs are a project's requirements, told apart by what they are for. The
// project's own distributions are not among them: where a list names one, that
// one's requirements stand in its place.
type needs struct {
	runtime, tests, extras []pyproject.Requirement
}

var (
	testGroup = regexp.MustCompile(`^(tests?|testing|unit-?tests?|pytest|check|cov|coverage|tests?-.*|.*-tests?)$`)
	devGroup  = regexp.MustCompile(`^(dev|devel|develop|development|dev-.*|ci)$`)
	toolGroup = regexp.MustCompile(`^(docs?|documentation|lint.*|format.*|typing|types|mypy|style|build|release|publish|sphinx|profile|benchmarks?)$`)
)

// needsOf sorts the requirements of all distributions together.
func needsOf(s Survey) needs {
	o := own{}
	for _, d := range s.Distributions {
		o[pyproject.Normalize(d.Name)] = d
	}
	var n needs
	var dev []pyproject.Requirement
	for _, d := range s.main() {
		n.runtime = append(n.runtime, d.Requires...)
		for _, g := range slices.Concat(d.Extras, d.Groups) {
			switch name := pyproject.Normalize(g.Name); {
			case testGroup.MatchString(name):
				n.tests = append(n.tests, g.Requires...)
			case devGroup.MatchString(name):
				dev = append(dev, g.Requires...)
			case !toolGroup.MatchString(name) && slices.ContainsFunc(d.Extras, func(e pyproject.Group) bool { return e.Name == g.Name }):
				n.extras = append(n.extras, g.Requires...)
			}
		}
	}
	n.tests = append(n.tests, direct(s.Matrix.Requires, s.TestImports)...)
	// A list of developers' is read where no list says that it is for tests.
	if !slices.ContainsFunc(n.tests, isPytest) {
		n.tests = append(n.tests, dev...)
	}
	n.tests = append(n.tests, fromOptions(s.Options)...)
	n.runtime, n.tests, n.extras = o.resolve(n.runtime), o.resolve(n.tests), o.resolve(n.extras)
	// An extra may take in the one for tests, and with it a developer's tools.
	isUnused := func(r pyproject.Requirement) bool { return isTool(r.Name) && !imports(s.TestImports, r.Name) }
	n.extras = slices.DeleteFunc(n.extras, func(r pyproject.Requirement) bool {
		return isUnused(r) && slices.ContainsFunc(n.tests, func(t pyproject.Requirement) bool { return t.Name == r.Name })
	})
	n.tests = slices.DeleteFunc(n.tests, isUnused)
	return n
}

// compiled is how many pinned requirements make a list one that a program has
// written: it names what others need, too.
const compiled = 15

// direct leaves of a compiled list what the tests themselves use.
func direct(list []pyproject.Requirement, imported map[string]bool) []pyproject.Requirement {
	pinned := 0
	for _, r := range list {
		if strings.HasPrefix(r.Spec, "==") {
			pinned++
		}
	}
	if pinned < compiled {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(r pyproject.Requirement) bool {
		return r.Name != "pytest" && !strings.HasPrefix(r.Name, "pytest-") && !imports(imported, r.Name)
	})
}

// main are the distributions that count: examples and documents may have ones
// of their own, which need what the project does not.
func (s Survey) main() []pyproject.Distribution {
	return slices.DeleteFunc(slices.Clone(s.Distributions), func(d pyproject.Distribution) bool {
		return slices.ContainsFunc(strings.Split(d.Dir, "/"), func(part string) bool { return slices.Contains(besides, part) })
	})
}

// besides are folders whose distributions are not what a repository is for.
var besides = []string{"example", "examples", "doc", "docs", "test", "tests", "testing", "benchmark", "benchmarks", "demo", "demos", "fixtures", "templates", "vendor", "third_party"}

func isPytest(r pyproject.Requirement) bool { return r.Name == "pytest" }

// fromOptions are pytest and the plugins that its options cannot be read without.
func fromOptions(options []string) []pyproject.Requirement {
	out := []pyproject.Requirement{requirement("pytest")}
	for _, p := range optionPlugins {
		if slices.ContainsFunc(options, p.option.MatchString) {
			out = append(out, requirement(p.name))
		}
	}
	return out
}

var optionPlugins = []struct {
	option *regexp.Regexp
	name   string
}{
	{regexp.MustCompile(`^--(no-)?cov(-|=|$)`), "pytest-cov"},
	{regexp.MustCompile(`^(-n|-n\d+|-nauto|--numprocesses.*|--dist.*)$`), "pytest-xdist"},
	{regexp.MustCompile(`^--benchmark-`), "pytest-benchmark"},
	{regexp.MustCompile(`^--timeout(=|$)`), "pytest-timeout"},
	{regexp.MustCompile(`^--(asyncio-mode)(=|$)`), "pytest-asyncio"},
	{regexp.MustCompile(`^--reruns(=|$)`), "pytest-rerunfailures"},
	{regexp.MustCompile(`^--hypothesis-`), "hypothesis"},
	{regexp.MustCompile(`^--doctest-(plus|rst|ufunc)`), "pytest-doctestplus"},
	{regexp.MustCompile(`^--randomly-`), "pytest-randomly"},
}

func requirement(name string) pyproject.Requirement {
	return pyproject.Requirement{Name: name, Text: name}
}

// own are the project's distributions by normalized name.
type own map[string]pyproject.Distribution

// resolve puts the requirements of the project's own distributions and extras
// in their place: of "project[all]", what the extra names.
func (o own) resolve(list []pyproject.Requirement) []pyproject.Requirement {
	var out []pyproject.Requirement
	seen := map[string]bool{}
	var add func(r pyproject.Requirement)
	add = func(r pyproject.Requirement) {
		d, first := o[r.Name]
		key := r.Name + ";" + r.Marker
		if first {
			key += "[" + strings.Join(r.Extras, ",") + "]"
		}
		if seen[key] || r.Name == "" {
			return
		}
		seen[key] = true
		if !first {
			out = append(out, r)
			return
		}
		for _, g := range d.Extras {
			if slices.ContainsFunc(r.Extras, func(e string) bool { return pyproject.Normalize(e) == pyproject.Normalize(g.Name) }) {
				for _, inner := range g.Requires {
					add(inner)
				}
			}
		}
	}
	for _, r := range list {
		add(r)
	}
	return out
}

// chosen are the packages of a list for one Python, without those of before.
func chosen(list []pyproject.Requirement, group, python string, before []Package) []Package {
	env := markerEnvironment(python)
	out := slices.Clone(before)
	for _, r := range list {
		attrs := candidates(r.Name)
		if len(attrs) == 0 || !pyproject.Evaluate(r.Marker, env) {
			continue
		}
		if slices.ContainsFunc(out, func(p Package) bool { return p.Attr() == attrs[0] }) {
			continue
		}
		out = append(out, Package{Name: r.Name, Requirement: text(r), Spec: r.Spec, Attrs: attrs, Group: group})
	}
	return out
}

func text(r pyproject.Requirement) string {
	if r.Text != "" {
		return r.Text
	}
	return r.Name + r.Spec
}

// markerEnvironment are PEP 508's variables that every system of the flake has
// alike; the others are unknown, and what depends on them holds.
func markerEnvironment(python string) map[string]string {
	return map[string]string{
		"python_version":                 python,
		"python_full_version":            python + ".99",
		"implementation_name":            "cpython",
		"platform_python_implementation": "CPython",
		"os_name":                        "posix",
		"sys_platform":                   "linux",
		"platform_system":                "Linux",
		"extra":                          "",
	}
}
