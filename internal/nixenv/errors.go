package nixenv

import (
	"fmt"
	"strings"

	"github.com/weft-build/weft/internal/proc"
)

// LockMissingError is a lock that is not there.
type LockMissingError struct{ Path string }

// Error names the file.
func (e *LockMissingError) Error() string { return fmt.Sprintf("there is no %s", e.Path) }

// Hint is the command that makes one.
func (e *LockMissingError) Hint() string { return "weft env lock" }

// LockCorruptError is a lock that cannot be read.
type LockCorruptError struct {
	Path   string
	Line   int // 1-based; 0 when the fault has no place
	Column int // 1-based, in bytes
	Reason string
}

// Error names the place and the reason.
func (e *LockCorruptError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("reading %s: %s", e.Path, e.Reason)
	}
	return fmt.Sprintf("reading %s:%d:%d: %s", e.Path, e.Line, e.Column, e.Reason)
}

// Hint is the command that writes it anew.
func (e *LockCorruptError) Hint() string { return "weft env lock" }

// LockVersionError is a lock of a newer weft.
type LockVersionError struct {
	Path    string
	Version int
}

// Error names both versions.
func (e *LockVersionError) Error() string {
	return fmt.Sprintf("%s has version %d, and this weft reads up to %d", e.Path, e.Version, LockVersion)
}

// Hint says what to do.
func (e *LockVersionError) Hint() string { return "update weft, or write the lock anew: weft env lock" }

// LockStaleError is a lock that does not belong to the flake any more, under Options.Locked.
type LockStaleError struct {
	Path      string
	Overrides []Override
}

// Error names the lock.
func (e *LockStaleError) Error() string {
	return fmt.Sprintf("%s is stale: the flake has changed since it was written", e.Path)
}

// Hint is the command that refreshes it.
func (e *LockStaleError) Hint() string { return "weft env lock" + flags(e.Overrides) }

// flags are overrides as they are typed.
func flags(overrides []Override) string {
	var b strings.Builder
	for _, o := range overrides {
		b.WriteString(" --override-input " + proc.Quote([]string{proc.Redact(o.String(), Options{Overrides: overrides}.secrets())}))
	}
	return b.String()
}

// NixError is a nix that is missing or too old.
type NixError struct {
	Executable string
	Version    string // what it says it is; empty when it is missing
}

// Error says which of the two.
func (e *NixError) Error() string {
	if e.Version == "" {
		if strings.Contains(e.Executable, "/") {
			return fmt.Sprintf("there is no nix at %q", e.Executable)
		}
		return fmt.Sprintf("there is no nix: %q is not on PATH", e.Executable)
	}
	return fmt.Sprintf("%s is too old: weft needs Nix %d.%d or newer", e.Version, oldest[0], oldest[1])
}

// Hint says how to get one.
func (e *NixError) Hint() string {
	if e.Version == "" {
		return "install Nix (on Debian and Ubuntu: apt-get install nix-bin), or name it: --nix PATH"
	}
	return "nix upgrade-nix"
}

// FlakeError is a flake that does not give environments: there is none, it does
// not evaluate, it lacks weftEnvironments, or an environment in it is wrong.
type FlakeError struct {
	Environment string // the one that is wrong; empty when it is the whole flake
	Reason      string // nix's message, shortened to its cause, or weft's own; may have several lines
	Stderr      string // nix's whole message; may be empty
	Next        string // the hint

	apart bool // asking for one environment at a time may tell more
}

// Error is the reason.
func (e *FlakeError) Error() string { return e.Reason }

// Hint is what to type next.
func (e *FlakeError) Hint() string { return e.Next }

// BuildError is an environment that cannot be used here: the lock has none for
// this system, or it could not be built, fetched or rooted.
type BuildError struct {
	Environment string
	Derivation  string // the .drv that failed, its own or one it needs; empty when none was built
	Reason      string // one line
	Log         string // the last lines of the derivation's log; may be empty
	Next        string // the hint
}

// Error names the environment and the reason, with the log's last lines.
func (e *BuildError) Error() string {
	text := fmt.Sprintf("environment %q: %s", e.Environment, e.Reason)
	if e.Log != "" {
		text += "\n  | " + strings.ReplaceAll(e.Log, "\n", "\n  | ")
	}
	return text
}

// Hint is the command that shows more.
func (e *BuildError) Hint() string { return e.Next }
