package nixenv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/weft-build/weft/internal/proc"
)

// noFollow is a file by which Bazel's //... does not follow a folder's links:
// without it Bazel walks through every environment in the Nix store, and stops
// at the first BUILD file of a package there that it cannot load.
const noFollow = "DONT_FOLLOW_SYMLINKS_WHEN_TRAVERSING_THIS_DIRECTORY_VIA_A_RECURSIVE_TARGET_PATTERN"

func (o Options) rootPath(name string) string {
	return filepath.Join(o.Workspace, filepath.FromSlash(RootsDir), name)
}

// markRoots makes the roots' folder with its mark.
func (o Options) markRoots() error {
	if err := replaceFile(o.rootPath(noFollow), nil); err != nil {
		return fmt.Errorf("rooting the environments: %w", err)
	}
	return nil
}

// rooted says whether an environment's root leads to the path, and that exists.
func (o Options) rooted(name, path string) bool {
	target, err := os.Readlink(o.rootPath(name))
	return err == nil && target == path && exists(path)
}

// root registers .weft/roots/NAME with nix as a garbage collection root of the
// path that was built. The error is one that stopped nix as a whole.
func (r *realisation) root(ctx context.Context, b *Realised) error {
	link := r.o.rootPath(b.Name)
	_, err := r.o.run(ctx, "rooting the environments", "build", "--out-link", link, b.OutPath)
	var exit *proc.ExitError
	switch {
	case errors.As(err, &exit) && exit.Cause == nil:
		b.Err = &BuildError{Environment: b.Name, Reason: "rooting it: " + shorten(exit.Stderr, r.o.Workspace).String(), Next: "nix-store --verify-path " + b.OutPath}
		return nil
	case err != nil:
		return err
	case !r.o.rooted(b.Name, b.OutPath):
		b.Err = &BuildError{Environment: b.Name, Reason: fmt.Sprintf("nix built something else than the lock says, %s", b.OutPath), Next: "weft env lock" + flags(r.o.Overrides)}
	}
	return nil
}

// dropRoots removes the roots of environments that the lock does not have.
func (o Options) dropRoots(l Lock) error {
	dir := filepath.Dir(o.rootPath("x"))
	found, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("tidying the environments' roots: %w", err)
	}
	for _, entry := range found {
		if _, ok := l.Environments[entry.Name()]; ok || entry.Type()&fs.ModeSymlink == 0 {
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("tidying the environments' roots: %w", err)
		}
	}
	return nil
}
