package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/weft-build/weft/internal/result"
)

// TestToldSuitesAreRead: what the stand-in for `bazel test` tells is what weft
// takes for cells that passed, those of a folder, of a file, and of a late rule's.
func TestToldSuitesAreRead(t *testing.T) {
	for label, want := range map[string]int{
		"//project/area000/tests:tests.unit@minimal":           graphFolder,
		"//project/area166/tests:tests.unit@full":              graph.files % graphFolder,
		"//project/area001/tests:test_number_000123.unit@full": 1,
		"//project/area000/tests:late_1000000.unit@python3.9":  1,
	} {
		path := filepath.Join(t.TempDir(), "test.xml")
		if err := graph.tellSuite(path, label); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		cells, err := result.ParseSuite(file)
		_ = file.Close()
		if err != nil || len(cells) != want {
			t.Errorf("%s: %d cells, want %d; %v", label, len(cells), want, err)
		}
		for _, c := range cells {
			if c.JSON == nil || c.JSON.Verdict != result.Passed || len(c.Cases) != graphTests || len(c.Problems) > 0 {
				t.Fatalf("%s: %+v", label, c)
			}
		}
	}
}
