package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// verdicts are outcomes by test: file::class::name[parameters], or the file
// alone where it was skipped or could not be collected as a whole.
type verdicts map[string]string

// outcomes in the order in which they are counted.
var outcomes = []string{"passed", "failed", "error", "skipped", "xfailed", "xpassed"}

// everything stands for all files: a conftest.py that cannot be loaded ends plain
// pytest before it has seen one.
const everything = "*"

// together is the one verdict that all tests share, if they do.
func (v verdicts) together() verdicts {
	shared := map[string]bool{}
	for _, outcome := range v {
		shared[outcome] = true
	}
	if len(shared) != 1 {
		return v
	}
	return verdicts{everything: slices.Collect(maps.Keys(shared))[0]}
}

// String counts: "3 passed, 1 failed".
func (v verdicts) String() string {
	n := map[string]int{}
	for _, outcome := range v {
		n[outcome]++
	}
	var parts []string
	for _, outcome := range outcomes {
		if n[outcome] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[outcome], outcome))
		}
	}
	return strings.Join(parts, ", ")
}

// anyFailed is true for Octave's counts too.
func (v verdicts) anyFailed() bool {
	for _, outcome := range v {
		if outcome == "failed" || outcome == "error" || strings.Contains(outcome, " failed") {
			return true
		}
	}
	return false
}

// differences are sentences about tests whose outcomes differ, or that only one
// side has.
func differences(plain, weft verdicts) []string {
	all := maps.Clone(plain)
	maps.Copy(all, weft)
	var found []string
	for _, id := range slices.Sorted(maps.Keys(all)) {
		p, w := plain[id], weft[id]
		if p == w {
			continue
		}
		if p == "" {
			p = "absent"
		}
		if w == "" {
			w = "absent"
		}
		found = append(found, fmt.Sprintf("%s: plain %s, weft %s", id, p, w))
	}
	return found
}

// plainLine is what the plugin of plain/ writes.
type plainLine struct {
	Root, ID, When, Outcome string
	Xfail                   bool
	Marks                   []string
	Summary                 map[string]int
}

// plainRun is what plain pytest says, and each test's markers.
type plainRun struct {
	verdicts
	marks map[string][]string
}

// of are the verdicts of an environment that is for some test types only. A file
// as a whole has those of the cells that weft has made of it.
func (p plainRun) of(types []string, report weftReport) verdicts {
	if len(types) == 0 || p.verdicts[everything] != "" {
		return p.verdicts
	}
	found := verdicts{}
	for id, outcome := range p.verdicts {
		of := report.typesOf(id)
		if marks, ok := p.marks[id]; ok {
			of = slices.DeleteFunc(slices.Clone(marks), func(m string) bool { return !slices.Contains(markedTypes, m) })
			if len(of) == 0 {
				of = []string{"unit"}
			}
		}
		if slices.ContainsFunc(of, func(t string) bool { return slices.Contains(types, t) }) {
			found[id] = outcome
		}
	}
	return found
}

var markedTypes = []string{"integration", "performance", "security", "compatibility"}

// readPlain folds the phases of each test into one verdict, and checks that they
// are as many as pytest's own summary says. Files are relative to the folder.
func readPlain(r io.Reader, folder string) (plainRun, error) {
	root, found, marks, summary := "", verdicts{}, map[string][]string{}, map[string]int(nil)
	count := map[string]int{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l plainLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return plainRun{}, err
		}
		id := path.Join(root, l.ID)
		if file, rest, ok := strings.Cut(l.ID, "::"); ok {
			id = path.Join(root, file) + "::" + rest
		}
		switch {
		case l.Root != "":
			root = strings.TrimPrefix(strings.TrimPrefix(l.Root, folder), "/")
		case l.Summary != nil:
			summary = l.Summary
		case l.When == "":
			marks[id] = l.Marks
		default:
			category, outcome := phase(l)
			if category != "" {
				count[category]++
			}
			found[id] = worse(found[id], outcome)
		}
	}
	delete(summary, "deselected")
	if summary != nil && !maps.Equal(count, summary) {
		return plainRun{}, fmt.Errorf("the plugin counts %v, pytest's summary %v", count, summary)
	}
	return plainRun{found, marks}, lines.Err()
}

// phase is what pytest's summary counts the phase as, if at all, and the outcome
// that the test has by it.
func phase(l plainLine) (category, outcome string) {
	switch {
	case l.Outcome == "failed" && l.When == "call":
		return "failed", "failed"
	case l.Outcome == "failed":
		return "error", "error"
	case l.Outcome == "skipped" && l.Xfail:
		return "xfailed", "xfailed"
	case l.Outcome == "skipped":
		return "skipped", "skipped"
	case l.When == "call" && l.Xfail:
		return "xpassed", "xpassed"
	case l.When == "call":
		return "passed", "passed"
	}
	return "", "passed"
}

// worse is the outcome that counts for a test: a failed call before an error in
// setup or teardown, both before anything else, and a bare pass last.
func worse(a, b string) string {
	order := []string{"failed", "error", "xfailed", "xpassed", "skipped", "passed", ""}
	return order[min(slices.Index(order, a), slices.Index(order, b))]
}

// weftReport is what the comparison reads of report.json.
type weftReport struct {
	Environments []struct{ Name, Kind, StorePath, NotBuilt string }
	Cells        []struct {
		ID, File, Type, Environment, Verdict, Reason string
		Cases                                        []struct{ ID, Outcome string }
	}
}

// typesOf are those of a file's cells, in whatever environment.
func (r weftReport) typesOf(file string) (types []string) {
	for _, c := range r.Cells {
		if c.File == file {
			types = append(types, c.Type)
		}
	}
	return types
}

// of are an environment's verdicts over all types. A test that ran in two cells is
// an error; a file as a whole may be said in each of its types' cells.
func (r weftReport) of(environment string) (verdicts, error) {
	found, cell := verdicts{}, map[string]string{}
	for _, c := range r.Cells {
		if c.Environment != environment {
			continue
		}
		for _, test := range c.Cases {
			if was, ok := found[test.ID]; ok && (strings.Contains(test.ID, "::") || was != test.Outcome) {
				return nil, fmt.Errorf("%s ran in two cells: %s (%s) and %s (%s)", test.ID, cell[test.ID], was, c.ID, test.Outcome)
			}
			found[test.ID], cell[test.ID] = test.Outcome, c.ID
		}
		if len(c.Cases) == 0 && c.Verdict != "passed" {
			found[c.File+" ("+c.Type+")"] = c.Verdict + ": " + c.Reason
		}
	}
	return found, nil
}

// TestDifferences: the comparison sees what it is for.
func TestDifferences(t *testing.T) {
	plain, err := readPlain(strings.NewReader(`{"root": "/r/sub"}
{"id": "a.py", "when": "collect", "outcome": "failed"}
{"id": "b.py", "when": "collect", "outcome": "skipped"}
{"id": "c.py::one", "when": "setup", "outcome": "passed"}
{"id": "c.py::one", "when": "call", "outcome": "passed"}
{"id": "c.py::one", "when": "teardown", "outcome": "failed"}
{"id": "c.py::two", "when": "call", "outcome": "passed", "xfail": true}
{"id": "c.py::two", "when": "teardown", "outcome": "passed"}
{"id": "c.py::three", "when": "setup", "outcome": "skipped"}
{"id": "c.py::three[a/b]", "when": "call", "outcome": "failed"}
{"summary": {"error": 2, "skipped": 2, "passed": 1, "xpassed": 1, "failed": 1, "deselected": 9}}`), "/r")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := plain.String(), "1 failed, 2 error, 2 skipped, 1 xpassed"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	weft := verdicts{"sub/a.py": "error", "sub/b.py": "skipped", "sub/c.py::one": "passed", "sub/c.py::two": "xpassed", "sub/c.py::three[a/b]": "failed", "sub/d.py::new": "passed"}
	want := []string{"sub/c.py::one: plain error, weft passed", "sub/c.py::three: plain skipped, weft absent", "sub/d.py::new: plain absent, weft passed"}
	if got := differences(plain.verdicts, weft); !slices.Equal(got, want) {
		t.Errorf("differences %q, want %q", got, want)
	}
	if _, err := readPlain(strings.NewReader(`{"summary": {"passed": 1}}`), "/r"); err == nil {
		t.Error("a summary of one test that the plugin has not seen is no error")
	}
	marked := plainRun{verdicts{"f": "error", "f::u": "passed", "f::i": "failed"}, map[string][]string{"f::u": {"parametrize"}, "f::i": {"integration"}}}
	if got := marked.of([]string{"unit"}, weftReport{}); !maps.Equal(got, verdicts{"f::u": "passed"}) {
		t.Errorf("of an environment for unit tests: %v", map[string]string(got))
	}
	var twice weftReport
	text := `{"cells": [{"environment": "e", "cases": [{"id": "f", "outcome": "error"}, {"id": "f::t", "outcome": "passed"}]},
		{"environment": "e", "cases": [{"id": "f", "outcome": "error"}, {"id": "f::t", "outcome": "passed"}]}]}`
	if err := json.Unmarshal([]byte(text), &twice); err != nil {
		t.Fatal(err)
	}
	if _, err := twice.of("e"); err == nil || !strings.Contains(err.Error(), "f::t ran in two cells") {
		t.Errorf("a test in two cells: %v", err)
	}
}
