package pyproject

import (
	"strings"
)

// readPoetry reads [tool.poetry] where there is no [project].
func (p *project) readPoetry(t table) {
	p.name = t.text("name")
	p.readPoetryDynamic(t, everything)
}

// readPoetryDynamic fills in what is left to [tool.poetry].
func (p *project) readPoetryDynamic(t table, left func(string) bool) {
	if left("version") && p.version == "" {
		if p.version = t.text("version"); p.version != "" {
			p.versionFrom = t.doc.file
		}
	}
	if left("description") {
		p.summary = t.text("description")
	}
	if left("requires-python") {
		p.requiresPython = poetrySpec(dependencyVersion(t.table("dependencies").values["python"]))
	}
	if left("license") {
		p.license = t.text("license")
	}
	if left("authors") {
		p.author, p.authorEmail = firstPerson(t.texts("authors"))
	}
	if left("maintainers") {
		p.maintainer, p.maintainerEmail = firstPerson(t.texts("maintainers"))
	}
	if left("keywords") {
		p.keywords = t.texts("keywords")
	}
	if left("classifiers") {
		p.classifiers = t.texts("classifiers")
	}
	if left("urls") {
		p.readPoetryURLs(t)
	}
	if left("dependencies") {
		p.readPoetryDependencies(t)
	}
	if left("scripts") || left("entry-points") {
		p.readPoetryScripts(t)
	}
}

// firstPerson is the one that poetry writes down.
func firstPerson(people []string) (name, email string) {
	if len(people) == 0 {
		return "", ""
	}
	return splitAddress(people[0])
}

func (p *project) readPoetryURLs(t table) {
	for _, known := range []struct{ key, label string }{{"homepage", "Homepage"}, {"repository", "Repository"}, {"documentation", "Documentation"}} {
		if url := t.text(known.key); url != "" {
			p.urls = append(p.urls, known.label+", "+url)
		}
	}
	urls := t.table("urls")
	for _, label := range urls.keys() {
		p.urls = append(p.urls, label+", "+urls.text(label))
	}
}

func (p *project) readPoetryScripts(t table) {
	scripts := t.table("scripts")
	for _, name := range scripts.keys() {
		target := ""
		if _, isTable := scripts.values[name].(map[string]any); isTable {
			script := scripts.table(name)
			if script.text("type") == "file" {
				continue
			}
			if target = script.text("reference"); target == "" {
				target = script.text("callable")
			}
		} else {
			target = scripts.text(name)
		}
		if target != "" {
			p.addEntryPoints("console_scripts", name+" = "+target)
		}
	}
	plugins := t.table("plugins")
	for _, group := range plugins.keys() {
		p.scripts(group, plugins.table(group))
	}
}

// readPoetryDependencies reads the dependencies; optional ones are given by the
// extras that name them.
func (p *project) readPoetryDependencies(t table) {
	dependencies := t.table("dependencies")
	optional := map[string][]Requirement{}
	for _, name := range dependencies.keys() {
		if Normalize(name) == "python" {
			continue
		}
		requires, isOptional := p.poetryDependency(dependencies, name)
		if isOptional {
			optional[Normalize(name)] = requires
			continue
		}
		p.requires = append(p.requires, requires...)
	}
	extras := t.table("extras")
	for _, extra := range extras.keys() {
		var requires []Requirement
		for _, name := range extras.texts(extra) {
			requires = append(requires, optional[Normalize(namePattern.FindString(name))]...)
		}
		p.addExtra(extra, requires)
	}
}

// readPoetryGroups reads what poetry installs for development.
func (p *project) readPoetryGroups(t table) {
	add := func(group string, dependencies table) {
		for _, name := range dependencies.keys() {
			if Normalize(name) != "python" {
				requires, _ := p.poetryDependency(dependencies, name)
				p.addGroup(group, requires)
			}
		}
	}
	add("dev", t.table("dev-dependencies"))
	groups := t.table("group")
	for _, group := range groups.keys() {
		add(group, groups.table(group, "dependencies"))
	}
}

// poetryDependency is one dependency as requirements: several when its version
// differs by platform or Python.
func (p *project) poetryDependency(t table, name string) (all []Requirement, optional bool) {
	variants := t.tables(name)
	switch v := t.values[name].(type) {
	case string:
		return p.poetryRequirement(t, name, table{doc: t.doc}, v), false
	case map[string]any:
		variants = []table{t.table(name)}
	case []any:
		if len(variants) < len(v) {
			t.report(name, "%s has something that is not a table", t.name(name))
		}
	default:
		t.report(name, "%s is neither a version nor a table", t.name(name))
	}
	for _, v := range variants {
		optional = optional || v.flag("optional")
		all = append(all, p.poetryRequirement(t, name, v, v.text("version"))...)
	}
	return all, optional
}

func (p *project) poetryRequirement(in table, name string, t table, version string) []Requirement {
	text := name
	if extras := t.texts("extras"); len(extras) > 0 {
		text += "[" + strings.Join(extras, ",") + "]"
	}
	if git := t.text("git"); git != "" {
		text += " @ git+" + git
		for _, key := range []string{"rev", "tag", "branch"} {
			if ref := t.text(key); ref != "" {
				text += "@" + ref
				break
			}
		}
	} else if url := t.text("url"); url != "" {
		text += " @ " + url
	} else {
		text += poetrySpec(version)
	}
	marker := joinMarkers(t.text("markers"), pythonMarker(poetrySpec(t.text("python"))))
	if platform := t.text("platform"); platform != "" {
		marker = joinMarkers(marker, `sys_platform == "`+platform+`"`)
	}
	if marker != "" {
		text += " ; " + marker
	}
	return p.r.requirements(in.doc.file, in.line(name), []string{text})
}

// dependencyVersion is the version of a dependency written either way.
func dependencyVersion(v any) string {
	if t, isTable := v.(map[string]any); isTable {
		v = t["version"]
	}
	s, _ := v.(string)
	return s
}

// pythonMarker writes a specifier of Python versions as a marker.
func pythonMarker(spec string) string {
	var all []string
	for _, part := range strings.Split(spec, ",") {
		m := clausePattern.FindStringSubmatch(part)
		if m == nil {
			continue
		}
		variable := "python_version"
		if strings.Count(strings.TrimSuffix(m[2], ".*"), ".") > 1 {
			variable = "python_full_version"
		}
		all = append(all, variable+" "+m[1]+` "`+m[2]+`"`)
	}
	return strings.Join(all, " and ")
}
