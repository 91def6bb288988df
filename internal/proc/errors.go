package proc

import (
	"fmt"
	"strings"
)

// ExitError is a command that did not exit with 0, or had to be stopped.
type ExitError struct {
	Purpose  string
	Argv     []string // redacted
	ExitCode int      // -1 when a signal ended it
	Signal   string   // "SIGKILL"; empty when it exited by itself
	Stderr   string   // the last 64 KiB, redacted
	Cause    error    // why weft stopped it (context.Cause); nil when weft did not
}

// Error shows the purpose, the command, how it ended and the end of its stderr.
func (e *ExitError) Error() string {
	return fmt.Sprintf("%s: %s", e.Purpose, strings.Join(e.Argv, " "))
}

// Unwrap makes errors.Is(err, context.Canceled) true for a stopped command.
func (e *ExitError) Unwrap() error { return e.Cause }

// NotFoundError is an executable that is not on PATH, or not where it was named.
type NotFoundError struct {
	Purpose    string
	Executable string
}

// Error names the executable.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("%s: %q is not on PATH", e.Purpose, e.Executable)
}

// OverflowError is a command that printed more than its StdoutLimit.
type OverflowError struct {
	Purpose string
	Limit   int
}

// Error names the limit.
func (e *OverflowError) Error() string {
	return fmt.Sprintf("%s: more than %d bytes of output", e.Purpose, e.Limit)
}
