package ui

import (
	"time"

	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

// tally counts what is known of a pass while it runs.
type tally struct {
	now       func() time.Time
	start     time.Time
	stage     string
	total     int
	running   int
	predicted time.Duration
	verdicts  map[string]result.Verdict // cells that ended, by id
	judged    map[string]bool           // cells whose suite has spoken
	cached    map[string]bool
	failed    map[string]bool
}

func newTally(now func() time.Time) *tally {
	return &tally{now: now, start: now(), verdicts: map[string]result.Verdict{}, judged: map[string]bool{}, cached: map[string]bool{}, failed: map[string]bool{}}
}

func (t *tally) add(u pipeline.Update) {
	switch u := u.(type) {
	case pipeline.Staged:
		t.stage = u.Text
	case pipeline.Planned:
		t.total, t.predicted = len(u.Plan.Cells), u.Predicted
	case pipeline.Running:
		t.running = u.Actions
	case pipeline.Ran:
		if !t.judged[u.CellID] {
			t.verdicts[u.CellID] = u.Verdict
		}
	case pipeline.Changed:
		c := u.Change.Cell
		t.verdicts[c.ID], t.judged[c.ID] = c.Verdict, true
		mark(t.cached, c.ID, c.Cached)
		mark(t.failed, c.ID, c.Verdict != result.Passed && !c.Unreached())
	}
}

func mark(m map[string]bool, id string, yes bool) {
	if yes {
		m[id] = true
	} else {
		delete(m, id)
	}
}

func (t *tally) done() int { return len(t.verdicts) }

// cachedShare is the share of the cells known so far that came from a cache,
// in percent.
func (t *tally) cachedShare() int {
	if len(t.judged) == 0 {
		return 0
	}
	return 100 * len(t.cached) / len(t.judged)
}

// left guesses the time to the end: from this run's own pace once a tenth is
// done, else from history; 0 when nothing is known.
func (t *tally) left() time.Duration {
	rest := t.total - t.done()
	if rest <= 0 || t.total == 0 {
		return 0
	}
	if ran := t.done() - len(t.cached); ran*10 >= t.total {
		return t.now().Sub(t.start) * time.Duration(rest) / time.Duration(t.done())
	}
	return t.predicted * time.Duration(rest) / time.Duration(t.total)
}
