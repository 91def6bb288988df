package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weft-build/weft/internal/proc"
)

// verdicts are the seconds from a save to what it led to.
type verdicts struct {
	first float64 // 0: it cannot be seen
	last  float64
}

// watched is a way to have tests run when files are saved, in a workspace of its
// own that has weft's rules, with a server and a disk cache of its own.
type watched interface {
	// start begins to watch; everything has been run before.
	start(ctx context.Context) error
	// take saves, and waits for the end of what follows.
	take(ctx context.Context, e edit) (verdicts, error)
	// end ends what start began.
	end() error
}

// watcher is a program that runs beside the saves.
type watcher struct {
	lines  chan line
	ended  chan error
	cancel context.CancelCauseFunc
}

// line is one of its stdout, with the time at which it came.
type line struct {
	text string
	at   time.Time
}

// startWatcher starts a program.
func startWatcher(ctx context.Context, dir string, variables []string, argv ...string) *watcher {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watcher{lines: make(chan line, 1<<16), ended: make(chan error, 1), cancel: cancel}
	go func() {
		_, err := proc.Run(ctx, proc.Command{
			Purpose: "watching with " + argv[0], Argv: argv, Dir: dir, Env: environ(variables),
			OnStdout: func(text string) { w.lines <- line{text, time.Now()} },
		})
		w.ended <- err
	}()
	return w
}

// end ends the program, which has watched until now.
func (w *watcher) end() error {
	w.cancel(errMeasured)
	if err := <-w.ended; !errors.Is(err, errMeasured) {
		return err
	}
	return nil
}

// until hands lines over until one is the last that is waited for.
func (w *watcher) until(ctx context.Context, last func(line) (bool, error)) error {
	limit := time.After(verdictTime)
	for {
		select {
		case l := <-w.lines:
			if done, err := last(l); done || err != nil {
				return err
			}
		case err := <-w.ended:
			w.ended <- err
			return fmt.Errorf("the watcher ended: %w", err)
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-limit:
			return errors.New("no verdict came")
		}
	}
}
