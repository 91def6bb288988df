// Package watch tells which files of a workspace changed, as batches that a
// pass can take. Events are hints only: what is told is the difference between
// the files as they were remembered and as they are, so that nothing is told
// twice and nothing that the system forgot to say is lost.
//
//  1. A Source hints at paths; Pending collects them until they rest.
//  2. The tree looks at the hinted paths, or at everything after an overflow,
//     and compares them with what it remembers: size, time, inode, and the
//     digest of what changed before.
//  3. What Weft wrote itself is left out, and the rest is a Batch.
package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options say what is watched, and how.
type Options struct {
	Root string // the workspace, absolute
	// Named are files that are told though .gitignore or the like leaves them
	// out, relative to the workspace with slashes: what rules name. See Name.
	Named []string
	// Source of hints; nil is the system's, or none where that cannot serve, and
	// the files are then looked at in turns.
	Source Source
	// Poll is the least time between two such looks; 0 is a second.
	Poll time.Duration
}

const (
	defaultPoll = time.Second
	pollShare   = 10 // of the time, looking takes at most one part in so many
	// rootEvery is how often the workspace's own folder is looked for: no event
	// tells that a folder above it was moved.
	rootEvery = 2 * time.Second
)

// Watcher watches one workspace. Next is for one goroutine at a time; the other
// methods may be called beside it.
type Watcher struct {
	root string
	id   fileID // the root's
	poll time.Duration
	wake chan struct{} // a hint came; holds one

	mu      sync.Mutex // guards what follows: hints come while files are compared
	pending Pending

	look     sync.Mutex // guards what follows, and is never waited for with mu held
	tree     *tree
	source   Source // nil: polling
	warnings []Warning
	looked   time.Time // when the last look at everything ended
	took     time.Duration
}

// GoneError says that the workspace's folder was moved or removed.
type GoneError struct{ Root string }

func (e *GoneError) Error() string {
	return fmt.Sprintf("the workspace %q was moved or removed", e.Root)
}

// Hint says what to do about it.
func (e *GoneError) Hint() string { return "start again in the workspace's new folder" }

// Open begins to watch and remembers the files as they are. What stands in the
// way of being told of changes is a warning in the first batch, not an error.
func Open(ctx context.Context, o Options) (*Watcher, error) {
	root, err := filepath.EvalSymlinks(o.Root)
	if err != nil {
		return nil, fmt.Errorf("watching the workspace: %w", err)
	}
	info, err := os.Stat(root)
	if err != nil {
		return nil, fmt.Errorf("watching the workspace: %w", err)
	}
	w := &Watcher{root: root, id: idOf(info), poll: o.Poll, wake: make(chan struct{}, 1), source: o.Source}
	if w.poll == 0 {
		w.poll = defaultPoll
	}
	if w.source == nil {
		w.source = w.systemSource()
	}
	w.tree = newTree(root, w.watchFolder)
	w.tree.name(o.Named)
	if w.source != nil {
		w.source.Run(w.hint)
	}
	w.rescan(ctx, nil)
	if err := ctx.Err(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// systemSource is the system's source of events, nil where polling must do.
func (w *Watcher) systemSource() Source {
	if kind := remote(w.root); kind != "" {
		w.warn(remoteWarning("the workspace", kind, w.poll))
		return nil
	}
	s, err := newNotify()
	if err != nil {
		w.warn(warningOf(err, w.poll))
		return nil
	}
	return s
}

// Close ends the watcher; a Next that waits is ended by its context.
func (w *Watcher) Close() error {
	w.look.Lock()
	defer w.look.Unlock()
	return w.stopSource()
}

func (w *Watcher) stopSource() error {
	s := w.source
	w.source = nil
	if s == nil {
		return nil
	}
	return s.Close()
}

// hint takes what a source says.
func (w *Watcher) hint(h Hint) {
	w.mu.Lock()
	w.pending.Add(time.Now(), h)
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default: // one is waiting, which is enough
	}
}

// Next waits for changes and returns them once they rest. Its errors are the
// context's, which loses no change, and a *GoneError.
func (w *Watcher) Next(ctx context.Context) (Batch, error) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var rooted time.Time // when the root was last looked for
	for {
		if err := ctx.Err(); err != nil {
			return Batch{}, err
		}
		now := time.Now()
		if now.Sub(rooted) >= rootEvery {
			if !w.there() {
				return Batch{}, &GoneError{w.root}
			}
			rooted = now
		}
		b, next := w.take(ctx, now)
		if !b.Empty() {
			return b, nil
		}
		if !w.there() { // its removal is what was hinted at
			return Batch{}, &GoneError{w.root}
		}
		timer.Reset(time.Until(earliest(next, rooted.Add(rootEvery))))
		select {
		case <-ctx.Done():
		case <-w.wake:
		case <-timer.C:
		}
	}
}

// earliest is the first of two times, of which either may not be set.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// there says that the workspace is where it was.
func (w *Watcher) there() bool {
	info, err := os.Stat(w.root)
	return err == nil && idOf(info) == w.id
}

// take compares what is due, and says when the next is, zero when nothing is
// known to come.
func (w *Watcher) take(ctx context.Context, now time.Time) (Batch, time.Time) {
	w.look.Lock()
	defer w.look.Unlock()
	b := Batch{Changes: map[string]Change{}}
	paths, all, next := w.due(now)
	if poll := w.pollAt(); !poll.IsZero() && !poll.After(now) {
		all = true
	}
	switch {
	case !w.there(): // which Next says
	case all:
		b.Rescanned = true
		w.rescan(ctx, b.add)
	default:
		w.tree.examine(paths, b.add)
	}
	b.Warnings, w.warnings = w.warnings, nil
	return b, earliest(next, w.pollAt())
}

// due are the paths that rest, or when they will.
func (w *Watcher) due(now time.Time) (paths []string, all bool, next time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if next = w.pending.Due(); next.IsZero() || next.After(now) {
		return nil, false, next
	}
	paths, all = w.pending.Take()
	return paths, all, time.Time{}
}

// pollAt is when everything is looked at again; zero when a source tells.
func (w *Watcher) pollAt() time.Time {
	if w.source != nil {
		return time.Time{}
	}
	return w.looked.Add(max(w.poll, pollShare*w.took))
}

// rescan looks at everything. A look that is cut short is done again.
func (w *Watcher) rescan(ctx context.Context, tell tell) {
	start := time.Now()
	w.tree.rescan(ctx, tell)
	w.looked = time.Now()
	w.took = w.looked.Sub(start)
	if ctx.Err() != nil {
		w.hint(Hint{All: true})
	}
}

// Name replaces the files that are told though they are left out. They are
// remembered as they are now.
func (w *Watcher) Name(paths []string) {
	w.look.Lock()
	defer w.look.Unlock()
	w.tree.name(paths)
}

// Ignore says what Weft itself writes: by path the digest of the content, the
// zero Digest for a file that it removes. The next change of such a file is
// not told if it leads to just that. It must be said before the write, or else
// before the next call of Next.
func (w *Watcher) Ignore(files map[string]Digest) {
	w.look.Lock()
	defer w.look.Unlock()
	for path, digest := range files {
		w.tree.expected[path] = digest
	}
}
