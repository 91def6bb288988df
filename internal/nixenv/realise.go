package nixenv

import (
	"context"

	"github.com/weft-build/weft/internal/proc"
)

// Realised is what became of one environment.
type Realised struct {
	Name    string
	OutPath string // the lock's; it exists when Err is nil
	Fresh   bool   // it was built or fetched now, not found rooted
	Err     error  // *BuildError, *UnknownError, …; nil when it can be used
}

// Realise makes the named environments exist on this machine and roots them
// under .weft/roots. Results come in the order of names, each with its own
// error: one that cannot be built does not keep the others from being used.
// The error besides them is one that stopped everything: no nix, ctx ended.
// When all of them are rooted already, no process is started.
func Realise(ctx context.Context, o Options, l Lock, names []string) ([]Realised, error) {
	return nil, nil
}

// UnknownError is an environment that the lock does not have, or not for the system.
type UnknownError struct {
	Name   string
	System string   // set when the lock has the environment, but not for this system
	Known  []string // the lock's environments
}

// Error names it.
func (e *UnknownError) Error() string { return e.Name }

// Hint names the nearest one.
func (e *UnknownError) Hint() string { return "weft env list" }

// Shell is the command that runs argv, or the user's own shell when argv is
// empty, inside a realised environment; hand it to proc.Exec. PATH is the
// environment's bin followed by the caller's PATH: a shell to work in, not the
// closed world of a cell.
func Shell(o Options, l Lock, name string, argv, environ []string) (proc.Command, error) {
	return proc.Command{}, nil
}
