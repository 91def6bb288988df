package weft

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestVendoredIsAllButTests holds the embedded files against the folders: a
// file that a pattern of go:embed does not reach would be missing in every
// project that weft init makes.
func TestVendoredIsAllButTests(t *testing.T) {
	if _, err := os.Stat("rules/MODULE.bazel"); err != nil {
		t.Skip("the sources are not here (a test under Bazel)")
	}
	var want, got []string
	for _, root := range []string{"rules", "nix/lib"} {
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case name == "rules/tests", entry.Name() == "__pycache__", strings.HasPrefix(entry.Name(), "bazel-"):
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			case !entry.IsDir() && path.Ext(name) != ".pyc":
				want = append(want, filepath.ToSlash(name))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := fs.WalkDir(Vendored, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			got = append(got, name)
			data, _ := fs.ReadFile(Vendored, name)
			if here, err := os.ReadFile(name); err != nil || string(here) != string(data) {
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
