package watch

import (
	"bufio"
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPipe: a watch whose reader closes the pipe ends, and leaves no test behind.
func TestPipe(t *testing.T) {
	dir := workspace(t, "py311")
	write(t, filepath.Join(dir, "test_other.py"), sleeping("7304.5"))
	for _, args := range [][]string{nil, {"--json"}} {
		cmd := exec.Command(weft(t), append([]string{"watch", "all"}, args...)...)
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		process(t, "7304.5", true)
		if err := stdout.Close(); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "lib.py"), "VALUE = 2  # "+strings.Join(args, "")+"\n") // fails, which is told on stdout
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("%q: it ends with %v", args, err)
			}
		case <-time.After(patience):
			_ = cmd.Process.Kill()
			t.Fatalf("%q: without a reader it goes on", args)
		}
		process(t, "7304.5", false)
		if err := syscall.Kill(-cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("%q: something of the watch's group is left: %v", args, err)
		}
	}
}

// TestMistyped: a watch that ends before it begins tells why in its events too.
func TestMistyped(t *testing.T) {
	dir := workspace(t, "py311")
	cmd := exec.Command(weft(t), "watch", "nosuch.py", "--json")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil || cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("it ends with %v", err)
	}
	last := ""
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		last = lines.Text()
	}
	if !strings.Contains(last, `"event":"pass.end"`) || !strings.Contains(last, "nosuch.py") {
		t.Errorf("the last event is %s", last)
	}
	if n := strings.Count(stderr.String(), "nosuch.py"); n == 0 {
		t.Errorf("stderr says %q", stderr.String())
	}
}
