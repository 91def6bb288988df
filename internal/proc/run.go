package proc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// drainTime is how long the streams may stay open after the command's end: a
// daemon that left the process group (Bazel's server) can hold them for ever.
const drainTime = 2 * time.Second

// Run runs the command until it ends. The error is a *NotFoundError when there
// is no such executable, a *StartError when it could not be started otherwise,
// an *ExitError when it did not exit with 0 or had to be stopped (then it wraps
// the context's cause), an *OverflowError when it printed too much. The Result
// is filled in as far as known in every case.
func Run(ctx context.Context, c Command) (Result, error) {
	none := Result{ExitCode: -1}
	if len(c.Argv) == 0 || c.Argv[0] == "" {
		return none, &StartError{Purpose: c.Purpose, Err: errors.New("the command is empty")}
	}
	if ctx.Err() != nil {
		return none, fmt.Errorf("%s: %w", c.Purpose, context.Cause(ctx))
	}
	r, err := newRunning(c)
	if err != nil {
		return none, startError(c, err)
	}
	begin := time.Now()
	state, err := r.startAndWait(ctx)
	if err != nil {
		r.closeAll()
		return none, startError(c, err)
	}
	r.drain()
	return r.result(ctx, state, time.Since(begin))
}

// running is a command between its start and its end.
type running struct {
	c              Command
	cmd            *exec.Cmd
	stdout, stderr *os.File // our ends of the pipes
	theirs         []*os.File
	out            *bounded
	errTail        *tail
	readers        sync.WaitGroup
	overflow       chan struct{}
	stopped        bool // weft has sent a signal
}

func newRunning(c Command) (*running, error) {
	path, err := c.lookPath()
	if err != nil {
		return nil, err
	}
	r := &running{c: c, errTail: &tail{limit: stderrLimit}, overflow: make(chan struct{})}
	limit := c.StdoutLimit
	if limit <= 0 {
		limit = DefaultStdoutLimit
	}
	r.out = &bounded{limit: limit, full: r.overflow}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, outRead.Close(), outWrite.Close())
	}
	r.stdout, r.stderr, r.theirs = outRead, errRead, []*os.File{outWrite, errWrite}
	r.cmd = &exec.Cmd{Path: path, Args: c.Argv, Dir: c.Dir, Env: c.Env,
		Stdout: outWrite, Stderr: errWrite, SysProcAttr: groupAttr()}
	return r, nil
}

// startAndWait returns when the command has ended and nothing is left in its
// group. It keeps its thread: on Linux a child's death signal is tied to the
// thread that started it, not to the process.
func (r *running) startAndWait(ctx context.Context) (*os.ProcessState, error) {
	started := make(chan error, 1)
	ended := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := r.cmd.Start()
		started <- err
		if err == nil {
			_ = r.cmd.Wait() // the ProcessState says it all
			close(ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	for _, f := range r.theirs {
		_ = f.Close()
	}
	r.read()
	r.supervise(ctx, ended)
	_ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL) // what it left behind
	return r.cmd.ProcessState, nil
}

// read starts the two readers; drain ends them.
func (r *running) read() {
	var out io.Writer = r.out
	flush := func() {}
	switch {
	case r.c.Stdout != nil:
		out = r.c.Stdout
	case r.c.OnStdout != nil:
		l := &lines{emit: r.c.OnStdout}
		out, flush = l, l.flush
	}
	r.readers.Go(func() { _, _ = io.Copy(out, r.stdout); flush() })
	r.readers.Go(func() {
		l := &lines{emit: func(string) {}}
		if r.c.OnStderr != nil {
			l.emit = r.c.OnStderr
		}
		_, _ = io.Copy(io.MultiWriter(r.errTail, l), r.stderr)
		l.flush()
	})
}

// drain waits until both streams are at their end, and takes them away from
// whoever still holds them after drainTime.
func (r *running) drain() {
	late := time.AfterFunc(drainTime, func() { _ = r.stdout.Close(); _ = r.stderr.Close() })
	defer late.Stop()
	r.readers.Wait()
	_ = r.stdout.Close()
	_ = r.stderr.Close()
}

func (r *running) closeAll() {
	for _, f := range append(r.theirs, r.stdout, r.stderr) {
		_ = f.Close()
	}
}

func (r *running) result(ctx context.Context, state *os.ProcessState, d time.Duration) (Result, error) {
	res := Result{Stdout: r.out.data, Stderr: r.errTail.String(), ExitCode: state.ExitCode(), Duration: d}
	if r.out.over {
		return res, &OverflowError{Purpose: r.c.Purpose, Argv: redactAll(r.c.Argv, r.c.Redact), Limit: r.out.limit}
	}
	if !r.stopped && state.Success() {
		return res, nil
	}
	e := &ExitError{Purpose: r.c.Purpose, Argv: redactAll(r.c.Argv, r.c.Redact), ExitCode: res.ExitCode,
		Stderr: Redact(res.Stderr, r.c.Redact)}
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		e.Signal = signalName(ws.Signal())
	}
	if r.stopped {
		e.Cause = context.Cause(ctx)
	}
	return res, e
}

// startError tells a missing executable from all else that keeps a command from starting.
func startError(c Command, err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return &NotFoundError{Purpose: c.Purpose, Executable: c.Argv[0]}
	}
	return &StartError{Purpose: c.Purpose, Executable: c.Argv[0], Err: err}
}
