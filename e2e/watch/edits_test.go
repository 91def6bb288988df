package watch

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestEdits makes a thousand edits of every kind while passes run. No save may
// be lost, nothing may go on for ever, and in the end the watch must know what
// a fresh weft test finds.
func TestEdits(t *testing.T) {
	dir := workspace(t, "py311")
	e := &editor{t: t, dir: dir, r: rand.New(rand.NewPCG(20261125, 0))}
	e.branch()
	w := start(t, dir, nil)
	w.idle()
	for n := range 1000 {
		e.edit(n)
		time.Sleep(time.Duration(e.r.IntN(60)) * time.Millisecond)
	}
	w.mark(dir, "a state as the edits left it")
	w.quiet()
	asFresh(t, w)
	// The last state may be one that nothing can run in, as a BUILD file that names
	// a file which is gone; so once more, with one that is whole.
	e.other = true
	e.checkout()
	run(t, dir, "git", "clean", "-q", "-fd")
	write(t, filepath.Join(dir, "lib.py"), "VALUE = 2\n")
	e.rename("test_twice.py", "test_moved.py")
	w.mark(dir, "a whole one")
	w.quiet()
	if w.recent("pass.end").Message != "" {
		t.Errorf("the last pass could not be carried out: %s", w.last(5))
	}
	asFresh(t, w)
	if code := w.stop(syscall.SIGINT); code != 130 {
		t.Errorf("stopped with Ctrl-C it ends with %d\n%s", code, w.said())
	}
	passes := map[bool]int{}
	for _, e := range w.seen {
		if e.Event == "pass.end" {
			passes[e.Stopped]++
		}
	}
	t.Logf("%d passes and %d that were cut short", passes[false], passes[true])
}

// editor edits a workspace as people and their tools do.
type editor struct {
	t     *testing.T
	dir   string
	r     *rand.Rand
	other bool // the other branch is checked out
}

func (e *editor) at(name string) string { return filepath.Join(e.dir, name) }

// branch makes a branch whose files differ.
func (e *editor) branch() {
	run(e.t, e.dir, "git", "checkout", "-q", "-b", "other")
	write(e.t, e.at("lib.py"), "VALUE = 2\n")
	write(e.t, e.at("test_new.py"), "from other import VALUE\n\n\ndef test_new():\n    assert VALUE\n")
	run(e.t, e.dir, weft(e.t), "gen")
	run(e.t, e.dir, "git", "add", "-A")
	run(e.t, e.dir, "git", "commit", "-q", "-m", "other")
	run(e.t, e.dir, "git", "checkout", "-q", "main")
}

// edit is the n-th edit.
func (e *editor) edit(n int) {
	value := fmt.Sprintf("VALUE = %d  # %d\n", 1+e.r.IntN(2), n)
	switch n {
	case 300:
		e.burst()
		return
	case 600:
		if err := os.RemoveAll(e.at("burst")); err != nil {
			e.t.Fatal(err)
		}
		return
	}
	switch kind := e.r.IntN(100); {
	case kind < 30:
		write(e.t, e.at("lib.py"), value)
	case kind < 50:
		replace(e.t, e.at("other.py"), value)
	case kind < 60:
		e.rename("test_lib.py", "test_moved.py")
	case kind < 70:
		if os.Remove(e.at("test_twice.py")) != nil {
			write(e.t, e.at("test_twice.py"), files["test_twice.py"])
		}
	case kind < 80:
		now := time.Now()
		_ = os.Chtimes(e.at("test_other.py"), now, now)
	case kind < 90:
		write(e.t, e.at("test_other.py"), files["test_other.py"]+"# "+value)
	case kind < 95:
		e.editDeleted()
	default:
		e.checkout()
	}
}

func (e *editor) rename(a, b string) {
	if os.Rename(e.at(a), e.at(b)) != nil {
		_ = os.Rename(e.at(b), e.at(a)) // neither may be there
	}
}

// editDeleted writes to a file that is deleted meanwhile.
func (e *editor) editDeleted() {
	f, err := os.OpenFile(e.at("test_deleted.py"), os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		e.t.Fatal(err)
	}
	_, _ = f.WriteString("def test_deleted():\n")
	_ = os.Remove(e.at("test_deleted.py"))
	_, _ = f.WriteString("    assert False\n")
	_ = f.Close()
}

// checkout changes the branch; what was edited is given up.
func (e *editor) checkout() {
	e.other = !e.other
	branch := map[bool]string{false: "main", true: "other"}[e.other]
	cmd := exec.Command("git", "checkout", "-q", "-f", branch)
	cmd.Dir = e.dir
	if cmd.Run() != nil { // a BUILD file was written as it began
		run(e.t, e.dir, "git", "checkout", "-q", "-f", branch)
	}
}

func (e *editor) burst() {
	if err := os.Mkdir(e.at("burst"), 0o755); err != nil {
		e.t.Fatal(err)
	}
	for i := range 10000 {
		write(e.t, e.at(fmt.Sprintf("burst/%05d.txt", i)), "x\n")
	}
}
