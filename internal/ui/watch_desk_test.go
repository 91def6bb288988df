package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

// desk is a screen and what it asked for.
type desk struct {
	*watchScreen
	t     *testing.T
	clock *clock
	asked []loop.Command
	argv  []string // of the editor that was opened
	quits int
	env   map[string]string
}

func newDesk(t *testing.T, width, height int) *desk {
	d := &desk{t: t, clock: &clock{start}, env: map[string]string{}}
	d.watchScreen = newWatchScreen(WatchOptions{Workspace: "/ws", Dir: "/ws", Scope: "all", Now: d.clock.now,
		Env: func(name string) (string, bool) { v, ok := d.env[name]; return v, ok }, Quit: func() { d.quits++ }})
	d.ask = func(c loop.Command) { d.asked = append(d.asked, c) }
	d.edit = func(argv []string) tea.Cmd { d.argv = argv; return nil }
	d.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return d
}

func (d *desk) tell(updates ...loop.Update) {
	d.take = func() []loop.Update { return updates }
	d.Update(wakeMsg{})
}

var keyCodes = map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp,
	"home": tea.KeyHome, "end": tea.KeyEnd, "left": tea.KeyLeft, "backspace": tea.KeyBackspace, "space": tea.KeySpace}

// press presses keys by their names; others are typed.
func (d *desk) press(keys ...string) tea.Cmd {
	var cmd tea.Cmd
	for _, k := range keys {
		var msg tea.KeyPressMsg
		if code, ok := keyCodes[k]; ok {
			msg.Code = code
			if k == "space" {
				msg.Text = " "
			}
		} else if after, ok := strings.CutPrefix(k, "ctrl+"); ok {
			msg.Code, msg.Mod = rune(after[0]), tea.ModCtrl
		} else {
			msg.Code, msg.Text = []rune(k)[0], k
		}
		_, cmd = d.Update(msg)
	}
	return cmd
}

// frame is the screen without colours. It never has more lines or wider ones
// than the terminal.
func (d *desk) frame() string {
	d.t.Helper()
	content := stripped(d.View().Content)
	lines := strings.Split(content, "\n")
	if len(lines) != d.height {
		d.t.Errorf("%d lines on a terminal of %d:\n%s", len(lines), d.height, content)
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n > d.width {
			d.t.Errorf("line %d is %d wide on a terminal of %d: %q", i+1, n, d.width, line)
		}
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// The scope that most tests have: three folders, a file with two types.
var (
	watchFiles = []string{"tests/unit/test_load.py unit", "tests/unit/test_save.py unit", "tests/unit/test_save.py integration", "tests/unit/test_grid.py unit",
		"tests/integration/test_flow.py unit", "tests/integration/test_wells.py unit", "src/reservoir/tests/test_porosity_of_sandstone.py unit"}
	watchEnvironments = []string{"python3.9", "python3.10", "python3.11", "octave"}
)

func watchCells() []result.PlannedCell {
	var out []result.PlannedCell
	for _, f := range watchFiles {
		file, kind, _ := strings.Cut(f, " ")
		for _, e := range watchEnvironments {
			out = append(out, result.PlannedCell{ID: plan.CellID(file, kind, e), File: file, Type: kind, Environment: e})
		}
	}
	return out
}

func of1(u pipeline.Update) loop.Update { return loop.Of{Update: u} }

func plans(cells []result.PlannedCell) loop.Update {
	return of1(pipeline.Planned{Plan: &plan.Plan{Cells: cells, Environments: watchEnvironments}})
}

// verdict is a planned cell with its verdict.
func verdict(p result.PlannedCell, v result.Verdict, cases ...result.Case) loop.Update {
	c := result.Cell{ID: p.ID, File: p.File, Type: p.Type, Environment: p.Environment, Verdict: v, Cases: cases, Duration: 210 * time.Millisecond}
	if len(cases) > 0 {
		c.Reason, c.Log = "1 failed", "the log of "+p.Environment
	}
	return of1(pipeline.Changed{Change: result.Change{Cell: c}})
}

func noShape(file string) result.Case {
	return result.Case{ID: file + "::test_shape", Outcome: result.CaseFailed, Line: 3, Message: "assert (2, 2) == (1, 2)",
		Text: "    def test_shape(grid):\n>       assert load(grid).shape == (1, 2)\nE       assert (2, 2) == (1, 2)\nE         At index 0 diff: 2 != 1\n\n" + file + ":12: AssertionError\n" + strings.Repeat("captured\n", 20)}
}

// first is a first pass in which all passed, a third of it from a cache.
func first() []loop.Update {
	cells := watchCells()
	out := []loop.Update{loop.Known{Cells: cells, Environments: watchEnvironments}, loop.Began{Number: 1, Why: "the first pass", Since: start}, plans(cells)}
	for i, p := range cells {
		u := verdict(p, result.Passed).(loop.Of)
		changed := u.Update.(pipeline.Changed)
		changed.Change.Cell.Cached = i%3 == 0
		out = append(out, of1(changed))
	}
	return append(out, loop.Ended{Number: 1, First: 410 * time.Millisecond, Last: 1830 * time.Millisecond, Report: "/ws/.weft/runs/1"}, loop.Waiting{})
}

// second is under way: src/load.py was saved, one file fails in one
// environment and one in all, the rest waits or runs.
func second() []loop.Update {
	cells := watchCells()
	return []loop.Update{
		loop.Saved{Paths: []string{"src/load.py"}, Effect: "3 test files", At: start},
		loop.Began{Number: 2, Why: "src/load.py was saved", Since: start},
		of1(pipeline.Staged{Text: "running the tests"}), plans(cells[:16]), of1(pipeline.Running{Actions: 2}),
		verdict(cells[0], result.Failed, noShape(cells[0].File)), verdict(cells[1], result.Passed), verdict(cells[2], result.Passed), verdict(cells[3], result.Passed),
		verdict(cells[4], result.Failed, noShape(cells[4].File)), verdict(cells[5], result.Failed, noShape(cells[5].File)),
		verdict(cells[6], result.Failed, noShape(cells[6].File)), verdict(cells[7], result.Failed, noShape(cells[7].File)),
		of1(pipeline.Talked{Line: "[9 / 16] Testing tests/unit/test_save.py (integration @ python3.9); 1s linux-sandbox"}),
	}
}

func ended2() []loop.Update {
	cells := watchCells()
	out := second()
	for _, p := range cells[8:16] {
		out = append(out, verdict(p, result.Passed))
	}
	return append(out, loop.Ended{Number: 2, ExitCode: 1, First: 410 * time.Millisecond, Last: 830 * time.Millisecond, Report: "/ws/.weft/runs/2"}, loop.Waiting{})
}

type hintedError struct{ error }

func (hintedError) Hint() string { return "weft plan all" }

func broken() []loop.Update {
	return []loop.Update{
		loop.Saved{Paths: []string{"tests/BUILD.bazel"}, Effect: "the targets are read again", At: start},
		loop.Began{Number: 3, Why: "tests/BUILD.bazel was saved", Since: start},
		loop.Ended{Number: 3, ExitCode: 3, Err: hintedError{errors.New("reading the targets: bazel query: exit code 7\n  ERROR: tests/BUILD.bazel:3:1: syntax error at 'outdent'")}},
		loop.Waiting{},
	}
}
