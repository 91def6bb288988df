// Package swap puts a file in its place whole or not at all: it is written
// beside the old one, which a rename then replaces. An interrupt leaves the old.
package swap

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Write replaces the file, or makes it; its folder must be there.
func Write(name string, data []byte, mode fs.FileMode) error {
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
