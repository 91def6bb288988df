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
	folders := []string{workspace}
	name := filepath.Join(workspace, "MODULE.bazel")
	if data, err := os.ReadFile(name); err == nil {
		if parsed, err := build.ParseModule(name, data); err == nil {
			for _, override := range parsed.Rules("local_path_override") {
				folders = append(folders, localPath(workspace, override))
			}
		}
	}
	for _, folder := range folders {
		if real, err := filepath.EvalSymlinks(folder); err == nil && strings.HasPrefix(real, "/tmp/") {
			return real
		}
	}
	return ""
}
