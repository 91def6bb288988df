package scaffold

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	weft "github.com/weft-build/weft"
)

// TestVendoredIsAllButTests holds the embedded files against the folders: a
// file that a pattern of go:embed does not reach would be missing in every
// project that weft init makes.
func TestVendoredIsAllButTests(t *testing.T) {
	top := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(top, "rules", "MODULE.bazel")); err != nil {
		t.Skip("the sources are not here (a test under Bazel)")
	}
	var want, got []string
	for _, root := range []string{"rules", "nix/lib"} {
		err := fs.WalkDir(os.DirFS(top), root, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case name == "rules/tests", entry.Name() == "__pycache__", strings.HasPrefix(entry.Name(), "bazel-"):
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			case !entry.IsDir() && path.Ext(name) != ".pyc":
				want = append(want, name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := fs.WalkDir(weft.Vendored, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			got = append(got, name)
			data, _ := fs.ReadFile(weft.Vendored, name)
			if here, err := os.ReadFile(filepath.Join(top, name)); err != nil || string(here) != string(data) {
				t.Errorf("%s differs from the file (%v)", name, err)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("embedded\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
