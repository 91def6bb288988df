package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

var environments = []string{"python3.9", "python3.10", "python3.11", "minimal"}

// cells are those of files in environments, as the plan orders them.
func cells(files, environments []string) []result.PlannedCell {
	var out []result.PlannedCell
	for _, environment := range environments {
		for _, file := range files {
			out = append(out, result.PlannedCell{ID: file + " unit " + environment, File: file, Type: "unit", Environment: environment})
		}
	}
	return out
}

func known(cells []result.PlannedCell, environments []string) loop.Update {
	return loop.Known{Cells: cells, Environments: environments}
}

// pass is a pass over cells: its begin, its plan.
func pass(number int, why string, cells []result.PlannedCell) []loop.Update {
	return []loop.Update{
		loop.Began{Number: number, Why: why, Since: time.Now()},
		loop.Of{Update: pipeline.Planned{Plan: &plan.Plan{Cells: cells}}},
	}
}

func ended(number, exitCode int) loop.Update {
	return loop.Ended{Number: number, ExitCode: exitCode, First: 310 * time.Millisecond, Last: 870 * time.Millisecond, Report: "/nowhere"}
}

func saved(path string) loop.Update {
	return loop.Saved{Paths: []string{path}, Effect: "1 test file", At: time.Now()}
}

func passes(c result.PlannedCell) loop.Update {
	return changed(result.Cell{ID: c.ID, File: c.File, Type: c.Type, Environment: c.Environment, Verdict: result.Passed,
		Duration: 420 * time.Millisecond, Cases: []result.Case{{ID: c.File + "::test_ok", Outcome: result.CasePassed}}})
}

// fails is a cell with a test that fails with a message.
func fails(c result.PlannedCell, message string) loop.Update {
	return changed(result.Cell{ID: c.ID, File: c.File, Type: c.Type, Environment: c.Environment, Verdict: result.Failed, Reason: "1 test failed",
		Duration: 420 * time.Millisecond, Cases: []result.Case{
			{ID: c.File + "::test_ok", Outcome: result.CasePassed},
			{ID: c.File + "::test_sum", Outcome: result.CaseFailed, Message: message, Line: 11, Text: traceback(c.File, message)},
		}})
}

func changed(c result.Cell) loop.Update {
	return loop.Of{Update: pipeline.Changed{Change: result.Change{Cell: c}}}
}

func traceback(file, message string) string {
	return fmt.Sprintf("    def test_sum():\n>       assert load(\"a.csv\").sum() == 3\nE       %s\n\n%s:12: AssertionError", message, file)
}

// project are files as a project has them.
func project() []string {
	var out []string
	for _, folder := range []string{"tests", "tests/loading", "tests/simulation"} {
		for _, name := range []string{"calibration", "grid", "load_data", "report", "solver_with_a_rather_long_name"} {
			out = append(out, folder+"/test_"+name+".py")
		}
	}
	return out
}

// everyState is a board that has every state of a square, failures and notes.
func everyState() []loop.Update {
	all := cells(project(), environments)
	out := append([]loop.Update{known(all, environments)}, pass(1, "the first pass", all)...)
	for i, c := range all {
		switch {
		case strings.Contains(c.File, "simulation/test_grid"):
			// stays unknown
		case c.File == "tests/test_report.py":
			out = append(out, fails(c, "assert 4 == 3"))
		case c.File == "tests/test_grid.py" && c.Environment == "minimal":
			out = append(out, changed(result.Cell{ID: c.ID, File: c.File, Type: c.Type, Environment: c.Environment, Verdict: result.Timeout, Reason: "stopped after 60 s", Log: "no end in sight"}))
		case c.File == "tests/test_calibration.py" && c.Environment == "minimal":
			out = append(out, changed(result.Cell{ID: c.ID, File: c.File, Type: c.Type, Environment: c.Environment, Verdict: result.NotRun, Reason: "its environment could not be made"}))
		default:
			cell := passes(c).(loop.Of).Update.(pipeline.Changed).Change.Cell
			cell.Cached, cell.Flaky = i%3 == 0, i == 7
			out = append(out, changed(cell))
		}
	}
	out = append(out, ended(1, 1),
		loop.Noted{Problem: result.Problem{Kind: "sandbox", Message: "cells saw the host's network", Hint: "weft doctor"}},
		loop.Saved{Paths: []string{"README.md"}, Effect: "nothing", Why: map[string]string{"README.md": "no rule names it"}, At: time.Now()},
		loop.Saved{Paths: []string{"src/a.py", "src/b.py", "src/c.py", "src/d.py", "src/e.py"}, Effect: "3 test files", At: time.Now()})
	again := cells([]string{"tests/test_report.py", "tests/loading/test_report.py"}, environments)
	out = append(out, pass(2, "src/a.py and 4 more were saved", again)...)
	return append(out, fails(again[0], "assert 4 == 3"), loop.Of{Update: pipeline.Staged{Text: "running the tests"}})
}
