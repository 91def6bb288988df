package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"time"
)

// ibazelWatch is `ibazel test //...` in a workspace of weft's, with the flags
// that weft has given to plain Bazel there.
type ibazelWatch struct {
	*weftPeer
	*watcher
	ibazel string
}

// bazelVerdict is a test in Bazel's summary, which it prints at its end.
var bazelVerdict = regexp.MustCompile(`^//\S+ +(\(cached\) )?[A-Z]+\b`)

func (p *ibazelWatch) start(ctx context.Context) error {
	p.watcher = startWatcher(ctx, p.at.dir, nil, p.ibazel, "test", "--test_output=errors", "//...")
	if _, err := p.pass(ctx, time.Now()); err != nil {
		return err
	}
	time.Sleep(time.Second) // it puts its watches up after the first verdict
	return nil
}

func (p *ibazelWatch) take(ctx context.Context, e edit) (verdicts, error) {
	begin := time.Now()
	if err := e.save(p.at); err != nil {
		return verdicts{}, err
	}
	got, err := p.pass(ctx, begin)
	if err != nil {
		return got, err
	}
	passed, err := passedInXML(filepath.Join(p.at.dir, "bazel-testlogs"))
	if want := p.at.expected(); err == nil && passed != want {
		err = fmt.Errorf("%d tests passed, and %d should have", passed, want)
	}
	return got, err
}

// pass waits for the last words of a run.
func (p *ibazelWatch) pass(ctx context.Context, begin time.Time) (verdicts, error) {
	var got verdicts
	err := p.until(ctx, func(l line) (bool, error) {
		now := l.at.Sub(begin).Seconds()
		switch {
		case bazelEnd.MatchString(l.text):
			got.last = now
			return true, nil
		case got.first == 0 && bazelVerdict.MatchString(l.text):
			got.first = now
		}
		return false, nil
	})
	return got, err
}

func (p *ibazelWatch) end() error { return p.watcher.end() }
