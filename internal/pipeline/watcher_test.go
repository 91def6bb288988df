package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/weft-build/weft/internal/event"
	"github.com/weft-build/weft/internal/result"
)

// collector is a sink that, like those of ui, is not safe for concurrent use.
type collector struct{ updates []Update }

func (c *collector) Update(u Update) { c.updates = append(c.updates, u) }

func (c *collector) problems() []string {
	var out []string
	for _, u := range c.updates {
		if n, ok := u.(Noted); ok {
			out = append(out, n.Problem.Message)
		}
	}
	return out
}

func TestWatcherSendsOneAtATime(t *testing.T) {
	sink := &collector{}
	w := &watcher{p: &pass{sink: sink}}
	var wg sync.WaitGroup
	const n = 500
	wg.Go(func() {
		for range n {
			w.talk("WARNING: Remote Cache: down")
		}
	})
	wg.Go(func() {
		for range n {
			w.send(Changed{result.Change{}})
		}
	})
	wg.Wait()
	if got := len(sink.updates); got != 2*n+1 {
		t.Errorf("%d updates, want %d and a note", got, 2*n)
	}
}

func TestWatcherSaysOnceThatTheCacheFailed(t *testing.T) {
	const said = "the remote cache failed during the run, which went on without it: "
	for _, test := range []struct{ talk, want []string }{
		{[]string{"INFO: x", "WARNING: Remote Cache: refused", "WARNING: Remote Cache: again"}, []string{said + "refused"}},
		{[]string{"WARNING: Remote Cache: 5 errors during bulk transfer:", "refused", "refused", "WARNING: Remote Cache: again"},
			[]string{said + "5 errors during bulk transfer: refused"}},
		{[]string{"WARNING: something else"}, nil},
	} {
		sink := &collector{}
		w := &watcher{p: &pass{sink: sink}}
		for _, line := range test.talk {
			w.talk(line)
		}
		if got := sink.problems(); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.talk, got, test.want)
		}
	}
}

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
		w.ran(event.Action{PrimaryOutput: "file://" + filepath.Join(dir, "cell.json")})
		if len(sink.updates) != 1 {
			t.Fatalf("%s: told %v", test.name, sink.updates)
		}
		if ran := sink.updates[0].(Ran); ran.Verdict != result.Failed || len(ran.Cases) != test.want {
			t.Errorf("%s: told %+v", test.name, ran)
		}
	}
}
