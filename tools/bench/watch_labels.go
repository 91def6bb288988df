package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// labelsPeer is what a person would type who knows what a save affects: plain
// `bazel test` of just that, with the flags that weft has given to plain Bazel.
// A flake that was saved has to be evaluated and built before.
type labelsPeer struct{ *weftPeer }

func (p labelsPeer) start(context.Context) error { return nil }
func (p labelsPeer) end() error                  { return nil }

func (p labelsPeer) take(ctx context.Context, e edit) (verdicts, error) {
	labels := e.labels(p.at)
	begin := time.Now()
	if err := e.save(p.at); err != nil {
		return verdicts{}, err
	}
	if !e.graph {
		if _, err := command(ctx, p.at.dir, p.variables(), p.program, "env", "build"); err != nil {
			return verdicts{}, err
		}
	}
	if _, err := command(ctx, p.at.dir, nil, append([]string{"bazel", "test"}, labels...)...); err != nil {
		return verdicts{}, err
	}
	got := verdicts{last: time.Since(begin).Seconds()}
	tests := 0
	for _, label := range labels {
		folder := strings.Replace(strings.TrimPrefix(label, "//"), ":", "/", 1)
		n, err := passedInXML(filepath.Join(p.at.dir, "bazel-testlogs", folder))
		if err != nil {
			return got, err
		}
		tests += n
	}
	if want := e.expected(p.at); tests != want {
		return got, fmt.Errorf("%d tests passed, and %d should have", tests, want)
	}
	return got, nil
}
