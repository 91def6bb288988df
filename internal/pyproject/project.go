package pyproject

import (
	"fmt"
	"net/mail"
	"path"
	"slices"
	"strings"
)

// readProject reads the [project] table of PEP 621. Fields that it calls
// dynamic are left to the backend's own settings.
func (p *project) readProject(t table) {
	p.name = t.text("name")
	p.version = t.text("version")
	if p.version != "" {
		p.versionFrom = p.file("pyproject.toml")
	}
	p.summary = t.text("description")
	p.requiresPython = t.text("requires-python")
	p.keywords = t.texts("keywords")
	if strings.HasPrefix(p.backend(), "hatchling") {
		slices.Sort(p.keywords)
	}
	p.classifiers = t.texts("classifiers")
	p.author, p.authorEmail = p.people(t, "authors")
	p.maintainer, p.maintainerEmail = p.people(t, "maintainers")
	p.readLicense(t)
	urls := t.table("urls")
	for _, label := range urls.keys() {
		p.urls = append(p.urls, p.urlLabel(label)+", "+urls.text(label))
	}
	p.requires = p.r.requirements(t.doc.file, t.line("dependencies"), t.texts("dependencies"))
	extras := t.table("optional-dependencies")
	for _, name := range extras.keys() {
		p.addExtra(name, p.r.requirements(t.doc.file, extras.line(name), extras.texts(name)))
	}
	p.readScripts(t)
	p.readDynamic(t)
}

// urlLabel is a label as the backend writes it: poetry capitalizes those it knows.
func (p *project) urlLabel(label string) string {
	if strings.HasPrefix(p.backend(), "poetry") && slices.Contains([]string{"homepage", "repository", "documentation"}, label) {
		return strings.ToUpper(label[:1]) + label[1:]
	}
	return label
}

// people writes authors as setuptools and hatchling do: those with an address
// in the email field, the others in the name field. Poetry writes the first one only.
func (p *project) people(t table, key string) (names, emails string) {
	var plain, addressed []string
	if all := t.tables(key); strings.HasPrefix(p.backend(), "poetry") && len(all) > 0 {
		return all[0].text("name"), all[0].text("email")
	}
	for _, person := range t.tables(key) {
		name, email := person.text("name"), person.text("email")
		switch {
		case email == "":
			plain = append(plain, name)
		case name == "":
			addressed = append(addressed, email)
		default:
			addressed = append(addressed, address(name, email))
		}
	}
	return strings.Join(plain, ", "), strings.Join(addressed, ", ")
}

// address is `name <email>`, quoted where the name needs it.
func address(name, email string) string {
	if strings.ContainsAny(name, `()<>@,:;".[]\`) {
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + email + ">"
}

// readLicense takes the expression of PEP 639, or the older table.
func (p *project) readLicense(t table) {
	switch v := t.values["license"].(type) {
	case nil:
	case string:
		p.licenseExpression = v
	case map[string]any:
		license := t.table("license")
		p.license = license.text("text")
		if file := license.text("file"); file != "" {
			p.licenseFiles = append(p.licenseFiles, file)
			if data, ok := p.r.read(p.file(file)); ok && p.usesSetuptools() {
				p.license = strings.TrimSpace(string(data))
			}
		}
	default:
		t.report("license", "%s is neither a string nor a table", t.name("license"))
	}
	for _, pattern := range t.licensePatterns() {
		p.licenseFiles = append(p.licenseFiles, p.globFiles(pattern)...)
	}
}

// licensePatterns are license-files: a list, or a table of globs or paths.
func (t table) licensePatterns() []string {
	if _, isTable := t.values["license-files"].(map[string]any); isTable {
		files := t.table("license-files")
		return append(files.texts("globs"), files.texts("paths")...)
	}
	return t.texts("license-files")
}

// defaultLicenses are the names that setuptools, hatchling and others look for.
var defaultLicenses = []string{"LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*"}

// findLicenseFiles fills in the license files that backends find by themselves.
func (p *project) findLicenseFiles() {
	if len(p.licenseFiles) > 0 || p.toml.table("project").has("license-files") {
		p.licenseFiles = distinct(p.licenseFiles)
		return
	}
	for _, pattern := range defaultLicenses {
		p.licenseFiles = append(p.licenseFiles, p.globFiles(pattern)...)
	}
}

// globFiles are the files that match, relative to the distribution's folder.
func (p *project) globFiles(pattern string) []string {
	var files []string
	for _, name := range p.r.glob(p.dir, pattern) {
		if p.r.isFile(name) {
			files = append(files, p.relative(name))
		}
	}
	return files
}

func (p *project) relative(name string) string {
	if p.dir == "" {
		return name
	}
	return strings.TrimPrefix(name, p.dir+"/")
}

func (p *project) readScripts(t table) {
	p.scripts("console_scripts", t.table("scripts"))
	p.scripts("gui_scripts", t.table("gui-scripts"))
	groups := t.table("entry-points")
	for _, group := range groups.keys() {
		p.scripts(group, groups.table(group))
	}
}

// scripts are entry points of a table: name = "module:attribute".
func (p *project) scripts(group string, t table) {
	for _, name := range t.keys() {
		if target := t.text(name); target != "" {
			p.addEntryPoints(group, name+" = "+target)
		}
	}
}

// readDynamic lets the backend fill in what [project] leaves to it.
func (p *project) readDynamic(t table) {
	dynamic := t.texts("dynamic")
	left := func(field string) bool { return slices.Contains(dynamic, field) }
	if len(dynamic) == 0 {
		return
	}
	if poetry := p.toml.table("tool", "poetry"); strings.HasPrefix(p.backend(), "poetry") && poetry.exists() {
		p.readPoetryDynamic(poetry, left)
		return
	}
	if strings.HasPrefix(p.backend(), "flit") && left("description") {
		p.summary = p.docstring()
	}
	if !p.usesSetuptools() {
		return
	}
	p.readSetuptoolsDynamic(p.toml.table("tool", "setuptools", "dynamic"), left)
	p.readSetupPy(left)
	p.readSetupCfg(left)
}

// readSetuptoolsDynamic reads [tool.setuptools.dynamic], but for the version.
func (p *project) readSetuptoolsDynamic(t table, left func(string) bool) {
	if left("dependencies") {
		p.requires = append(p.requires, p.requirementsOf(t.table("dependencies"))...)
	}
	extras := t.table("optional-dependencies")
	for _, name := range extras.keys() {
		p.addExtra(name, p.requirementsOf(extras.table(name)))
	}
	for _, field := range []struct {
		name string
		to   *string
	}{{"description", &p.summary}, {"requires-python", &p.requiresPython}} {
		if files := t.table(field.name).textOrTexts("file"); left(field.name) && len(files) > 0 {
			*field.to = strings.TrimSpace(p.contents(files, t.doc.file))
		}
	}
	for _, field := range []struct {
		name string
		to   *[]string
	}{{"classifiers", &p.classifiers}, {"keywords", &p.keywords}} {
		if files := t.table(field.name).textOrTexts("file"); left(field.name) && len(files) > 0 {
			*field.to = nonEmptyLines(p.contents(files, t.doc.file))
		}
	}
	if files := t.table("entry-points").textOrTexts("file"); len(files) > 0 {
		p.entryPointsText(p.file(files[0]), p.contents(files, t.doc.file))
	}
}

// requirementsOf reads the requirements of { file = … }.
func (p *project) requirementsOf(t table) []Requirement {
	files := t.textOrTexts("file")
	return p.r.requirements(t.doc.file, t.line("file"), requirementLines(p.contents(files, t.doc.file)))
}

// contents joins files of the distribution; one that is missing is reported
// at the file that names it.
func (p *project) contents(files []string, namedIn string) string {
	var b strings.Builder
	for _, file := range files {
		name, ok := within(p.dir, strings.TrimSpace(file))
		if !ok || path.IsAbs(file) {
			p.r.report(namedIn, 0, "%q leads out of the workspace", file)
			continue
		}
		data, ok := p.r.read(name)
		if !ok {
			p.r.report(namedIn, 0, "%q, which it names, cannot be read", file)
			continue
		}
		fmt.Fprintf(&b, "%s\n", data)
	}
	return b.String()
}

// requirementLines are the lines of a plain requirements file.
func requirementLines(text string) []string {
	var all []string
	for _, line := range nonEmptyLines(text) {
		if line[0] == '#' {
			continue
		}
		line, _, _ = strings.Cut(line, " #")
		all = append(all, strings.TrimSpace(line))
	}
	return all
}

func nonEmptyLines(text string) []string {
	var all []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// splitAddress reads `name <email>`.
func splitAddress(text string) (name, email string) {
	if a, err := mail.ParseAddress(text); err == nil {
		return a.Name, a.Address
	}
	if before, rest, found := strings.Cut(text, "<"); found {
		email, _, _ = strings.Cut(rest, ">")
		return strings.TrimSpace(before), strings.TrimSpace(email)
	}
	return strings.TrimSpace(text), ""
}
