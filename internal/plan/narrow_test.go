package plan_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
)

// folder is a package of test files a, b, c …, each with a unit and an
// integration cell in one environment.
func folder(t *testing.T, files int, isolation map[string]string) *plan.Parts {
	t.Helper()
	targets := &bazel.Targets{Rules: map[string]bazel.Rule{}}
	members := []string{}
	for i := range files {
		name := string(rune('a' + i))
		label := "//t:" + name + ".cells"
		members = append(members, label)
		targets.Files = append(targets.Files, bazel.File{Label: label, Src: "//t:" + name + ".py", Isolation: isolation[name]})
	}
	for _, kind := range []string{"unit", "integration"} {
		targets.Suites = append(targets.Suites, bazel.Suite{Label: "//t:t." + kind, Type: kind, Environment: "py", Files: members})
		for _, label := range members {
			targets.Suites = append(targets.Suites, bazel.Suite{Label: strings.TrimSuffix(label, "cells") + kind, Type: kind, Environment: "py", Files: []string{label}, PerFile: true})
		}
	}
	p, err := plan.New(request.Request{Scope: request.Scope{Kind: request.ScopeAll}}, plan.Workspace{Environments: []string{"py"}, Targets: targets})
	if err != nil {
		t.Fatal(err)
	}
	return plan.NewParts(p, targets)
}

func cellsOf(kind string, names ...string) (out []string) {
	for _, name := range names {
		out = append(out, plan.CellID("t/"+name+".py", kind, "py"))
	}
	return out
}

func TestNarrow(t *testing.T) {
	for _, test := range []struct {
		name      string
		ids       []string
		unsettled []string
		slots     int
		isolation map[string]string
		patterns  []string
		cells     int
		beside    int
	}{
		{name: "a file", ids: cellsOf("unit", "b"), patterns: []string{"//t:b.unit"}, cells: 1},
		{name: "in the order that is wanted", ids: cellsOf("unit", "c", "a"), slots: 2, patterns: []string{"//t:c.unit", "//t:a.unit"}, cells: 2},
		{name: "an id of no cell", ids: []string{"gone"}},
		{name: "more than run at once", ids: cellsOf("unit", "c", "a", "b"), slots: 2, patterns: []string{"//t:t.unit"}, cells: 3, beside: 2},
		{name: "the whole suite", ids: cellsOf("unit", "a", "b", "c", "d", "e"), slots: 2, patterns: []string{"//t:t.unit"}, cells: 5},
		{name: "another of the suite failed", ids: cellsOf("unit", "c", "a", "b"), unsettled: cellsOf("unit", "e"), slots: 2,
			patterns: []string{"//t:c.unit", "//t:a.unit", "//t:b.unit"}, cells: 3},
		{name: "one that is wanted had failed", ids: cellsOf("unit", "c", "a", "b"), unsettled: cellsOf("unit", "a"), slots: 2,
			patterns: []string{"//t:t.unit"}, cells: 3, beside: 2},
		{name: "cells that run in their suite", ids: cellsOf("integration", "c", "a", "b"), slots: 2,
			patterns: []string{"//t:c.integration", "//t:a.integration", "//t:b.integration"}, cells: 3},
		{name: "one cell of the suite runs in it", ids: cellsOf("unit", "c", "a", "b"), slots: 2, isolation: map[string]string{"e": "suite"},
			patterns: []string{"//t:c.unit", "//t:a.unit", "//t:b.unit"}, cells: 3},
		{name: "files that share a process", ids: cellsOf("unit", "a"), isolation: map[string]string{"a": "package", "b": "package"},
			patterns: []string{"//t:t.unit"}, cells: 5},
	} {
		parts := folder(t, 5, test.isolation)
		got := parts.Narrow(test.ids, func(id string) bool { return !slices.Contains(test.unsettled, id) }, max(1, test.slots))
		if !slices.Equal(got.Patterns, test.patterns) || len(got.Cells) != test.cells || len(got.Beside) != test.beside {
			t.Errorf("%s: %q, %d cells, %d beside; want %q, %d, %d", test.name, got.Patterns, len(got.Cells), len(got.Beside), test.patterns, test.cells, test.beside)
		}
		for _, c := range slices.Concat(got.Cells, got.Beside) {
			if len(c.Suites) == 0 || slices.ContainsFunc(c.Suites, func(label string) bool { return !slices.Contains(got.Patterns, label) }) {
				t.Errorf("%s: %s is decided by %q, of which not all run", test.name, c.ID, c.Suites)
			}
		}
	}
}

// TestNarrowOfLargeSuite: gathering thousands of cells takes longer than the
// tests of two files.
func TestNarrowOfLargeSuite(t *testing.T) {
	targets := &bazel.Targets{Rules: map[string]bazel.Rule{}}
	all := bazel.Suite{Label: "//t:t", Type: "unit", Environment: "py"}
	var ids []string
	for i := range 1000 {
		label := fmt.Sprintf("//t:f%d.cells", i)
		targets.Files = append(targets.Files, bazel.File{Label: label, Src: fmt.Sprintf("//t:f%d.py", i)})
		all.Files = append(all.Files, label)
		targets.Suites = append(targets.Suites, bazel.Suite{Label: fmt.Sprintf("//t:f%d.unit", i), Type: "unit", Environment: "py", Files: []string{label}, PerFile: true})
		ids = append(ids, plan.CellID(fmt.Sprintf("t/f%d.py", i), "unit", "py"))
	}
	targets.Suites = append(targets.Suites, all)
	p, err := plan.New(request.Request{Scope: request.Scope{Kind: request.ScopeAll}}, plan.Workspace{Environments: []string{"py"}, Targets: targets})
	if err != nil {
		t.Fatal(err)
	}
	parts := plan.NewParts(p, targets)
	settled := func(string) bool { return true }
	if got := parts.Narrow(ids[:3], settled, 1); len(got.Patterns) != 3 {
		t.Errorf("three of a thousand: %q", got.Patterns)
	}
	if got := parts.Narrow(ids[:500], settled, 1); !slices.Equal(got.Patterns, []string{"//t:t"}) || len(got.Beside) != 500 {
		t.Errorf("half of them: %d patterns, %d beside", len(got.Patterns), len(got.Beside))
	}
	if got := parts.Narrow(ids, settled, math.MaxInt); len(got.Patterns) != 1000 {
		t.Errorf("all at once: %d patterns", len(got.Patterns))
	}
	without := parts.Narrow(ids[:500], settled, 1).Without([]string{"py"})
	if len(without.Cells)+len(without.Beside)+len(without.Patterns) != 0 {
		t.Errorf("without the environment: %v", without)
	}
}

// TestOutput: by the names that rules_weft's macros give; a cell that runs in its
// suite's test action has no outputs of its own.
func TestOutput(t *testing.T) {
	targets := &bazel.Targets{Rules: map[string]bazel.Rule{}}
	var members []string
	for _, label := range []string{"//:a", "//t/u:sub/b", "//t:shared"} {
		isolation := map[string]string{"//t:shared": "package"}[label]
		targets.Files = append(targets.Files, bazel.File{Label: label + ".cells", Src: label + ".py", Isolation: isolation})
		members = append(members, label+".cells")
		for _, kind := range []string{"unit", "integration"} {
			targets.Suites = append(targets.Suites, bazel.Suite{Label: label + "." + kind + "@py", Type: kind, Environment: "py", Files: []string{label + ".cells"}, PerFile: true})
		}
	}
	for _, kind := range []string{"unit", "integration"} {
		targets.Suites = append(targets.Suites, bazel.Suite{Label: "//:" + kind + "@py", Type: kind, Environment: "py", Files: members})
	}
	p, err := plan.New(request.Request{Scope: request.Scope{Kind: request.ScopeAll}}, plan.Workspace{Environments: []string{"py"}, Targets: targets})
	if err != nil {
		t.Fatal(err)
	}
	parts := plan.NewParts(p, targets)
	for id, want := range map[string]string{
		plan.CellID("a.py", "unit", "py"):             "a.cells/unit/py/cell.json",
		plan.CellID("t/u/sub/b.py", "unit", "py"):     "t/u/sub/b.cells/unit/py/cell.json",
		plan.CellID("a.py", "integration", "py"):      "",
		plan.CellID("t/shared.py", "unit", "py"):      "",
		plan.CellID("t/not-there.py", "unit", "py39"): "",
	} {
		if got := parts.Output(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
