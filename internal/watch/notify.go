package watch

import (
	"errors"
	"path/filepath"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// notify is the system's events.
type notify struct {
	w *fsnotify.Watcher
	// Two paths of one folder share a watch, and fsnotify goes on to tell of the
	// first: it must be dropped when the folder was moved to the second.
	byID   map[fileID]string
	byPath map[string]fileID
	ended  chan struct{}
	ran    bool
}

func newNotify() (*notify, error) {
	w, err := fsnotify.NewWatcher()
	if errors.Is(err, syscall.EMFILE) {
		err = limitError(instancesLimit, err)
	}
	if err != nil {
		return nil, err
	}
	return &notify{w: w, byID: map[fileID]string{}, byPath: map[string]fileID{}, ended: make(chan struct{})}, nil
}

func (n *notify) Watch(dir string, id fileID) error {
	if old, ok := n.byID[id]; ok && old != dir && n.byPath[old] == id {
		_ = n.w.Remove(old) // it may have ended with the move
		delete(n.byPath, old)
	}
	if before, ok := n.byPath[dir]; ok && before != id && n.byID[before] == dir {
		delete(n.byID, before)
	}
	err := n.w.Add(dir)
	if errors.Is(err, syscall.ENOSPC) {
		return limitError(watchesLimit, err)
	}
	if err != nil {
		return err
	}
	n.byID[id], n.byPath[dir] = dir, id
	return nil
}

// Run drains both channels, so that the system's queue has room as long as it
// can.
func (n *notify) Run(hint func(Hint)) {
	n.ran = true
	go func() {
		defer close(n.ended)
		events, errs := n.w.Events, n.w.Errors
		for events != nil || errs != nil {
			select {
			case e, ok := <-events:
				switch {
				case !ok:
					events = nil
				case e.Op != fsnotify.Chmod:
					hint(Hint{Path: filepath.Clean(e.Name)})
				}
			case _, ok := <-errs:
				if !ok {
					errs = nil
					continue
				}
				hint(Hint{All: true}) // an overflow, or something was not read: it may be lost
			}
		}
	}()
}

func (n *notify) Close() error {
	err := n.w.Close()
	if n.ran {
		<-n.ended
	}
	return err
}
