package main

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// passedInXML adds up the tests of every test.xml below a folder, all of which
// must have passed.
func passedInXML(dir string) (int, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return 0, err
	}
	total := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "test.xml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n, err := passedTests(text)
		total += n
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
	return total, err
}

// passedTests counts the tests of one JUnit file.
func passedTests(text []byte) (int, error) {
	var file struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Skipped  int `xml:"skipped,attr"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &file); err != nil {
		return 0, err
	}
	total := 0
	for _, s := range file.Suites {
		if s.Failures+s.Errors+s.Skipped > 0 {
			return 0, fmt.Errorf("%d failures, %d errors, %d skipped", s.Failures, s.Errors, s.Skipped)
		}
		total += s.Tests
	}
	return total, nil
}
