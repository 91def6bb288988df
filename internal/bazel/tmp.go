package bazel

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/bazelbuild/buildtools/build"
)

// BelowTmp names a folder that a worker could not see: the workspace, or a module
// of a local_path_override, that lies below /tmp. Bazel gives each hardened
// worker a /tmp of its own and mounts nothing in it (SandboxedWorker; plain
// actions get their inputs mounted). "" when there is none.
func BelowTmp(workspace string) string {
	folders := append([]string{workspace}, localModules(workspace)...)
	for _, folder := range folders {
		if real, err := filepath.EvalSymlinks(folder); err == nil && strings.HasPrefix(real, "/tmp/") {
			return real
		}
	}
	return ""
}

// localModules are the folders of the local_path_overrides, absolute.
func localModules(workspace string) []string {
	name := filepath.Join(workspace, "MODULE.bazel")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	parsed, err := build.ParseModule(name, data)
	if err != nil {
		return nil
	}
	var folders []string
	for _, override := range parsed.Rules("local_path_override") {
		folders = append(folders, localPath(workspace, override))
	}
	return folders
}

// LocalModules are the folders in the workspace that are Bazel modules of their
// own, as a vendored rules_weft is: relative to it, with slashes. What they hold
// is in no query of the workspace.
func LocalModules(workspace string) []string {
	var out []string
	for _, folder := range localModules(workspace) {
		if rel, err := filepath.Rel(workspace, folder); err == nil && filepath.IsLocal(rel) && rel != "." {
			out = append(out, filepath.ToSlash(rel))
		}
	}
	return out
}
