package analysis

import (
	"fmt"
	"sort"
	"strings"

	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/result"
)

// group gathers the failures of one cause.
type group struct {
	Finding
	cause    cause
	affected map[string]bool
	tests    map[testKey]*Test
	past     map[testKey]*pastOf
	order    []testKey
}

// testKey is a test whatever the environment.
type testKey struct{ file, kind, id string }

// findings groups everything that went wrong by its cause.
func (s *study) findings() []Finding {
	groups := map[string]*group{}
	for i := range s.run.Cells {
		for _, f := range s.failures(&s.run.Cells[i]) {
			c := s.cause(f)
			if f.flaky {
				c.key = "flaky\x00" + c.key
			}
			g := groups[c.key]
			if g == nil {
				g = &group{cause: c, affected: map[string]bool{}, tests: map[testKey]*Test{}, past: map[testKey]*pastOf{}}
				g.Finding = Finding{
					Kind: c.kind, Title: c.title, Location: c.location, Evidence: evidence(f),
					subject: c.subject, needs: c.needs, removed: c.removed,
				}
				if f.flaky {
					g.Spread = Flaky
				}
				groups[c.key] = g
			}
			s.enter(g, f)
		}
	}
	found := s.environmentFindings()
	for _, g := range groups {
		found = append(found, s.finish(g))
	}
	found = append(found, s.problemFindings()...)
	sort.SliceStable(found, func(i, j int) bool { return before(found[i], found[j]) })
	for i := range found {
		found[i].ID = fmt.Sprintf("F%d", i+1)
	}
	return found
}

// rank puts what hides other results first and what needs a second look last.
func rank(f Finding) int {
	switch {
	case f.Kind == NotBuilt:
		return 0
	case f.Kind == SuiteBroken:
		return 1
	case f.Kind == CacheDied:
		return 6
	case f.Kind == NoResult:
		return 2
	case f.Spread == Flaky:
		return 5
	case f.Spread == InSome:
		return 4
	}
	return 3
}

func before(a, b Finding) bool {
	switch {
	case rank(a) != rank(b):
		return rank(a) < rank(b)
	case occurrences(a) != occurrences(b):
		return occurrences(a) > occurrences(b)
	case a.Title != b.Title:
		return a.Title < b.Title
	}
	return a.Location < b.Location
}

func occurrences(f Finding) int {
	n := 0
	for _, t := range f.Tests {
		n += len(t.Environments)
	}
	return n
}

// failures lists what went wrong in a cell.
func (s *study) failures(c *result.Cell) []failure {
	if c.Verdict == result.NotRun && s.envs[c.Environment].NotBuilt != "" {
		return nil // told once, for the environment
	}
	if NotReached(s.run, *c) {
		return nil // it says nothing about the tests
	}
	var out []failure
	for i := range c.Cases {
		k := &c.Cases[i]
		switch {
		case failed(k.Outcome) && !told(c, k):
			out = append(out, failure{cell: c, kase: k, flaky: k.Flaky, kind: k.Type, message: k.Message, text: k.Text, output: k.Stdout})
		case k.Flaky && !failed(k.Outcome):
			out = append(out, failure{cell: c, kase: k, flaky: true, text: k.FirstText})
		}
	}
	switch {
	case ownCause(c.Verdict), c.Verdict != result.Passed && len(out) == 0:
		out = append(out, failure{cell: c, message: c.Reason, text: result.InWorkspace(c.Log)})
	case c.Flaky && len(out) == 0:
		first := *c
		if c.First != nil {
			first.Verdict, first.Reason = c.First.Verdict, c.First.Reason
		}
		out = append(out, failure{cell: &first, flaky: true, message: first.Reason, text: result.InWorkspace(c.Log)})
	}
	return out
}

// NotReached says whether the cell did not run because the run was
// interrupted: no failure, as it says nothing about the tests.
func NotReached(run result.Run, c result.Cell) bool {
	if !run.Interrupted || c.Verdict != result.NotRun {
		return false
	}
	for _, e := range run.Environments {
		if e.Name == c.Environment && e.NotBuilt != "" {
			return false
		}
	}
	return true
}

func (s *study) notReached() int {
	n := 0
	for _, c := range s.run.Cells {
		if NotReached(s.run, c) {
			n++
		}
	}
	return n
}

// ownCause says whether a verdict is a cause by itself, beside its cases.
func ownCause(v result.Verdict) bool {
	return v == result.Timeout || v == result.Crashed || v == result.OutOfMemory || v == result.Infrastructure
}

// told says whether a failed case is only the place where the whole cell
// ended: the launcher gives the test that was running, or the file, the cell's
// own reason.
func told(c *result.Cell, k *result.Case) bool {
	return k.Synthetic || ownCause(c.Verdict) && strings.HasPrefix(k.Type, "weft.")
}

func (s *study) enter(g *group, f failure) {
	key := testKey{file: f.cell.File, kind: f.cell.Type}
	if f.kase != nil {
		key.id = f.kase.ID
	}
	t := g.tests[key]
	if t == nil {
		t = &Test{File: key.file, Type: key.kind, Label: f.cell.JSON.Label, Case: key.id, Message: headline(f.message)}
		g.tests[key] = t
		g.past[key] = &pastOf{envs: map[string]bool{}}
		g.order = append(g.order, key)
	}
	if n := len(t.Environments); n == 0 || t.Environments[n-1] != f.cell.Environment {
		t.Environments = append(t.Environments, f.cell.Environment)
		if f.kase != nil {
			g.past[key].add(f.cell.Environment, s.past.Case(f.cell.ID, f.kase.ID))
		}
	}
	g.affected[f.cell.Environment] = true
}

// pastOf is how a test ended before, over the environments that a finding
// shows it in.
type pastOf struct {
	history.CaseRecord
	envs map[string]bool // those that have a past
}

func (p *pastOf) add(env string, rec history.CaseRecord) {
	if rec.Runs > 0 {
		p.Runs, p.Failed, p.Flaky = p.Runs+rec.Runs, p.Failed+rec.Failed, p.Flaky+rec.Flaky
		p.envs[env] = true
	}
}

// history puts a test's past in words: in "there", which is all of the several
// environments that it shows in, else in each that has a past, by name.
func (s *study) history(p *pastOf, shown int) string {
	where := "in " + list(s.sorted(p.envs))
	if shown > 1 && len(p.envs) == shown {
		where = "there"
	}
	switch {
	case p.Runs == 0:
		return ""
	case p.Runs == 1 && p.Flaky == 1:
		return "flaky in its last run " + where
	case p.Runs == 1 && p.Failed == 1:
		return "failed in its last run " + where
	case p.Runs == 1:
		return "did not fail in its last run " + where
	}
	text := fmt.Sprintf("failed in %d of its last %d runs %s", p.Failed, p.Runs, where)
	if p.Flaky > 0 {
		text += fmt.Sprintf(", flaky in %d", p.Flaky)
	}
	return text
}

// finish says where a group's cause shows and why only there.
func (s *study) finish(g *group) Finding {
	f := g.Finding
	ran, passing := map[string]bool{}, map[string]bool{}
	for _, key := range g.order {
		t := g.tests[key]
		sort.SliceStable(t.Environments, func(i, j int) bool { return s.order[t.Environments[i]] < s.order[t.Environments[j]] })
		t.History = s.history(g.past[key], len(t.Environments))
		f.Tests = append(f.Tests, *t)
		for env, cell := range s.cells[fileType{key.file, key.kind}] {
			if cell.Verdict == result.NotRun && f.Kind != NoResult {
				continue
			}
			ran[env] = true
			if passedIn(cell, key) {
				passing[env] = true
			}
		}
	}
	for env := range g.affected {
		delete(passing, env)
	}
	f.Environments, f.Passing = s.sorted(g.affected), s.sorted(passing)
	if f.Spread == "" {
		f.Spread = InAll
		if len(ran) > len(g.affected) {
			f.Spread = InSome
		}
	}
	f.Why = s.why(f)
	f.Rerun = rerun(f)
	return f
}

// passedIn says whether the test passed in the cell. A whole file passed when
// its cell did.
func passedIn(c *result.Cell, key testKey) bool {
	if key.id == "" || key.id == key.file {
		return c.Verdict == result.Passed
	}
	for _, k := range c.Cases {
		if k.ID == key.id {
			return k.Outcome == result.CasePassed || k.Outcome == result.CaseXPassed
		}
	}
	return false
}

func evidence(f failure) string {
	text := strings.TrimSpace(f.text)
	if text == "" {
		text = f.message
	}
	const most = 6000
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most/3], "") + "\n…\n" + strings.ToValidUTF8(text[len(text)-most*2/3:], "")
	}
	return text
}

// rerun is the command that runs the finding's first file where it showed.
func rerun(f Finding) string {
	if len(f.Tests) == 0 {
		return ""
	}
	return shellCommand("weft", "test", f.Tests[0].File, strings.Join(append([]string{f.Tests[0].Type}, f.Tests[0].Environments...), ","))
}

// shellCommand is a command that can be pasted.
func shellCommand(words ...string) string { return proc.Quote(words) }
