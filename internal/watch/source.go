package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"
)

// Source tells that something may have happened in folders.
type Source interface {
	// Watch begins to tell of a folder and what is directly in it, again if the
	// path is watched already. Its error is a *LimitError when there can be no
	// more of them.
	Watch(dir string, id fileID) error
	// Run begins to hint, from a goroutine that ends with Close.
	Run(hint func(Hint))
	Close() error
}

// LimitError says that the system watches no more for this user.
type LimitError struct {
	Sysctl string // what raises the limit
	Value  int    // what it is now; 0 when unknown
	Err    error
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("the limit %s of %d is reached: %v", e.Sysctl, e.Value, e.Err)
}

func (e *LimitError) Unwrap() error { return e.Err }

// Hint is the command that raises the limit.
func (e *LimitError) Hint() string {
	return fmt.Sprintf("sudo sysctl %s=%d", e.Sysctl, max(4*e.Value, 1024))
}

// warningOf says why files are polled.
func warningOf(err error, every time.Duration) Warning {
	var limit *LimitError
	w := Warning{Text: fmt.Sprintf("changes are not told by the system (%v): looking at the files every %v", err, every)}
	if errors.As(err, &limit) {
		w.Hint = limit.Hint()
	}
	return w
}

func remoteWarning(what, kind string, every time.Duration) Warning {
	return Warning{Text: fmt.Sprintf("%s is on %s, which does not tell of changes made elsewhere: looking at the files every %v", what, kind, every)}
}

// watchFolder has a folder watched. Where the source cannot, polling begins.
func (w *Watcher) watchFolder(dir string, id fileID, mount bool) {
	if w.source == nil {
		return
	}
	if kind := remoteIf(mount, dir); kind != "" {
		w.fallBack(remoteWarning(dir, kind, w.poll))
		return
	}
	err := w.source.Watch(dir, id)
	var limit *LimitError
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		// Gone before it was watched, which the folder above tells.
	case errors.As(err, &limit):
		w.fallBack(warningOf(err, w.poll))
	default:
		w.warn(Warning{Text: fmt.Sprintf("%s is not watched: %v", dir, err), Hint: "a folder must be readable to be watched"})
	}
}

func remoteIf(mount bool, dir string) string {
	if !mount {
		return ""
	}
	return remote(dir)
}

// fallBack begins to poll.
func (w *Watcher) fallBack(why Warning) {
	if err := w.stopSource(); err != nil {
		why.Text += "; " + err.Error()
	}
	w.warn(why)
}

func (w *Watcher) warn(warning Warning) { w.warnings = append(w.warnings, warning) }
