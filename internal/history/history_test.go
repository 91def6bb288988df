package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/result"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, limits Limits) *Store {
	t.Helper()
	return Open(filepath.Join(t.TempDir(), "history"), limits, func() time.Time { return today })
}

// run is a run of n days ago.
func run(days int, cells ...result.Cell) result.Run {
	start := today.AddDate(0, 0, -days)
	for i := range cells {
		if cells[i].Start.IsZero() {
			cells[i].Start = start
		}
	}
	return result.Run{ID: start.Format("20060102T150405.000Z") + "-1", Scope: "all", Start: start, Cells: cells}
}

func cell(id string, seconds float64, cases ...result.Case) result.Cell {
	return result.Cell{ID: id, File: "a.py", Environment: "e", Verdict: result.Passed, Duration: time.Duration(seconds * float64(time.Second)), Cases: cases}
}

func load(t *testing.T, s *Store) *History {
	t.Helper()
	h, problems := s.Load()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return h
}

func add(t *testing.T, s *Store, runs ...result.Run) {
	t.Helper()
	for _, r := range runs {
		if err := s.Append(r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEmpty(t *testing.T) {
	var none *History
	for _, h := range []*History{none, load(t, open(t, Limits{}))} {
		if _, ok := h.Duration("x"); ok || h.Runs() != 0 || h.Case("x", "y") != (CaseRecord{}) {
			t.Error("an empty history knows something")
		}
		if _, ok := h.Baseline("f", "b", "e"); ok {
			t.Error("an empty history has a baseline")
		}
	}
}

func TestDurationIsMedianOfLastMeasurements(t *testing.T) {
	s := open(t, Limits{})
	for day := 20; day >= 1; day-- {
		seconds := float64(day)
		if day > lastDurations {
			seconds = 1000
		}
		add(t, s, run(day, cell("c", seconds)))
	}
	measured := today.AddDate(0, 0, -1)
	for i := range 5 { // cached: the newest measurement again and again
		c := cell("c", 1)
		c.Start, c.Cached = measured, true
		r := run(0, c)
		r.ID += fmt.Sprint(i)
		add(t, s, r)
	}
	if got, ok := load(t, s).Duration("c"); !ok || got != 5500*time.Millisecond {
		t.Errorf("got %v %v, want the median of 1…10", got, ok)
	}
}

func TestCaseRecord(t *testing.T) {
	s := open(t, Limits{})
	add(t, s,
		run(4, cell("c", 1, result.Case{ID: "x", Outcome: result.CaseFailed})),
		run(3, cell("c", 1, result.Case{ID: "x", Outcome: result.CasePassed, Flaky: true})),
		run(2, cell("c", 1, result.Case{ID: "x", Outcome: result.CaseError}, result.Case{ID: "whole", Outcome: result.CaseError, Synthetic: true})),
		run(1, cell("c", 1, result.Case{ID: "x", Outcome: result.CasePassed})),
		run(0, result.Cell{ID: "c", Verdict: result.NotRun}),
	)
	h := load(t, s)
	if got := h.Case("c", "x"); got != (CaseRecord{Runs: 4, Failed: 2, Flaky: 1}) {
		t.Errorf("got %+v", got)
	}
	if got := h.Case("c", "whole"); got.Failed != 0 {
		t.Errorf("a case that stands for its cell is no test: %+v", got)
	}
}

func benchmark(samples ...float64) result.Cell {
	c := cell("p", 1)
	c.JSON.Environment.StorePath = "/nix/store/x"
	c.JSON.Benchmarks = []result.Benchmark{{Name: "fit", Samples: samples}, {Name: "bare"}}
	return c
}

func TestBaseline(t *testing.T) {
	s := open(t, Limits{})
	for day := 8; day >= 1; day-- {
		add(t, s, run(day, benchmark(float64(day), float64(day))))
	}
	cached := benchmark(99)
	cached.Cached = true
	add(t, s, run(0, cached))
	b, ok := load(t, s).Baseline("a.py", "fit", "e")
	if !ok || b.Runs != 5 || len(b.Samples) != 10 || fmt.Sprint(b.Medians) != "[1 2 3 4 5]" || b.StorePath != "/nix/store/x" || !b.Latest.Equal(today.AddDate(0, 0, -1)) {
		t.Errorf("got %+v %v", b, ok)
	}
	if _, ok := load(t, s).Baseline("a.py", "bare", "e"); ok {
		t.Error("a benchmark without samples is no baseline")
	}
}

func TestLimits(t *testing.T) {
	s := open(t, Limits{Runs: 3, Age: 10 * 24 * time.Hour})
	add(t, s, run(11, cell("old", 1)), run(9, benchmark(1)), run(8, cell("c", 8)))
	for day := 5; day >= 1; day-- {
		add(t, s, run(day, cell("c", 1)))
	}
	h := load(t, s)
	if _, ok := h.Duration("old"); ok {
		t.Error("a run beyond the age is still there")
	}
	if _, ok := h.Baseline("a.py", "fit", "e"); !ok {
		t.Error("the only baseline was pruned by runs that hold none")
	}
	if h.Runs() != 4 {
		t.Errorf("%d runs are kept, want 3 and the one with the baseline", h.Runs())
	}
}

func TestCorrupt(t *testing.T) {
	s := open(t, Limits{})
	add(t, s, run(2, cell("c", 2)), run(1, cell("c", 4), cell("d", 1)))
	names, _ := s.files()
	newest := filepath.Join(s.dir, names[0])
	text, _ := os.ReadFile(newest)
	lines := strings.SplitAfter(string(text), "\n")
	lines[1] = "{\"cell\":{\"id\":\x00garbage\n"
	lines = append(lines, `{"cell":{}}`, "\n", `{"cell":{"id":"e","ver`)
	write(t, newest, strings.Join(lines, ""))
	write(t, filepath.Join(s.dir, "20250101-no-header.jsonl"), "\x00\x01\x02")
	write(t, filepath.Join(s.dir, "20250102-empty.jsonl"), "")
	write(t, filepath.Join(s.dir, "20250103-newer.jsonl"), `{"run":{"version":9,"id":"x"}}`+"\n")
	if err := os.Mkdir(filepath.Join(s.dir, "20250104-$(folder).jsonl"), 0o755); err != nil {
		t.Fatal(err)
	}
	h, problems := s.Load()
	if d, _ := h.Duration("c"); d != 2*time.Second {
		t.Errorf("the whole lines are lost: %v", d)
	}
	if _, ok := h.Duration("d"); !ok {
		t.Error("the line behind a corrupt one is lost")
	}
	var all string
	for _, p := range problems {
		if p.Kind != "history" || !strings.HasPrefix(p.Hint, "rm ") || strings.Contains(p.Hint, "$(") && !strings.HasSuffix(p.Hint, "$(folder).jsonl'") {
			t.Errorf("problem %+v", p)
		}
		all += p.Message + "\n"
	}
	for _, want := range []string{"3 lines could not be read", "no-header.jsonl: it could not be read: its first line is not a run", "empty.jsonl: it could not be read", "its version 9 is newer", "$(folder).jsonl: it could not be read"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q:\n%s", want, all)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestConcurrentWriters(t *testing.T) {
	s := open(t, Limits{Runs: 5})
	var group sync.WaitGroup
	errs := make(chan error, 100)
	for writer := range 4 {
		group.Go(func() {
			for i := range 25 {
				r := run(0, cell("c", float64(i)))
				r.ID = fmt.Sprintf("20261123T%06d.000Z-%d", i, writer)
				errs <- s.Append(r)
				if _, problems := s.Load(); len(problems) > 0 {
					errs <- errors.New(problems[0].Message)
				}
			}
		})
	}
	go func() { group.Wait(); close(errs) }()
	for err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := load(t, s).Runs(); n < 1 || n > 5 {
		t.Errorf("%d runs are left, want at most 5", n)
	}
	left, _ := filepath.Glob(filepath.Join(s.dir, partial+"*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestLeftoversOfKilledWriters(t *testing.T) {
	s := open(t, Limits{})
	add(t, s, run(1, cell("c", 1)))
	old, young := filepath.Join(s.dir, partial+"old"), filepath.Join(s.dir, partial+"young")
	write(t, old, "x")
	write(t, young, "x")
	_ = os.Chtimes(old, today, today.Add(-2*time.Hour))
	_ = os.Chtimes(young, today, today.Add(-time.Minute))
	add(t, s, run(0, cell("c", 1)))
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Error("an old leftover stays")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("the file of a writer at work was removed")
	}
}

func TestAppendErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	s := Open(filepath.Join(file, "history"), Limits{}, func() time.Time { return today })
	if err := s.Append(run(0)); err == nil || !strings.Contains(err.Error(), "recording the run in the history") {
		t.Errorf("got %v", err)
	}
	if _, problems := s.Load(); len(problems) != 1 {
		t.Errorf("problems: %v", problems)
	}
	if err := open(t, Limits{}).Append(result.Run{ID: "../x"}); err == nil {
		t.Error("an ID that is a path was taken")
	}
}

// TestNoLimits: 0 keeps all, as the settings say of it.
func TestNoLimits(t *testing.T) {
	s := open(t, Limits{})
	for day := 220; day >= 1; day-- {
		add(t, s, run(2*day, cell("c", 1)))
	}
	if n := load(t, s).Runs(); n != 220 {
		t.Errorf("%d runs are kept, want all 220", n)
	}
	aged := Open(s.dir, Limits{Age: 10 * 24 * time.Hour}, s.now)
	add(t, aged, run(0, cell("c", 1)))
	if n := load(t, aged).Runs(); n != 6 {
		t.Errorf("%d runs are kept under an age of 10 days, want 6", n)
	}
}

// TestCachedCellsAreWrittenOnce: a run whose cells all come from the cache adds
// no measurement, and the limit of runs does not take the one there is.
func TestCachedCellsAreWrittenOnce(t *testing.T) {
	s := open(t, Limits{Runs: 2, Age: 30 * 24 * time.Hour})
	first := run(9, cell("a", 3))
	add(t, s, first)
	for day := 8; day >= 5; day-- {
		load(t, s)
		again := cell("a", 3)
		again.Cached, again.Start = true, first.Cells[0].Start
		add(t, s, run(day, again))
		data, err := os.ReadFile(filepath.Join(s.dir, run(day).ID+suffix))
		if err != nil || strings.Contains(string(data), `"cell"`) {
			t.Errorf("%v, written again: %s", err, data)
		}
	}
	h := load(t, s)
	if d, ok := h.Duration("a"); !ok || d != 3*time.Second {
		t.Errorf("the measurement is lost: %v", d)
	}
	if h.Runs() != 3 { // two by their number, one for what it holds
		t.Errorf("%d runs", h.Runs())
	}
	elsewhere := cell("b", 1)
	elsewhere.Cached, elsewhere.Start = true, today
	add(t, s, run(1, elsewhere))
	if _, ok := load(t, s).Duration("b"); !ok {
		t.Error("what another machine measured is lost")
	}
}

// TestOldMeasurementIsWrittenAgain: before its run is dropped for its age.
func TestOldMeasurementIsWrittenAgain(t *testing.T) {
	s := open(t, Limits{Age: 10 * 24 * time.Hour})
	first := run(9, cell("a", 3))
	add(t, s, first)
	load(t, s)
	again := cell("a", 3)
	again.Cached, again.Start = true, first.Cells[0].Start
	add(t, s, run(0, again))
	s.now = func() time.Time { return today.AddDate(0, 0, 5) }
	add(t, s, run(0, again))
	if _, ok := load(t, s).Duration("a"); !ok {
		t.Error("the measurement went with its first run")
	}
}

// TestPassesOfAWatch: a hundred passes over one cell are one run, beside which
// the others stay, and of each cell as much is kept as is looked at.
func TestPassesOfAWatch(t *testing.T) {
	s := open(t, Limits{Runs: 3})
	for day := 4; day >= 2; day-- {
		add(t, s, run(day, cell("c", float64(day)), cell("other", 1)))
	}
	watched := run(1).ID
	for n := range 100 {
		r := run(0, cell("c", 10, result.Case{ID: "x", Outcome: result.CaseFailed}), benchmark(float64(n)))
		r.ID, r.Start = watched, today.Add(time.Duration(n)*time.Second)
		r.Cells[0].Start, r.Cells[1].Start = r.Start, r.Start
		add(t, s, r)
		load(t, s)
	}
	h := load(t, s)
	if h.Runs() != 3 || len(h.cells["other"]) != 2 {
		t.Errorf("%d runs, %d measurements of the cell that was not saved", h.Runs(), len(h.cells["other"]))
	}
	if n := len(h.cells["c"]); n > lastOutcomes+1+2 {
		t.Errorf("%d measurements are kept", n)
	}
	if got := h.Case("c", "x"); got != (CaseRecord{Runs: 20, Failed: 20}) {
		t.Errorf("got %+v", got)
	}
	b, _ := h.Baseline("a.py", "fit", "e")
	if fmt.Sprint(b.Medians) != "[99 98 97 96 95]" || !b.Latest.Equal(today.Add(99*time.Second)) {
		t.Errorf("got %+v", b)
	}
	add(t, s, run(-1, cell("c", 1)))
	if newest := load(t, s).cells["c"][0]; newest.Seconds != 1 {
		t.Errorf("the newest is %+v", newest)
	}
}

func TestComputing(t *testing.T) {
	s := open(t, Limits{})
	cpu := func(seconds float64) *float64 { return &seconds }
	for day, used := range []*float64{cpu(1), nil, cpu(0.5), cpu(3)} {
		c := cell("a", 2)
		c.JSON.CPUSeconds = used
		add(t, s, run(day, c, cell("silent", 1)))
	}
	h := load(t, s)
	if share, ok := h.Computing("a"); !ok || share != 0.5 {
		t.Errorf("share %v", share)
	}
	if _, ok := h.Computing("silent"); ok {
		t.Error("what was not measured has a share")
	}
}
