package nixenv

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/weft-build/weft/internal/swap"
)

// replaceFile writes a file in one step and makes its folder. It leaves a file
// that has this content already alone, so that its time does not change.
func replaceFile(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return swap.Write(path, data, 0o644)
}
