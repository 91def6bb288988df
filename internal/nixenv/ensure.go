package nixenv

import (
	"context"
	"errors"
)

// Ensure gives the lock that belongs to the flake as it is now, refreshing it
// when its digest is stale (with Options.Locked that is a *LockStaleError or a
// *LockMissingError). When the lock is current no process is started. It also
// writes .weft/bazelrc.
func Ensure(ctx context.Context, o Options) (Lock, []Warning, error) {
	source, err := Digest(o)
	if err != nil {
		return Lock{}, nil, err
	}
	l, err := ReadLock(o.LockPath())
	switch {
	case err == nil && l.Source == source:
		return l, nil, o.pointBazel()
	case err == nil && o.Locked:
		return Lock{}, nil, &LockStaleError{Path: o.LockPath(), Overrides: o.Overrides}
	case err == nil:
		o.say("the flake has changed: evaluating its environments")
	case isMissing(err) && !o.Locked:
		o.say("evaluating the flake's environments")
	case len(o.Overrides) == 0 || o.Locked:
		return Lock{}, nil, err // a broken checked-in lock is for its owner to look at
	}
	return Refresh(ctx, o)
}

func isMissing(err error) bool {
	var missing *LockMissingError
	return errors.As(err, &missing)
}

// Refresh evaluates the flake and writes the lock even when it is current:
// `weft env lock`. Roots of environments that are gone are removed, so that the
// next garbage collection can take them.
func Refresh(ctx context.Context, o Options) (Lock, []Warning, error) {
	l, warnings, err := o.evaluateUnchanged(ctx)
	if err != nil {
		return Lock{}, nil, err
	}
	l.Path = o.LockPath()
	if err := WriteLock(l.Path, l); err != nil {
		return Lock{}, nil, err
	}
	if err := o.dropRoots(l); err != nil {
		return Lock{}, nil, err
	}
	return l, warnings, o.pointBazel()
}

// evaluateUnchanged evaluates until the files stood still meanwhile: nix writes
// flake.lock itself when an input is new, and a person may be typing.
func (o Options) evaluateUnchanged(ctx context.Context) (Lock, []Warning, error) {
	before, err := Digest(o)
	for tries := 1; err == nil; tries++ {
		l, warnings, evalErr := Evaluate(ctx, o)
		if evalErr != nil {
			return Lock{}, nil, evalErr
		}
		var after string
		after, err = Digest(o)
		if err == nil && (after == before || tries == 3) {
			// After three tries the older digest is the safe one: the next
			// command will look again.
			l.Source = before
			return l, warnings, nil
		}
		before = after
	}
	return Lock{}, nil, err
}

func (o Options) say(line string) {
	if o.Progress != nil {
		o.Progress(line)
	}
}
