package pyproject

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// roots are the folders that installing the distribution puts on sys.path.
func (p *project) roots() []string {
	folders, said := p.rootsOfBackend()
	if !said {
		folders = []string{p.defaultRoot()}
	}
	var all []string
	for _, folder := range folders {
		if root, ok := within(p.dir, folder); ok {
			all = append(all, root)
		} else {
			p.r.report(p.toml.doc.file, 0, "source root %q leads out of the workspace", folder)
		}
	}
	if len(all) == 0 {
		all = []string{p.dir}
	}
	return distinct(all)
}

// rootsOfBackend are those of the backend's settings, relative to the
// distribution; said is false when they leave it to what lies there.
func (p *project) rootsOfBackend() (folders []string, said bool) {
	tool := p.toml.table("tool")
	backend := p.backend()
	switch {
	case strings.HasPrefix(backend, "hatchling"):
		return p.rootsOfHatch(tool.table("hatch", "build"))
	case strings.HasPrefix(backend, "poetry") || backend == "" && tool.table("poetry").has("name"):
		return p.rootsOfPoetry(tool.table("poetry"))
	case strings.HasPrefix(backend, "pdm"):
		folder := tool.table("pdm", "build").text("package-dir")
		if folder == "" {
			folder = tool.table("pdm").text("package-dir")
		}
		return []string{folder}, folder != ""
	case strings.HasPrefix(backend, "maturin"):
		return []string{tool.table("maturin").text("python-source")}, true
	case strings.HasPrefix(backend, "uv_build"):
		uv := tool.table("uv", "build-backend")
		if uv.has("module-root") {
			return []string{uv.text("module-root")}, true
		}
		return []string{"src"}, p.r.isFolder(p.file("src"))
	case strings.HasPrefix(backend, "scikit_build_core"):
		return parentsOf(tool.table("scikit-build", "wheel").textsOrValues("packages"))
	case p.usesSetuptools():
		return p.rootsOfSetuptools(tool.table("setuptools"))
	}
	return nil, false
}

// parentsOf are the folders that packages lie in.
func parentsOf(packages []string) ([]string, bool) {
	var folders []string
	for _, pkg := range packages {
		folders = append(folders, parent(path.Clean(pkg)))
	}
	return folders, len(folders) > 0
}

// rootsOfHatch: `packages` are written with the folders before them left out,
// `sources` are folders left out before what is included.
func (p *project) rootsOfHatch(build table) ([]string, bool) {
	wheel := build.table("targets", "wheel")
	for _, t := range []table{wheel, build} {
		if packages := t.texts("packages"); len(packages) > 0 {
			return parentsOf(packages)
		}
		if sources := t.textsOrKeys("sources"); len(sources) > 0 {
			return sources, true
		}
	}
	if only := wheel.texts("only-include"); len(only) > 0 {
		return []string{""}, true
	}
	folders := build.texts("dev-mode-dirs")
	return folders, len(folders) > 0
}

// textsOrKeys is a list, or the keys of a table.
func (t table) textsOrKeys(key string) []string {
	if _, isTable := t.values[key].(map[string]any); isTable {
		return t.table(key).keys()
	}
	return t.texts(key)
}

// textsOrValues is a list, or the strings of a table.
func (t table) textsOrValues(key string) []string {
	if _, isTable := t.values[key].(map[string]any); !isTable {
		return t.texts(key)
	}
	var all []string
	for _, k := range t.table(key).keys() {
		all = append(all, t.table(key).text(k))
	}
	return all
}

func (p *project) rootsOfPoetry(t table) ([]string, bool) {
	var folders []string
	for _, pkg := range t.tables("packages") {
		folders = append(folders, pkg.text("from"))
	}
	return folders, len(folders) > 0
}

// rootsOfSetuptools reads package_dir and find's `where`, of whichever file
// has them.
func (p *project) rootsOfSetuptools(t table) ([]string, bool) {
	if folders := p.packageDirs(t); len(folders) > 0 {
		return folders, true
	}
	if _, isTable := t.values["packages"].(map[string]any); isTable {
		if where := t.table("packages", "find").texts("where"); len(where) > 0 {
			return where, true
		}
	}
	if where, _ := p.cfgText("options.packages.find", "where"); where != "" {
		return commaList(where), true
	}
	if _, isList := t.values["packages"].([]any); isList || t.has("py-modules") {
		return []string{""}, true
	}
	if packages, _ := p.cfgText("options", "packages", "py_modules"); packages != "" {
		return []string{""}, true
	}
	if p.setup.has("package_dir") { // computed
		return nil, false
	}
	_, listed := list(p.setup.keywords["packages"])
	return []string{""}, listed && p.setup.has("packages") || p.setup.has("py_modules")
}

// packageDirs are the roots that package_dir says.
func (p *project) packageDirs(t table) []string {
	dirs, said := map[string]string{}, p.toml.doc.file
	named := t.table("package-dir")
	for _, pkg := range named.keys() {
		dirs[pkg] = named.text(pkg)
	}
	if v, _ := p.cfgText("options", "package_dir"); len(dirs) == 0 {
		said = p.file("setup.cfg")
		for _, line := range commaList(v) {
			pkg, dir, _ := strings.Cut(line, "=")
			dirs[strings.TrimSpace(pkg)] = strings.TrimSpace(dir)
		}
	}
	if m, ok := p.setup.keywords["package_dir"].(map[string]any); ok && len(dirs) == 0 {
		said = p.file("setup.py")
		for pkg, dir := range m {
			if s, isText := dir.(string); isText {
				dirs[pkg] = s
			}
		}
	}
	var folders []string
	for pkg, dir := range dirs {
		root, fits := rootOf(pkg, path.Clean(dir))
		if !fits {
			p.r.report(said, 0, "package %q lies in a folder of another name, %q: without installing it cannot be imported", pkg, dir)
			continue
		}
		folders = append(folders, root)
	}
	slices.Sort(folders)
	return folders
}

// rootOf is the folder from which a package in dir has its name.
func rootOf(pkg, dir string) (string, bool) {
	inside := strings.ReplaceAll(pkg, ".", "/")
	switch {
	case pkg == "" && dir == ".":
		return "", true
	case pkg == "":
		return dir, true
	case dir == inside:
		return "", true
	case strings.HasSuffix(dir, "/"+inside):
		return strings.TrimSuffix(dir, "/"+inside), true
	}
	return "", false
}

// defaultRoot is "src" or "", by what lies there.
func (p *project) defaultRoot() string {
	src := p.file("src")
	switch {
	case p.r.isFile(path.Join(src, "__init__.py")):
		return ""
	case p.hasModule(src, p.moduleName()):
		return "src"
	case p.hasModule(p.dir, p.moduleName()):
		return ""
	case len(p.packagesIn(src)) > 0, p.hasNamespace(src):
		return "src"
	}
	return ""
}

// hasNamespace reports whether a folder below root, however deep, holds a
// package or a module: then it is a namespace package, which has no __init__.py.
func (p *project) hasNamespace(root string) bool {
	return slices.ContainsFunc(p.r.entries(root), func(e fs.DirEntry) bool {
		folder := path.Join(root, e.Name())
		return e.IsDir() && !strings.Contains(e.Name(), ".") && (len(p.packagesIn(folder)) > 0 || p.hasNamespace(folder))
	})
}

// moduleName is what the distribution's module should be called.
func (p *project) moduleName() string {
	for _, name := range []string{
		p.toml.table("tool", "flit", "module").text("name"), p.toml.table("tool", "flit", "metadata").text("module"),
	} {
		if name != "" {
			return strings.ReplaceAll(name, ".", "/")
		}
	}
	return strings.ReplaceAll(Normalize(p.name), "-", "_")
}

func (p *project) hasModule(root, module string) bool {
	return p.r.isFile(path.Join(root, module, "__init__.py")) || p.r.isFile(path.Join(root, module+".py"))
}

// packagesIn are the packages and modules directly in a folder.
func (p *project) packagesIn(root string) []string {
	var all []string
	for _, e := range p.r.entries(root) {
		name, isPython := strings.CutSuffix(e.Name(), ".py")
		switch {
		case isPython && e.Type().IsRegular() && name != "setup" && name != "conftest":
			all = append(all, name)
		case p.r.isFile(path.Join(root, e.Name(), "__init__.py")):
			all = append(all, e.Name())
		}
	}
	return all
}

// moduleCandidates are the modules of a root whose version may be the
// distribution's, the likeliest first.
func (p *project) moduleCandidates(root string) []string {
	all := []string{p.moduleName(), strings.ReplaceAll(Normalize(p.name), "-", "/")}
	others := slices.DeleteFunc(p.packagesIn(root), func(name string) bool {
		return slices.Contains([]string{"tests", "test", "docs", "doc", "examples", "noxfile", "benchmarks"}, name)
	})
	for _, name := range others {
		if len(others) == 1 || Normalize(name) == Normalize(p.name) {
			all = append(all, name)
		}
	}
	return distinct(all)
}
