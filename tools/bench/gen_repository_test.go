package main

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGenerate(t *testing.T) {
	want := shape{Files: 1003, Folders: 50}
	one, two := t.TempDir(), t.TempDir()
	for _, dir := range []string{one, two} {
		if err := generate(dir, want); err != nil {
			t.Fatal(err)
		}
	}
	files, folders, sum := look(t, one)
	if files != want.Files || folders != want.Folders {
		t.Errorf("%d Python files in %d folders, want %d in %d", files, folders, want.Files, want.Folders)
	}
	if _, _, again := look(t, two); again != sum {
		t.Error("the same shape gives other files")
	}
	if err := generate(t.TempDir(), shape{Files: 10, Folders: 10}); err == nil {
		t.Error("a repository that is too small is no error")
	}
}

func look(t *testing.T, dir string) (files, folders int, sum [sha256.Size]byte) {
	t.Helper()
	seen := map[string]bool{}
	all := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write([]byte(strings.TrimPrefix(path, dir) + "\x00" + string(data)))
		if strings.HasSuffix(path, ".py") {
			files++
			seen[filepath.Dir(path)] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, len(seen), [sha256.Size]byte(all.Sum(nil))
}
