package ui

import (
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/weft-build/weft/internal/loop"
)

// WatchView shows a watch loop. Its Update never waits for the terminal. It
// must be closed before anything else is printed.
type WatchView interface {
	loop.Sink
	// Lent says that the terminal is an editor's for now. A SIGINT is then meant
	// for the editor (vim leaves Ctrl-C a signal), and weft should go on.
	Lent() bool
	// Close takes the view down. It waits for an editor that is open.
	Close()
}

// The values of WatchOptions.Bell.
const (
	BellOff    = "off"
	BellRing   = "bell"   // BEL, which terminals make heard or seen
	BellNotify = "notify" // BEL, and a desktop notice by OSC 9
)

// WatchOptions are what a watch view is given.
type WatchOptions struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            func(string) (string, bool)
	Workspace      string // absolute
	Dir            string // where the user stands, absolute: paths are shown relative to it
	Scope          string // as it was typed
	Page           string // the live page's address; empty when there is none
	Now            func() time.Time
	Commands       chan<- loop.Command // what the user asks for; nothing is asked after Close
	Quit           func()              // the user wants to leave, or the terminal is gone; may be called again
	JSON           bool                // one event a line on stdout, for editors
	Verbose        bool                // lines: every cell, and the tools' talk
	Bell           string              // on a change of the verdict; empty is BellOff
}

// NewWatch chooses the view: events for --json, a board where both stdin and
// stdout are a terminal and neither CI nor --verbose asks for lines.
func NewWatch(o WatchOptions) WatchView {
	in, out := terminal(o.Stdin), terminal(o.Stdout)
	switch {
	case o.JSON:
		return newWatchJSON(o)
	case o.Verbose || set(o.Env, "CI") || value(o.Env, "TERM") == "dumb" || in == nil || out == nil:
		return newWatchPlain(o)
	}
	return newWatchLive(o, in, out)
}

// terminal is the file that is a terminal, else nil.
func terminal(stream any) *os.File {
	f, ok := stream.(*os.File)
	if !ok || !isTerminal(f) {
		return nil
	}
	return f
}

// shown is a path of the workspace as seen from where the user stands, fit for
// one line of a terminal.
func (o WatchOptions) shown(path string) string {
	return o.shownAbs(filepath.Join(o.Workspace, filepath.FromSlash(path)))
}

// shownAbs is shown for an absolute path.
func (o WatchOptions) shownAbs(path string) string {
	if rel, err := filepath.Rel(o.Dir, path); err == nil {
		path = rel
	}
	return Clean(path)
}
