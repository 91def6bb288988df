// Package ui shows a pass to a person: a live view on a terminal, plain lines
// elsewhere, failures as they happen and everything that failed in full at the
// end. Talk goes to stderr, the summary to stdout.
package ui

import (
	"io"
	"os"
	"time"

	"github.com/charmbracelet/colorprofile"
	"golang.org/x/term"

	"github.com/weft-build/weft/internal/pipeline"
)

// View is a sink that must be closed before anything else is printed.
type View interface {
	pipeline.Sink
	Close()
}

// Options are what a view is given.
type Options struct {
	Stdout, Stderr io.Writer
	Env            func(string) (string, bool)
	Verbose        bool   // every cell, and the tools' talk
	Dir            string // where the user stands: paths are shown relative to it
	Now            func() time.Time
}

// New chooses the view: live when stderr is a terminal that can be drawn on and
// neither CI nor --verbose asks for lines.
func New(o Options) View {
	p := &printer{
		out:  colored(o.Stdout, o.Env),
		talk: colored(o.Stderr, o.Env),
		opts: o, tally: newTally(o.Now),
	}
	if o.Verbose || set(o.Env, "CI") || value(o.Env, "TERM") == "dumb" || !isTerminal(o.Stderr) {
		return &plain{printer: p}
	}
	return newLive(p)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colored strips or lowers colours to what the writer can show; NO_COLOR and
// TERM=dumb are honoured, FORCE_COLOR gives colours to a pipe.
func colored(w io.Writer, env func(string) (string, bool)) io.Writer {
	cw := colorprofile.NewWriter(w, environ(env))
	if v := value(env, "FORCE_COLOR"); v != "" && v != "0" && v != "false" && !set(env, "NO_COLOR") && cw.Profile < colorprofile.ANSI {
		cw.Profile = colorprofile.ANSI
	}
	return cw
}

// environ holds the variables that say what a terminal can do.
func environ(env func(string) (string, bool)) []string {
	var out []string
	for _, name := range []string{"NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "COLORTERM", "TERM_PROGRAM", "TMUX", "WT_SESSION", "SSH_TTY", "COLUMNS", "LINES"} {
		if v, ok := env(name); ok {
			out = append(out, name+"="+v)
		}
	}
	return out
}

func set(env func(string) (string, bool), name string) bool {
	v := value(env, name)
	return v != "" && v != "0" && v != "false"
}

func value(env func(string) (string, bool), name string) string {
	v, _ := env(name)
	return v
}
