package ui

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
)

// pty is a terminal of 80×24 that a test sits at.
type pty struct {
	t        *testing.T
	keyboard *os.File // the test's end
	terminal *os.File // the program's end
	mu       sync.Mutex
	screen   bytes.Buffer
}

func newPTY(t *testing.T) *pty {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this machine gives no terminal: %v", err)
	}
	// Not by Fd, after which a Close would wait for a Read.
	connection, err := keyboard.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	err = connection.Control(func(fd uintptr) {
		var errs [3]error
		number, errs[0] = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		errs[1] = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0)
		errs[2] = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
		if err := errors.Join(errs[:]...); err != nil {
			t.Error(err)
		}
	})
	if err != nil || t.Failed() {
		t.FailNow()
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this machine gives no terminal: %v", err)
	}
	p := &pty{t: t, keyboard: keyboard, terminal: terminal}
	t.Cleanup(func() { keyboard.Close(); terminal.Close() })
	go func() {
		part := make([]byte, 4096)
		for {
			n, err := keyboard.Read(part)
			p.mu.Lock()
			p.screen.Write(part[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return p
}

func (p *pty) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.String()
}

func (p *pty) press(keys string) {
	p.t.Helper()
	if _, err := p.keyboard.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// until waits for something that must come.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("this does not come: %s", what)
		}
	}
}

func (p *pty) shows(text string) {
	p.t.Helper()
	until(p.t, fmt.Sprintf("%q on the terminal", text), func() bool { return strings.Contains(p.text(), text) })
}

// sit starts a view on a terminal.
func (p *pty) sit(env map[string]string) (WatchView, chan loop.Command, chan bool) {
	commands, quits := make(chan loop.Command), make(chan bool, 9)
	env["TERM"] = "xterm-256color"
	dir := p.t.TempDir()
	v := NewWatch(WatchOptions{Stdin: p.terminal, Stdout: p.terminal, Stderr: p.terminal, Workspace: dir, Dir: dir, Scope: "all", Now: time.Now,
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }, Commands: commands, Quit: func() { quits <- true }})
	p.t.Cleanup(v.Close)
	if _, ok := v.(*watchLive); !ok {
		p.t.Fatalf("on a terminal there is %T", v)
	}
	return v, commands, quits
}

var colourRE = regexp.MustCompile(`\x1b\[[0-9;]*\b(3[0-7]|38|4[0-7]|48|9[0-7])\b[0-9;]*m`)

// TestWatchOnATerminal: keys arrive in their order although the loop takes
// them late, updates are drawn, and the terminal is left as it was.
func TestWatchOnATerminal(t *testing.T) {
	p := newPTY(t)
	before, err := unix.IoctlGetTermios(int(p.terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	v, commands, quits := p.sit(map[string]string{})
	for _, u := range append(first(), ended2()...) {
		v.Update(u)
	}
	p.shows("5 failed")
	p.press("afr")
	for _, want := range []loop.Command{loop.RunAll{}, loop.OnlyFailed{On: true}, loop.Rerun{}} {
		if got := <-commands; got != want {
			t.Errorf("asked for %#v, want %#v", got, want)
		}
	}
	p.press("a\x03") // nobody takes the a
	<-quits
	v.Close()
	v.Close()
	v.Update(loop.Waiting{}) // too late, and harmless
	p.shows("\x1b[?1049l")
	if !colourRE.MatchString(p.text()) {
		t.Error("no colours on a terminal that has them")
	}
	if after, err := unix.IoctlGetTermios(int(p.terminal.Fd()), unix.TCGETS); err != nil || *after != *before {
		t.Errorf("the terminal is %+v after %+v (%v)", after, before, err)
	}
}

func TestWatchNoColorOnATerminal(t *testing.T) {
	p := newPTY(t)
	v, _, _ := p.sit(map[string]string{"NO_COLOR": "1"})
	for _, u := range append(first(), ended2()...) {
		v.Update(u)
	}
	p.shows("5 failed")
	v.Close()
	if got := colourRE.FindString(p.text()); got != "" {
		t.Errorf("colours despite NO_COLOR: %q", got)
	}
}

// TestWatchTerminalGoes: without a terminal the watch ends.
func TestWatchTerminalGoes(t *testing.T) {
	p := newPTY(t)
	v, _, quits := p.sit(map[string]string{})
	v.Update(loop.Waiting{})
	p.shows("waiting for a save")
	p.keyboard.Close()
	select {
	case <-quits:
	case <-time.After(20 * time.Second):
		t.Fatal("the terminal is gone, and nobody is told")
	}
	v.Close()
}

// TestWatchLendsTheTerminal: an editor has it alone, the loop goes on, and the
// board comes back with what happened.
func TestWatchLendsTheTerminal(t *testing.T) {
	p := newPTY(t)
	dir := t.TempDir()
	said, leave := filepath.Join(dir, "said"), filepath.Join(dir, "leave")
	script := "#!/bin/sh\ntest -t 0 && test -t 1 && echo \"$*\" > '" + said + "'\nuntil test -e '" + leave + "'; do sleep 0.01; done\n"
	editor := filepath.Join(dir, "nano")
	if err := os.WriteFile(editor, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	v, _, _ := p.sit(map[string]string{"EDITOR": editor + " -x"})
	for _, u := range append(first(), ended2()...) {
		v.Update(u)
	}
	p.shows("5 failed")
	p.press("o")
	until(t, "the editor", func() bool { text, _ := os.ReadFile(said); return len(text) > 0 })
	if !v.Lent() {
		t.Error("the terminal is not said to be lent")
	}
	for range 5000 { // more than any buffer holds
		v.Update(of1(pipeline.Talked{Line: "talk"}))
	}
	for _, p := range watchCells() {
		v.Update(verdict(p, "passed"))
	}
	if err := os.WriteFile(leave, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	p.shows("28 passed")
	if text, _ := os.ReadFile(said); !strings.HasPrefix(string(text), "-x +12 /") || !strings.HasSuffix(string(text), "/tests/unit/test_load.py\n") {
		t.Errorf("the editor was given %q", text)
	}
	if v.Lent() {
		t.Error("the terminal is still said to be lent")
	}
}

// TestWatchChoosesLines: where the board cannot or shall not be.
func TestWatchChoosesLines(t *testing.T) {
	p := newPTY(t)
	for name, o := range map[string]WatchOptions{
		"a pipe out":   {Stdin: p.terminal, Stdout: &bytes.Buffer{}},
		"a pipe in":    {Stdin: &bytes.Buffer{}, Stdout: p.terminal},
		"verbose":      {Stdin: p.terminal, Stdout: p.terminal, Verbose: true},
		"CI=1":         {Stdin: p.terminal, Stdout: p.terminal},
		"TERM=dumb":    {Stdin: p.terminal, Stdout: p.terminal},
		"JSON as well": {Stdin: p.terminal, Stdout: p.terminal, JSON: true},
	} {
		o.Stderr, o.Now = &bytes.Buffer{}, time.Now
		o.Env = func(variable string) (string, bool) { v, ok := strings.CutPrefix(name, variable+"="); return v, ok }
		v := NewWatch(o)
		_, lines := v.(*watchPlain)
		_, events := v.(*watchJSON)
		if lines == o.JSON || events != o.JSON {
			t.Errorf("%s: %T", name, v)
		}
		v.Close()
	}
}
