package repository

import (
	"errors"

	"github.com/weft-build/weft/internal/nixenv"
)

// ReadEnvironments are those that the lock has for this system. A workspace
// without a lock has none, and that is no error.
func ReadEnvironments(lock string) ([]Environment, error) {
	l, err := nixenv.ReadLock(lock)
	var missing *nixenv.LockMissingError
	if errors.As(err, &missing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return EnvironmentsOf(l), nil
}

// EnvironmentsOf are those that a lock has for this system.
func EnvironmentsOf(l nixenv.Lock) []Environment {
	system, _ := nixenv.System() // of one that Nix does not know there are none
	out := []Environment{}
	for _, name := range l.Names() {
		if paths, ok := l.Paths(name, system); ok {
			e := l.Environments[name]
			out = append(out, Environment{Name: name, Kind: e.Kind, Version: e.Version, OutPath: paths.OutPath})
		}
	}
	return out
}
