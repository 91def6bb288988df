package watch

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSavedWhileTestsRun: a cell that waits for its turn, and a suite that runs
// a failed one again, read a source that was saved meanwhile. What they find must
// be in no cache under the name of the source as it was: going back to it would pass.
func TestSavedWhileTestsRun(t *testing.T) {
	dir := workspace(t, "py311")
	t.Setenv("WEFT_DISK_CACHE", filepath.Join(t.TempDir(), "cache"))
	source := func(value string) { write(t, filepath.Join(dir, "other.py"), "VALUE = "+value+"\n") }
	waiting := "import subprocess\n\nfrom other import VALUE\n\n\ndef test_value():\n" +
		"    subprocess.run([\"sleep\", \"3.4567\"], check=True)\n    assert VALUE == 2\n"
	for name := range files { // one cell at a time: one reads it before it is saved, the other after
		switch at := filepath.Join(dir, name); {
		case name == "test_lib.py", name == "test_twice.py":
			write(t, at, waiting+"# "+name+"\n")
		case strings.HasPrefix(name, "test_"):
			if err := os.Remove(at); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(t, dir, weft(t), "gen")

	source("1")
	first := exec.Command(weft(t), "test", "all", "--jobs=1")
	first.Dir = dir
	var said strings.Builder
	first.Stdout, first.Stderr = &said, &said
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	process(t, "3.4567", true)
	source("2")
	if err := first.Wait(); err != nil || !strings.Contains(said.String(), "other.py was saved while tests ran") {
		t.Errorf("%v\n%s", err, said.String())
	}
	passed := 0
	for _, line := range outcomes(t, latest(dir)) {
		if strings.HasSuffix(line, ": passed") {
			passed++
		}
	}
	if passed != 2 { // the one that failed first has run again
		t.Fatalf("nothing ran after the save: %q", outcomes(t, latest(dir)))
	}

	source("1")
	for _, cache := range []string{"the workspace's", "the disk's"} {
		cmd := exec.Command(weft(t), "test", "all")
		cmd.Dir = dir
		out, _ := cmd.CombinedOutput()
		for _, line := range outcomes(t, latest(dir)) {
			if strings.HasSuffix(line, ": passed") {
				t.Errorf("%s cache: %s\n%s", cache, line, out)
			}
		}
		run(t, dir, "bazel", "clean")
	}
}

// TestFirstTest: a workspace without a test gets its first while it is watched.
func TestFirstTest(t *testing.T) {
	dir := workspace(t, "py311")
	for name := range files {
		if strings.HasPrefix(name, "test_") {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(t, dir, weft(t), "gen")
	w := start(t, dir, nil)
	if e := w.until("the pass's end", func(e event) bool { return e.Event == "pass.end" }); !strings.Contains(e.Message, "no Weft tests") {
		t.Errorf("a watch of nothing ends its pass with %+v", e)
	}
	w.idle()
	write(t, filepath.Join(dir, "tests.txt"), "nothing of Python's\n")
	w.saved("tests.txt")
	w.idle()
	if err := os.Mkdir(filepath.Join(dir, "tests"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "tests", "test_first.py"), "def test_first():\n    assert True\n")
	e := w.until("weft gen", func(e event) bool { return e.Event == "generated" })
	if !slices.Contains(e.Paths, "tests/BUILD.bazel") {
		t.Errorf("written: %q", e.Paths)
	}
	w.until("the first test", func(e event) bool { return e.ID == "tests/test_first.py unit python3.11" && e.Verdict == "passed" })
	w.idle()
}

// TestNotesStay: what the reading of the targets said is in the report of each pass.
func TestNotesStay(t *testing.T) {
	dir := workspace(t, "py311")
	write(t, filepath.Join(dir, "test_unnamed.py"), "def test_unnamed():\n    assert True\n")
	w := start(t, dir, nil, "--generate=false")
	w.note("no BUILD file names test_unnamed.py")
	w.idle()
	w.mark(dir, "another pass")
	if text := read(t, latest(dir)); !strings.Contains(text, "no BUILD file names test_unnamed.py") {
		t.Errorf("the report of the second pass does not say so: %s", w.last(10))
	}
	if runs, _ := filepath.Glob(filepath.Join(dir, ".weft", "runs", "2*")); len(runs) != 2 {
		t.Errorf("the reports: %q", runs)
	}
}

// TestSettingsSaved: the pass that a save of weft.toml calls for goes by what it says then.
func TestSettingsSaved(t *testing.T) {
	dir := workspace(t, "py311")
	w := start(t, dir, nil)
	w.idle()
	toml := filepath.Join(dir, "weft.toml")
	before := read(t, toml)
	for _, to := range []struct{ text, flag string }{
		{before + "[test]\nisolation = \"batch\"\n", "build --@rules_weft//:batch=true\n"},
		{before, "build --@rules_weft//:batch=false\n"},
	} {
		write(t, toml, to.text)
		w.saved("weft.toml")
		w.idle()
		if rc := read(t, filepath.Join(dir, ".weft", "bazelrc")); !strings.Contains(rc, to.flag) {
			t.Errorf("with\n%s\nBazel is given\n%s", to.text, rc)
		}
	}
}
