package watch

import (
	"maps"
	"slices"
)

// Change is what became of a file.
type Change int

// A rename is a removal and a creation, a file replaced by another is written.
const (
	Written Change = iota + 1
	Created
	Removed
)

func (c Change) String() string { return [...]string{"", "written", "created", "removed"}[c] }

// Batch is what changed since the batch before.
type Batch struct {
	// Changes are by path, relative to the workspace with slashes.
	Changes map[string]Change
	// Rescanned says that events were lost or there are none, so that every file
	// was compared; Changes are those that differ.
	Rescanned bool
	Warnings  []Warning
}

// Warning is a fact about the watching that a person should know.
type Warning struct{ Text, Hint string }

// Empty says that there is nothing to tell.
func (b Batch) Empty() bool { return len(b.Changes)+len(b.Warnings) == 0 }

// Paths are those of the changes, sorted.
func (b Batch) Paths() []string { return slices.Sorted(maps.Keys(b.Changes)) }

// tell is told of one change. Of a path that it is told of twice, both count.
type tell func(path string, c Change)

func (b Batch) add(path string, c Change) {
	before, ok := b.Changes[path]
	switch {
	case !ok:
		b.Changes[path] = c
	case before == Created && c == Removed:
		delete(b.Changes, path)
	case before == Removed && c == Created:
		b.Changes[path] = Written
	case before != Created || c == Removed:
		b.Changes[path] = c
	}
}
