package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weft-build/weft/internal/proc"
)

// ibazelPeer watches the site of raw Bazel and reruns its tests on a save. It has
// that site's server, warm.
type ibazelPeer struct {
	*bazelPeer
	program string
}

// verdictTime bounds the wait for one verdict: a save that the watcher missed is
// an error, not a hang.
const verdictTime = 5 * time.Minute

func (p *ibazelPeer) test(ctx context.Context, save func() error) (float64, int, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	verdicts := make(chan string, 16)
	ended := make(chan error, 1)
	// stderr has each line again.
	look := func(line string) {
		if bazelEnd.MatchString(line) {
			select {
			case verdicts <- line:
			default:
			}
		}
	}
	go func() {
		// By itself ibazel streams the tests' output, for which Bazel runs one at a time.
		_, err := proc.Run(ctx, proc.Command{
			Purpose: "watching with ibazel", Argv: []string{p.program, "test", "--test_output=errors", "//..."}, Dir: p.at.dir, Env: environ(nil),
			OnStdout: look,
		})
		ended <- err
	}()
	seconds, passed, err := p.saveAndWait(ctx, save, verdicts, ended)
	cancel(errMeasured)
	if end := <-ended; err == nil && !errors.Is(end, errMeasured) {
		err = end
	}
	return seconds, passed, err
}

var errMeasured = errors.New("the verdict is there")

// saveAndWait measures from the save to the verdict that follows.
func (p *ibazelPeer) saveAndWait(ctx context.Context, save func() error, verdicts <-chan string, ended chan error) (float64, int, error) {
	if _, err := wait(ctx, verdicts, ended); err != nil {
		return 0, 0, fmt.Errorf("before the save: %w", err)
	}
	time.Sleep(time.Second) // the watcher puts its watches up after the first verdict
	start := time.Now()
	if err := save(); err != nil {
		return 0, 0, err
	}
	line, err := wait(ctx, verdicts, ended)
	if err != nil {
		return 0, 0, err
	}
	seconds := time.Since(start).Seconds()
	passed, err := p.passed(line)
	return seconds, passed, err
}

func wait(ctx context.Context, verdicts <-chan string, ended chan error) (string, error) {
	select {
	case line := <-verdicts:
		return line, nil
	case err := <-ended:
		ended <- err
		return "", fmt.Errorf("ibazel ended: %w", err)
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case <-time.After(verdictTime):
		return "", errors.New("no verdict came")
	}
}
