package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// The steps, in the order in which each repetition takes them.
const (
	stepCold   = "cold"
	stepNone   = "no change"
	stepTest   = "test file edited"
	stepSource = "source file edited"
	stepServer = "cold server"
	stepSecond = "second checkout"
)

var allSteps = []string{stepCold, stepNone, stepTest, stepSource, stepServer, stepSecond}

// The steps of the watch: from a save to the first verdict, and to the last.
const (
	stepTestFirst   = "test file saved, first verdict"
	stepTestLast    = "test file saved, last verdict"
	stepSourceFirst = "source file saved, first verdict"
	stepSourceLast  = "source file saved, last verdict"
	stepFlakeFirst  = "flake saved, first verdict"
	stepFlakeLast   = "flake saved, last verdict"
)

var watchSteps = []string{stepTestFirst, stepTestLast, stepSourceFirst, stepSourceLast, stepFlakeFirst, stepFlakeLast}

// take takes a step and returns its seconds. That the tests ran, and those that
// were saved, is checked: what does nothing is not fast.
func take(ctx context.Context, p peer, step string) (float64, error) {
	nothing := func() error { return nil }
	switch step {
	case stepCold:
		if err := p.cold(ctx); err != nil {
			return 0, fmt.Errorf("removing what was there: %w", err)
		}
	case stepTest:
		return checked(ctx, p, p.place().editTest)
	case stepSource:
		return checked(ctx, p, p.place().editSource)
	case stepServer:
		if err := p.stop(ctx); err != nil {
			return 0, fmt.Errorf("ending the server: %w", err)
		}
	case stepSecond:
		return takeSecond(ctx, p)
	}
	return checked(ctx, p, nothing)
}

// takeSecond runs the tests in a copy, which is removed again.
func takeSecond(ctx context.Context, p peer) (float64, error) {
	dir := filepath.Join(filepath.Dir(p.place().dir), "second")
	other, err := p.second(ctx, dir)
	if err != nil {
		return 0, fmt.Errorf("making a second checkout: %w", err)
	}
	seconds, err := checked(ctx, other, func() error { return nil })
	clean, cancel := untilStopped(ctx)
	defer cancel()
	if e := other.discard(clean); err == nil {
		err = e
	}
	if e := os.RemoveAll(dir); err == nil {
		err = e
	}
	return seconds, err
}

func checked(ctx context.Context, p peer, save func() error) (float64, error) {
	seconds, passed, err := p.test(ctx, save)
	if err != nil {
		return 0, err
	}
	if want := p.place().expected(); passed != want {
		return 0, fmt.Errorf("%d tests passed, and %d should have", passed, want)
	}
	return seconds, nil
}
