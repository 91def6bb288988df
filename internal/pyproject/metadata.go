package pyproject

import (
	"regexp"
	"slices"
	"strings"
)

// metadata is what the files of one distribution say, before it is written
// down as core metadata.
type metadata struct {
	name, version, versionFrom       string
	summary, requiresPython          string
	keywords, classifiers, platforms []string
	homePage, downloadURL            string
	urls                             []string // "Label, URL"
	author, authorEmail              string
	maintainer, maintainerEmail      string
	license, licenseExpression       string
	licenseFiles                     []string
	requires                         []Requirement
	extras                           []Group // in order
	entryPoints                      map[string][]string
}

// fields are the core metadata, in the order of its specification.
func (m *metadata) fields() []Field {
	var all []Field
	add := func(name string, values ...string) {
		for _, v := range values {
			if v = oneLine(v); v != "" {
				all = append(all, Field{name, v})
			}
		}
	}
	add("Platform", m.platforms...)
	add("Summary", m.summary)
	add("Keywords", strings.Join(m.keywords, ","))
	add("Home-page", m.homePage)
	add("Download-URL", m.downloadURL)
	add("Author", m.author)
	add("Author-email", m.authorEmail)
	add("Maintainer", m.maintainer)
	add("Maintainer-email", m.maintainerEmail)
	add("License", m.license)
	add("License-Expression", m.licenseExpression)
	add("License-File", m.licenseFiles...)
	add("Classifier", m.classifiers...)
	for _, r := range m.requires {
		add("Requires-Dist", r.String())
	}
	for _, extra := range m.extras {
		for _, r := range extra.Requires {
			add("Requires-Dist", r.under(`extra == "`+extra.Name+`"`).String())
		}
	}
	add("Requires-Python", m.requiresPython)
	add("Project-URL", m.urls...)
	for _, extra := range m.extras {
		add("Provides-Extra", extra.Name)
	}
	return all
}

// oneLine folds a value, since a header has one line.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(c rune) bool { return c == '\n' || c == '\r' }), " ")
}

// addExtra adds to an extra, by its normalized name. The name "dev:marker" and
// ":marker" put a condition on the requirements.
func (m *metadata) addExtra(name string, requires []Requirement) {
	name, condition, _ := strings.Cut(name, ":")
	conditioned := make([]Requirement, len(requires))
	for i, r := range requires {
		conditioned[i] = r.under(strings.TrimSpace(condition))
	}
	if name = Normalize(name); name == "" {
		m.requires = append(m.requires, conditioned...)
		return
	}
	for i := range m.extras {
		if m.extras[i].Name == name {
			m.extras[i].Requires = append(m.extras[i].Requires, conditioned...)
			return
		}
	}
	m.extras = append(m.extras, Group{Name: name, Requires: conditioned})
}

func (m *metadata) addEntryPoints(group string, lines ...string) {
	if m.entryPoints == nil {
		m.entryPoints = map[string][]string{}
	}
	m.entryPoints[group] = append(m.entryPoints[group], lines...)
}

// requirements reads a list of PEP 508 requirements.
func (r *reader) requirements(file string, line int, texts []string) []Requirement {
	var all []Requirement
	for _, text := range texts {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		one, err := ParseRequirement(text)
		if err != nil {
			r.report(file, line, "%v", err)
			continue
		}
		all = append(all, one)
	}
	return all
}

var pythonClassifier = regexp.MustCompile(`^Programming Language :: Python :: (\d+\.\d+)$`)

// pythons are the Python versions of classifiers, ascending.
func pythons(classifiers []string) []string {
	var all []string
	for _, c := range classifiers {
		if m := pythonClassifier.FindStringSubmatch(strings.TrimSpace(c)); m != nil {
			all = append(all, m[1])
		}
	}
	return ascending(all)
}

// ascending are versions in their order, each once.
func ascending(versions []string) []string {
	versions = distinct(versions)
	slices.SortFunc(versions, func(a, b string) int {
		v, vOK := parseVersion(a)
		w, wOK := parseVersion(b)
		if !vOK || !wOK {
			return strings.Compare(a, b)
		}
		return v.compare(w)
	})
	return versions
}

func byName(groups []Group) []Group {
	groups = slices.Clone(groups)
	slices.SortStableFunc(groups, func(a, b Group) int { return strings.Compare(a.Name, b.Name) })
	return groups
}
