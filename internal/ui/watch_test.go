package ui

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// golden compares with a file of testdata/watch.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "watch", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./internal/ui -update writes it anew)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// TestWatchPassesOnlyWhole: what is owed keeps the verdict open.
func TestWatchPassesOnlyWhole(t *testing.T) {
	d := newDesk(t, 100, 30)
	d.tell(first()...)
	needs(t, d.frame(), " PASS ")
	d.tell(loop.Owed{Cells: 1})
	needs(t, d.frame(), " OPEN ")
}

// TestWatchFrames: what the board looks like, by state and size.
func TestWatchFrames(t *testing.T) {
	for _, c := range []struct {
		name    string
		updates func() []loop.Update
		keys    []string
	}{
		{"start", func() []loop.Update { return nil }, nil},
		{"passed", first, nil},
		{"running", func() []loop.Update { return append(first(), second()...) }, nil},
		{"failed", func() []loop.Update { return append(first(), ended2()...) }, nil},
		{"chosen", func() []loop.Update { return append(first(), ended2()...) }, []string{"down", "pgdown"}},
		{"broken", func() []loop.Update { return append(append(first(), ended2()...), broken()...) }, nil},
		{"narrowed", func() []loop.Update {
			return append(first(), loop.Set{Narrowing: loop.Narrowing{OnlyFailed: true, Paths: "load", Environments: []string{"octave"}}},
				loop.Noted{Problem: result.Problem{Message: "inotify has no watches left: files are polled", Hint: "sysctl fs.inotify.max_user_watches=524288"}})
		}, nil},
		{"owed", func() []loop.Update {
			cells := watchCells()
			return append(first(), loop.Set{Narrowing: loop.Narrowing{Tests: "shape"}}, loop.Owed{Cells: 2},
				loop.Began{Number: 2, Since: start}, of1(pipeline.Planned{Plan: &plan.Plan{Cells: cells[:2], Environments: watchEnvironments}, Tests: "shape"}),
				verdict(cells[0], result.Passed), verdict(cells[1], result.Passed, result.Case{ID: cells[1].File + "::test_shape", Outcome: result.CasePassed}),
				loop.Ended{Number: 2, Partial: true, ExitCode: 4}, loop.Waiting{})
		}, nil},
		{"typing", first, []string{"p", "l", "o", "日", "left"}},
		{"environments", first, []string{"e", "space", "down"}},
		{"output", func() []loop.Update { return append(first(), ended2()...) }, []string{"s"}},
		{"help", first, []string{"?"}},
	} {
		for _, size := range [][2]int{{100, 30}, {60, 20}, {40, 12}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d.txt", c.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				d := newDesk(t, size[0], size[1])
				d.tell(c.updates()...)
				d.clock.t = start.Add(610 * time.Millisecond)
				d.press(c.keys...)
				golden(t, name, d.frame())
			})
		}
	}
}

// TestWatchFitsAnySize: from nothing to a wall.
func TestWatchFitsAnySize(t *testing.T) {
	for _, keys := range [][]string{nil, {"p", "x"}, {"e"}, {"s"}, {"h"}, {"n"}} {
		d := newDesk(t, 80, 24)
		d.tell(append(append(first(), ended2()...), loop.Noted{Problem: result.Problem{Message: "a note", Hint: "a hint"}})...)
		d.press(keys...)
		for _, width := range []int{1, 2, 7, 20, 39, 61, 300} {
			for height := 1; height < 40; height += 1 + height/8 {
				d.Update(tea.WindowSizeMsg{Width: width, Height: height})
				d.frame()
			}
		}
		d.tell(broken()...)
		d.Update(tea.WindowSizeMsg{Width: 10, Height: 5})
		d.frame()
	}
}

// TestWatchManyEnvironments: heads give way, columns last.
func TestWatchManyEnvironments(t *testing.T) {
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprintf("environment%d", i))
	}
	d := newDesk(t, 80, 20)
	var cells []result.PlannedCell
	for _, e := range names {
		cells = append(cells, result.PlannedCell{ID: e, File: "tests/test_a.py", Type: "unit", Environment: e})
	}
	d.tell(loop.Known{Cells: cells, Environments: names})
	needs(t, d.frame(), "1 environment0", "+1")
	d.Update(tea.WindowSizeMsg{Width: 120, Height: 20})
	needs(t, d.frame(), " 29 30\n")
}

// TestWatchHostileNames: no name, message, note or path drives the terminal.
func TestWatchHostileNames(t *testing.T) {
	const bad = "x\x1b]0;pwned\a\u009b31m\u202eyp.\r\n\x00"
	d := newDesk(t, 100, 40)
	p := result.PlannedCell{ID: "1", File: "tests/" + bad + "/test_" + bad + ".py", Type: bad, Environment: bad}
	d.tell(loop.Known{Cells: []result.PlannedCell{p}, Environments: []string{bad}},
		loop.Saved{Paths: []string{bad}, Effect: bad, Why: map[string]string{bad: bad}}, loop.Generated{Files: []string{bad}},
		loop.Set{Narrowing: loop.Narrowing{Paths: bad, Tests: bad, Environments: []string{bad}}},
		loop.Began{Number: 1, Why: bad, Since: start}, of1(pipeline.Staged{Text: bad}), of1(pipeline.Talked{Line: bad}),
		of1(pipeline.Noted{Problem: result.Problem{Message: bad, Hint: bad}}))
	check := func(what string) {
		t.Helper()
		v := d.View()
		if text := stripped(v.Content) + v.WindowTitle; strings.ContainsAny(strings.ReplaceAll(text, "\n", ""), "\x1b\a\u009b\u202e\r\x00") {
			t.Errorf("%s: %q", what, text)
		}
		d.frame()
	}
	check("running")
	d.press("s")
	check("talk")
	d.press("esc")
	d.tell(plans([]result.PlannedCell{p}), verdict(p, result.Failed, result.Case{ID: bad + "::" + bad, Outcome: result.CaseFailed, Message: bad, Text: bad + "\n" + bad}),
		loop.Ended{Number: 1, ExitCode: 1, Report: "/ws/" + bad})
	check("failed")
	for _, key := range []string{"s", "n", "e", "p", "t"} {
		d.press(key)
		check(key)
		d.press("esc")
	}
	d.tell(loop.Began{Number: 2, Since: start}, loop.Ended{Number: 2, Err: hintedError{errors.New(bad)}})
	check("broken")
}

// folderAlone is a folder's line before the line of the rows that do not fit.
var folderAlone = regexp.MustCompile(`(?m)^ tests.*\n … `)

// TestWatchManyCells: with 5,000 cells as much is drawn as the terminal has
// lines, failing rows first, and an update is one square.
func TestWatchManyCells(t *testing.T) {
	d := newDesk(t, 100, 30)
	var cells []result.PlannedCell
	for i := range 1000 {
		for e := range 5 {
			file, environment := fmt.Sprintf("tests/p%02d/test_%d.py", i%50, i), fmt.Sprintf("python3.%d", e)
			cells = append(cells, result.PlannedCell{ID: plan.CellID(file, "unit", environment), File: file, Type: "unit", Environment: environment})
		}
	}
	updates := []loop.Update{loop.Known{Cells: cells, Environments: []string{"python3.0", "python3.1", "python3.2", "python3.3", "python3.4"}},
		loop.Began{Number: 1, Since: start}, plans(cells)}
	for _, p := range cells {
		updates = append(updates, verdict(p, result.Passed))
	}
	d.tell(updates...)
	needs(t, d.frame(), "50 other folders, 1000 files", "5000 passed of 5000 cells")
	d.tell(verdict(cells[2000], result.Failed, noShape(cells[2000].File)))
	needs(t, d.frame(), " tests/p00  20 files, 1 fail", "test_400.py", "49 other folders, 980 files", "1 failure", "only python3.0")
	var all []loop.Update
	for _, p := range cells {
		all = append(all, verdict(p, result.Failed, noShape(p.File)))
	}
	d.tell(all...)
	needs(t, d.frame(), "more rows with failures", "1 of 1000", "in all 5")
	for height := 8; height < 60; height++ {
		d.Update(tea.WindowSizeMsg{Width: 100, Height: height})
		if folderAlone.MatchString(d.frame()) {
			t.Errorf("a folder that fails is shown without a row of it:\n%s", d.frame())
		}
	}
	if before := d.squares[7][1]; true {
		d.tell(verdict(cells[0], result.Passed))
		if d.squares[7][1] != before {
			t.Error("a square that did not change was made anew")
		}
	}
}

// TestWatchFoldsWhatPasses: on a small terminal folders are one line; rows that
// fail, turned or run are there.
func TestWatchFoldsWhatPasses(t *testing.T) {
	d := newDesk(t, 100, 12)
	d.tell(first()...)
	if got := d.frame(); strings.Contains(got, "test_load.py") {
		t.Errorf("not folded:\n%s", got)
	}
	d.tell(ended2()...)
	d.Update(tea.WindowSizeMsg{Width: 100, Height: 24})
	needs(t, d.frame(), "test_load.py ", "test_save.py unit")
	cells := watchCells()
	updates := []loop.Update{loop.Began{Number: 3, Since: start}, plans(cells[:8])}
	for _, p := range cells[:8] {
		updates = append(updates, verdict(p, result.Passed))
	}
	d.Update(tea.WindowSizeMsg{Width: 100, Height: 14})
	d.tell(updates...)
	needs(t, d.frame(), "test_load.py ", "test_save.py unit")
	if got := d.frame(); strings.Contains(got, "test_grid.py") {
		t.Errorf("a row that did not turn is shown, although there is no room for all:\n%s", got)
	}
}

// TestWatchWithoutColours: the glyphs tell all apart.
func TestWatchWithoutColours(t *testing.T) {
	d := newDesk(t, 100, 30)
	d.tell(first()...)
	if strings.Contains(d.frame(), "✓=") {
		t.Error("with colours a cached square is faint, and has no mark")
	}
	d.Update(tea.ColorProfileMsg{Profile: colorprofile.Ascii})
	needs(t, d.frame(), "✓=", "✓ ")
	if got := d.View().Content; !strings.Contains(got, "\x1b[") {
		t.Errorf("the colours are lowered by bubbletea, not here: %q", got)
	}
}

// TestWatchClock: the spinner turns while something moves, and only then.
func TestWatchClock(t *testing.T) {
	d := newDesk(t, 100, 30)
	if !d.ticking {
		t.Error("nothing turns at the start")
	}
	d.tell(first()...)
	if d.Update(tickMsg{}); d.ticking {
		t.Error("it turns while a save is waited for")
	}
	d.tell(second()...)
	if !d.ticking {
		t.Error("it does not turn while a pass runs")
	}
	spins := d.spins
	if d.Update(tickMsg{}); d.spins != spins+1 || !d.ticking {
		t.Errorf("spins %d after %d, ticking %t", d.spins, spins, d.ticking)
	}
}

// TestWatchGateMissed: each cell passed, and the whole did not.
func TestWatchGateMissed(t *testing.T) {
	d := newDesk(t, 100, 30)
	d.tell(first()...)
	d.tell(loop.Began{Number: 2, Since: start}, loop.Ended{Number: 2, Stopped: true, ExitCode: 130})
	needs(t, d.frame(), " PASS ", "pass 2 was stopped")
	d.tell(loop.Began{Number: 3, Since: start}, loop.Ended{Number: 3, ExitCode: 1, Report: "/ws/.weft/runs/3"})
	needs(t, d.frame(), " FAIL ", "a gate was missed · .weft/runs/3/report.md")
}

// TestWatchRings: the terminal rings when the verdict turns.
func TestWatchRings(t *testing.T) {
	d := newDesk(t, 100, 30)
	d.bell.kind = BellRing
	if cmd := d.fold(first()); cmd != nil {
		t.Errorf("the first verdict turns nothing: %#v", cmd())
	}
	cmd := d.fold(ended2())
	if cmd == nil || cmd().(tea.RawMsg).Msg != "\a" {
		t.Error("a test fails, and nothing rings")
	}
}

// TestWatchEnvironmentsThatChange: a list that is not true any more is left.
func TestWatchEnvironmentsThatChange(t *testing.T) {
	d := newDesk(t, 100, 30)
	d.tell(first()...)
	d.press("e", "space")
	d.tell(loop.Known{Cells: watchCells(), Environments: watchEnvironments})
	needs(t, d.frame(), "[ ]  1 python3.9")
	d.tell(loop.Known{Cells: watchCells(), Environments: []string{"octave", "python3.11", "python3.10", "python3.9"}})
	if d.press("enter"); !reflect.DeepEqual(d.asked, []loop.Command{loop.Rerun{}}) {
		t.Errorf("asked for %#v", d.asked)
	}
}

// TestWatchPageAddress: it is told at once, and stays.
func TestWatchPageAddress(t *testing.T) {
	d := newDesk(t, 120, 30)
	d.opts.Page = "http://127.0.0.1:4711/x/"
	needs(t, d.frame(), d.opts.Page)
	d.tell(append(first(), ended2()...)...)
	needs(t, d.frame(), d.opts.Page)
	d = newDesk(t, 60, 30)
	d.opts.Page = "http://127.0.0.1:4711/WZ6JQ3SUVWBB3TCRMZQJKQ2EFY/"
	d.tell(append(first(), ended2()...)...)
	d.press("h")
	needs(t, d.frame(), "in a browser", d.opts.Page)
}

// TestWatchSoFar: that a test fails in some environments only is said when all
// have answered.
func TestWatchSoFar(t *testing.T) {
	d := newDesk(t, 100, 30)
	cells := watchCells()
	d.tell(loop.Known{Cells: cells, Environments: watchEnvironments}, loop.Began{Number: 1, Since: start}, plans(cells[:4]), verdict(cells[0], result.Failed, noShape(cells[0].File)))
	needs(t, d.frame(), "so far "+cells[0].Environment)
	for _, c := range cells[1:4] {
		d.tell(verdict(c, result.Passed))
	}
	needs(t, d.frame(), "only "+cells[0].Environment)
}

// TestWatchFolderSoFar: a folder shows what is known while it runs, and has not
// passed when a row of it is unknown in the end.
func TestWatchFolderSoFar(t *testing.T) {
	d := newDesk(t, 100, 8)
	cells := watchCells()
	d.tell(loop.Known{Cells: cells, Environments: watchEnvironments}, loop.Began{Number: 1, Since: start}, plans(cells), verdict(cells[0], result.Passed))
	line := func(want string) {
		t.Helper()
		for text := range strings.Lines(d.frame()) {
			if strings.HasPrefix(text, " tests/unit") {
				if got := strings.Join(strings.Fields(text)[3:], " "); got != want {
					t.Errorf("the folder shows %q, want %q", got, want)
				}
			}
		}
	}
	line("✓· · · ·")
	d.tell(verdict(cells[1], result.Failed, noShape(cells[1].File)))
	d.tell(loop.Ended{Number: 1, Stopped: true})
	d.Update(tea.WindowSizeMsg{Width: 100, Height: 20})
	needs(t, d.frame(), "test_load.py                               ✓           ✗            ○          ○")
	d.tell(verdict(cells[1], result.Passed), loop.Ended{Number: 1, Stopped: true})
	d.Update(tea.WindowSizeMsg{Width: 100, Height: 8})
	line("○ ○ ○ ○")
}
