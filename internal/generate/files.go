package generate

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/weft-build/weft/gazelle"
	"github.com/weft-build/weft/internal/swap"
)

func read(root, file string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err == nil && data == nil {
		data = []byte{} // there, and empty
	}
	return data, err
}

// Bare says that a BUILD file declares nothing: it holds comments, if anything.
func Bare(root, file string) bool {
	content, err := read(root, file)
	return err == nil && gazelle.Bare(content)
}

// replace writes a file in one step, so that a reader sees the old text or the
// new one. Its mode stays, and so does a link that leads to it.
func replace(root, file string, data []byte) error {
	name := filepath.Join(root, filepath.FromSlash(file))
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
		if mode&0o200 == 0 {
			return &fs.PathError{Op: "write", Path: name, Err: fs.ErrPermission}
		}
	}
	return swap.Write(name, data, mode)
}

func remove(root, file string) error {
	return os.Remove(filepath.Join(root, filepath.FromSlash(file)))
}

// cause is an error without the operation and the path, which the problem names.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
