package analysis

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// Remedies of what fails only in a cell. Where weft gen keeps the BUILD files
// they are its commands and directives, else the attributes to write.

// genCommand renews the BUILD files of a finding's tests and of the folder of
// a file that they need: its rule has to be there too.
func genCommand(f Finding, needed string) string {
	var folders []string
	seen := map[string]bool{}
	for _, file := range append(filesOf(f), needed) {
		dir := path.Dir(file)
		if dir == "." {
			return "weft gen"
		}
		if !seen[dir] {
			seen[dir] = true
			folders = append(folders, dir)
		}
	}
	return shellCommand(append([]string{"weft", "gen"}, folders...)...)
}

func filesOf(f Finding) []string {
	var out []string
	for _, t := range f.Tests {
		out = append(out, t.File)
	}
	return out
}

// dataDirective is the weft_data that names a path below the nearest folder
// that holds it and the test, and the BUILD file that it belongs into. The
// command renews that folder: its own BUILD file needs a rule for the data.
func dataDirective(test, file string) (directive, command string) {
	dir := path.Dir(test)
	for dir != "." && file != dir && !strings.HasPrefix(file, dir+"/") {
		dir = path.Dir(dir)
	}
	build, command := "BUILD.bazel", "weft gen"
	if dir != "." {
		command = shellCommand("weft", "gen", dir)
		build, file = dir+"/BUILD.bazel", strings.TrimPrefix(strings.TrimPrefix(file, dir), "/")
	}
	return fmt.Sprintf("# gazelle:weft_data %s  (in %s)", file, build), command
}

func (s *study) adviseFile(f Finding, label string) Recommendation {
	if !s.generated {
		return Recommendation{Text: fmt.Sprintf("declare %q as data of %s, so that its cells see it and rerun when it changes", f.subject, label), Change: dataAttribute(label, f.subject)}
	}
	directive, command := dataDirective(f.Tests[0].File, f.subject)
	return Recommendation{
		Text:    fmt.Sprintf("let weft gen declare %q as data of %s: it finds files by the paths that tests write out, and others by this directive", f.subject, label),
		Change:  directive,
		Command: command,
	}
}

// dataAttribute writes the attribute that declares a workspace's file for the
// target.
func dataAttribute(label, file string) string {
	pkg := packageName(label)
	if rest, ok := strings.CutPrefix(file, pkg+"/"); ok && pkg != "" {
		return fmt.Sprintf("data = [%q],  # of %s", rest, label)
	}
	if pkg == "" && !strings.Contains(file, "/") {
		return fmt.Sprintf("data = [%q],  # of %s", file, label)
	}
	dir, base := path.Split(file)
	return fmt.Sprintf("data = [%q],  # of %s; and exports_files([%q]) in %sBUILD.bazel", "//"+strings.TrimSuffix(dir, "/")+":"+base, label, base, dir)
}

func (s *study) adviseFolder(f Finding, label string) Recommendation {
	if s.generated {
		directive, command := dataDirective(f.Tests[0].File, f.subject+"/**")
		return Recommendation{
			Text:    fmt.Sprintf("let weft gen declare the files below %q as data of %s, by this directive", f.subject, label),
			Change:  directive,
			Command: command,
		}
	}
	r := Recommendation{Text: fmt.Sprintf("declare the files below %q as data of %s", f.subject, label)}
	pkg := packageName(label)
	if rest, ok := strings.CutPrefix(f.subject, pkg+"/"); ok || pkg == "" {
		if pkg == "" {
			rest = f.subject
		}
		r.Change = fmt.Sprintf("data = glob([%q]),  # of %s", rest+"/**", label)
	} else {
		r.Change = fmt.Sprintf("data = [%q],  # of %s; and filegroup(name = \"files\", srcs = glob([\"**\"]), visibility = [\"//visibility:public\"]) in %s/BUILD.bazel", "//"+f.subject+":files", label, f.subject)
	}
	return r
}

// packageName is "tests" of "//tests:test_a".
func packageName(label string) string {
	pkg, _, _ := strings.Cut(strings.TrimPrefix(label, "//"), ":")
	return pkg
}

// adviseDependency writes the deps of the test files that need the source.
func (s *study) adviseDependency(f Finding) Recommendation {
	seen := map[string]bool{}
	var labels []string
	for _, t := range f.Tests {
		if t.Label != "" && !seen[t.Label] {
			seen[t.Label] = true
			labels = append(labels, t.Label)
		}
	}
	rule := "python_sources"
	if strings.HasSuffix(f.subject, ".m") {
		rule = "octave_sources"
	}
	if s.generated {
		if strings.HasSuffix(f.subject, "/") { // a package without a source that could be named
			return Recommendation{Text: fmt.Sprintf("let weft gen declare what %s imports of %s", list(labels), f.subject), Command: genCommand(f, f.subject+"x")}
		}
		return Recommendation{
			Text:    fmt.Sprintf("let weft gen declare %s in deps of %s; what it cannot see, such as a name that is computed, keep by hand", f.subject, list(labels)),
			Change:  fmt.Sprintf("deps = [%q],  # keep", moduleLabel(f.subject)),
			Command: genCommand(f, f.subject),
		}
	}
	r := Recommendation{Text: fmt.Sprintf("declare the %s that has %s in deps, with its source root in imports", rule, f.subject)}
	if len(labels) > 0 {
		r.Text = fmt.Sprintf("declare the %s that has %s in deps of %s, with its source root in imports", rule, f.subject, list(labels))
		r.Change = fmt.Sprintf("deps = [%q],  # of %s", s.packageOf(f.subject), strings.Join(labels, ", "))
		if path.Base(f.subject) == "conftest.py" {
			r.Text = fmt.Sprintf("declare %s in deps of %s", f.subject, list(labels))
			r.Change = fmt.Sprintf("deps = [%q],  # of %s", fileLabel(packageName(labels[0]), f.subject), strings.Join(labels, ", "))
		}
	}
	return r
}

// moduleLabel is the target that weft gen makes of a module.
func moduleLabel(source string) string {
	dir, base := path.Split(strings.TrimSuffix(source, "/"))
	return "//" + strings.TrimSuffix(dir, "/") + ":" + strings.TrimSuffix(strings.TrimSuffix(base, ".py"), ".m")
}

// fileLabel names a file from a package.
func fileLabel(pkg, file string) string {
	dir, base := path.Split(file)
	if dir = strings.TrimSuffix(dir, "/"); dir == pkg {
		return base
	}
	return "//" + dir + ":" + base
}

// packageOf is the label of the folder that a source lies in, or of the nearest
// one around it that has a BUILD file. The root has no such short label, so
// there it is the one that is named like the source.
func (s *study) packageOf(source string) string {
	dir, base := path.Split(source)
	for at := path.Clean(dir); at != "."; at = path.Dir(at) {
		if s.inWorkspace(path.Join(at, "BUILD.bazel")) == isFile || s.inWorkspace(path.Join(at, "BUILD")) == isFile {
			return "//" + at
		}
	}
	if dir == "" {
		return "//:" + strings.TrimSuffix(strings.TrimSuffix(base, ".py"), ".m")
	}
	return "//" + strings.TrimSuffix(dir, "/")
}

func (s *study) adviseMetadata(f Finding, label string) Recommendation {
	envs := list(f.Environments)
	switch {
	case !s.ownDistribution(f.subject):
		return s.leaveOut(f, label, fmt.Sprintf("add %s to the packages of %s in flake.nix", f.subject, envs))
	case s.generated:
		return Recommendation{Text: fmt.Sprintf("let weft gen write the python_dist_info of %q and name it where tests read it", f.subject), Command: "weft gen"}
	}
	return Recommendation{
		Text:   fmt.Sprintf("declare what importlib.metadata should say of the project's own %q, and name it in deps of %s", f.subject, label),
		Change: fmt.Sprintf("python_dist_info(name = \"dist_info\", distribution = %q, version = \"…\", imports = [\".\"])", f.subject),
	}
}

// ownDistribution says whether the workspace is what a distribution is built
// of: it is named by its project files, or has a module of that name.
func (s *study) ownDistribution(name string) bool {
	module := strings.ToLower(strings.NewReplacer("-", "_", ".", "_").Replace(name))
	if s.ownModule("tests/x.py", module) != "" {
		return true
	}
	if s.workspace == nil {
		return false
	}
	named := regexp.MustCompile(`(?mi)\bname\s*[=:]\s*["']?` + regexp.QuoteMeta(name) + `["']?\s*(?:,|#|$)`)
	for _, file := range []string{"pyproject.toml", "setup.cfg", "setup.py"} {
		if data, err := fs.ReadFile(s.workspace, file); err == nil && named.Match(data) {
			return true
		}
	}
	return false
}

func adviseProgram(f Finding) Recommendation {
	envs := list(f.Environments)
	attribute, known := programs[f.subject]
	if !known {
		return Recommendation{Text: fmt.Sprintf("a cell's PATH is its environment alone: add the package of %q to tools of %s in flake.nix, or do without it", f.subject, envs)}
	}
	return Recommendation{
		Text:   fmt.Sprintf("a cell's PATH is its environment alone: add the package of %q to tools of %s in flake.nix, or do without it", f.subject, envs),
		Change: fmt.Sprintf("tools = [ nixpkgs.legacyPackages.${system}.%s ];", attribute),
	}
}

// programs are the attributes of nixpkgs that have them.
var programs = map[string]string{
	"git": "git", "make": "gnumake", "bash": "bash", "grep": "gnugrep", "sed": "gnused", "awk": "gawk", "find": "findutils", "xargs": "findutils",
	"diff": "diffutils", "patch": "patch", "tar": "gnutar", "gzip": "gzip", "xz": "xz", "unzip": "unzip", "zip": "zip", "curl": "curl", "wget": "wget",
	"gcc": "gcc", "cc": "gcc", "g++": "gcc", "cmake": "cmake", "ps": "procps", "pgrep": "procps", "hostname": "hostname", "which": "which",
	"node": "nodejs", "npm": "nodejs", "ruby": "ruby", "perl": "perl", "java": "jdk", "ssh": "openssh", "openssl": "openssl", "rsync": "rsync",
	"jq": "jq", "sqlite3": "sqlite", "dot": "graphviz", "pandoc": "pandoc", "ffmpeg": "ffmpeg", "file": "file", "less": "less", "psql": "postgresql",
	"redis-server": "redis", "hg": "mercurial", "svn": "subversion", "docker": "docker-client", "go": "go", "cargo": "cargo", "ip": "iproute2",
}

// attributes are those of nixpkgs' Python packages that are not named like the
// module that is imported.
var attributes = map[string]string{
	"yaml": "pyyaml", "PIL": "pillow", "cv2": "opencv4", "sklearn": "scikit-learn", "skimage": "scikit-image", "bs4": "beautifulsoup4",
	"dateutil": "python-dateutil", "git": "gitpython", "attr": "attrs", "jwt": "pyjwt", "OpenSSL": "pyopenssl", "Crypto": "pycryptodome",
	"serial": "pyserial", "usb": "pyusb", "zmq": "pyzmq", "docx": "python-docx", "pptx": "python-pptx", "dotenv": "python-dotenv",
	"magic": "python-magic", "nacl": "pynacl", "pkg_resources": "setuptools", "_gdbm": "gdbm", "_tkinter": "tkinter",
	"MySQLdb": "mysqlclient", "ruamel": "ruamel-yaml", "lxml_html_clean": "lxml-html-clean", "jose": "python-jose", "slugify": "python-slugify",
	"multipart": "python-multipart", "Xlib": "xlib", "fitz": "pymupdf", "umap": "umap-learn",
}
