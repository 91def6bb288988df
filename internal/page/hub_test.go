package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weft-build/weft/internal/board"
	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

func cells(files ...string) []result.PlannedCell {
	var out []result.PlannedCell
	for _, file := range files {
		for _, environment := range []string{"one", "two"} {
			out = append(out, result.PlannedCell{ID: file + " unit " + environment, File: file, Type: "unit", Environment: environment})
		}
	}
	return out
}

func known(cells []result.PlannedCell) loop.Update {
	return loop.Known{Cells: cells, Environments: []string{"one", "two"}}
}

func ends(c result.PlannedCell, message string) loop.Update {
	cell := result.Cell{ID: c.ID, File: c.File, Type: c.Type, Environment: c.Environment, Verdict: result.Passed}
	if message != "" {
		cell.Verdict = result.Failed
		cell.Cases = []result.Case{{ID: c.File + "::test", Outcome: result.CaseFailed, Message: message, Text: message + "\n" + c.Environment}}
	}
	return loop.Of{Update: pipeline.Changed{Change: result.Change{Cell: cell}}}
}

// event is what a client gets.
type event struct {
	Name    string
	ID      string
	Title   string         `json:"title"`
	Version int            `json:"version"`
	Rows    []board.Row    `json:"rows"`
	Columns []string       `json:"columns"`
	Squares []board.Square `json:"squares"`
	Counts  map[board.State]int
	Pass    *board.Pass
	Saves   []saved
	Notes   []note

	Failures *struct {
		Keys    []string
		Changed map[string]board.Failure
		More    int
	}
}

func parse(t *testing.T, text []byte) event {
	t.Helper()
	var e event
	for line := range bytes.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(string(line)), ": ")
		switch name {
		case "event":
			e.Name = value
		case "id":
			e.ID = value
		case "data":
			if err := json.Unmarshal([]byte(value), &e); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
		}
	}
	if !bytes.HasSuffix(text, []byte("\n\n")) || e.ID != fmt.Sprint(e.Version) {
		t.Fatalf("not an event with its version as its id: %s", text)
	}
	return e
}

// come are the events that have come by now.
func come(t *testing.T, s *stream) []event {
	t.Helper()
	synctest.Wait()
	var out []event
	for {
		select {
		case text, ok := <-s.events:
			if !ok {
				return out
			}
			out = append(out, parse(t, text))
		default:
			return out
		}
	}
}

func running(t *testing.T) *hub {
	h := newHub(Options{Title: "all", Now: time.Now})
	ctx, end := context.WithCancel(t.Context())
	t.Cleanup(end)
	go h.run(ctx)
	return h
}

// TestCoalesced: the first change is told at once, what follows shortly after as one.
func TestCoalesced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := running(t)
		all := cells("a.py", "b.py", "c.py")
		h.update(known(all))
		time.Sleep(pause)
		s := h.join()
		first := come(t, s)
		if len(first) != 1 || first[0].Name != "board" || first[0].Title != "all" || len(first[0].Rows) != 3 || len(first[0].Squares) != 6 || first[0].Failures == nil || first[0].Saves == nil {
			t.Fatalf("the first event is %+v", first)
		}
		time.Sleep(time.Second)

		h.update(ends(all[0], ""))
		if got := come(t, s); len(got) != 1 || got[0].Name != "delta" || len(got[0].Squares) != 1 || got[0].Rows != nil || got[0].Notes != nil || got[0].Counts[board.Passed] != 1 {
			t.Fatalf("of a square %+v is told", got)
		}
		for _, c := range all[1:] {
			h.update(ends(c, ""))
			h.update(ends(c, "assert 0"))
		}
		if got := come(t, s); len(got) != 0 {
			t.Fatalf("before the pause %+v is told", got)
		}
		time.Sleep(pause)
		got := come(t, s)
		if len(got) != 1 || len(got[0].Squares) != 5 || len(got[0].Failures.Keys) != 3 || len(got[0].Failures.Changed) != 3 {
			t.Fatalf("after the pause %+v is told", got)
		}
		time.Sleep(pause)
		h.update(loop.Waiting{}) // of which nothing is seen
		if got := come(t, s); len(got) != 0 {
			t.Fatalf("of nothing %+v is told", got)
		}
		time.Sleep(pause)
		h.update(known(all[:2]))
		if got := come(t, s); len(got) != 1 || got[0].Name != "board" || len(got[0].Rows) != 1 || len(got[0].Failures.Keys) != 1 {
			t.Fatalf("of another shape %+v is told", got)
		}
	})
}

// TestSlow: a client that does not take its events costs the loop and the others nothing.
func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := running(t)
		all := cells("a.py")
		h.update(known(all))
		slow, quick := h.join(), h.join()
		told := 0
		for i := range 2 * behind {
			h.update(ends(all[0], fmt.Sprint(i)))
			time.Sleep(pause)
			told += len(come(t, quick))
		}
		if told < 2*behind {
			t.Errorf("the quick one got %d events, want at least %d", told, 2*behind)
		}
		if got := len(come(t, slow)); got != behind {
			t.Errorf("the slow one got %d events, want %d and then the end", got, behind)
		}
		if _, ok := <-slow.events; ok || h.streams[slow] || !h.streams[quick] {
			t.Error("the slow one was not cut off")
		}
		h.leave(slow) // as its handler does
	})
}

// TestAlive: on a stream that is quiet something is heard.
func TestAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Page{hub: running(t)}
		ctx, end := context.WithCancel(t.Context())
		w := httptest.NewRecorder()
		over := make(chan struct{})
		go func() {
			defer close(over)
			p.stream(w, httptest.NewRequestWithContext(ctx, "GET", "/events", nil))
		}()
		time.Sleep(2*alive + time.Second)
		end()
		<-over
		if got := strings.Count(w.Body.String(), ": \n\n"); got != 2 {
			t.Errorf("in %v it was heard %d times", 2*alive, got)
		}
		if len(p.hub.streams) != 0 {
			t.Error("the stream did not leave")
		}
	})
}

// client folds events as the page does.
type client struct {
	squares  map[string]board.Square
	keys     []string
	failures map[string]board.Failure
	counts   map[board.State]int
	pass     board.Pass
}

func (c *client) take(t *testing.T, e event) {
	t.Helper()
	if e.Name == "board" {
		*c = client{squares: map[string]board.Square{}, failures: map[string]board.Failure{}}
	}
	for _, s := range e.Squares {
		c.squares[s.ID] = s
	}
	if e.Failures != nil {
		maps.Copy(c.failures, e.Failures.Changed)
		c.keys = e.Failures.Keys
		maps.DeleteFunc(c.failures, func(key string, _ board.Failure) bool { return !slices.Contains(c.keys, key) })
		if len(c.failures) != len(c.keys) {
			t.Fatalf("of %d failures %d are known", len(c.keys), len(c.failures))
		}
	}
	if e.Counts != nil {
		c.counts = e.Counts
	}
	if e.Pass != nil {
		c.pass = *e.Pass
	}
}

// TestDeltasAddUp: whoever joined when, and whatever was told, all know what
// one who joins last is told.
func TestDeltasAddUp(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			h := running(t)
			all := cells("a.py", "b.py", "c.py", "d.py")
			streams := map[*stream]*client{}
			look := func() {
				for s, c := range streams {
					for _, e := range come(t, s) {
						c.take(t, e)
					}
				}
			}
			for range 300 {
				c := all[random.IntN(len(all))]
				switch n := random.IntN(100); {
				case n < 5 && len(streams) < 10:
					streams[h.join()] = &client{}
				case n < 8:
					h.update(known(all[:2*(1+random.IntN(4))]))
				case n < 15:
					h.update(loop.Began{Number: n, Since: time.Now()})
					h.update(loop.Of{Update: pipeline.Planned{Plan: &plan.Plan{Cells: all[:random.IntN(len(all))]}}})
				case n < 20:
					h.update(loop.Ended{Number: n, ExitCode: n % 2})
				case n < 50:
					h.update(ends(c, ""))
				case n < 85:
					h.update(ends(c, fmt.Sprint("assert ", random.IntN(3))))
				default:
					time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
					look()
				}
			}
			time.Sleep(pause)
			look()
			last := &client{}
			streams[h.join()] = last
			look()
			if len(streams) < 2 {
				t.Fatal("nobody joined before the last")
			}
			for _, c := range streams {
				if !reflect.DeepEqual(c, last) {
					t.Errorf("seed %d: one knows\n%+v, the last\n%+v", seed, c, last)
				}
			}
		})
	}
}

func TestBounds(t *testing.T) {
	var f failures
	all := make([]board.Failure, maxFailures+7)
	for i := range all {
		all[i] = board.Failure{ID: fmt.Sprint(i), Text: "begin" + strings.Repeat("é", maxHead+maxTail) + "end"}
	}
	told := f.tell(all)
	if len(told.Keys) != maxFailures || told.More != 7 {
		t.Errorf("%d failures are told and %d are not", len(told.Keys), told.More)
	}
	text := told.Changed[told.Keys[0]].Text
	if len(text) > maxHead+maxTail+200 || !strings.HasPrefix(text, "begin") || !strings.HasSuffix(text, "end") || strings.ContainsRune(text, '\uFFFD') {
		t.Errorf("a long text is cut to %d bytes: %.20q … %q", len(text), text, text[len(text)-20:])
	}
	if f.tell(all) != nil {
		t.Error("the same is told again")
	}
	all[3].Line = 4
	if told := f.tell(all); len(told.Changed) != 1 {
		t.Errorf("of one change %d are told", len(told.Changed))
	}

	paths := make([]string, 10_000)
	for i := range paths {
		paths[i] = fmt.Sprint(i)
	}
	s := savesOf([]loop.Saved{{Paths: paths, Why: map[string]string{"1": "no rule names it", "9999": "x"}}})[0]
	if len(s.Paths) != maxPaths || s.More != 10_000-maxPaths || !slices.Equal(s.Why, []string{"1: no rule names it"}) {
		t.Errorf("of a save of 10,000 files %+v is told", s)
	}
}
