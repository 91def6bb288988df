package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

// story is what the views without a terminal are told: all passes, then a save
// breaks two files, a BUILD file breaks the query, and a save mends one.
func story() []loop.Update {
	cells := watchCells()
	note := of1(pipeline.Noted{Problem: result.Problem{Kind: "workers", Message: "cells run without workers", Hint: "weft doctor"}})
	out := append(first(), note)
	out = append(out, ended2()...)
	out = append(out, note, verdict(cells[0], result.Failed, noShape(cells[0].File))) // nothing new
	out = append(out, broken()...)
	out = append(out, loop.Saved{Paths: []string{"a", "b", "c", "d", "e", "README.md"}, Effect: "1 test file", Why: map[string]string{"README.md": "no rule names it"}, At: start},
		loop.Generated{Files: []string{"tests/BUILD.bazel"}},
		loop.Began{Number: 4, Why: "a was saved", Since: start}, of1(pipeline.Staged{Text: "running the tests"}), verdict(cells[0], result.Passed),
		of1(pipeline.Changed{Change: result.Change{Cell: result.Cell{ID: cells[1].ID, Verdict: result.NotRun, Reason: "Bazel gave its suite up: user interrupted"}}}),
		loop.Ended{Number: 4, Stopped: true},
		loop.Set{Narrowing: loop.Narrowing{OnlyFailed: true}},
		loop.Began{Number: 5, Why: "asked for", Since: start}, verdict(cells[4], result.NotRun),
		loop.Ended{Number: 5, ExitCode: 3, First: 300 * time.Millisecond, Last: 900 * time.Millisecond}, loop.Waiting{})
	broken := result.Problem{Kind: "settings", Message: "weft.toml: line 3 is no setting", Hint: "weft test --help"}
	return append(out, loop.Noted{Problem: broken}, loop.Mended{Problems: []result.Problem{broken}}, loop.Noted{Problem: broken}, // again: it is said again
		loop.Set{Narrowing: loop.Narrowing{Tests: "shape"}}, loop.Owed{Cells: 2},
		loop.Began{Number: 6, Why: "tests named shape", Since: start}, of1(pipeline.Planned{Plan: &plan.Plan{Cells: cells[:2]}, Tests: "shape"}),
		verdict(cells[0], result.Failed, noShape(cells[0].File)), verdict(cells[1], result.Passed), // without a test of that name
		loop.Ended{Number: 6, Partial: true, ExitCode: 1}, loop.Owed{})
}

// both writes stdout and stderr as a terminal shows them together.
func both(verbose, events bool) (WatchOptions, *bytes.Buffer) {
	var out bytes.Buffer
	return WatchOptions{Stdout: &out, Stderr: &out, Verbose: verbose, JSON: events, Workspace: "/ws", Dir: "/ws/tests", Now: func() time.Time { return start },
		Env: func(string) (string, bool) { return "", false }, Page: "http://127.0.0.1:4711/x/", Quit: func() {}}, &out
}

func TestWatchLines(t *testing.T) {
	for _, c := range []struct {
		name    string
		verbose bool
	}{{"lines.txt", false}, {"verbose.txt", true}} {
		o, out := both(c.verbose, false)
		v := NewWatch(o)
		for _, u := range story() {
			v.Update(u)
		}
		v.Close()
		golden(t, c.name, out.String())
	}
}

// TestWatchLinesAreApart: what failed is the product, the rest is talk.
func TestWatchLinesAreApart(t *testing.T) {
	o, out := both(false, false)
	var talk bytes.Buffer
	o.Stderr = &talk
	v := NewWatch(o)
	for _, u := range story() {
		v.Update(u)
	}
	v.Close()
	if strings.Contains(out.String(), "weft:") || strings.Contains(talk.String(), "FAIL") {
		t.Errorf("stdout:\n%s\nstderr:\n%s", out, talk.String())
	}
}

func TestWatchJSON(t *testing.T) {
	o, out := both(false, true)
	v := NewWatch(o)
	for _, u := range story() {
		v.Update(u)
	}
	v.Close()
	events := map[string]int{}
	for line := range strings.Lines(out.String()) {
		var e struct{ Event string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		events[e.Event]++
	}
	if events["pass.begin"] != 6 || events["pass.end"] != 6 || events["cell"] != 28+16+3+2 {
		t.Errorf("events %v", events)
	}
	golden(t, "events.jsonl", out.String())
}

// TestWatchEndsByAnError: an event ends the pass; to a person the command tells it.
func TestWatchEndsByAnError(t *testing.T) {
	for _, events := range []bool{false, true} {
		o, out := both(false, events)
		v := NewWatch(o)
		v.Update(loop.Began{Number: 1, Why: "the first pass", Since: start})
		v.Update(loop.Ended{Number: 1, Err: errors.New("no such scope"), Final: true})
		v.Close()
		if got := strings.Contains(out.String(), "no such scope"); got != events || events && !strings.Contains(out.String(), `"pass.end"`) {
			t.Errorf("events %v:\n%s", events, out)
		}
	}
}

// TestWatchEndsWithItsReader: who reads stdout no more wants no more; who does not
// read stderr may.
func TestWatchEndsWithItsReader(t *testing.T) {
	for _, c := range []struct{ events, stdout, quits bool }{{false, true, true}, {false, false, false}, {true, true, true}} {
		o, _ := both(false, c.events)
		quits := make(chan bool, 10)
		o.Quit = func() { quits <- true }
		if c.stdout {
			o.Stdout = closedPipe{}
		} else {
			o.Stderr = closedPipe{}
		}
		v := NewWatch(o)
		for _, u := range story() {
			v.Update(u)
		}
		v.Close()
		if (len(quits) > 0) != c.quits {
			t.Errorf("%+v: it quits %d times", c, len(quits))
		}
	}
}

// closedPipe has no reader.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestWatchJSONTellsRan: an editor need not wait for the suite.
func TestWatchJSONTellsRan(t *testing.T) {
	o, out := both(false, true)
	v := NewWatch(o)
	cell := result.PlannedCell{ID: "tests/test_a.py unit py1", File: "tests/test_a.py", Type: "unit", Environment: "py1"}
	v.Update(loop.Known{Cells: []result.PlannedCell{cell}, Environments: []string{"py1"}})
	v.Update(loop.Of{Update: pipeline.Ran{CellID: cell.ID, Verdict: result.Passed}})
	v.Update(loop.Of{Update: pipeline.Ran{CellID: "of another scope", Verdict: result.Passed}})
	v.Update(loop.Of{Update: pipeline.Ran{CellID: cell.ID, Verdict: result.Failed}}) // its suite runs it again
	v.Close()
	lines := strings.Split(out.String(), "\n")[2:] // after the page's address and what is known
	var e WatchEvent
	if err := json.Unmarshal([]byte(lines[0]), &e); err != nil || len(lines) != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	if want := (WatchCell{cell.ID, cell.File, cell.Type, cell.Environment}); e.Event != "cell" || e.WatchCell != want || e.Verdict != "passed" || *e.Cached || e.Tests != nil {
		t.Errorf("%s", out)
	}
}

// TestWatchJSONEventsAreDocumented holds the table of events in
// docs/formats.md against what is printed, both ways; TestFormats has the keys.
func TestWatchJSONEventsAreDocumented(t *testing.T) {
	o, out := both(false, true)
	v := NewWatch(o)
	for _, u := range story() {
		v.Update(u)
	}
	v.Close()
	printed := map[string]map[string]bool{}
	for line := range strings.Lines(out.String()) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		name := e["event"].(string)
		if printed[name] == nil {
			printed[name] = map[string]bool{}
		}
		for key := range e {
			printed[name][key] = true
		}
	}
	documented := documentedEvents(t)
	for name, keys := range printed {
		for key := range keys {
			if key != "event" && key != "time" && !documented[name][key] {
				t.Errorf("%s has the key %s, which docs/formats.md does not give it", name, key)
			}
		}
	}
	for name := range documented {
		if printed[name] == nil {
			t.Errorf("docs/formats.md has the event %s, which is not printed", name)
		}
	}
}

// TestWatchJSONReaderGoes: who reads no more is told nothing more.
func TestWatchJSONReaderGoes(t *testing.T) {
	quits := 0
	v := NewWatch(WatchOptions{JSON: true, Stdout: deaf{}, Now: time.Now, Quit: func() { quits++ }})
	v.Update(loop.Waiting{})
	v.Update(loop.Waiting{})
	v.Close()
	if quits != 1 {
		t.Errorf("quits %d times", quits)
	}
}

// TestWatchReaderStandsStill: neither the loop nor the end of the watch waits for it.
func TestWatchReaderStandsStill(t *testing.T) {
	for _, events := range []bool{false, true} {
		read, write := io.Pipe() // whose writes wait for a reader
		o, _ := both(true, events)
		o.Stdout, o.Stderr = write, write
		done := make(chan struct{})
		go func() {
			defer close(done)
			v := NewWatch(o)
			for _, u := range story() {
				v.Update(u)
			}
			v.Close()
		}()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Errorf("with --json %v, the watch waits for who reads nothing", events)
		}
		_ = read.Close()
	}
}

type deaf struct{}

func (deaf) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWatchBell(t *testing.T) {
	pass, fail := loop.Ended{}, loop.Ended{ExitCode: 1}
	for _, c := range []struct {
		kind  string
		ended []loop.Ended
		want  string // of the last
	}{
		{BellRing, []loop.Ended{pass}, ""},
		{BellRing, []loop.Ended{fail}, ""},
		{BellRing, []loop.Ended{pass, fail}, "\a"},
		{BellRing, []loop.Ended{fail, fail}, ""},
		{BellRing, []loop.Ended{fail, pass}, "\a"},
		{BellRing, []loop.Ended{pass, {Err: errors.New("no query")}}, "\a"},
		{BellRing, []loop.Ended{pass, {Stopped: true, ExitCode: 1}}, ""},
		{BellRing, []loop.Ended{fail, {Stopped: true}, fail}, ""},
		{BellRing, []loop.Ended{fail, {Partial: true}}, ""},
		{BellNotify, []loop.Ended{pass, fail}, "\x1b]9;weft: tests fail\a\a"},
		{BellNotify, []loop.Ended{fail, pass}, "\x1b]9;weft: all tests pass again\a\a"},
		{BellOff, []loop.Ended{pass, fail}, ""},
		{"", []loop.Ended{pass, fail}, ""},
	} {
		b, got := bell{kind: c.kind}, ""
		for _, u := range c.ended {
			got = b.rung(u)
		}
		if got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.kind, c.ended, got, c.want)
		}
	}
}

// documentedEvents are the keys by event in docs/formats.md.
func documentedEvents(t *testing.T) map[string]map[string]bool {
	t.Helper()
	doc, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(doc), "\n## weft watch --json\n")
	section, _, _ = strings.Cut(section, "| key |")
	out := map[string]map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z.]+) \|[^|]*\|([^|]*)\|$`).FindAllStringSubmatch(section, -1) {
		if m[1] == "event" {
			continue
		}
		out[m[1]] = map[string]bool{}
		for _, key := range regexp.MustCompile(`[A-Za-z]+`).FindAllString(m[2], -1) {
			out[m[1]][key] = true
		}
	}
	return out
}
