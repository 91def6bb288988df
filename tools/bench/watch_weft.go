package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// weftWatch is `weft watch all --json`.
type weftWatch struct {
	*weftPeer
	*watcher
}

func (p *weftWatch) start(ctx context.Context) error {
	p.watcher = startWatcher(ctx, p.at.dir, p.variables(), p.program, "watch", "all", "--json")
	_, err := p.pass(ctx, time.Now())
	return err
}

func (p *weftWatch) take(ctx context.Context, e edit) (verdicts, error) {
	begin := time.Now()
	if err := e.save(p.at); err != nil {
		return verdicts{}, err
	}
	got, err := p.pass(ctx, begin)
	if want := e.expected(p.at); err == nil && got.tests != want {
		err = fmt.Errorf("%d tests passed, and %d should have", got.tests, want)
	}
	return got.verdicts, err
}

func (p *weftWatch) end() error { return p.watcher.end() }

// passed are the verdicts of the passes until the next wait, and their tests.
type passed struct {
	verdicts
	tests int
}

// event is what is read of a line of weft watch --json.
type event struct {
	Event, ID, Verdict, Message string
	Tests                       int
	ExitCode                    int
	Stopped                     bool
}

// pass reads events until all that is known is done. A cell has its verdict with
// the first event that says how it is in the end; what else is told of it later
// is no news.
func (p *weftWatch) pass(ctx context.Context, begin time.Time) (passed, error) {
	var got passed
	tests := map[string]int{}
	ended := false
	err := p.until(ctx, func(l line) (bool, error) {
		var e event
		if err := json.Unmarshal([]byte(l.text), &e); err != nil {
			return false, fmt.Errorf("reading an event of weft watch: %w", err)
		}
		switch e.Event {
		case "cell":
			if e.Verdict != "passed" {
				return false, fmt.Errorf("%s: %s", e.ID, e.Verdict)
			}
			if _, known := tests[e.ID]; !known {
				got.last = l.at.Sub(begin).Seconds()
				if got.first == 0 {
					got.first = got.last
				}
			}
			tests[e.ID] = e.Tests
		case "pass.end":
			if e.ExitCode != 0 && !e.Stopped {
				return false, fmt.Errorf("the pass ended with %d: %s", e.ExitCode, e.Message)
			}
			ended = true
		case "waiting":
			return ended, nil
		}
		return false, nil
	})
	for _, n := range tests {
		got.tests += n
	}
	return got, err
}
