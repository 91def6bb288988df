package pyproject

import "strings"

// cfgText is a setting of setup.cfg, whose keys may be written with dashes, or
// under an older name.
func (p *project) cfgText(section string, keys ...string) (string, int) {
	for _, key := range keys {
		for _, spelling := range []string{key, strings.ReplaceAll(key, "_", "-")} {
			if s, ok := p.cfg.setting(section, spelling); ok {
				return strings.TrimSpace(s.text), s.line
			}
		}
	}
	return "", 0
}

// cfgContent is cfgText with `file:` followed.
func (p *project) cfgContent(section string, keys ...string) (string, int) {
	value, line := p.cfgText(section, keys...)
	if files, isFile := strings.CutPrefix(value, "file:"); isFile {
		return strings.TrimSpace(p.contents(commaList(files), p.cfg.file)), line
	}
	return value, line
}

// readSetupCfg fills in what setup.cfg says and setup.py does not.
func (p *project) readSetupCfg(left func(string) bool) {
	if !p.cfg.has("metadata") && !p.cfg.has("options") {
		return
	}
	for _, f := range []struct {
		field string
		to    *string
		keys  []string
	}{
		{"name", &p.name, []string{"name"}},
		{"description", &p.summary, []string{"description", "summary"}},
		{"urls", &p.homePage, []string{"url", "home_page"}}, {"urls", &p.downloadURL, []string{"download_url"}},
		{"authors", &p.author, []string{"author"}}, {"authors", &p.authorEmail, []string{"author_email"}},
		{"maintainers", &p.maintainer, []string{"maintainer"}},
		{"maintainers", &p.maintainerEmail, []string{"maintainer_email"}},
		{"license", &p.license, []string{"license"}},
		{"requires-python", &p.requiresPython, []string{"python_requires", "requires_python"}},
	} {
		if left(f.field) && *f.to == "" {
			*f.to, _ = p.cfgContent("metadata", f.keys...)
		}
	}
	if v, _ := p.cfgText("options", "python_requires"); left("requires-python") && p.requiresPython == "" {
		p.requiresPython = v
	}
	if v, _ := p.cfgText("metadata", "version"); left("version") && p.version == "" && !isDirective(v) {
		p.version = v
		if v != "" {
			p.versionFrom = p.cfg.file
		}
	}
	p.readCfgLists(left)
	p.readCfgRequires(left)
	if left("entry-points") || left("scripts") {
		p.readCfgEntryPoints()
	}
}

func isDirective(value string) bool {
	return strings.HasPrefix(value, "attr:") || strings.HasPrefix(value, "file:")
}

func (p *project) readCfgLists(left func(string) bool) {
	if v, _ := p.cfgContent("metadata", "classifiers", "classifier"); left("classifiers") && len(p.classifiers) == 0 {
		p.classifiers = commaList(v)
	}
	if v, _ := p.cfgText("metadata", "keywords"); left("keywords") && len(p.keywords) == 0 {
		p.keywords = commaList(v)
	}
	if v, _ := p.cfgText("metadata", "platforms", "platform"); left("platforms") && len(p.platforms) == 0 {
		p.platforms = commaList(v)
	}
	if v, _ := p.cfgText("metadata", "project_urls"); left("urls") && len(p.urls) == 0 {
		for _, line := range commaList(v) {
			if label, url, found := strings.Cut(line, "="); found {
				p.urls = append(p.urls, strings.TrimSpace(label)+", "+strings.TrimSpace(url))
			}
		}
	}
	if v, _ := p.cfgText("metadata", "license_files", "license_file"); left("license-files") {
		for _, pattern := range commaList(v) {
			p.licenseFiles = append(p.licenseFiles, p.globFiles(pattern)...)
		}
	}
}

func (p *project) readCfgRequires(left func(string) bool) {
	if v, line := p.cfgContent("options", "install_requires"); left("dependencies") && len(p.requires) == 0 && v != "" {
		p.requires = p.r.requirements(p.cfg.file, line, semicolonList(v))
	}
	if v, line := p.cfgText("options", "tests_require"); v != "" {
		p.addGroup("test", p.r.requirements(p.cfg.file, line, semicolonList(v)))
	}
	if !left("optional-dependencies") || p.setup.has("extras_require") {
		return
	}
	for _, name := range p.cfg.keys("options.extras_require") {
		v, line := p.cfgContent("options.extras_require", name)
		p.addExtra(name, p.r.requirements(p.cfg.file, line, semicolonList(v)))
	}
}

func (p *project) readCfgEntryPoints() {
	if v, _ := p.cfgContent("options", "entry_points"); v != "" {
		p.entryPointsText(p.cfg.file, v)
	}
	for _, group := range p.cfg.keys("options.entry_points") {
		s, _ := p.cfg.setting("options.entry_points", group)
		for i, line := range strings.Split(s.text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				p.entryPoint(p.cfg.file, s.line+i, group, line)
			}
		}
	}
}

// commaList is a list of setup.cfg: lines, or, in one line, between commas.
func commaList(value string) []string { return separated(value, ",") }

// semicolonList is a list of requirements: lines, or between semicolons where
// these begin no marker.
func semicolonList(value string) []string {
	if !strings.Contains(value, "\n") {
		if r, err := ParseRequirement(value); err == nil && r.Marker != "" {
			return []string{value}
		}
	}
	var all []string
	for _, line := range separated(value, ";") {
		if line[0] != '#' {
			line, _, _ = strings.Cut(line, " #")
			all = append(all, line)
		}
	}
	return all
}

func separated(value, separator string) []string {
	if strings.Contains(value, "\n") {
		return nonEmptyLines(value)
	}
	return nonEmptyLines(strings.ReplaceAll(value, separator, "\n"))
}
