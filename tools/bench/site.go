package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// site is a workload's repository in a folder of its own, and what was edited
// in it. Each edit adds tests, so that the number of passed tests proves that
// what was run is what was saved.
type site struct {
	dir          string
	workload     workload
	environments []environment
	testEdits    int
	sourceEdits  int
	flakeEdits   int
}

// write puts the suite into the folder, which is made.
func (s *site) write() error {
	files, err := suite(s.workload)
	if err != nil {
		return err
	}
	return writeFiles(s.dir, files)
}

// expected is how many tests must pass, over all environments.
func (s *site) expected() int {
	return (s.workload.tests() + s.testEdits + users*s.sourceEdits) * len(s.workload.environments)
}

// editTest adds a test to the last test file, which does not use the shared module.
func (s *site) editTest() error {
	path := filepath.Join(s.dir, testPath(s.workload.files-1))
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	s.testEdits++
	return os.WriteFile(path, fmt.Appendf(text, "\n\ndef test_edit_%d():\n    assert clamp(%[1]d, 0, %[1]d) == %[1]d\n", s.testEdits), 0o644)
}

// editSource raises the number that makes a test in each of the five files that
// use the shared module.
func (s *site) editSource() error {
	path := filepath.Join(s.dir, sharedPath)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	was, is := fmt.Sprintf("SAMPLES = %d\n", 1+s.sourceEdits), fmt.Sprintf("SAMPLES = %d\n", 2+s.sourceEdits)
	s.sourceEdits++
	changed := strings.Replace(string(text), was, is, 1)
	if changed == string(text) {
		return fmt.Errorf("%s has no line %q", path, was)
	}
	return os.WriteFile(path, []byte(changed), 0o644)
}

// isState says whether a file is not part of a checkout, but what a program has
// left there.
func isState(name string) bool {
	switch name {
	case ".tox", ".nox", ".weft", "__pycache__", ".pytest_cache", "MODULE.bazel.lock":
		return true
	}
	return strings.HasPrefix(name, "bazel-")
}

// copyTo makes another checkout: the files as they are now, no program's state.
func (s *site) copyTo(dir string) (*site, error) {
	other := *s
	other.dir = dir
	return &other, filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if isState(d.Name()) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		to := filepath.Join(dir, strings.TrimPrefix(path, s.dir))
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		return copyFile(path, to)
	})
}

func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, info.Mode().Perm())
}

// forgetBytecode removes what Python and pytest keep beside the sources.
func (s *site) forgetBytecode() error {
	return filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch d.Name() {
		case "__pycache__", ".pytest_cache":
			if err := os.RemoveAll(path); err != nil {
				return err
			}
			return fs.SkipDir
		case ".git", ".tox", ".weft":
			return fs.SkipDir
		}
		return nil
	})
}

func writeFiles(dir string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
