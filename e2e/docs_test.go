package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme runs README.md's `sh` blocks, in order, in one shell, as a
// newcomer would type them. The indented `make` commands are not among them:
// `make test` runs this, and has a step for `make demo`.
func TestReadme(t *testing.T) {
	t.Parallel()
	repo, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(repo, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 2 {
		t.Fatalf("README.md has %d sh blocks", len(blocks))
	}
	var script strings.Builder
	script.WriteString("set -eux\n")
	for _, b := range blocks {
		script.WriteString(b[1])
	}
	script.WriteString("bazel shutdown\n")
	dir := t.TempDir()
	cmd := exec.Command("bash", "-c", script.String())
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "WEFT="+repo, "CI=1", "NO_COLOR=1", "WEFT_DISK_CACHE="+filepath.Join(dir, "cache"),
		"PATH="+filepath.Dir(binary(t, repo))+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"WEFT_OVERRIDE_INPUT="+templateOverrides(repo))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"2 passed in 2 environments", "1 passed in 1 environment", "cells in 2 environments"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

// templateOverrides are the machine's overrides, without those of inputs that
// the template lacks, and with this repository for its weft.
func templateOverrides(repo string) string {
	words := []string{"weft=git+file://" + repo}
	for _, w := range strings.Fields(os.Getenv("WEFT_OVERRIDE_INPUT")) {
		if strings.HasPrefix(w, "nixpkgs=") {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}
