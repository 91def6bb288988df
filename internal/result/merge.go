package result

import (
	"fmt"
	"time"

	"github.com/weft-build/weft/internal/event"
)

// part is one report of a cell: by one run, shard and attempt of a suite.
type part struct {
	SuiteCell
	event event.TestResult
}

// lane is what Bazel repeats attempts in.
type lane struct {
	label      string
	run, shard int
}

// merged is a cell's parts folded to one per lane and then to one.
func mergeParts(parts []part) Cell {
	var order []lane
	attempts := map[lane][]part{}
	for _, p := range parts {
		l := lane{p.event.Label, p.event.Run, p.event.Shard}
		if attempts[l] == nil {
			order = append(order, l)
		}
		attempts[l] = append(attempts[l], p)
	}
	cell, runs, bad := Cell{}, map[lane]bool{}, map[lane]bool{}
	for i, l := range order {
		c := mergeAttempts(attempts[l])
		run := lane{l.label, l.run, 0}
		runs[run] = true
		if c.Verdict != Passed {
			bad[run] = true
		}
		if i == 0 {
			cell = c
			continue
		}
		cell = join(cell, c)
	}
	if len(runs) > 1 && len(bad) > 0 {
		cell.Flaky = cell.Flaky || len(bad) < len(runs)
		cell.Reason = fmt.Sprintf("%s (in %d of %d runs)", cell.Reason, len(bad), len(runs))
	}
	return cell
}

// mergeAttempts lets the last attempt decide (--flaky_test_attempts) and
// takes from the earlier ones what failed in them.
func mergeAttempts(parts []part) Cell {
	last := parts[0]
	for _, p := range parts[1:] {
		if p.event.Attempt >= last.event.Attempt {
			last = p
		}
	}
	cell := last.cell()
	for _, p := range parts {
		if p.event.Attempt == last.event.Attempt {
			continue
		}
		if cell.First == nil {
			first := *p.JSON
			cell.First = &first
		}
		if p.JSON.Verdict != Passed && cell.Verdict == Passed {
			cell.Flaky = true
		}
		markFlaky(cell.Cases, p.Cases)
		if cell.Log == "" {
			cell.Log = p.Log
		}
	}
	return cell
}

// remote says whether a suite's result came from the remote cache: to Bazel the
// disk cache is one too, and only the strategy's name tells them apart.
func remote(e event.TestResult) bool {
	return e.CachedRemotely && e.Strategy != "disk cache hit"
}

// cell makes a Cell of one part.
func (p part) cell() Cell {
	j := p.JSON
	cell := Cell{
		File: j.File, Type: j.Type, Environment: j.Environment.Name,
		Suite: p.event.Label, Verdict: j.Verdict, Reason: oneLine(j.Reason),
		Remote: remote(p.event), Start: j.Start,
		Duration: time.Duration(min(j.DurationSeconds, 1e9) * float64(time.Second)),
		Cases:    append([]Case(nil), p.Cases...),
		Log:      p.Log, LogPath: diskPath(p.event.Outputs["test.log"]),
		JSON: *j, First: p.First,
	}
	failed := 0
	for _, k := range p.Cases {
		cell.Flaky = cell.Flaky || k.Flaky
		if k.Outcome.failed() {
			failed++
		}
	}
	if p.First != nil && p.First.Verdict != Passed && j.Verdict == Passed {
		cell.Flaky = true
	}
	if j.Verdict == Passed && failed > 0 {
		// The two halves of the same file contradict each other: the worse
		// one is believed.
		cell.Verdict = Failed
		cell.Reason = fmt.Sprintf("its cell.json says passed, and %d of its cases failed", failed)
	}
	if cell.Verdict != Passed && cell.Reason == "" {
		cell.Reason = string(cell.Verdict)
		if failed > 0 {
			cell.Reason = fmt.Sprintf("%d of %d tests failed", failed, len(p.Cases))
		}
	}
	return cell
}

// occurrence tells cases of the same ID within one report apart.
type occurrence struct {
	id string
	n  int
}

func occurrences(cases []Case) map[occurrence]int {
	seen, at := map[string]int{}, make(map[occurrence]int, len(cases))
	for i, k := range cases {
		at[occurrence{k.ID, seen[k.ID]}] = i
		seen[k.ID]++
	}
	return at
}

// markFlaky marks the cases that pass now and failed in an earlier attempt.
func markFlaky(cases, earlier []Case) {
	at := occurrences(cases)
	for o, i := range occurrences(earlier) {
		j, ok := at[o]
		if !ok || !earlier[i].Outcome.failed() {
			continue
		}
		if !cases[j].Outcome.failed() {
			cases[j].Flaky = true
		}
		cases[j].first(earlier[i].Message, earlier[i].Text)
	}
}

// join merges two runs or shards of the same cell: the worse verdict, every
// case once and with its worse outcome.
func join(a, b Cell) Cell {
	if severity[b.Verdict] > severity[a.Verdict] {
		a, b = b, a
	}
	a.Cases = append([]Case(nil), a.Cases...)
	at := occurrences(a.Cases)
	for o, i := range occurrences(b.Cases) {
		if j, ok := at[o]; ok {
			a.Cases[j] = worse(a.Cases[j], b.Cases[i])
		}
	}
	known := map[string]int{}
	for o := range at {
		known[o.id] = max(known[o.id], o.n+1)
	}
	seen := map[string]int{}
	for _, k := range b.Cases {
		if seen[k.ID]++; seen[k.ID] > known[k.ID] {
			a.Cases = append(a.Cases, k)
		}
	}
	a.Flaky = a.Flaky || b.Flaky
	a.Remote = a.Remote && b.Remote
	a.Duration += b.Duration
	if b.Start.Before(a.Start) {
		a.Start = b.Start
	}
	if a.Log == "" {
		a.Log = b.Log
	}
	a.JSON.Counts = count(a.Cases)
	return a
}

// worse is the one of two runs of a case that failed.
func worse(a, b Case) Case {
	if a.Outcome.failed() == b.Outcome.failed() {
		return a
	}
	if b.Outcome.failed() {
		a = b
	}
	a.Flaky = true
	return a
}

func count(cases []Case) Counts {
	var c Counts
	for _, k := range cases {
		if k.Synthetic {
			continue
		}
		c.Tests++
		switch k.Outcome {
		case CasePassed:
			c.Passed++
		case CaseFailed:
			c.Failed++
		case CaseError:
			c.Errors++
		case CaseSkipped:
			c.Skipped++
		case CaseXFailed:
			c.XFailed++
		case CaseXPassed:
			c.XPassed++
		}
	}
	return c
}
