package bazel

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// tree is a folder whose files define targets: by their content or, where a
// BUILD file has a glob, by their names.
type tree struct {
	k       *key
	root    string // absolute, without links
	ignored []string
}

// tree enters a folder: every name in it, and the state of each file that
// defines targets. What Bazel does not look into is left out.
func (k *key) tree(root string) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		k.giveUp("%v", err)
		return
	}
	t := tree{k: k, root: real}
	for line := range strings.Lines(k.content(filepath.Join(real, ".bazelignore"))) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			t.ignored = append(t.ignored, path.Clean(line))
		}
	}
	k.add("tree", root, real)
	t.folder("")
}

func (t tree) folder(rel string) {
	entries, err := os.ReadDir(filepath.Join(t.root, rel))
	if err != nil {
		t.k.giveUp("%v", err)
		return
	}
	t.k.add(rel, "folder")
	for _, e := range entries {
		name := path.Join(rel, e.Name())
		switch {
		case t.skips(name) || rel == "" && ofBazel(e):
		case e.IsDir():
			t.folder(name)
		case e.Type()&fs.ModeSymlink != 0:
			t.link(name)
		default:
			t.k.add(e.Name(), e.Type().String())
		}
		switch {
		case e.Name() == "MODULE.bazel.lock": // Bazel may write the same again with every command
			t.k.content(filepath.Join(t.root, name))
		case defines(e.Name()) && !e.IsDir():
			t.k.file(filepath.Join(t.root, name))
		}
	}
	t.k.add("end")
}

// skips says that Bazel does not look into a folder, or need not: git's files
// and Weft's define no target.
func (t tree) skips(name string) bool {
	return path.Base(name) == ".git" || name == ".weft" || slices.Contains(t.ignored, name)
}

// ofBazel recognises the links that Bazel makes at the workspace's top.
func ofBazel(e fs.DirEntry) bool {
	return strings.HasPrefix(e.Name(), "bazel-") && e.Type()&fs.ModeSymlink != 0
}

// link enters where a link leads. Bazel follows it: the folder behind it must
// be one of this tree, or one that never changes.
func (t tree) link(name string) {
	full := filepath.Join(t.root, name)
	target, _ := os.Readlink(full)
	info, err := os.Stat(full)
	if err != nil {
		t.k.add(name, "dangling", target)
		return
	}
	t.k.add(name, "link", target, info.Mode().Type().String())
	if !info.IsDir() {
		return
	}
	real, err := filepath.EvalSymlinks(full)
	if err != nil || !strings.HasPrefix(real, "/nix/store/") && !t.covers(real) {
		t.k.giveUp("%s leads to a folder outside of %s", full, t.root)
	}
}

// covers says that a folder is looked into.
func (t tree) covers(real string) bool {
	rel, err := filepath.Rel(t.root, real)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return false
	}
	for at := rel; at != "."; at = path.Dir(at) {
		if t.skips(at) {
			return false
		}
	}
	return true
}

// defines says that a file of the name defines targets by what it holds.
func defines(name string) bool {
	switch name {
	case "BUILD", "BUILD.bazel", "REPO.bazel", "VENDOR.bazel", "WORKSPACE", "WORKSPACE.bazel", "WORKSPACE.bzlmod":
		return true
	}
	return strings.HasSuffix(name, ".bzl") || strings.HasSuffix(name, ".scl") || strings.HasSuffix(name, "MODULE.bazel")
}
