package watch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPipe: a watch whose reader closes the pipe ends, and leaves nothing behind.
func TestPipe(t *testing.T) {
	dir := workspace(t, "py311")
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
		t.Cleanup(func() {
			if cmd.ProcessState == nil {
				_ = cmd.Process.Kill()
			}
		})
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if text := lines.Text(); strings.HasPrefix(text, "pass 1: ") || strings.Contains(text, `"pass.end"`) {
				break
			}
		}
		if err := stdout.Close(); err != nil {
			t.Fatal(err)
		}
		// What fails is told on stdout.
		write(t, filepath.Join(dir, "lib.py"), fmt.Sprintf("VALUE = %d\n", 2+len(args)))
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
