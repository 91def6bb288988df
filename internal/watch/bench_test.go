package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkLookAtEverything is what an overflow or a poll costs in a workspace
// of 100,000 files in 2,000 folders.
func BenchmarkLookAtEverything(b *testing.B) {
	root := b.TempDir()
	for d := range 2000 {
		dir := filepath.Join(root, fmt.Sprintf("area%02d/part%d", d/100, d))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		for f := range 50 {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("file%d.py", f)), nil, 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	w, err := Open(b.Context(), Options{Root: root})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	for b.Loop() {
		w.rescan(b.Context(), func(path string, c Change) { b.Fatal(path, c) })
	}
}
