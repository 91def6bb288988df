package pyproject

import (
	"maps"
	"slices"
	"strings"
)

// setupCall is the call of setup() in a setup.py.
type setupCall struct {
	found    bool
	file     string
	line     int
	keywords map[string]any
}

func readSetup(file string, data []byte, r *reader) *setupCall {
	s := &setupCall{file: file, keywords: map[string]any{}}
	for _, c := range calls(data, "setup") {
		if !s.found || len(c.Keywords) > len(s.keywords) {
			s.found, s.line, s.keywords = true, c.Line, c.Keywords
		}
	}
	return s
}

func (s *setupCall) has(key string) bool {
	_, ok := s.keywords[key]
	return ok
}

// readSetupPy fills in what is literal in setup(); `left` says which fields
// are left to it. It goes before setup.cfg, whose settings do not replace it.
func (p *project) readSetupPy(left func(string) bool) {
	for _, f := range []struct {
		field, key string
		to         *string
	}{
		{"name", "name", &p.name}, {"version", "version", &p.version},
		{"description", "description", &p.summary}, {"requires-python", "python_requires", &p.requiresPython},
		{"urls", "url", &p.homePage}, {"urls", "download_url", &p.downloadURL},
		{"authors", "author", &p.author}, {"authors", "author_email", &p.authorEmail},
		{"maintainers", "maintainer", &p.maintainer}, {"maintainers", "maintainer_email", &p.maintainerEmail},
		{"license", "license", &p.license},
	} {
		if left(f.field) && *f.to == "" {
			*f.to = text(p.setup.keywords[f.key])
			if f.key == "version" && *f.to != "" {
				p.versionFrom = p.setup.file
			}
			if f.key == "name" && *f.to == "" && p.setup.has("name") && !p.cfg.has("metadata") {
				p.computed("name")
			}
		}
	}
	p.readSetupLists(left)
	p.readSetupRequires(left)
	if left("entry-points") || left("scripts") {
		p.readSetupEntryPoints()
	}
}

func (p *project) computed(key string) {
	p.r.report(p.setup.file, p.setup.line, "%s of setup() is computed, not literal, and is not read; write it into pyproject.toml", key)
}

func (p *project) setupList(key string) []string {
	all, ok := list(p.setup.keywords[key])
	if !ok {
		p.computed(key)
	}
	return all
}

func (p *project) readSetupLists(left func(string) bool) {
	if left("classifiers") && len(p.classifiers) == 0 {
		p.classifiers = p.setupList("classifiers")
	}
	if left("keywords") && len(p.keywords) == 0 {
		p.keywords = p.setupList("keywords")
		if words, isText := p.setup.keywords["keywords"].(string); isText {
			p.keywords = commaOrSpace(words)
		}
	}
	if left("platforms") {
		p.platforms = p.setupList("platforms")
	}
	if urls, ok := p.setup.keywords["project_urls"].(map[string]any); ok && left("urls") {
		for _, label := range slices.Sorted(maps.Keys(urls)) {
			p.urls = append(p.urls, label+", "+text(urls[label]))
		}
	}
	if left("license-files") {
		for _, pattern := range append(p.setupList("license_files"), p.setupList("license_file")...) {
			p.licenseFiles = append(p.licenseFiles, p.globFiles(pattern)...)
		}
	}
}

func commaOrSpace(words string) []string {
	if strings.Contains(words, ",") {
		return commaList(words)
	}
	return strings.Fields(words)
}

func (p *project) readSetupRequires(left func(string) bool) {
	file, line := p.setup.file, p.setup.line
	if left("dependencies") {
		p.requires = append(p.requires, p.r.requirements(file, line, p.setupList("install_requires"))...)
		if on, _ := p.setup.keywords["pbr"].(bool); on {
			if data, ok := p.r.read(p.file("requirements.txt")); ok {
				p.requires = append(p.requires, p.r.requirements(p.file("requirements.txt"), 0, requirementLines(string(data)))...)
			}
		}
	}
	p.addGroup("test", p.r.requirements(file, line, p.setupList("tests_require")))
	if !left("optional-dependencies") || !p.setup.has("extras_require") {
		return
	}
	extras, ok := p.setup.keywords["extras_require"].(map[string]any)
	if !ok {
		p.computed("extras_require")
	}
	for _, name := range slices.Sorted(maps.Keys(extras)) {
		requires, ok := list(extras[name])
		if !ok {
			p.computed("extra " + name)
		}
		p.addExtra(name, p.r.requirements(file, line, requires))
	}
}

func (p *project) readSetupEntryPoints() {
	switch groups := p.setup.keywords["entry_points"].(type) {
	case nil:
	case string:
		p.entryPointsText(p.setup.file, groups)
	case map[string]any:
		for _, group := range slices.Sorted(maps.Keys(groups)) {
			lines, ok := list(groups[group])
			if !ok {
				p.computed("entry_points " + group)
			}
			for _, line := range lines {
				p.entryPoint(p.setup.file, p.setup.line, group, line)
			}
		}
	default:
		p.computed("entry_points")
	}
}
