package nixenv

import "context"

// Ensure gives the lock that belongs to the flake as it is now, refreshing it
// when its digest is stale (with Options.Locked that is a *LockStaleError or a
// *LockMissingError). When the lock is current no process is started. It also
// writes .weft/bazelrc under overrides and removes it without.
func Ensure(ctx context.Context, o Options) (Lock, []Warning, error) {
	return Lock{}, nil, &LockMissingError{Path: o.LockPath()}
}

// Refresh evaluates the flake and writes the lock even when it is current:
// `weft env lock`.
func Refresh(ctx context.Context, o Options) (Lock, []Warning, error) {
	return Lock{}, nil, &LockMissingError{Path: o.LockPath()}
}

// Digest is the digest of everything local that the environments come from:
// flake.nix, flake.lock, the files that they reach by literal paths, and the
// overrides. It reads a few files and starts no process.
func Digest(o Options) (string, error) { return "", nil }

// Evaluate asks nix for all environments of all systems. Most callers want Ensure.
func Evaluate(ctx context.Context, o Options) (Lock, []Warning, error) {
	return Lock{}, nil, &LockMissingError{Path: o.LockPath()}
}
