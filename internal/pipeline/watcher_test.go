package pipeline

import (
	"slices"
	"sync"
	"testing"

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
