package pipeline

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/result"
)

// TestWatcherTellsFailingTests: in a watch, a cell that failed tells its tests at
// once; where they cannot be read it still tells that it failed.
func TestWatcherTellsFailingTests(t *testing.T) {
	const (
		cell = `{"file": "a.py", "type": "unit", "environment": {"name": "py1"}, "verdict": "failed"}`
		xml  = `<testsuites><testsuite name="a.py"><testcase classname="a" name="test_a"><failure message="assert 1 == 2">text</failure></testcase></testsuite></testsuites>`
	)
	for _, test := range []struct {
		name   string
		xml    string
		memory *Memory
		want   int
	}{{"a watch", xml, &Memory{}, 1}, {"weft test", xml, nil, 0}, {"no XML", "", &Memory{}, 0}} {
		dir := t.TempDir()
		for name, text := range map[string]string{"cell.json": cell, "cell.xml": test.xml} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		sink := &collector{}
		w := &watcher{p: &pass{sink: sink, tools: Tools{Memory: test.memory}}, ids: map[string]bool{"a.py unit py1": true}}
		w.ran(filepath.Join(dir, "cell.json"), time.Time{})
		if len(sink.updates) != 1 {
			t.Fatalf("%s: told %v", test.name, sink.updates)
		}
		if ran := sink.updates[0].(Ran); ran.Verdict != result.Failed || len(ran.Cases) != test.want {
			t.Errorf("%s: told %+v", test.name, ran)
		}
	}
}

// TestLookAhead: a cell is told of when its outputs are there, whole, and once; what
// lay there before says nothing.
func TestLookAhead(t *testing.T) {
	const (
		old    = `{"file": "c.py", "type": "unit", "environment": {"name": "py1"}, "verdict": "passed", "start": "2026-11-26T08:00:00.000Z"}`
		passed = `{"file": "a.py", "type": "unit", "environment": {"name": "py1"}, "verdict": "passed", "start": "2026-11-26T08:00:01.000Z"}`
		failed = `{"file": "b.py", "type": "unit", "environment": {"name": "py1"}, "verdict": "failed", "start": "2026-11-26T08:00:02.000Z"}`
		xml    = `<testsuites><testsuite name="b.py"><testcase classname="b" name="test_b"><failure message="m">text</failure></testcase></testsuite></testsuites>`
	)
	dir := t.TempDir()
	place := func(name, text string) { // as Bazel does: the old one goes, then the new one comes
		t.Helper()
		at := filepath.Join(dir, name)
		_ = os.Remove(at)
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		t.Helper()
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	told := make(chan Ran, 9)
	w := &watcher{p: &pass{sink: sinkFunc(func(u Update) { told <- u.(Ran) }), tools: Tools{Memory: &Memory{}}},
		ids: map[string]bool{"a.py unit py1": true, "b.py unit py1": true, "c.py unit py1": true}}
	nothing := func(why string) {
		t.Helper()
		select {
		case u := <-told:
			t.Fatalf("%s: told %+v", why, u)
		case <-time.After(20 * lookAheadPace):
		}
	}
	a, b, c := filepath.Join(dir, "a.json"), filepath.Join(dir, "b.json"), filepath.Join(dir, "c.json")
	place("a.json", passed)
	stop := w.lookAhead([]string{a, b, c}, time.Date(2026, 11, 26, 8, 0, 1, 0, time.UTC))
	nothing("the result of the run before")
	place("a.json", passed[:20])
	nothing("half of a result")
	write("a.json", passed[20:])
	if u := <-told; u.CellID != "a.py unit py1" || u.Verdict != result.Passed {
		t.Errorf("told %+v", u)
	}
	place("b.json", failed)
	nothing("a failure without its tests")
	place("b.xml", xml)
	if u := <-told; u.Verdict != result.Failed || len(u.Cases) != 1 {
		t.Errorf("told %+v", u)
	}
	place("c.json", old)
	nothing("of a cell that ran before")
	if !w.ran(a, time.Time{}) || !w.ran(b, time.Time{}) || !w.ran(c, time.Time{}) {
		t.Error("an event cannot be read")
	}
	if u := <-told; u.CellID != "c.py unit py1" {
		t.Errorf("by its event: told %+v", u)
	}
	nothing("again, by the events")
	stop()
	place("a.json", failed)
	nothing("after the end")
}

type sinkFunc func(Update)

func (f sinkFunc) Update(u Update) { f(u) }
