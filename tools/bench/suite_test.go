package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSuite(t *testing.T) {
	for _, w := range workloads {
		files, err := suite(w)
		if err != nil {
			t.Fatal(err)
		}
		again, err := suite(w)
		if err != nil || !maps.Equal(files, again) {
			t.Errorf("%s: the same workload gives other files (%v)", w.name, err)
		}
		tests, sharing := 0, 0
		for path, text := range files {
			if strings.Contains(text, "{{") {
				t.Errorf("%s: %s has a placeholder left", w.name, path)
			}
			if strings.HasPrefix(path, "tests/") {
				tests++
			}
			if strings.Contains(text, "from pkg import shared\n") {
				sharing++
			}
		}
		if tests != w.files || sharing != users {
			t.Errorf("%s: %d test files, %d of them use the shared module; want %d and %d", w.name, tests, sharing, w.files, users)
		}
	}
}

// What raw Bazel is told that a test file needs is what it imports.
func TestImports(t *testing.T) {
	files, err := suite(workloads[0])
	if err != nil {
		t.Fatal(err)
	}
	for i := range workloads[0].files {
		text := files[testPath(i)]
		for _, path := range imports(i) {
			module := strings.TrimSuffix(filepath.Base(path), ".py")
			if _, ok := files[path]; !ok || module != "__init__" && !strings.Contains(text, module+" import") && !strings.Contains(text, "import "+module) {
				t.Errorf("%s does not import %s", testPath(i), path)
			}
		}
	}
}

func TestEdits(t *testing.T) {
	s := &site{dir: t.TempDir(), workload: workloads[0]}
	if err := s.write(); err != nil {
		t.Fatal(err)
	}
	before := s.expected()
	for range 2 {
		if err := s.editTest(); err != nil {
			t.Fatal(err)
		}
		if err := s.editSource(); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := s.expected()-before, 2*(1+users)*len(pythons); got != want {
		t.Errorf("two edits of each kind add %d tests, want %d", got, want)
	}
	for path, want := range map[string]string{sharedPath: "SAMPLES = 3\n", testPath(39): "def test_edit_2():\n"} {
		text, err := os.ReadFile(filepath.Join(s.dir, path))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("%s has no %q", path, want)
		}
	}
}

func TestCopyLeavesStateOut(t *testing.T) {
	s := &site{dir: t.TempDir(), workload: workloads[0], testEdits: 4}
	if err := writeFiles(s.dir, map[string]string{"tests/a.py": "", "tests/__pycache__/a.pyc": "", ".tox/x": "", ".weft/runs/x": ""}); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("elsewhere", filepath.Join(s.dir, "bazel-out")); err != nil {
		t.Fatal(err)
	}
	other, err := s.copyTo(filepath.Join(t.TempDir(), "second"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, pattern := range []string{"*", ".*", "tests/*"} {
		paths, err := filepath.Glob(filepath.Join(other.dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, paths...)
	}
	if len(found) != 2 || other.testEdits != 4 {
		t.Errorf("the copy has %v and %d edits, want tests, tests/a.py and 4", found, other.testEdits)
	}
}

func TestChoose(t *testing.T) {
	chosen, others, err := choose("heavy,gen")
	if err != nil || len(chosen) != 1 || chosen[0].name != "heavy" || others != (apart{gen: true}) {
		t.Errorf("got %v, %v, %v", chosen, others, err)
	}
	if _, _, err := choose("smal"); err == nil {
		t.Error("a workload that there is not is no error")
	}
}
