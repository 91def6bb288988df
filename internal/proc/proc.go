// Package proc starts every process that weft starts, and leaves none behind.
//
// A child runs in a process group of its own with /dev/null as its stdin. A
// terminal's Ctrl-C therefore reaches weft alone, and weft decides what the
// child gets: when the context ends, the group is sent SIGINT once, after a
// grace SIGTERM, after another grace SIGKILL. Whatever the child left in its
// group is killed when it ends. A command is an argument list, never a string
// for a shell.
package proc

import (
	"io"
	"time"
)

// Command is one process to run.
type Command struct {
	// Purpose says in a gerund what the command is for: "evaluating the
	// environments". Errors start with it.
	Purpose string
	// Argv is the executable, looked up on Env's PATH when it has no slash, and
	// its arguments.
	Argv []string
	// Dir is the working directory; empty means weft's own.
	Dir string
	// Env is the whole environment as KEY=VALUE; nil means weft's own.
	Env []string
	// OnStdout and OnStderr get each line as it arrives, without its line
	// ending; a line longer than 1 MiB comes in pieces. Each is called from
	// one goroutine, and not any more once Run has returned.
	OnStdout, OnStderr func(line string)
	// Stdout gets what the command prints as it is, from one goroutine; it must not
	// fail, and is written to no more once Run has returned.
	Stdout io.Writer
	// StdoutLimit bounds the stdout that is kept in Result; a command that
	// prints more is stopped with an OverflowError. 0 means DefaultStdoutLimit.
	// With OnStdout or Stdout nothing is kept and nothing is bounded.
	StdoutLimit int
	// Redact lists values (tokens, URLs with a password) that no error shows.
	Redact []string
	// Stop is how the command is stopped when the context ends.
	Stop Stop
}

// Stop holds the graces of a command whose context has ended; 0 means the
// default of each. A negative grace skips straight to the next signal.
type Stop struct {
	Interrupt time.Duration // from SIGINT to SIGTERM; DefaultInterrupt
	Terminate time.Duration // from SIGTERM to SIGKILL; DefaultTerminate
}

// The defaults of Command.
const (
	DefaultStdoutLimit = 64 << 20
	DefaultInterrupt   = 10 * time.Second
	DefaultTerminate   = 5 * time.Second
)

// Result is what a finished command left.
type Result struct {
	Stdout   []byte        // what it printed, unless OnStdout or Stdout took it
	Stderr   string        // the last 64 KiB of its stderr
	ExitCode int           // -1 when a signal ended it or it did not start
	Duration time.Duration // wall time
}
