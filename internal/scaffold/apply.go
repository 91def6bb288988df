package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Apply writes changes in their order, each file in one step: whoever stops it
// finds files that are whole, and running init again does the rest.
func Apply(ctx context.Context, root string, changes []Change) error {
	for _, c := range changes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.apply(root); err != nil {
			return fmt.Errorf("writing %s: %w", c.Path, err)
		}
	}
	return nil
}

func (c Change) apply(root string) error {
	name := filepath.Join(root, filepath.FromSlash(c.Path))
	if c.New == nil {
		return os.Remove(name)
	}
	name, err := settle(root, name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	return replace(name, c.New, mode)
}

// settle follows a link, which stays, to the file in the workspace that it
// leads to.
func settle(root, name string) (string, error) {
	target, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		return name, nil
	}
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(target, real+string(filepath.Separator)) {
		return "", fmt.Errorf("it is a link that leads out of the workspace, to %s", target)
	}
	return target, nil
}

// replace writes beside a file and renames.
func replace(name string, data []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
