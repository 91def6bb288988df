package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/weft-build/weft/internal/octsource"
	"github.com/weft-build/weft/internal/pysource"
)

// tree is the workspace's files, without what is not its own.
type tree struct {
	root    string
	folders map[string]*folder // by workspace-relative path; "" is the root
	ignored []string           // of .bazelignore
	cache   *cache
	// names are those of all folders and modules: what else an import begins with
	// is not the workspace's.
	names    map[string]bool
	links    map[string]string // folders by a link, and the folder of the workspace that it leads to
	problems []Problem
}

// folder is one folder of the workspace.
type folder struct {
	path   string
	parent *folder
	subs   map[string]*folder
	files  map[string]*file
	// compiled are extension modules that were built in place, by module name.
	compiled map[string]*file
	build    *buildFile // nil when it has none
	d        directives // in force here
	barred   *bar       // nil where rules can be made
	unnamed  bool       // data that no label can name was said
}

// file is one regular file.
type file struct {
	path  string
	name  string
	in    *folder
	stamp stamp
	py    *pysource.File  // of a .py
	oct   *octsource.File // of a .m
}

// stamp tells a changed file from an unchanged one.
type stamp struct {
	size, mtime int64
}

// stampOf is a file's; zero, which no file has, when it cannot be read.
func stampOf(e fs.DirEntry) stamp {
	info, err := e.Info()
	if err != nil || !info.Mode().IsRegular() {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime().UnixNano()}
}

// skipped are folders that hold no sources of the project.
var skipped = map[string]bool{"__pycache__": true, "node_modules": true, "CVS": true, "_darcs": true}

// walk reads the tree. What cannot be read is a problem, and the rest goes on.
func walk(root string, c *cache) (*tree, error) {
	t := &tree{root: root, folders: map[string]*folder{}, names: map[string]bool{}, links: map[string]string{}, cache: c}
	if _, err := os.ReadDir(root); err != nil {
		return nil, fmt.Errorf("reading the workspace: %w", err)
	}
	t.ignored = readIgnored(root)
	t.visit(nil, "", "", nil, nil)
	return t, nil
}

func readIgnored(root string) []string {
	data, err := os.ReadFile(filepath.Join(root, ".bazelignore"))
	if err != nil {
		return nil
	}
	var out []string
	for _, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, path.Clean(line))
		}
	}
	return out
}

// visit reads one folder and those below it. above are the real paths of the
// folders that lead here through links, so that a loop is seen.
func (t *tree) visit(parent *folder, rel, name string, above []string, barred *bar) {
	abs := filepath.Join(t.root, filepath.FromSlash(rel))
	entries, err := os.ReadDir(abs)
	if err != nil {
		t.problem(Problem{File: rel, Text: "the folder cannot be read: " + plain(err), Hint: "chmod +rx " + rel + ", or name it in .bazelignore"})
		return
	}
	f := &folder{path: rel, parent: parent, subs: map[string]*folder{}, files: map[string]*file{}, barred: barred}
	if barred == nil && parent != nil {
		f.barred = unnameable(rel, name)
	}
	if parent != nil && foreign(entries) {
		return
	}
	f.build = t.readBuild(f, entries)
	f.d = t.directivesOf(f)
	f.d.off = f.d.off || f.barred != nil
	t.folders[rel] = f
	if parent != nil {
		parent.subs[name] = f
		t.names[name] = true
	}
	for _, e := range entries {
		t.take(f, e, abs, above)
	}
}

func (t *tree) take(f *folder, e fs.DirEntry, abs string, above []string) {
	name := e.Name()
	rel := path.Join(f.path, name)
	kind := e.Type()
	if kind&fs.ModeSymlink != 0 {
		info, err := os.Stat(filepath.Join(abs, name))
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) { // a link to nowhere is nobody's dependency
				t.problem(Problem{File: rel, Text: "the link cannot be followed: " + plain(err), Hint: "remove it, or name it in .bazelignore"})
			}
			return
		}
		kind = info.Mode().Type()
		if kind.IsDir() {
			t.follow(f, name, rel, abs, above)
			return
		}
	}
	switch {
	case t.left(f, name, rel, kind.IsDir()):
	case kind.IsDir():
		t.visit(f, rel, name, above, f.barred)
	case t.bars(f, name, rel):
	case kind.IsRegular():
		if info, err := os.Stat(filepath.Join(abs, name)); err == nil {
			module, _, _ := strings.Cut(name, ".")
			t.names[module] = true
			f.add(&file{path: rel, name: name, in: f, stamp: stamp{info.Size(), info.ModTime().UnixNano()}})
		}
	}
}

func (f *folder) add(one *file) {
	f.files[one.name] = one
	if ext := path.Ext(one.name); ext == ".so" || ext == ".pyd" {
		if f.compiled == nil {
			f.compiled = map[string]*file{}
		}
		module, _, _ := strings.Cut(one.name, ".")
		f.compiled[module] = one
	}
}

// follow reads a folder behind a link, unless the link leads to a folder that
// holds it.
func (t *tree) follow(f *folder, name, rel, abs string, above []string) {
	if t.left(f, name, rel, true) {
		return
	}
	real, err := filepath.EvalSymlinks(filepath.Join(abs, name))
	if err != nil {
		return
	}
	here, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return
	}
	if within(real, here) || slices.Contains(above, real) {
		t.problem(Problem{File: rel, Text: "the link leads back to a folder that holds it", Hint: fmt.Sprintf("name %q in .bazelignore: Bazel does not end there either", rel)})
		return
	}
	barred := f.barred
	if barred == nil {
		barred = t.outside(rel, real)
	}
	if barred == nil {
		t.linked(rel, real)
	}
	t.visit(f, rel, name, append(slices.Clone(above), real), barred)
}

// within reports whether inner is outer or lies in it.
func within(outer, inner string) bool {
	return inner == outer || strings.HasPrefix(inner, strings.TrimSuffix(outer, string(filepath.Separator))+string(filepath.Separator))
}

// left says what is left out: hidden folders, caches, Bazel's links, and what
// .bazelignore or an exclude directive names.
func (t *tree) left(f *folder, name, rel string, dir bool) bool {
	if dir {
		hidden := strings.HasPrefix(name, ".")
		bazels := f.path == "" && strings.HasPrefix(name, "bazel-")
		packaged := strings.HasSuffix(name, ".egg-info") || strings.HasSuffix(name, ".dist-info")
		if hidden || bazels || packaged || skipped[name] || slices.Contains(t.ignored, rel) {
			return true
		}
	}
	return slices.ContainsFunc(f.d.exclude, func(glob string) bool { return doublestar.MatchUnvalidated(glob, rel) })
}

// foreign recognises a Bazel workspace and a virtual environment of its own.
func foreign(entries []fs.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		switch e.Name() {
		case "MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel", "REPO.bazel", "pyvenv.cfg":
			return true
		}
		return false
	})
}

func (t *tree) problem(p Problem) { t.problems = append(t.problems, p) }

// plain is an error without the path that the message has anyway.
func plain(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// at returns the folder of a path, nil when there is none.
func (t *tree) at(p string) *folder { return t.folders[clean(p)] }

// file returns a file by its path.
func (t *tree) file(p string) *file {
	dir, name := path.Split(clean(p))
	if f := t.folders[strings.TrimSuffix(dir, "/")]; f != nil {
		return f.files[name]
	}
	return nil
}

// clean is a workspace-relative path with "" for the root.
func clean(p string) string {
	if p = path.Clean(p); p == "." {
		return ""
	}
	return p
}

// each calls what for every folder, parents first, in order of name.
func (t *tree) each(what func(*folder)) {
	var down func(*folder)
	down = func(f *folder) {
		what(f)
		for _, name := range sortedKeys(f.subs) {
			down(f.subs[name])
		}
	}
	if f := t.folders[""]; f != nil {
		down(f)
	}
}

// below calls what for every file of a folder and the folders below it.
func (f *folder) below(what func(*file)) {
	for _, name := range sortedKeys(f.files) {
		what(f.files[name])
	}
	for _, name := range sortedKeys(f.subs) {
		f.subs[name].below(what)
	}
}

// chain is the folder and those above it, the nearest first.
func (f *folder) chain() []*folder {
	var out []*folder
	for ; f != nil; f = f.parent {
		out = append(out, f)
	}
	return out
}

func (f *file) stem() string { return strings.TrimSuffix(f.name, path.Ext(f.name)) }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
