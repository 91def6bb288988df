package watch

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestMain keeps the workspaces out of /tmp, below which cells have no workers.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"TMPDIR": "/var/tmp", "NO_COLOR": "1", "CI": ""} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// files of the project: two tests of a source that both use, one of another.
var files = map[string]string{
	"lib.py":         "VALUE = 1\n",
	"other.py":       "VALUE = 1\n",
	"test_lib.py":    "from lib import VALUE\n\n\ndef test_value():\n    assert VALUE == 1\n",
	"test_twice.py":  "from lib import VALUE\n\n\ndef test_twice():\n    assert 2 * VALUE == 2\n",
	"test_other.py":  "from other import VALUE\n\n\ndef test_value():\n    assert VALUE == 1\n",
	"test_marker.py": "def test_marker():\n    assert True\n",
}

// workspace makes a project a workspace, as people do: weft init, which takes
// the environments from tox.ini ("py39, py311"). Its Bazel server ends with the test.
func workspace(t *testing.T, environments string) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("WEFT_DISK_CACHE", "none") // results of earlier runs must not answer
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	write(t, filepath.Join(dir, "tox.ini"), "[tox]\nenvlist = "+environments+"\n[testenv]\ndeps = pytest\n")
	run(t, dir, "git", "init", "-q", "-b", "main")
	run(t, dir, "git", "config", "user.email", "test@localhost")
	run(t, dir, "git", "config", "user.name", "test")
	run(t, dir, weft(t), "init", "--yes")
	run(t, dir, "git", "add", "-A")
	run(t, dir, "git", "commit", "-q", "-m", "first")
	t.Cleanup(func() {
		cmd := exec.Command("bazel", "clean", "--expunge")
		cmd.Dir = dir
		_ = cmd.Run()
	})
	return dir
}

// write replaces a file in place.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// replace puts a new file in an old one's place, as most editors do.
func replace(t *testing.T, path, text string) {
	t.Helper()
	write(t, path+".new~", text)
	if err := os.Rename(path+".new~", path); err != nil {
		t.Fatal(err)
	}
}

// mark saves a test file that nothing else touches, with another text each time,
// and waits until the watch has run it: then it has seen all edits before it.
func (w *watched) mark(dir, text string) {
	w.t.Helper()
	write(w.t, filepath.Join(dir, "test_marker.py"), "def test_marker():\n    assert True  # "+text+"\n")
	w.saved("test_marker.py")
	w.idle()
}
