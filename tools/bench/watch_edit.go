package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// edit is a kind of save, with what it affects in a workspace of weft's.
type edit struct {
	name string
	save func(*site) error
	// files are the numbers of the test files that depend on what is saved.
	files func(*site) []int
	// environments are those in which they are to run again.
	environments func(*site) []string
	// graph says that Bazel sees the save: ibazel knows of no flake.
	graph bool
	// steps are the names of the two times that are measured.
	first, last string
}

var edits = []edit{
	{
		name: "test file", save: (*site).editTest, environments: allOf, graph: true, first: stepTestFirst, last: stepTestLast,
		files: func(s *site) []int { return []int{s.workload.files - 1} },
	},
	{
		name: "source file", save: (*site).editSource, environments: allOf, graph: true, first: stepSourceFirst, last: stepSourceLast,
		files: func(s *site) (all []int) {
			for i := range s.workload.files {
				if uses(i) {
					all = append(all, i)
				}
			}
			return all
		},
	},
	{
		name: "flake", save: (*site).editFlake, first: stepFlakeFirst, last: stepFlakeLast,
		files: func(s *site) (all []int) {
			for i := range s.workload.files {
				all = append(all, i)
			}
			return all
		},
		environments: func(s *site) []string { return s.workload.environments[len(s.workload.environments)-1:] },
	},
}

func allOf(s *site) []string { return s.workload.environments }

// labels are the targets that run what is affected and nothing else, one for
// each file and environment.
func (e edit) labels(s *site) []string {
	var all []string
	for _, i := range e.files(s) {
		for _, name := range e.environments(s) {
			all = append(all, fmt.Sprintf("//tests:%s.unit@%s", testName(i), name))
		}
	}
	return all
}

// expected is how many tests the affected cells hold now.
func (e edit) expected(s *site) int {
	total := 0
	for _, i := range e.files(s) {
		total += s.workload.perFile
		if uses(i) {
			total += 1 + s.sourceEdits
		}
		if i == s.workload.files-1 {
			total += s.testEdits
		}
	}
	return total * len(e.environments(s))
}

var flakeTool = regexp.MustCompile(`(?m)^ *tools = .*\n`)

// editFlake gives the last environment another tool, so that its store path moves.
func (s *site) editFlake() error {
	path := filepath.Join(s.dir, "flake.nix")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	s.flakeEdits++
	head := fmt.Sprintf("%q = weft.pythonEnvironment {\n", s.workload.environments[len(s.workload.environments)-1])
	tool := fmt.Sprintf("            tools = [ (pkgs.runCommand \"edit-%d\" { } \"mkdir -p $out/bin; echo > $out/bin/edit-%[1]d\") ];\n", s.flakeEdits)
	before := flakeTool.ReplaceAllString(string(text), "")
	changed := strings.Replace(before, head, head+tool, 1)
	if changed == before {
		return fmt.Errorf("%s has no line %q", path, head)
	}
	return os.WriteFile(path, []byte(changed), 0o644)
}
