package proc

import (
	"fmt"
	"strings"
)

// shownLines is how much of a command's stderr an error shows.
const shownLines = 20

// ExitError is a command that did not exit with 0, or had to be stopped.
type ExitError struct {
	Purpose  string
	Argv     []string // redacted
	ExitCode int      // -1 when a signal ended it
	Signal   string   // "SIGKILL"; empty when it exited by itself
	Stderr   string   // the last 64 KiB, redacted
	Cause    error    // why weft stopped it (context.Cause); nil when weft did not
}

// Error shows the purpose, how the command ended, the command and, indented,
// the end of its stderr.
func (e *ExitError) Error() string {
	how := fmt.Sprintf("exit code %d", e.ExitCode)
	if e.Signal != "" {
		how = "ended by " + e.Signal
	}
	if e.Cause != nil {
		how = fmt.Sprintf("stopped (%v), %s", e.Cause, how)
	}
	return fmt.Sprintf("%s: %s\n  $ %s%s", e.Purpose, how, Quote(e.Argv), indent(e.Stderr))
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
	where := "is not on PATH"
	if strings.Contains(e.Executable, "/") {
		where = "does not exist"
	}
	return fmt.Sprintf("%s: %q %s", e.Purpose, e.Executable, where)
}

// StartError is a command that could not be started although its executable
// exists: no permission, no such working directory, too many processes.
type StartError struct {
	Purpose    string
	Executable string
	Err        error
}

// Error gives the system's reason.
func (e *StartError) Error() string {
	return fmt.Sprintf("%s: starting %q: %v", e.Purpose, e.Executable, e.Err)
}

// Unwrap gives the system's error.
func (e *StartError) Unwrap() error { return e.Err }

// OverflowError is a command that printed more than its StdoutLimit and was
// killed for it.
type OverflowError struct {
	Purpose string
	Argv    []string // redacted
	Limit   int
}

// Error names the limit and the command.
func (e *OverflowError) Error() string {
	return fmt.Sprintf("%s: more than %d bytes of output\n  $ %s", e.Purpose, e.Limit, Quote(e.Argv))
}

// Quote writes an argument list so that it can be pasted into a shell.
func Quote(argv []string) string {
	quoted := make([]string, len(argv))
	for i, arg := range argv {
		quoted[i] = quote(arg)
	}
	return strings.Join(quoted, " ")
}

func quote(arg string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=:,+@%^", r)
	}
	if arg != "" && strings.IndexFunc(arg, func(r rune) bool { return !plain(r) }) < 0 {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

func indent(stderr string) string {
	stderr = strings.TrimRight(stderr, "\r\n\t ")
	if stderr == "" {
		return ""
	}
	all := strings.Split(stderr, "\n")
	if left := len(all) - shownLines; left > 0 {
		all = append([]string{fmt.Sprintf("(%d lines before)", left)}, all[left:]...)
	}
	return "\n    " + strings.Join(all, "\n    ")
}

func redactAll(argv, secrets []string) []string {
	clean := make([]string, len(argv))
	for i, arg := range argv {
		clean[i] = Redact(arg, secrets)
	}
	return clean
}

// Redact takes secrets out of a text, as in the errors of a Command.
func Redact(s string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "REDACTED")
		}
	}
	return s
}
