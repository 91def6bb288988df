package proc

import (
	"context"
	"syscall"
	"time"
)

// supervise returns when the command has ended. When the context ends first, or
// the output overflows, it sends the group one signal after the other.
func (r *running) supervise(ctx context.Context, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-r.overflow:
		_ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		return
	case <-ctx.Done():
	}
	if waitFor(ended, 0) {
		return // it was done by itself at the same moment
	}
	r.stopped = true
	for _, step := range r.c.Stop.steps() {
		_ = syscall.Kill(-r.cmd.Process.Pid, step.signal)
		if waitFor(ended, step.grace) {
			return
		}
	}
	<-ended
}

// step is a signal and how long it is given to work.
type step struct {
	signal syscall.Signal
	grace  time.Duration
}

func (s Stop) steps() []step {
	var steps []step
	add := func(sig syscall.Signal, grace, usual time.Duration) {
		switch {
		case grace == 0:
			steps = append(steps, step{sig, usual})
		case grace > 0:
			steps = append(steps, step{sig, grace})
		}
	}
	add(syscall.SIGINT, s.Interrupt, DefaultInterrupt)
	add(syscall.SIGTERM, s.Terminate, DefaultTerminate)
	return append(steps, step{syscall.SIGKILL, 0})
}

// waitFor says whether the command ended within the grace.
func waitFor(ended <-chan struct{}, grace time.Duration) bool {
	select {
	case <-ended:
		return true
	default:
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-ended:
		return true
	case <-timer.C:
		return false
	}
}
