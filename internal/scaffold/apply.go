package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/weft-build/weft/internal/swap"
)

// Apply writes changes in their order, each file in one step: whoever stops it
// finds files that are whole, and running init again does the rest.
func Apply(ctx context.Context, root string, changes []Change) error {
	for _, c := range changes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.apply(root); err != nil {
			return &FileError{Doing: "writing", Path: c.Path, Err: err}
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
	return swap.Write(name, c.New, mode)
}

// settle follows links, which stay, to the place in the workspace that they
// lead to: of the file, or of the folders that there are above it.
func settle(root, name string) (string, error) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return "", err
	}
	there, rest := name, ""
	target, err := filepath.EvalSymlinks(there)
	for errors.Is(err, fs.ErrNotExist) && there != root {
		there, rest = filepath.Dir(there), filepath.Join(filepath.Base(there), rest)
		target, err = filepath.EvalSymlinks(there)
	}
	if err != nil {
		return "", err
	}
	if target != real && !strings.HasPrefix(target, real+string(filepath.Separator)) {
		return "", fmt.Errorf("a link leads out of the workspace, to %s", target)
	}
	return filepath.Join(target, rest), nil
}

// FileError is a file that could not be read or written.
type FileError struct {
	Doing string // "reading", "writing"
	Path  string // relative to the workspace
	Err   error
}

func (e *FileError) Error() string { return fmt.Sprintf("%s %s: %s", e.Doing, e.Path, plain(e.Err)) }

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Hint says what to look at.
func (e *FileError) Hint() string {
	return "ls -ld " + e.Path
}
