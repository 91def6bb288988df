package pyproject

import (
	"path"
	"regexp"
	"strings"
)

var docstring = regexp.MustCompile(`^(?:\s*(?:#.*)?\n)*[rRuU]?(?:"""|'''|"|')\s*([^\n]*?)\s*(?:"""|'''|"|'|\n)`)

// docstring is the first line of the module's docstring, which flit takes for
// the summary.
func (p *project) docstring() string {
	for _, root := range p.roots() {
		for _, file := range []string{p.moduleName() + ".py", path.Join(p.moduleName(), "__init__.py")} {
			data, _ := p.r.read(path.Join(root, file))
			if m := docstring.FindSubmatch(data); m != nil {
				return strings.TrimSpace(string(m[1]))
			}
		}
	}
	return ""
}

// readFlit reads [tool.flit.metadata], which flit had before [project].
func (p *project) readFlit(t table) {
	p.summary = p.docstring()
	p.name = t.text("dist-name")
	if p.name == "" {
		p.name = t.text("module")
	}
	p.author, p.authorEmail = t.text("author"), t.text("author-email")
	p.maintainer, p.maintainerEmail = t.text("maintainer"), t.text("maintainer-email")
	p.homePage, p.license = t.text("home-page"), t.text("license")
	p.requiresPython = t.text("requires-python")
	p.classifiers = t.texts("classifiers")
	p.keywords = commaList(t.text("keywords"))
	p.requires = p.r.requirements(t.doc.file, t.line("requires"), t.texts("requires"))
	urls := t.table("urls")
	for _, label := range urls.keys() {
		p.urls = append(p.urls, label+", "+urls.text(label))
	}
	extras := t.table("requires-extra")
	for _, name := range extras.keys() {
		p.addExtra(name, p.r.requirements(t.doc.file, extras.line(name), extras.texts(name)))
	}
	flit := p.toml.table("tool", "flit")
	p.scripts("console_scripts", flit.table("scripts"))
	groups := flit.table("entrypoints")
	for _, group := range groups.keys() {
		p.scripts(group, groups.table(group))
	}
}
