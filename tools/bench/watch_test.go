package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEditsOfTheWatch(t *testing.T) {
	s := &site{dir: t.TempDir(), workload: workloads[slices.IndexFunc(workloads, func(w workload) bool { return w.name == workloadWatch })]}
	if err := s.write(); err != nil {
		t.Fatal(err)
	}
	flake := filepath.Join(s.dir, "flake.nix")
	text := "{\n          \"python3.10\" = weft.pythonEnvironment {\n          };\n          \"python3.11\" = weft.pythonEnvironment {\n            python = pkgs.python311;\n          };\n}\n"
	if err := os.WriteFile(flake, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, e := range edits {
			if err := e.save(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	after, err := os.ReadFile(flake)
	if err != nil {
		t.Fatal(err)
	}
	if _, last, _ := strings.Cut(string(after), "python3.11"); strings.Count(string(after), "tools =") != 1 || !strings.Contains(last, "edit-2") {
		t.Errorf("the flake is\n%s", after)
	}
	for i, want := range []struct{ labels, tests int }{{3, (18 + 2) * 3}, {15, (18 + 1 + 2) * 5 * 3}, {40, s.expected() / 3}} {
		if labels, tests := len(edits[i].labels(s)), edits[i].expected(s); labels != want.labels || tests != want.tests {
			t.Errorf("%s: %d labels with %d tests, want %v", edits[i].name, labels, tests, want)
		}
	}
	if got := edits[0].labels(s)[0]; got != "//tests:test_039.unit@python3.9" {
		t.Errorf("label %s", got)
	}
}

func TestBazelVerdict(t *testing.T) {
	for text, want := range map[string]bool{
		"//tests:tests.unit@python3.9                            (cached) PASSED in 0.3s": true,
		"//tests:tests.unit@python3.9                                     FAILED in 0.3s": true,
		"INFO: Found 3 test targets...": false,
	} {
		if bazelVerdict.MatchString(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
