package pipeline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// TestHistoryThatCannotBeWrittenHidesNothing: the run's other problems stay in
// the report, and those that fail the run still fail it.
func TestHistoryThatCannotBeWrittenHidesNothing(t *testing.T) {
	dir := t.TempDir()
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	sink := &collector{}
	p := &pass{
		req: request.Request{Workspace: dir, Dir: dir}, tools: Tools{Now: now}, sink: sink, start: now(), id: "run",
		plan: &plan.Plan{}, past: &history.History{},
		store: history.Open(filepath.Join(dir, "a file", "history"), history.Limits{}, now),
	}
	if err := os.WriteFile(filepath.Join(dir, "a file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	run := result.Run{ID: "run", Start: now(), End: now(),
		Cells:    []result.Cell{{ID: "a unit e", File: "a", Type: "unit", Environment: "e", Verdict: result.Passed}},
		Problems: []result.Problem{{Kind: "suite", Message: "//:t failed although each cell that it reported passed"}},
	}
	if err := os.MkdirAll(p.folder(), 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := p.conclude(run)
	if err != nil {
		t.Fatal(err)
	}
	if out.ExitCode != 1 || len(out.Report.Problems) != 2 {
		t.Errorf("exit code %d, problems %v", out.ExitCode, out.Report.Problems)
	}
	if said := sink.problems(); len(said) != 1 || !strings.Contains(said[0], "recording the run in the history") {
		t.Errorf("said %q", said)
	}
}

// TestPassesOfAWatchAreOneRun: they push neither reports nor history of others out.
func TestPassesOfAWatchAreOneRun(t *testing.T) {
	dir := t.TempDir()
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	cell := result.PlannedCell{ID: "a unit e", File: "a", Type: "unit", Environment: "e"}
	m := &Memory{whole: &plan.Plan{Cells: []result.PlannedCell{cell}}}
	pass := func(minute int, m *Memory) {
		now := start.Add(time.Duration(minute) * time.Minute)
		p := newPass(request.Request{Workspace: dir, Dir: dir, KeepRuns: 3}, Tools{Now: func() time.Time { return now }, Memory: m}, &collector{})
		p.plan, p.past = m.whole, &history.History{}
		if minute < 2 {
			p.tools.Memory = nil
		}
		run := result.Run{ID: p.id, Start: now, End: now, Cells: []result.Cell{{ID: cell.ID, File: "a", Type: "unit", Environment: "e", Verdict: result.Passed, Start: now}}}
		if err := os.MkdirAll(p.folder(), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := p.conclude(run); err != nil {
			t.Fatal(err)
		}
	}
	for minute := range 10 {
		pass(minute, m)
	}
	for folder, want := range map[string]int{"runs": 2 + 2 + 1, "history": 2 + 1} { // runs has latest, too
		entries, err := os.ReadDir(filepath.Join(dir, ".weft", folder))
		if err != nil || len(entries) != want {
			t.Errorf("%s holds %v: %v", folder, entries, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, ".weft", "runs", "latest", "report.json")); err != nil {
		t.Error(err)
	}
}
