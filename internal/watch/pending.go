package watch

import "time"

// Hint is a path at which something may have happened.
type Hint struct {
	Path string // absolute
	All  bool   // anything may have happened anywhere: events were lost
}

// Pending collects hints until they rest. It is pure: time is what the caller
// says it is.
type Pending struct {
	paths       map[string]bool
	all         bool
	first, last time.Time
}

const (
	maxPaths = 100_000         // more are no longer kept one by one
	maxWait  = 2 * time.Second // what never rests is told all the same
)

// quiet is how long nothing may be hinted at before so many hints are due. A
// save is a handful; a branch switch comes in runs, and is worth a wait.
func quiet(hints int) time.Duration {
	switch {
	case hints <= 16:
		return 30 * time.Millisecond
	case hints <= 1000:
		return 100 * time.Millisecond
	}
	return 250 * time.Millisecond
}

// Add takes a hint that came at a time.
func (p *Pending) Add(now time.Time, h Hint) {
	if p.first.IsZero() {
		p.first = now
	}
	p.last = now
	if h.All || len(p.paths) >= maxPaths {
		p.all, p.paths = true, nil
	}
	if p.all {
		return
	}
	if p.paths == nil {
		p.paths = map[string]bool{}
	}
	p.paths[h.Path] = true
}

// Due is when the hints so far are to be taken if no other comes; zero when
// there are none.
func (p *Pending) Due() time.Time {
	if p.first.IsZero() {
		return time.Time{}
	}
	rest, limit := p.last.Add(quiet(len(p.paths))), p.first.Add(maxWait)
	if rest.After(limit) {
		return limit
	}
	return rest
}

// Take returns the paths, unless anything may have happened, and forgets them.
func (p *Pending) Take() (paths []string, all bool) {
	for path := range p.paths {
		paths = append(paths, path)
	}
	all = p.all
	*p = Pending{}
	return paths, all
}
