package result

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/event"
)

var began = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const suiteA = "//tests:tests.unit@python3.9"

// file is one cell's part of a test.xml.
type file struct {
	name, verdict, reason string
	start                 time.Time
	attempt               int
	network               string
	cases                 string
	first                 string // verdict of the first attempt
}

func (f file) xml(env string) string {
	if f.start.IsZero() {
		f.start = began.Add(time.Second)
	}
	if f.attempt == 0 {
		f.attempt = 1
	}
	if f.network == "" {
		f.network = "loopback"
	}
	object := func(verdict, reason string) string {
		r := strings.NewReplacer(`"`, "&quot;")
		return r.Replace(fmt.Sprintf(`{"version":1,"file":%q,"type":"unit","attempt":%d,"environment":{"name":%q},"verdict":%q,"reason":%q,"start":%q,"durationSeconds":1,"counts":{"tests":%d},"sandbox":{"network":%q}}`,
			f.name, f.attempt, env, verdict, reason, f.start.Format(time.RFC3339Nano), strings.Count(f.cases, "<testcase"), f.network))
	}
	properties := `<property name="weft.cell" value="` + object(f.verdict, f.reason) + `"/>`
	if f.first != "" {
		properties += `<property name="weft.cell.first" value="` + object(f.first, "first") + `"/>`
	}
	return `<testsuite name="` + f.name + `"><properties>` + properties + `</properties>` + f.cases + `</testsuite>`
}

func kase(name, inner string) string {
	return `<testcase classname="a" name="` + name + `" file="a.py">` + inner + `</testcase>`
}

const bad = `<failure message="ValueError: x">trace</failure>`

// bench is a fold with the artifacts that its opener knows.
type bench struct {
	t         *testing.T
	fold      *Fold
	artifacts map[string]string
}

func newBench(t *testing.T, files ...string) *bench {
	b := &bench{t: t, artifacts: map[string]string{}}
	var cells []PlannedCell
	for _, name := range files {
		cells = append(cells, PlannedCell{
			ID: name + " unit python3.9", File: name, Type: "unit", Environment: "python3.9",
			Suites: []string{suiteA, "//tests:" + strings.TrimSuffix(name, ".py") + ".unit@python3.9"},
		})
	}
	b.fold = New(cells, began, func(uri string) (io.ReadCloser, error) {
		text, ok := b.artifacts[uri]
		if !ok {
			return nil, errors.New("no such artifact")
		}
		return io.NopCloser(strings.NewReader(text)), nil
	})
	return b
}

// result adds a TestResult whose test.xml holds the files.
func (b *bench) result(e event.TestResult, files ...file) []Change {
	if e.Label == "" {
		e.Label = suiteA
	}
	var xml string
	for _, f := range files {
		xml += f.xml("python3.9")
	}
	uri := fmt.Sprintf("file:///%s/%d/%d/%d/test.xml", e.Label, e.Run, e.Shard, e.Attempt)
	b.artifacts[uri] = "<testsuites>" + xml + "</testsuites>"
	e.Outputs = map[string]string{"test.xml": uri, "test.log": "file:///out/test.log"}
	return b.fold.Add(e)
}

func (b *bench) cell(i int) Cell { return b.fold.Run().Cells[i] }

func (b *bench) problems(kind string) []string {
	var out []string
	for _, p := range b.fold.Run().Problems {
		if p.Kind == kind {
			out = append(out, p.Message)
		}
	}
	return out
}

func (b *bench) wantProblem(kind, text string) {
	b.t.Helper()
	for _, p := range b.problems(kind) {
		if strings.Contains(p, text) {
			return
		}
	}
	b.t.Errorf("no %s problem says %q; there are %q", kind, text, b.fold.Run().Problems)
}

func TestFoldPassedCachedAndFresh(t *testing.T) {
	b := newBench(t, "a.py", "b.py")
	changes := b.result(event.TestResult{Status: "passed", CachedRemotely: true},
		file{name: "a.py", verdict: "passed", start: began.Add(-time.Hour), cases: kase("x", "")},
		file{name: "b.py", verdict: "passed", cases: kase("y", "")})
	if len(changes) != 2 || changes[0].Cell.ID != "a.py unit python3.9" || changes[0].Revised {
		t.Fatalf("changes: %+v", changes)
	}
	a, fresh := b.cell(0), b.cell(1)
	if a.Verdict != Passed || !a.Cached || !a.Remote || a.Reason != "" || a.LogPath != "/out/test.log" || a.Suite != suiteA {
		t.Errorf("cached: %+v", a)
	}
	if fresh.Cached || fresh.Duration != time.Second {
		t.Errorf("fresh: %+v", fresh)
	}
	if p := b.fold.Run().Problems; len(p) != 0 {
		t.Errorf("problems: %v", p)
	}
}

func TestFoldDiskCacheIsNotRemote(t *testing.T) {
	for strategy, want := range map[string]bool{"disk cache hit": false, "remote cache hit": true} {
		b := newBench(t, "a.py")
		b.result(event.TestResult{Status: "passed", CachedRemotely: true, Strategy: strategy}, file{name: "a.py", verdict: "passed", cases: kase("x", ""), start: began.Add(-time.Hour)})
		if c := b.fold.Run().Cells[0]; !c.Cached || c.Remote != want {
			t.Errorf("%s: cached %t, remote %t", strategy, c.Cached, c.Remote)
		}
	}
}

func TestFoldCachedWithoutStart(t *testing.T) {
	b := newBench(t, "a.py")
	f := file{name: "a.py", verdict: "passed", cases: kase("x", "")}
	uri := "file:///x"
	b.artifacts[uri] = strings.Replace(f.xml("python3.9"), "&quot;start&quot;:&quot;"+began.Add(time.Second).Format(time.RFC3339Nano)+"&quot;,", "", 1)
	b.fold.Add(event.TestResult{Label: suiteA, Status: "passed", CachedLocally: true, Outputs: map[string]string{"test.xml": uri}})
	if c := b.cell(0); !c.Start.IsZero() || !c.Cached {
		t.Errorf("without a start Bazel's word counts: %+v", c)
	}
}

func TestFoldFlakyWithinSuite(t *testing.T) {
	b := newBench(t, "a.py")
	b.result(event.TestResult{Status: "passed"}, file{name: "a.py", verdict: "passed", attempt: 2, first: "failed",
		cases: kase("x", `<flakyFailure message="m">t</flakyFailure>`)})
	c := b.cell(0)
	if c.Verdict != Passed || !c.Flaky || c.First == nil || c.First.Verdict != Failed || !c.Cases[0].Flaky {
		t.Errorf("got %+v", c)
	}
}

func TestFoldAttemptsByBazel(t *testing.T) {
	b := newBench(t, "a.py")
	first := b.result(event.TestResult{Status: "failed", Attempt: 1}, file{name: "a.py", verdict: "failed", reason: "it failed", cases: kase("x", bad) + kase("y", "")})
	second := b.result(event.TestResult{Status: "passed", Attempt: 2}, file{name: "a.py", verdict: "passed", cases: kase("x", "") + kase("y", "")})
	if first[0].Cell.Verdict != Failed || first[0].Revised || !second[0].Revised || second[0].Cell.Verdict != Passed {
		t.Errorf("changes: %+v then %+v", first, second)
	}
	c := b.cell(0)
	if !c.Flaky || !c.Cases[0].Flaky || c.Cases[0].FirstText != "ValueError: x\ntrace" || c.Cases[1].Flaky || c.First == nil {
		t.Errorf("got %+v", c)
	}
}

func TestFoldShards(t *testing.T) {
	b := newBench(t, "a.py")
	b.result(event.TestResult{Status: "passed", Shard: 1}, file{name: "a.py", verdict: "passed", cases: kase("x", "")})
	b.result(event.TestResult{Status: "failed", Shard: 2}, file{name: "a.py", verdict: "failed", cases: kase("y", bad)})
	b.result(event.TestResult{Status: "passed", Shard: 3})
	c := b.cell(0)
	if c.Verdict != Failed || c.Flaky || len(c.Cases) != 2 || c.Duration != 2*time.Second || c.JSON.Counts.Tests != 2 || c.JSON.Counts.Failed != 1 {
		t.Errorf("got %+v", c)
	}
	if p := b.fold.Run().Problems; len(p) != 0 {
		t.Errorf("an empty shard is no problem: %v", p)
	}
}

func TestFoldRuns(t *testing.T) {
	b := newBench(t, "a.py")
	for run := 1; run <= 3; run++ {
		f := file{name: "a.py", verdict: "passed", start: began.Add(time.Duration(run) * time.Second), cases: kase("x", "")}
		status := event.TestStatus("passed")
		if run == 2 {
			f.verdict, f.reason, f.cases, status = "failed", "x failed", kase("x", bad), "failed"
		}
		b.result(event.TestResult{Status: status, Run: run}, f)
	}
	c := b.cell(0)
	if c.Verdict != Failed || !c.Flaky || c.Reason != "x failed (in 1 of 3 runs)" || len(c.Cases) != 1 || !c.Cases[0].Flaky || c.Cases[0].Outcome != CaseFailed {
		t.Errorf("got %+v", c)
	}
}

func TestFoldSameCellByTwoSuites(t *testing.T) {
	b := newBench(t, "a.py")
	f := file{name: "a.py", verdict: "passed", cases: kase("x", "")}
	b.result(event.TestResult{Status: "passed"}, f)
	b.result(event.TestResult{Status: "passed", Label: "//tests:a.unit@python3.9"}, f)
	if c := b.cell(0); c.Duration != time.Second || len(c.Cases) != 1 {
		t.Errorf("the same recorded run counts once: %+v", c)
	}
}

// TestFoldNotRun holds every way in which a cell can be without a result
// against the reason that it must give.
func TestFoldNotRun(t *testing.T) {
	for _, test := range []struct {
		name   string
		events []event.Event
		want   string
	}{
		{"build failed", []event.Event{event.TargetComplete{Label: suiteA, FailureDetail: "no such\npackage.", Causes: []string{"//src:lib"}}},
			"its suite could not be built: no such package (//src:lib)"},
		{"aborted", []event.Event{event.Aborted{Label: suiteA, Reason: "ANALYSIS_FAILURE", Description: "cycle"}},
			"Bazel gave its suite up: analysis failure: cycle"},
		{"no XML", []event.Event{event.TestResult{Label: suiteA, Status: "failed", Details: "exit 1"}}, "no test.xml: Bazel says: failed (exit 1)"},
		{"suite timeout", []event.Event{event.TestResult{Label: suiteA, Status: "timeout"}}, "Bazel stopped the suite at its timeout"},
		{"XML gone", []event.Event{event.TestResult{Label: suiteA, Status: "passed", Outputs: map[string]string{"test.xml": "bytestream://gone"}}},
			"test.xml could not be opened: no such artifact"},
		{"XML empty", []event.Event{event.TestResult{Label: suiteA, Status: "passed", Outputs: map[string]string{"test.xml": "empty"}}},
			"its suite's test.xml is empty"},
		{"foreign XML", []event.Event{event.TestResult{Label: suiteA, Status: "passed", Outputs: map[string]string{"test.xml": "foreign"}}},
			"holds no cell.json: Bazel says: passed"},
		{"generated XML", []event.Event{event.TestResult{Label: suiteA, Status: "failed", Outputs: map[string]string{"test.xml": "generated"}}},
			"its suite ended without results: Bazel says: failed: exited with error code 1"},
		{"other cells only", []event.Event{event.TestResult{Label: suiteA, Status: "passed", Outputs: map[string]string{"test.xml": "other"}}},
			"reported other cells and not this one"},
		{"status only", []event.Event{event.TestSummary{Label: suiteA, Status: "no status"}, event.Finished{}}, "Bazel says: no status"},
		{"interrupted", []event.Event{event.Finished{ExitName: "INTERRUPTED", ExitCode: 8}}, "interrupted before it was reported"},
		{"nothing said", []event.Event{event.Finished{ExitName: "SUCCESS"}}, "Bazel reported nothing on its suite"},
		{"failed build", []event.Event{event.Finished{ExitName: "PARSING_FAILURE", ExitCode: 1}}, "ended with PARSING_FAILURE"},
		{"killed", nil, "Bazel ended, or was stopped, before it reported this cell"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, "a.py")
			b.artifacts["empty"] = "<testsuites></testsuites>"
			b.artifacts["foreign"] = "<testsuites><testsuite><testcase name='x'/></testsuite></testsuites>"
			b.artifacts["generated"] = "<testsuites><testsuite><testcase name='x'><error message='exited with error code 1'/></testcase><system-out>\nGenerated test.log (if</system-out></testsuite></testsuites>"
			b.artifacts["other"] = file{name: "z.py", verdict: "passed", cases: kase("x", "")}.xml("python3.9")
			for _, e := range test.events {
				b.fold.Add(e)
			}
			c := b.cell(0)
			if c.Verdict != NotRun || !strings.Contains(c.Reason, test.want) {
				t.Errorf("got %s: %q, want %q", c.Verdict, c.Reason, test.want)
			}
		})
	}
}

func TestFoldLostSuiteIsAnnounced(t *testing.T) {
	b := newBench(t, "a.py", "b.py")
	changes := b.fold.Add(event.TargetComplete{Label: suiteA})
	if len(changes) != 2 || changes[1].Cell.Verdict != NotRun {
		t.Errorf("got %+v", changes)
	}
	if again := b.fold.Add(event.Aborted{Label: suiteA, Reason: "INCOMPLETE"}); len(again) != 0 {
		t.Errorf("announced twice: %+v", again)
	}
}

func TestFoldExclude(t *testing.T) {
	b := newBench(t, "a.py")
	b.fold.Exclude("python3.9", "the environment could not be built")
	if c := b.cell(0); c.Verdict != NotRun || c.Reason != "the environment could not be built" {
		t.Errorf("got %+v", c)
	}
}

func TestFoldUnplanned(t *testing.T) {
	b := newBench(t, "a.py")
	b.result(event.TestResult{Status: "passed"}, file{name: "a.py", verdict: "passed", cases: kase("x", "")}, file{name: "new.py", verdict: "failed", cases: kase("x", bad)})
	b.result(event.TestResult{Status: "failed", Label: "//other:go_test"})
	run := b.fold.Run()
	if len(run.Cells) != 2 || run.Cells[1].ID != "new.py unit python3.9" || run.Cells[1].Verdict != Failed {
		t.Errorf("cells: %+v", run.Cells)
	}
	b.wantProblem("unplanned", `reported the cell "new.py unit python3.9", which was not planned`)
	b.wantProblem("suite", "//other:go_test was not planned and is no suite of cells; Bazel says: failed")
}

func TestFoldContradictions(t *testing.T) {
	b := newBench(t, "a.py", "b.py")
	b.result(event.TestResult{Status: "failed", Details: "exit 70"}, file{name: "a.py", verdict: "passed", cases: kase("x", "")})
	b.wantProblem("suite", "failed although each cell that it reported passed; Bazel says: failed exit 70")

	b = newBench(t, "a.py")
	b.result(event.TestResult{Status: "failed"}, file{name: "a.py", verdict: "passed", cases: kase("x", bad)})
	if c := b.cell(0); c.Verdict != Failed || !strings.Contains(c.Reason, "its cell.json says passed, and 1 of its cases failed") {
		t.Errorf("got %+v", c)
	}

	// One shard left no XML: the cell that the other shard reports passed is
	// not the whole of it.
	b = newBench(t, "a.py")
	b.result(event.TestResult{Status: "passed", Shard: 1}, file{name: "a.py", verdict: "passed", cases: kase("x", "")})
	b.fold.Add(event.TestResult{Label: suiteA, Status: "timeout", Shard: 2})
	b.wantProblem("suite", suiteA+" failed although")
	b.wantProblem("missing xml", "Bazel stopped the suite at its timeout")
}

func TestFoldTruncatedXML(t *testing.T) {
	b := newBench(t, "a.py", "b.py")
	whole := "<testsuites>" + file{name: "a.py", verdict: "passed", cases: kase("x", "")}.xml("python3.9") + "<testsuite name='b.py'><prop"
	b.artifacts["cut"] = whole
	b.fold.Add(event.TestResult{Label: suiteA, Status: "failed", Outputs: map[string]string{"test.xml": "cut"}})
	if c := b.cell(0); c.Verdict != Passed {
		t.Errorf("what was whole counts: %+v", c)
	}
	if c := b.cell(1); c.Verdict != NotRun {
		t.Errorf("what was cut does not: %+v", c)
	}
	b.wantProblem("missing xml", "unexpected EOF")
}

func TestFoldSandboxProblems(t *testing.T) {
	b := newBench(t, "a.py", "b.py")
	b.result(event.TestResult{Status: "passed", Strategy: "processwrapper-sandbox"},
		file{name: "a.py", verdict: "passed", network: "host", cases: kase("x", "")}, file{name: "b.py", verdict: "passed", network: "host", cases: kase("x", "")})
	b.fold.Add(event.Metrics{Runners: map[string]int64{"linux-sandbox": 3, "local": 2, "internal": 9}})
	problems := b.problems("sandbox")
	if len(problems) != 2 || !strings.Contains(problems[0], "host's network in python3.9") ||
		!strings.Contains(problems[1], "(2 with local, suites with processwrapper-sandbox)") {
		t.Errorf("got %q", problems)
	}
}

func TestFoldBazelProblems(t *testing.T) {
	b := newBench(t, "a.py")
	b.artifacts["stderr"] = "warning\nerror: it broke\n"
	b.fold.Add(event.Started{Bazel: "7.7.1"})
	b.fold.Add(event.Pattern{Patterns: []string{"//none"}, Problem: "no such target"})
	b.fold.Add(event.Action{Label: "//a:b", Mnemonic: "WeftCell", FailureDetail: "exit 1", Stderr: "stderr"})
	b.fold.Add(event.Aborted{Label: "//x", Reason: "LOADING_FAILURE", Description: "BUILD:1: syntax error"})
	b.fold.Add(event.Aborted{Label: "//y", Reason: "SKIPPED"})
	b.fold.Add(event.Aborted{Label: "//z", Reason: "UNKNOWN"})
	b.fold.Add(event.Bad{Offset: 17, Err: errors.New("bad varint")})
	b.fold.Add(event.Finished{ExitName: "OOM_ERROR", ExitCode: 33})
	for _, want := range []string{
		"target pattern //none: no such target", "action WeftCell of //a:b failed: exit 1: error: it broke",
		"Bazel gave up //x: loading failure: BUILD:1: syntax error", "byte 17 could not be read: bad varint",
	} {
		b.wantProblem("bazel", want)
	}
	for _, p := range b.problems("bazel") {
		if strings.Contains(p, "//y") || strings.Contains(p, "//z") {
			t.Errorf("says nothing: %q", p)
		}
	}
	if n := len(b.problems("bazel")); n != 4 {
		t.Errorf("%d problems: %q", n, b.problems("bazel"))
	}
	if run := b.fold.Run(); run.Bazel != "7.7.1" || run.Interrupted {
		t.Errorf("run: %+v", run)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	var p problems
	for i := range 50 {
		p.add("bazel", fmt.Sprint("problem ", i), "")
		p.add("bazel", fmt.Sprint("problem ", i), "")
	}
	list := p.list()
	if len(list) != maxPerKind+1 || list[maxPerKind].Message != "30 more problems of this kind" {
		t.Errorf("%d: %v", len(list), list[len(list)-1])
	}
}
