package pyproject

import (
	"io/fs"
	"path"
	"slices"
)

// project is one folder's packaging files.
type project struct {
	r   *reader
	dir string
	// toml, cfg and setup are pyproject.toml, setup.cfg and the call of setup()
	// in setup.py; empty when there is no such file.
	toml  table
	cfg   *ini
	setup *setupCall
	metadata
	groups   []Group
	included int // dependency groups resolved
}

// Read finds every distribution of a workspace: the folders, workspace-relative,
// that hold pyproject.toml, setup.cfg or setup.py. The caller lists the folders,
// so that what it leaves out is not read.
func Read(workspace fs.FS, folders []string) ([]Distribution, []Problem) {
	r := &reader{workspace: workspace}
	var all []Distribution
	for _, folder := range folders {
		dir, ok := within("", folder)
		if !ok {
			r.report(folder, 0, "the folder lies outside of the workspace")
			continue
		}
		if d, ok := r.distribution(dir); ok {
			all = append(all, d)
		}
	}
	return all, r.problems
}

func (r *reader) distribution(dir string) (Distribution, bool) {
	p := &project{r: r, dir: dir}
	p.open()
	p.readMetadata()
	p.readGroups()
	if p.name == "" {
		return Distribution{}, false
	}
	p.findVersion()
	p.findLicenseFiles()
	return Distribution{
		Dir: dir, Name: p.name, Version: p.version, VersionFrom: p.versionFrom,
		Fields: p.fields(), RequiresPython: p.requiresPython,
		Requires: p.requires, Extras: byName(p.extras), Groups: byName(p.groups),
		EntryPoints: p.entryPoints, Roots: p.roots(), Pythons: pythons(p.classifiers),
	}, true
}

func (p *project) file(name string) string { return path.Join(p.dir, name) }

// open reads the packaging files, each of which may be missing or broken.
func (p *project) open() {
	p.toml = table{doc: &document{r: p.r}}
	if data, ok := p.r.read(p.file("pyproject.toml")); ok {
		p.toml = readTOML(p.file("pyproject.toml"), data, p.r)
	}
	if data, ok := p.r.read(p.file("setup.cfg")); ok {
		p.cfg = readConfigparser(p.file("setup.cfg"), data, p.r)
	}
	p.setup = &setupCall{}
	if data, ok := p.r.read(p.file("setup.py")); ok {
		p.setup = readSetup(p.file("setup.py"), data, p.r)
	}
}

// readMetadata takes [project] first. The other tables and files are read when
// it leaves something to them, as the backends do.
func (p *project) readMetadata() {
	project := p.toml.table("project")
	switch {
	case project.exists() && (project.has("name") || p.toml.table("build-system").exists()):
		p.readProject(project)
	case p.toml.table("tool", "poetry").has("name"):
		p.readPoetry(p.toml.table("tool", "poetry"))
	case p.toml.table("tool", "flit", "metadata").exists():
		p.readFlit(p.toml.table("tool", "flit", "metadata"))
	default:
		if p.setup.found {
			p.readSetupPy(everything)
		}
		p.readSetupCfg(everything)
	}
}

// everything accepts every field.
func everything(string) bool { return true }

// backend is the module that builds the distribution: "hatchling.build".
func (p *project) backend() string {
	return p.toml.table("build-system").text("build-backend")
}

// usesSetuptools is true where nothing else is named.
func (p *project) usesSetuptools() bool {
	backend := p.backend()
	return backend == "" || slices.Contains([]string{"setuptools.build_meta", "setuptools.build_meta:__legacy__"}, backend) ||
		p.toml.table("build-system").has("backend-path")
}
