package watch

import (
	"fmt"
	"testing"
	"time"
)

func TestPendingIsDueWhenItRests(t *testing.T) {
	type step struct {
		at    time.Duration // since the first
		hints int
	}
	for _, test := range []struct {
		name  string
		steps []step
		due   time.Duration
	}{
		{"one save", []step{{0, 1}}, 30 * time.Millisecond},
		{"a save in two steps", []step{{0, 1}, {10 * time.Millisecond, 1}}, 40 * time.Millisecond},
		{"a burst waits longer", []step{{0, 17}}, 100 * time.Millisecond},
		{"a large burst longer still", []step{{0, 1001}}, 250 * time.Millisecond},
		{"it waits from its last", []step{{0, 1001}, {time.Second, 1}}, 1250 * time.Millisecond},
		{"what never rests", []step{{0, 1}, {1990 * time.Millisecond, 1}}, maxWait},
	} {
		var p Pending
		start := time.Now()
		n := 0
		for _, s := range test.steps {
			for range s.hints {
				p.Add(start.Add(s.at), Hint{Path: fmt.Sprint("/w/", n)})
				n++
			}
		}
		if got := p.Due().Sub(start); got != test.due {
			t.Errorf("%s: due after %v, want %v", test.name, got, test.due)
		}
		if paths, all := p.Take(); len(paths) != n || all {
			t.Errorf("%s: took %d paths of %d, all %v", test.name, len(paths), n, all)
		}
		if !p.Due().IsZero() {
			t.Errorf("%s: something is due after all was taken", test.name)
		}
	}
}

func TestPendingOfTheSamePathIsOne(t *testing.T) {
	var p Pending
	start := time.Now()
	for range 5000 {
		p.Add(start, Hint{Path: "/w/a"})
	}
	if got := p.Due().Sub(start); got != quiet(1) {
		t.Errorf("due after %v, want %v", got, quiet(1))
	}
	if paths, _ := p.Take(); len(paths) != 1 {
		t.Errorf("took %q", paths)
	}
}

func TestPendingForgetsPathsWhenAllMayHaveChanged(t *testing.T) {
	var p Pending
	p.Add(time.Now(), Hint{Path: "/w/a"})
	p.Add(time.Now(), Hint{All: true})
	p.Add(time.Now(), Hint{Path: "/w/b"})
	if paths, all := p.Take(); !all || len(paths) != 0 {
		t.Errorf("took %q, all %v", paths, all)
	}
	for i := range maxPaths + 1 {
		p.Add(time.Now(), Hint{Path: fmt.Sprint(i)})
	}
	if paths, all := p.Take(); !all || len(paths) != 0 {
		t.Errorf("of more than the most: took %d, all %v", len(paths), all)
	}
}

func TestBatchMergesWhatBecameOfAPath(t *testing.T) {
	for _, test := range []struct {
		first, second Change
		want          Change // 0: nothing to tell
	}{
		{Created, Removed, 0}, {Created, Written, Created}, {Removed, Created, Written},
		{Written, Removed, Removed}, {Written, Written, Written},
	} {
		b := Batch{Changes: map[string]Change{}}
		b.add("a", test.first)
		b.add("a", test.second)
		if got := b.Changes["a"]; got != test.want {
			t.Errorf("%v, then %v: %v, want %v", test.first, test.second, got, test.want)
		}
	}
}
