package pyproject

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// noRecurse are pytest's defaults of norecursedirs.
var noRecurse = []string{"*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}"}

// ReadPytest finds the configuration as `pytest` without arguments, started in
// folder, would; it looks no higher than the workspace's root. It follows
// pytest 9: older ones do not know pytest.toml and [tool.pytest], and take a
// pyproject.toml without settings for no configuration file.
func ReadPytest(workspace fs.FS, folder string) (Pytest, []Problem) {
	r := &reader{workspace: workspace}
	folder, ok := within("", folder)
	if !ok {
		r.report(folder, 0, "the folder lies outside of the workspace")
		return Pytest{}, r.problems
	}
	c := r.locate(folder)
	addopts, line := c.words("addopts", nil)
	o := c.parseOptions(addopts, line)
	for _, override := range o.overrides {
		c.override(override, line)
	}
	p := Pytest{
		Root: c.root, File: c.file, Addopts: addopts,
		ImportMode: o.importMode, DoctestModules: o.doctestModules,
		DoctestGlobs: o.doctestGlobs, Plugins: o.plugins,
		Ignore: c.ignored(o, folder),
	}
	p.PythonFiles, _ = c.words("python_files", []string{"test_*.py", "*_test.py"})
	p.PythonClasses, _ = c.words("python_classes", []string{"Test"})
	p.PythonFunctions, _ = c.words("python_functions", []string{"test"})
	p.NoRecurse, _ = c.words("norecursedirs", noRecurse)
	p.PythonPath = c.pythonPath(folder)
	p.TestPaths = c.testPaths(o, folder, line)
	return p, r.problems
}

// pythonPath is relative to the configuration file.
func (c *pytestConfig) pythonPath(folder string) []string {
	base := folder
	if c.file != "" {
		base = parent(c.file)
	}
	var paths []string
	words, line := c.words("pythonpath", nil)
	for _, word := range words {
		p, ok := within(base, word)
		if !ok {
			c.r.report(c.file, line, "pythonpath %q leads out of the workspace", word)
			continue
		}
		paths = append(paths, p)
	}
	return paths
}

// ignored are the paths of --ignore and --ignore-glob, which are relative to
// where pytest is started.
func (c *pytestConfig) ignored(o options, folder string) []string {
	var all []string
	for _, word := range o.ignore {
		if p, ok := within(folder, word); ok {
			all = append(all, p)
		}
	}
	for _, word := range o.ignoreGlobs {
		if p, ok := within(folder, word); ok {
			all = append(all, "glob:"+p)
		}
	}
	return all
}

// testPaths are what pytest is started on: the paths of addopts, which are
// arguments like those of a command line, before testpaths, which counts only
// in the root folder, before the folder itself.
func (c *pytestConfig) testPaths(o options, folder string, line int) []string {
	paths := c.arguments(o, folder, line)
	if len(o.arguments) == 0 && folder == c.root {
		paths = c.expandTestPaths(o, folder)
	}
	if len(paths) == 0 {
		paths = []string{folder}
	}
	if slices.Contains(paths, c.root) {
		return nil
	}
	return distinct(paths)
}

func (c *pytestConfig) arguments(o options, folder string, line int) []string {
	var paths []string
	for _, word := range o.arguments {
		if o.pyargs {
			if p, ok := c.packagePath(word); ok {
				paths = append(paths, p)
				continue
			}
		}
		name, _, _ := strings.Cut(word, "::")
		p, ok := within(folder, name)
		if !ok || !c.r.exists(p) {
			c.r.report(c.file, line, "addopts names %q, which is not there", word)
			continue
		}
		paths = append(paths, p)
	}
	return paths
}

func (c *pytestConfig) expandTestPaths(o options, folder string) []string {
	var paths []string
	words, line := c.words("testpaths", nil)
	for _, word := range words {
		if p, ok := c.packagePath(word); ok && o.pyargs {
			paths = append(paths, p)
			continue
		}
		paths = append(paths, c.r.glob(folder, word)...)
	}
	if len(words) > 0 && len(paths) == 0 {
		c.r.report(c.file, line, "nothing is found in testpaths %s; pytest searches the whole folder", strings.Join(words, " "))
	}
	return paths
}

// packagePath is where a package named with --pyargs lies in the workspace.
func (c *pytestConfig) packagePath(name string) (string, bool) {
	inside := strings.ReplaceAll(name, ".", "/")
	for _, root := range []string{"src", "", "lib"} {
		for _, p := range []string{path.Join(c.root, root, inside), path.Join(c.root, root, inside+".py")} {
			if c.r.exists(p) {
				return p, true
			}
		}
	}
	return "", false
}

func parent(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}

// distinct drops what was there before, keeping the order.
func distinct(list []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool {
		twice := seen[s]
		seen[s] = true
		return twice
	})
}
