package pyproject

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/weft-build/weft/internal/pysource"
)

// versionNames are what modules call their version, versionModules where a
// package keeps it.
var (
	versionNames   = []string{"__version__", "version", "VERSION", "__VERSION__"}
	versionModules = []string{"_version.py", "__version__.py", "version.py", "__about__.py", "_about.py", "about.py", "__init__.py"}
)

// findVersion looks for a version that no file states: where the backend's
// settings point, in the package's own modules, in metadata of an earlier build.
func (p *project) findVersion() {
	for _, look := range []func(){p.versionOfSetuptools, p.versionOfSettings, p.versionOfModules, p.versionOfPkgInfo, p.versionOfFallback} {
		if p.version != "" {
			return
		}
		look()
	}
	if p.version == "" {
		p.version, p.versionFrom = "0.0.0", ""
	}
}

// accept takes a version, when it is one.
func (p *project) accept(version, from string) bool {
	version = strings.TrimSpace(version)
	parsed, ok := parseVersion(version)
	if !ok {
		return false
	}
	p.version, p.versionFrom = parsed.String(), from
	return true
}

func (p *project) versionOfSetuptools() {
	if !p.usesSetuptools() {
		return
	}
	t := p.toml.table("tool", "setuptools", "dynamic", "version")
	p.versionOfAttribute(t.text("attr"))
	if files := t.textOrTexts("file"); p.version == "" && len(files) > 0 {
		p.accept(p.contents(files, t.doc.file), p.file(files[0]))
	}
	v, _ := p.cfgText("metadata", "version")
	if attribute, ok := strings.CutPrefix(v, "attr:"); ok && p.version == "" {
		p.versionOfAttribute(strings.TrimSpace(attribute))
	}
	if file, ok := strings.CutPrefix(v, "file:"); ok && p.version == "" {
		file = strings.TrimSpace(file)
		p.accept(p.contents([]string{file}, p.cfg.file), p.file(file))
	}
}

// versionOfAttribute follows "package.module.attribute" to a literal.
func (p *project) versionOfAttribute(attribute string) {
	at := strings.LastIndex(attribute, ".")
	if at < 0 {
		return
	}
	module, name := strings.ReplaceAll(attribute[:at], ".", "/"), attribute[at+1:]
	for _, root := range append(p.roots(), p.dir) {
		for _, file := range []string{path.Join(root, module+".py"), path.Join(root, module, "__init__.py")} {
			if p.versionOfFile(file, name) {
				return
			}
		}
		for _, other := range versionModules { // a package that imports its version
			if p.versionOfFile(path.Join(root, module, other), append([]string{name}, versionNames...)...) {
				return
			}
		}
	}
}

// versionOfFile takes the literal that a Python file gives to a name.
func (p *project) versionOfFile(file string, names ...string) bool {
	data, ok := p.r.read(file)
	if !ok {
		return false
	}
	values := pysource.Constants(data)
	for _, name := range names {
		if p.accept(versionText(values[name]), file) {
			return true
		}
	}
	return false
}

// versionText writes "1.2", 1.2 and (1, 2) as versions.
func versionText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var parts []string
		for _, part := range v {
			parts = append(parts, fmt.Sprint(part))
		}
		return strings.Join(parts, ".")
	}
	return ""
}

// versionOfSettings looks where the settings of hatch, pdm, setuptools_scm and
// others say that the version is, or is written to when it is computed.
func (p *project) versionOfSettings() {
	tool := p.toml.table("tool")
	hatch := tool.table("hatch", "version")
	pattern := hatch.text("pattern")
	p.versionOfPattern(hatch.text("path"), pattern)
	pdm := tool.table("pdm", "version")
	for _, file := range []string{
		hatch.text("version-file"), tool.table("hatch", "build", "hooks", "vcs").text("version-file"),
		pdm.text("path"), pdm.text("write_to"),
		tool.table("setuptools_scm").text("version_file"), tool.table("setuptools_scm").text("write_to"),
		tool.table("setuptools-scm").text("version_file"), tool.table("setuptools-scm").text("write_to"),
		tool.table("versioningit", "write").text("file"), p.versioneerFile(),
		tool.table("scikit-build", "metadata", "version").text("input"),
	} {
		p.versionOfPattern(file, "")
	}
	if scm, ok := p.setup.keywords["use_scm_version"].(map[string]any); ok {
		p.versionOfPattern(text(scm["write_to"]), "")
		p.versionOfPattern(text(scm["version_file"]), "")
	}
	if p.version == "" && strings.Contains(p.backend(), "maturin") {
		p.versionOfCargo()
	}
}

// versionOfFallback is the one that setuptools_scm takes where there is no git.
func (p *project) versionOfFallback() {
	p.accept(p.toml.table("tool", "setuptools_scm").text("fallback_version"), p.toml.doc.file)
}

func (p *project) versioneerFile() string {
	if file := p.toml.table("tool", "versioneer").text("versionfile_source"); file != "" {
		return file
	}
	return p.cfg.get("versioneer", "versionfile_source")
}

// versionLine is what hatch takes a version from; versioneer keeps it as JSON.
var (
	versionLine = regexp.MustCompile(`(?im)^(?:__version__|VERSION)(?: ?: ?str)?(?:\s*=\s*\w+)? *= *['"]v?([^'"]+)['"]`)
	jsonVersion = regexp.MustCompile(`(?m)^ *"version": *"([^"]+)"`)
)

// versionOfPattern takes the version from a file, by a pattern with a group
// named "version" or by the usual ones.
func (p *project) versionOfPattern(file, pattern string) {
	name, ok := within(p.dir, file)
	if p.version != "" || file == "" || !ok {
		return
	}
	data, ok := p.r.read(name)
	if !ok {
		return
	}
	if pattern != "" {
		re, err := regexp.Compile("(?m)" + strings.ReplaceAll(pattern, "(?<", "(?P<"))
		if err != nil {
			p.r.report(p.toml.doc.file, 0, "the version's pattern %q cannot be read", clip(pattern))
		} else if m := re.FindStringSubmatch(string(data)); m != nil && re.SubexpIndex("version") > 0 {
			p.accept(m[re.SubexpIndex("version")], name)
		}
		return
	}
	if p.versionOfFile(name, versionNames...) {
		return
	}
	for _, re := range []*regexp.Regexp{versionLine, jsonVersion} {
		if m := re.FindSubmatch(data); m != nil && p.accept(string(m[1]), name) {
			return
		}
	}
	if !strings.HasSuffix(name, ".py") {
		p.accept(string(data), name)
	}
}

// versionOfCargo is that of the Rust package which maturin builds.
func (p *project) versionOfCargo() {
	manifest := p.toml.table("tool", "maturin").text("manifest-path")
	if manifest == "" {
		manifest = "Cargo.toml"
	}
	file, ok := within(p.dir, manifest)
	if data, found := p.r.read(file); ok && found {
		if v, isText := readTOML(file, data, p.r).table("package").values["version"].(string); isText {
			p.accept(strings.Replace(v, "-", "", 1), file)
		}
	}
}

// versionOfModules looks into the modules of the package that has the
// distribution's name, and of every package beside it.
func (p *project) versionOfModules() {
	for _, root := range p.roots() {
		for _, module := range p.moduleCandidates(root) {
			if p.versionOfFile(path.Join(root, module+".py"), "__version__", "VERSION") {
				return
			}
			for _, file := range versionModules {
				name := path.Join(root, module, file)
				p.versionOfPattern(name[len(p.dir):], "")
				if p.version != "" {
					return
				}
			}
		}
	}
}

// versionOfPkgInfo reads metadata that a build or a source distribution left.
func (p *project) versionOfPkgInfo() {
	files := []string{p.file("PKG-INFO")}
	for _, root := range append(p.roots(), p.dir) {
		for _, e := range p.r.entries(root) {
			if strings.HasSuffix(e.Name(), ".egg-info") && e.IsDir() {
				files = append(files, path.Join(root, e.Name(), "PKG-INFO"))
			}
		}
	}
	for _, file := range files {
		data, _ := p.r.read(file)
		headers, _, _ := strings.Cut(string(data), "\n\n")
		name, version := "", ""
		for _, line := range strings.Split(headers, "\n") {
			if v, ok := strings.CutPrefix(line, "Name: "); ok {
				name = v
			} else if v, ok := strings.CutPrefix(line, "Version: "); ok {
				version = v
			}
		}
		if Normalize(name) == Normalize(p.name) && p.accept(version, file) {
			return
		}
	}
}
