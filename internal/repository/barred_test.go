package repository

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNamesThatBazelRefuses(t *testing.T) {
	test := "def test_a(): pass\n"
	m := workspace(t, map[string]string{
		"tests/test_a b.py": test, "tests/test_ü.py": test, // a label can have these
		"tests/test_:c.py": test, "tests/test_b\\s.py": test, "tests/test_n\nl.py": test, "tests/test_\xff.py": test,
		"tests/x:1.csv": "", "tests/x:2.csv": "",
		"tests/ü/test_a.py": test, "tests/ü/deep/test_b.py": test, "docs/ü/a.txt": "",
		"tests/a:b/test_a.py": test, "tests/a b/test_a.py": test,
	})
	if m.Counts.Tests != 3 {
		t.Errorf("%d test files, want the three that Bazel can name:\n%s", m.Counts.Tests, text(m))
	}
	var said []string
	for _, p := range m.Problems {
		said = append(said, p.File)
	}
	want := []string{"tests/a:b", "tests/test_:c.py", "tests/test_b\\s.py", "tests/test_n\nl.py", "tests/test_\xff.py", "tests/x:1.csv", "tests/ü"}
	if strings.Join(said, "|") != strings.Join(want, "|") {
		t.Errorf("said %q\nwant %q", said, want)
	}
}

// A BUILD file behind a link out of the workspace may be another workspace's.
func TestLinkOutOfTheWorkspace(t *testing.T) {
	root, other := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		"test_a.py":         "def test_a(): pass\n",
		"BUILD.bazel":       "# gazelle:weft on\n\npytest_file(name = \"gone\", src = \"gone.py\")\n",
		"below/test_b.py":   "def test_b(): pass\n",
		"below/wells.csv":   "1\n",
		"below/BUILD.bazel": "# gazelle:weft on\n",
	} {
		name = filepath.Join(other, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(other, filepath.Join(root, "tests")); err != nil {
		t.Fatal(err)
	}
	m, err := Read(context.Background(), Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range m.Folders {
		if len(f.Rules)+len(f.Empty) > 0 {
			t.Errorf("rules for %q: %v %v", name, f.Rules, f.Empty)
		}
	}
	if len(m.Problems) != 1 || m.Problems[0].File != "tests" || !strings.Contains(m.Problems[0].Text, "leads out of the workspace") {
		t.Errorf("problems: %v", m.Problems)
	}
}
