package result

import (
	"fmt"

	"github.com/weft-build/weft/internal/event"
	"github.com/weft-build/weft/internal/proc"
)

// testResult reads one run × shard × attempt of a suite.
func (f *Fold) testResult(e event.TestResult) []Change {
	s := f.suite(e.Label)
	s.status, s.details = e.Status, e.Details
	if path := diskPath(e.Outputs["test.log"]); path != "" {
		s.log = path
	}
	f.facts.strategy(e.Strategy)
	cells, why := f.read(e)
	if why != "" {
		f.problems.add("missing xml", e.Label+": "+why, "bazel test --test_output=all "+proc.Quote([]string{e.Label}))
	}
	var keys []cellKey
	passed := 0
	for _, c := range cells {
		for _, p := range c.Problems {
			f.problems.add("missing xml", fmt.Sprintf("%s: testsuite %q: %s", e.Label, oneLine(c.Name), p), "")
		}
		if c.JSON == nil {
			continue
		}
		key := cellKey{c.JSON.File, c.JSON.Type, c.JSON.Environment.Name}
		f.take(key, part{SuiteCell: c, event: e})
		keys = append(keys, key)
		if c.JSON.Verdict == Passed {
			passed++
		}
	}
	s.cells += len(keys)
	// What Bazel says must be borne out by the cells. Attempts overwrite each
	// other, as the last one counts; runs and shards do not.
	s.broken[lane{run: e.Run, shard: e.Shard}] = passed == len(keys) && !good[e.Status]
	if len(keys) == 0 {
		if why == "" && len(cells) == 0 && good[e.Status] {
			s.why = "its suite's test.xml is empty"
			return nil // a shard that is rightly empty; other shards tell
		}
		if why == "" {
			why = noCells(e, cells)
		}
		if f.isPlanned(e.Label) {
			return f.lost(e.Label, why)
		}
		kind := "unplanned"
		if !good[e.Status] { // a target among Bazel's flags: asked for, and failed
			kind = "suite"
		}
		f.problems.add(kind, fmt.Sprintf("%s was not planned and is no suite of cells; Bazel says: %s", e.Label, e.Status), "")
		return nil
	}
	if !f.isPlanned(e.Label) {
		f.problems.add("unplanned", e.Label+" was not planned; its cells are counted", "")
	}
	changes := make([]Change, 0, len(keys))
	for _, key := range keys {
		i, ok := f.index[key]
		if !ok {
			i = -1
		}
		changes = append(changes, Change{Cell: f.cell(key, i), Revised: f.known[key]})
		f.known[key] = true
	}
	return changes
}

// good are the statuses of a suite that did what it should.
var good = map[event.TestStatus]bool{"passed": true, "flaky": true, "": true}

// take files a part under its cell. The same recorded run can come twice, by
// way of a package's suite and of a file's own: it counts once.
func (f *Fold) take(key cellKey, p part) {
	for _, old := range f.parts[key] {
		if old.event.Label != p.event.Label && old.JSON.Start.Equal(p.JSON.Start) && old.JSON.Attempt == p.JSON.Attempt {
			return
		}
	}
	if _, planned := f.index[key]; !planned && len(f.parts[key]) == 0 {
		f.extra = append(f.extra, key)
		f.problems.add("unplanned", fmt.Sprintf("%s reported the cell %q, which was not planned; it is counted", p.event.Label, key), "")
	}
	f.parts[key] = append(f.parts[key], p)
	f.facts.cell(*p.JSON)
}

// read opens and parses the result's test.xml; why is empty when that went
// well.
func (f *Fold) read(e event.TestResult) (cells []SuiteCell, why string) {
	uri := e.Outputs["test.xml"]
	if uri == "" {
		return nil, "no test.xml: " + bazelSays(e)
	}
	r, err := f.open(uri)
	if err != nil {
		return nil, fmt.Sprintf("test.xml could not be opened: %v", err)
	}
	defer r.Close()
	cells, err = ParseSuite(r)
	if err != nil {
		return cells, err.Error()
	}
	return cells, ""
}

// noCells says why a test.xml that could be read holds no cell.
func noCells(e event.TestResult, cells []SuiteCell) string {
	for _, c := range cells {
		if c.Generated {
			why := "its suite ended without results: " + bazelSays(e)
			for _, k := range c.Cases {
				if k.Outcome.failed() && k.Message != "" {
					return why + ": " + oneLine(k.Message)
				}
			}
			return why
		}
	}
	return "its suite's test.xml holds no cell.json: " + bazelSays(e)
}

// bazelSays puts Bazel's status into words.
func bazelSays(e event.TestResult) string {
	text := "Bazel says: " + string(e.Status)
	switch e.Status {
	case "timeout":
		text = "Bazel stopped the suite at its timeout"
	case "":
		text = "Bazel gave no status"
	}
	if d := oneLine(e.Details); d != "" {
		text += " (" + d + ")"
	}
	return text
}
