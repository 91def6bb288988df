package bazel

import (
	"os"
	"path/filepath"
	"strings"
)

// leads are flags that lead Bazel to further files.
var leads = []string{"--override_", "--inject_repository", "--package_path", "--vendor_dir", "--registry=file", "--registry file", "--bazelrc"}

// rcFiles enters the rc files that a command of the workspace reads.
func (c *Client) rcFiles(k *key) {
	k.rcFile(c.Workspace, "/etc/bazel.bazelrc", 0)
	k.rcFile(c.Workspace, filepath.Join(c.Workspace, ".bazelrc"), 0)
	if home, err := os.UserHomeDir(); err == nil {
		k.rcFile(c.Workspace, filepath.Join(home, ".bazelrc"), 0)
	}
}

// rcFile enters an rc file and those that it imports.
func (k *key) rcFile(workspace, path string, depth int) {
	if depth > 20 {
		k.giveUp("%s imports itself", path)
		return
	}
	for line := range strings.Lines(k.rcContent(workspace, path)) {
		for _, flag := range leads {
			if strings.Contains(line, flag) {
				k.giveUp("%s: %s", path, strings.TrimSpace(line))
			}
		}
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "import" && words[0] != "try-import" {
			continue
		}
		imported := strings.Trim(strings.Join(words[1:], " "), `"'`)
		imported = strings.ReplaceAll(imported, "%workspace%", workspace)
		if !filepath.IsAbs(imported) {
			k.giveUp("%s: %s", path, strings.TrimSpace(line))
			return
		}
		k.rcFile(workspace, imported, depth+1)
	}
}

// rcContent is what an rc file says of the query. The flags of builds and tests
// that weft itself writes are no part of that, and are written after it.
func (k *key) rcContent(workspace, path string) string {
	if path != filepath.Join(workspace, ".weft", "bazelrc") {
		return k.content(path)
	}
	data, _ := os.ReadFile(path) // absent is empty
	var kept strings.Builder
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "build ") && !strings.HasPrefix(line, "test ") {
			kept.WriteString(line)
		}
	}
	k.add(path, kept.String())
	return kept.String()
}
