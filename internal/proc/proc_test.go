package proc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sh runs a script; the tests' commands are the POSIX shell's.
func sh(script string) Command {
	return Command{Purpose: "testing", Argv: []string{"sh", "-c", script}}
}

func TestRunKeepsTheStreamsApart(t *testing.T) {
	got, err := Run(t.Context(), sh("echo out; echo err >&2"))
	if err != nil || string(got.Stdout) != "out\n" || got.Stderr != "err\n" || got.ExitCode != 0 {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestRunHasNoStdin(t *testing.T) {
	got, err := Run(t.Context(), sh("cat; echo end"))
	if err != nil || string(got.Stdout) != "end\n" {
		t.Fatalf("got %+v, %v", got, err)
	}
}

// TestRunStreamsBytes: of any number, and as they are.
func TestRunStreamsBytes(t *testing.T) {
	var out bytes.Buffer
	c := sh(`printf 'a\r\000'; head -c 200000 /dev/zero`)
	c.Stdout, c.StdoutLimit = &out, 10
	got, err := Run(t.Context(), c)
	if err != nil || out.String() != "a\r\x00"+strings.Repeat("\x00", 200_000) {
		t.Fatalf("got %d bytes, %v", out.Len(), err)
	}
	if got.Stdout != nil {
		t.Errorf("kept %q", got.Stdout)
	}
}

func TestRunStreamsLines(t *testing.T) {
	var out, errs []string
	c := sh(`printf 'a\r\nb'; printf '\n1\n2\n' >&2`)
	c.OnStdout = func(l string) { out = append(out, l) }
	c.OnStderr = func(l string) { errs = append(errs, l) }
	got, err := Run(t.Context(), c)
	if err != nil || strings.Join(out, "|") != "a|b" || strings.Join(errs, "|") != "|1|2" {
		t.Fatalf("got %q, %q, %v", out, errs, err)
	}
	if got.Stdout != nil || got.Stderr != "\n1\n2\n" {
		t.Errorf("kept %q and %q", got.Stdout, got.Stderr)
	}
}

func TestRunGivesDirAndEnv(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "only-here")
	if err := os.WriteFile(bin, []byte("#!/bin/sh\npwd; echo $WHAT\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	got, err := Run(t.Context(), Command{Purpose: "testing", Argv: []string{"only-here"}, Dir: dir,
		Env: []string{"PATH=/nowhere", "PATH=" + dir + ":/bin:/usr/bin", "WHAT=this"}})
	if err != nil || !strings.HasSuffix(string(got.Stdout), filepath.Base(dir)+"\nthis\n") {
		t.Fatalf("got %q, %v", got.Stdout, err)
	}
}

func TestExitErrorShowsAllThatIsKnown(t *testing.T) {
	c := sh("echo one >&2; echo 'the token s3cret' >&2; exit 3")
	c.Argv = append(c.Argv, "--header=s3cret", "a b", "it's")
	c.Redact = []string{"s3cret", ""}
	got, err := Run(t.Context(), c)
	var e *ExitError
	if !errors.As(err, &e) || e.ExitCode != 3 || got.ExitCode != 3 || e.Signal != "" || e.Cause != nil {
		t.Fatalf("got %+v, %#v", got, err)
	}
	want := `testing: exit code 3
  $ sh -c 'echo one >&2; echo '\''the token REDACTED'\'' >&2; exit 3' --header=REDACTED 'a b' 'it'\''s'
    one
    the token REDACTED`
	if err.Error() != want {
		t.Errorf("got\n%s\nwant\n%s", err, want)
	}
}

func TestExitErrorShowsTheEndOfALongStderr(t *testing.T) {
	_, err := Run(t.Context(), sh("i=0; while [ $i -lt 30 ]; do echo line$i >&2; i=$((i+1)); done; exit 1"))
	text := fmt.Sprint(err)
	if strings.Contains(text, "line9\n") || !strings.Contains(text, "(10 lines before)\n    line10\n") || !strings.HasSuffix(text, "line29") {
		t.Errorf("got\n%s", text)
	}
}

func TestExitErrorNamesTheSignal(t *testing.T) {
	_, err := Run(t.Context(), sh("kill -KILL $$"))
	var e *ExitError
	if !errors.As(err, &e) || e.Signal != "SIGKILL" || e.ExitCode != -1 || !strings.Contains(err.Error(), "ended by SIGKILL") {
		t.Fatalf("got %v", err)
	}
}

func TestRunTellsWhatCannotStart(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(plain), "script"), []byte("#!/no/such/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, want string
		c          Command
		check      func(error) bool
	}{
		{"not on PATH", `testing: "no-such-thing" is not on PATH`, Command{Argv: []string{"no-such-thing"}}, isNotFound},
		{"no such file", `testing: "/no/such/thing" does not exist`, Command{Argv: []string{"/no/such/thing"}}, isNotFound},
		{"no such folder", `testing: starting "sh": stat /no/such: no such file or directory`, Command{Argv: []string{"sh"}, Dir: "/no/such"},
			func(err error) bool { return errors.Is(err, fs.ErrNotExist) && !isNotFound(err) }},
		{"not executable", fmt.Sprintf("testing: starting %q: fork/exec %s: permission denied", plain, plain), Command{Argv: []string{plain}},
			func(err error) bool { return errors.Is(err, fs.ErrPermission) }},
		{"folder is a file", fmt.Sprintf(`testing: starting "sh": chdir %s: not a directory`, plain), Command{Argv: []string{"sh"}, Dir: plain},
			func(err error) bool { return errors.Is(err, syscall.ENOTDIR) }},
		{"no interpreter", `testing: starting "./script": fork/exec ./script: no such file or directory`, Command{Argv: []string{"./script"}, Dir: filepath.Dir(plain)},
			func(err error) bool { return !isNotFound(err) }},
		{"empty", `testing: starting "": the command is empty`, Command{}, func(err error) bool { return err != nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.c.Purpose = "testing"
			got, err := Run(t.Context(), test.c)
			if err == nil || err.Error() != test.want || !test.check(err) || got.ExitCode != -1 {
				t.Errorf("got %+v, %v; want %s", got, err, test.want)
			}
		})
	}
}

func isNotFound(err error) bool {
	var e *NotFoundError
	return errors.As(err, &e)
}

func TestRunDoesNotStartUnderAnEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	mark := filepath.Join(t.TempDir(), "mark")
	_, err := Run(ctx, sh("touch "+mark))
	if !errors.Is(err, cause) || exists(mark) {
		t.Errorf("got %v, mark there: %v", err, exists(mark))
	}
}

// started runs a command in the background and waits until it prints "ready".
func started(t *testing.T, ctx context.Context, c Command) <-chan error {
	t.Helper()
	ready, done := make(chan struct{}), make(chan error, 1)
	c.OnStdout = func(line string) {
		if line == "ready" {
			close(ready)
		}
	}
	go func() { _, err := Run(ctx, c); done <- err }()
	select {
	case <-ready:
	case err := <-done:
		t.Fatalf("ended before it was ready: %v", err)
	case <-time.After(20 * time.Second):
		t.Fatal("never ready")
	}
	return done
}

func TestCancelSendsOneSignalAfterTheOther(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	note := func(sig string) string { return fmt.Sprintf("trap 'echo %s >> %s' %s; ", sig, log, sig) }
	for _, test := range []struct {
		name, script, log, signal string
		exit                      int
	}{
		{"obeys the interrupt", "trap 'echo INT >> " + log + "; exit 8' INT; ", "INT\n", "", 8},
		{"obeys terminate", note("INT") + "trap 'echo TERM >> " + log + "; exit 9' TERM; ", "INT\nTERM\n", "", 9},
		{"obeys nothing", note("INT") + note("TERM"), "INT\nTERM\n", "SIGKILL", -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			_ = os.Remove(log)
			ctx, cancel := context.WithCancel(t.Context())
			c := sh(test.script + "echo ready; while :; do sleep 0.02; done")
			c.Stop = Stop{Interrupt: 400 * time.Millisecond, Terminate: 400 * time.Millisecond}
			done := started(t, ctx, c)
			cancel()
			err := <-done
			var e *ExitError
			if !errors.As(err, &e) || !errors.Is(err, context.Canceled) || e.ExitCode != test.exit || e.Signal != test.signal {
				t.Errorf("got %v", err)
			}
			if got, _ := os.ReadFile(log); string(got) != test.log {
				t.Errorf("signals %q, want %q", got, test.log)
			}
		})
	}
}

func TestStopGraces(t *testing.T) {
	for _, test := range []struct {
		stop Stop
		want string
	}{
		{Stop{}, "interrupt 10s, terminated 5s, killed 0s"},
		{Stop{Interrupt: -1, Terminate: time.Second}, "terminated 1s, killed 0s"},
		{Stop{Interrupt: -1, Terminate: -1}, "killed 0s"},
	} {
		var all []string
		for _, s := range test.stop.steps() {
			all = append(all, fmt.Sprint(s.signal, " ", s.grace))
		}
		if got := strings.Join(all, ", "); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.stop, got, test.want)
		}
	}
}

// TestNoChildIsLeft covers both ends: a command that ends by itself, and one
// that is cancelled, with a child in the background that ignores signals.
func TestNoChildIsLeft(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	child := "sh -c 'trap : INT TERM; echo $$ > " + pidFile + ".tmp; mv " + pidFile + ".tmp " + pidFile +
		"; while :; do sleep 0.05; done' & while [ ! -e " + pidFile + " ]; do sleep 0.01; done; "
	t.Run("after its end", func(t *testing.T) {
		begin := time.Now()
		if _, err := Run(t.Context(), sh(child+"echo done")); err != nil {
			t.Fatal(err)
		}
		if time.Since(begin) > drainTime {
			t.Error("waited for the child's pipes instead of killing it")
		}
		assertGone(t, pidFile)
	})
	t.Run("after a cancel", func(t *testing.T) {
		_ = os.Remove(pidFile)
		ctx, cancel := context.WithCancel(t.Context())
		done := started(t, ctx, sh(child+"echo ready; while :; do sleep 0.02; done"))
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		assertGone(t, pidFile)
	})
}

// TestADaemonDoesNotHoldTheCommandUp has a child that left the group, as Bazel's
// server does, but kept the streams.
func TestADaemonDoesNotHoldTheCommandUp(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("there is no setsid")
	}
	pidFile := filepath.Join(t.TempDir(), "pid")
	begin := time.Now()
	got, err := Run(t.Context(), sh("setsid sh -c 'echo $$ > "+pidFile+"; exec sleep 60' & while [ ! -s "+pidFile+" ]; do sleep 0.01; done; echo done"))
	if err != nil || string(got.Stdout) != "done\n" || time.Since(begin) > 20*time.Second {
		t.Errorf("got %+v, %v after %v", got, err, time.Since(begin))
	}
	data, _ := os.ReadFile(pidFile)
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Errorf("the daemon was not let be: %v", err)
	}
}

func assertGone(t *testing.T, pidFile string) {
	t.Helper()
	data, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		zombie := err == nil && strings.Contains(string(stat), ") Z ") // nobody reaps orphans in some containers
		if zombie || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
	_ = syscall.Kill(pid, syscall.SIGKILL)
}

func TestTooMuchOutputStopsTheCommand(t *testing.T) {
	c := sh("while :; do echo 0123456789; done")
	c.StdoutLimit = 1000
	got, err := Run(t.Context(), c)
	var e *OverflowError
	if !errors.As(err, &e) || e.Limit != 1000 || len(got.Stdout) != 1000 {
		t.Fatalf("got %d bytes, %v", len(got.Stdout), err)
	}
	if want := "testing: more than 1000 bytes of output\n  $ sh -c "; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %s", err)
	}
	c.Argv[2] = "head -c 1000 /dev/zero"
	if _, err := Run(t.Context(), c); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

func TestTailKeepsWholeLines(t *testing.T) {
	tl := &tail{limit: 10}
	for i := range 20 {
		_, _ = fmt.Fprintf(tl, "line%d\n", i)
	}
	if got := tl.String(); got != "line19\n" {
		t.Errorf("got %q", got)
	}
}

func TestLongLinesComeInPieces(t *testing.T) {
	var sizes []int
	l := &lines{emit: func(s string) { sizes = append(sizes, len(s)) }}
	_, _ = l.Write([]byte(strings.Repeat("x", lineLimit+5)))
	_, _ = l.Write([]byte("abc\n"))
	l.flush()
	if got := fmt.Sprint(sizes); got != fmt.Sprint([]int{lineLimit + 5, 3}) {
		t.Errorf("got %s", got)
	}
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }
