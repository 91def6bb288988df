// Package nixenv turns a workspace's Nix flake into environments that a test
// can run in, in three steps that each do nothing when nothing changed:
//
//  1. Ensure compares the environments lock with a digest of the flake's files
//     (no Nix process) and, when it is stale, evaluates all environments of all
//     systems in one nix command and writes the lock again.
//  2. Realise builds or fetches the environments that a run needs in one nix
//     command and roots them under .weft/roots, so that no garbage collection
//     takes them. Rooted environments cost a readlink each.
//  3. Shell says how to run a command inside a realised environment.
//
// Under input overrides (closed networks) the lock lives in .weft, apart from
// the checked-in one. .weft/bazelrc gives plain Bazel what weft gives it.
package nixenv

import (
	"fmt"
	"path/filepath"
	"strings"
)

// The files of a workspace that this package reads and writes.
const (
	LockName     = "environments.lock.json"
	StateDir     = ".weft"
	RootsDir     = StateDir + "/roots"
	BazelrcName  = StateDir + "/bazelrc"
	LockVariable = "WEFT_ENVIRONMENTS_LOCK" // read by rules_weft's module extension
)

// Options say which flake is meant and how nix is called.
type Options struct {
	// Workspace is the absolute path of the folder with flake.nix.
	Workspace string
	// Overrides replace flake inputs in every nix call alike.
	Overrides []Override
	// Locked makes a stale or missing lock an error instead of refreshing it.
	Locked bool
	// System is the one to realise for; empty means the host's.
	System string
	// Nix is the nix executable; empty means "nix" on PATH.
	Nix string
	// DiskCache is the folder of the disk cache that plain Bazel's tests are given
	// too; empty means none.
	DiskCache string
	// Progress, when set, is told what nix is doing, a line at a time: lower
	// case, no ending. Calls do not overlap.
	Progress func(line string)
}

// Override is `--override-input NAME FLAKEREF`.
type Override struct{ Name, Ref string }

// String is NAME=FLAKEREF.
func (o Override) String() string { return o.Name + "=" + o.Ref }

// ParseOverride reads NAME=FLAKEREF. A relative path in it is taken from cwd,
// because nix itself runs in the workspace.
func ParseOverride(s, cwd string) (Override, error) {
	name, ref, ok := strings.Cut(s, "=")
	if !ok || name == "" || ref == "" {
		return Override{}, &OverrideError{Text: s}
	}
	scheme, path := "", ref
	if p, ok := strings.CutPrefix(ref, "path:"); ok {
		scheme, path = "path:", p
	}
	if path == "." || path == ".." || strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") {
		path = filepath.Join(cwd, path)
	}
	return Override{Name: name, Ref: scheme + path}, nil
}

// Warning is a fact that does not stop a run.
type Warning struct {
	Message string // lower case, without a full stop
	Hint    string // what to type next; may be empty
}

// LockPath is where the lock in use lives: in .weft when there are overrides.
func (o Options) LockPath() string {
	if len(o.Overrides) > 0 {
		return filepath.Join(o.Workspace, StateDir, LockName)
	}
	return filepath.Join(o.Workspace, LockName)
}

func (o Options) system() (string, error) {
	if o.System != "" {
		return o.System, nil
	}
	return System()
}

// OverrideError is an override that is not NAME=FLAKEREF.
type OverrideError struct{ Text string }

// Error quotes it.
func (e *OverrideError) Error() string {
	return fmt.Sprintf("override %q is not NAME=FLAKEREF", e.Text)
}

// Hint shows one that is.
func (e *OverrideError) Hint() string {
	return "for example --override-input nixpkgs=path:/srv/nixpkgs"
}
