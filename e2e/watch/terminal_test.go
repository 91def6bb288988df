package watch

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal with a program in it.
type terminal struct {
	t     *testing.T
	cmd   *exec.Cmd
	ours  *os.File
	ended chan error

	mu     sync.Mutex
	output strings.Builder
}

// open starts a command in a terminal of its own.
func open(t *testing.T, dir string, columns, rows uint16, argv ...string) *terminal {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetUint32(int(ours.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(ours.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.OpenFile("/dev/pts/"+strconv.Itoa(int(n)), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &terminal{t: t, ours: ours, ended: make(chan error, 1), cmd: exec.Command(argv[0], argv[1:]...)}
	p.resize(columns, rows)
	p.cmd.Dir, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = dir, theirs, theirs, theirs
	p.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "CI=")
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = theirs.Close()
	go p.read()
	go func() { p.ended <- p.cmd.Wait() }()
	t.Cleanup(func() {
		_ = ours.Close()
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Kill()
		}
	})
	return p
}

func (p *terminal) read() {
	buf := make([]byte, 32<<10)
	for {
		n, err := p.ours.Read(buf)
		p.mu.Lock()
		p.output.Write(buf[:n])
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (p *terminal) resize(columns, rows uint16) {
	p.t.Helper()
	if err := unix.IoctlSetWinsize(int(p.ours.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: columns, Row: rows}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *terminal) press(keys string) {
	p.t.Helper()
	if _, err := p.ours.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// shows waits until the terminal has been drawn a text since the last change of
// what it shows: see after.
func (p *terminal) shows(text string) {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if strings.Contains(p.drawn(), text) {
			return
		}
	}
	p.t.Fatalf("the terminal never shows %q:\n%s", text, p.drawn())
}

// movements are the sequences that change colours and move the cursor.
var movements = regexp.MustCompile("\x1b\\[[0-9;?<>=]*[a-zA-Z]")

// drawn is what the terminal has been drawn, without colours and movements.
func (p *terminal) drawn() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return movements.ReplaceAllString(p.output.String(), "")
}

// after forgets what was drawn, and does something that changes it.
func (p *terminal) after(do func()) {
	p.mu.Lock()
	p.output.Reset()
	p.mu.Unlock()
	do()
}

// end is the program's exit code.
func (p *terminal) end() int {
	p.t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		p.t.Fatal("the program does not end")
	}
	panic("not reached")
}

// slow is a test file of which one test fails with lib.py's value, and another
// takes long.
const slow = `import time

from lib import VALUE


def test_long():
    time.sleep(2.5)


def test_value():
    assert VALUE == 1
`

// TestTerminal: the board is drawn, keys work, a terminal that changes its size
// is drawn anew, and one that goes away ends the watch.
func TestTerminal(t *testing.T) {
	dir := workspace(t, "py311")
	p := open(t, dir, 100, 30, weft(t), "watch", "all")
	p.shows("waiting for a save")
	p.after(func() { write(t, filepath.Join(dir, "lib.py"), "VALUE = 5\n") })
	p.shows("FAIL")
	p.shows("assert 5 == 1")
	p.shows("test_lib.py:5")
	p.after(func() { p.resize(60, 20) })
	p.shows("FAIL")
	p.after(func() { p.press("h") })
	p.shows("only what fails")
	p.after(func() { p.press("\x1b") })
	p.shows("2 failures") // or else Esc and a are Alt-a
	p.after(func() { p.press("a") })
	p.shows("pass 3")
	p.after(func() { p.resize(100, 30) })
	p.shows("waiting for a save")
	p.after(func() { write(t, filepath.Join(dir, "test_slow.py"), slow) })
	p.shows("weft gen wrote BUILD.bazel")
	p.shows("test_slow.py:11")
	p.shows("waiting for a save")
	p.after(func() { p.press("f") })
	p.shows("only failed")
	p.shows("✗*") // of the slow one, alone
	p.shows("1 more to run: a")
	p.shows("waiting for a save")
	p.after(func() { write(t, filepath.Join(dir, "lib.py"), "VALUE = 1\n") })
	p.shows("PASS")
	p.press("f")
	p.after(func() { p.press("tnosuch\r") })
	p.shows("no test of what ran is named")
	p.after(func() { p.press("a") })
	p.shows("PASS")
	p.press("q")
	if code := p.end(); code != 0 {
		t.Errorf("left with q it ends with %d", code)
	}

	p = open(t, dir, 100, 30, weft(t), "watch", "all")
	p.shows("waiting for a save")
	p.press("\x03")
	if code := p.end(); code != 0 { // on the board it is a key to leave by, as q is
		t.Errorf("left with Ctrl-C it ends with %d", code)
	}

	write(t, filepath.Join(dir, "test_other.py"), sleeping("7303.5"))
	p = open(t, dir, 100, 30, weft(t), "watch", "all")
	process(t, "7303.5", true)
	if err := p.ours.Close(); err != nil {
		t.Fatal(err)
	}
	if code := p.end(); code != 130 && code != 0 { // by the hang-up, or by the end of its input: whichever comes first
		t.Errorf("without its terminal it ends with %d", code)
	}
	process(t, "7303.5", false)
}
