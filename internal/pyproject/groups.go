package pyproject

import "strings"

// readGroups reads what is for development only: dependency groups, poetry's
// groups, uv's and pdm's development dependencies.
func (p *project) readGroups() {
	t := p.toml.table("dependency-groups")
	for _, name := range t.keys() {
		p.addGroup(name, p.group(t, name, nil))
	}
	uv := p.toml.table("tool", "uv")
	p.addGroup("dev", p.r.requirements(uv.doc.file, uv.line("dev-dependencies"), uv.texts("dev-dependencies")))
	pdm := p.toml.table("tool", "pdm", "dev-dependencies")
	for _, name := range pdm.keys() {
		texts := pdm.texts(name)
		for i := range texts { // an editable folder: "-e file:///…#egg=name"
			if _, egg, found := strings.Cut(texts[i], "#egg="); found && strings.HasPrefix(texts[i], "-e") {
				texts[i] = egg
			}
		}
		p.addGroup(name, p.r.requirements(pdm.doc.file, pdm.line(name), texts))
	}
	p.readPoetryGroups(p.toml.table("tool", "poetry"))
}

// maxIncluded bounds groups that include each other over and over.
const maxIncluded = 1000

func (p *project) addGroup(name string, requires []Requirement) {
	name = Normalize(name)
	for i := range p.groups {
		if p.groups[i].Name == name {
			p.groups[i].Requires = append(p.groups[i].Requires, requires...)
			return
		}
	}
	if len(requires) > 0 {
		p.groups = append(p.groups, Group{Name: name, Requires: requires})
	}
}

// group resolves a dependency group of PEP 735 with what it includes; `through`
// are the groups that lead to it.
func (p *project) group(t table, name string, through []string) []Requirement {
	key := ""
	for _, k := range t.keys() {
		if Normalize(k) == Normalize(name) {
			key = k
		}
	}
	if p.included++; p.included > maxIncluded {
		t.report("", "dependency groups include each other more than %d times; the rest is left out", maxIncluded)
		return nil
	}
	for _, g := range through {
		if g == Normalize(name) {
			t.report(key, "dependency group %q includes itself", name)
			return nil
		}
	}
	if key == "" {
		t.report("", "there is no dependency group %q to include", name)
		return nil
	}
	list, ok := t.values[key].([]any)
	if !ok {
		t.report(key, "%s is not a list", t.name(key))
	}
	var all []Requirement
	for _, item := range list {
		switch v := item.(type) {
		case string:
			all = append(all, p.r.requirements(t.doc.file, t.line(key), []string{v})...)
		case map[string]any:
			if other, ok := v["include-group"].(string); ok {
				all = append(all, p.group(t, other, append(through[:len(through):len(through)], Normalize(name)))...)
			}
		default:
			t.report(key, "%s has something that is neither a requirement nor an include", t.name(key))
		}
	}
	return distinctRequirements(all)
}

func distinctRequirements(list []Requirement) []Requirement {
	seen := map[string]bool{}
	var all []Requirement
	for _, r := range list {
		if !seen[r.String()] {
			seen[r.String()] = true
			all = append(all, r)
		}
	}
	return all
}
