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
	dir := t.TempDir()
	cmd := exec.Command("bash", "-c", script(t, string(text)))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CI=1", "NO_COLOR=1", "WEFT_DISK_CACHE="+filepath.Join(dir, "cache"),
		"PATH="+filepath.Dir(binary(t, repo))+string(filepath.ListSeparator)+os.Getenv("PATH"))
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

// script is a page's `sh` blocks, in order.
func script(t *testing.T, page string) string {
	t.Helper()
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(blocks) < 2 {
		t.Fatalf("the page has %d sh blocks", len(blocks))
	}
	text := "set -eux\n" + watched
	for _, b := range blocks {
		text += b[1]
	}
	return text + "bazel shutdown\n"
}

// watched has `weft watch`, which does not end by itself, watch until it waits for
// a save, and then ends it as Ctrl-C does.
const watched = `weft() {
  if [[ $1 != watch ]]; then command weft "$@"; return; fi
  weft_log=$(mktemp)
  (trap - INT; exec weft "$@") > "$weft_log" 2>&1 &
  weft_pid=$!
  until grep -q 'waiting for a save' "$weft_log"; do kill -0 "$weft_pid"; sleep 0.1; done
  kill -TERM "$weft_pid"
  wait "$weft_pid" && return 1 || [[ $? = 130 ]]
  cat "$weft_log"
}
`

// newcomer is a repository that has never seen Weft.
var newcomer = map[string]string{
	"pyproject.toml": "[project]\nname = \"wells\"\nversion = \"1.0\"\nrequires-python = \">=3.10,<3.12\"\n\n" +
		"[project.optional-dependencies]\nyaml = [\"pyyaml\"]\n\n" +
		"[tool.pytest.ini_options]\nmarkers = [\"integration\"]\n",
	"src/wells/__init__.py": "def depth(rows):\n    return max(float(r) for r in rows)\n",
	"tests/data/a.csv":      "1\n2\n",
	"tests/test_depth.py": "from pathlib import Path\n\nfrom wells import depth\n\n\ndef test_depth():\n" +
		"    assert depth((Path(__file__).parent / \"data\" / \"a.csv\").read_text().split()) == 2\n",
	"attic/old.py": "import gone\n",
}

// lay writes the files of a project.
func lay(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWatchPage runs the commands of docs/watch.md in the newcomer's repository.
func TestWatchPage(t *testing.T) {
	t.Parallel()
	repo, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(repo, "docs", "watch.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "wells")
	lay(t, dir, map[string]string{
		"pyproject.toml": "[project]\nname = \"wells\"\nversion = \"1.0\"\nrequires-python = \">=3.11,<3.12\"\n[tool.pytest.ini_options]\npythonpath = [\"src\"]\n",
		"src/depth.py":   "def deepest(depths):\n    return max(depths)\n", "tests/test_depth.py": "from depth import deepest\n\n\ndef test_deepest():\n    assert deepest([1, 2]) == 2\n",
	})
	t.Cleanup(func() { shutdown(filepath.Dir(dir)) })
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	cmd := exec.Command("bash", "-c", "set -eux\ngit init --quiet\nweft init --yes\n"+watched+blocks[0][1])
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CI=1", "NO_COLOR=1", "WEFT_DISK_CACHE=none", "PATH="+filepath.Dir(binary(t, repo))+string(filepath.ListSeparator)+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(out), "1 passed") < 3 {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestOnboarding runs the commands of docs/onboarding.md as a newcomer would type
// them, and then puts each of its directives into a BUILD file.
func TestOnboarding(t *testing.T) {
	t.Parallel()
	repo, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(repo, "docs", "onboarding.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "wells")
	lay(t, dir, newcomer)
	t.Cleanup(func() { shutdown(filepath.Dir(dir)) })
	weft := binary(t, repo)
	shell := func(text string) string {
		cmd := exec.Command("bash", "-c", text)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CI=1", "NO_COLOR=1", "WEFT_DISK_CACHE="+filepath.Join(dir, "../cache"),
			"PATH="+filepath.Dir(weft)+string(filepath.ListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	shell("git init --quiet && git add --all")
	out := shell(script(t, string(page)))
	if want := regexp.MustCompile(`\d passed in [3-9] environments`); !want.MatchString(out) {
		t.Errorf("the output lacks %q:\n%s", want, out)
	}
	directives := regexp.MustCompile("`(# gazelle:[^`]+)`").FindAllStringSubmatch(string(page), -1)
	if len(directives) < 6 {
		t.Fatalf("the page has %d directives", len(directives))
	}
	for _, d := range directives {
		// Where it can be told, by what they do elsewhere: see gazelle/testdata.
		if said := shell("cp tests/BUILD.bazel ../kept; echo '" + d[1] + "' >> tests/BUILD.bazel; weft gen 2>&1; cp ../kept tests/BUILD.bazel"); strings.Contains(said, "weft: warning") {
			t.Errorf("%s:\n%s", d[1], said)
		}
	}
}
