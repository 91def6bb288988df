package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/bep"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// TestCellsOfAnotherPassAreCached: a pass that waited for another one finds its
// cells in the cache, though they began after this command did.
func TestCellsOfAnotherPassAreCached(t *testing.T) {
	dir := t.TempDir()
	begin := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	now := begin
	p := &pass{
		req: request.Request{Workspace: dir, Dir: dir, Jobs: 1}, sink: &collector{}, start: begin, id: "run", told: map[string]bool{},
		tools:  Tools{Now: func() time.Time { return now }},
		client: &bazel.Client{Workspace: dir, Binary: fakeBazel(t, dir, begin.Add(time.Minute))},
		plan: &plan.Plan{Patterns: []string{"//:t"}, Environments: []string{"py"},
			Cells: []result.PlannedCell{{ID: "a.py unit py", File: "a.py", Type: "unit", Environment: "py", Suites: []string{"//:t"}}}},
	}
	now = begin.Add(2 * time.Minute) // the other one is done
	run, err := p.test(t.Context())
	if err != nil || len(run.Cells) != 1 {
		t.Fatal(run, err)
	}
	if c := run.Cells[0]; c.Verdict != result.Passed || !c.Cached || !run.Start.Equal(begin) {
		t.Errorf("verdict %q (%s), cached %v, the run began %v", c.Verdict, c.Reason, c.Cached, run.Start)
	}
}

// TestEnvironmentThatCannotBeMade: its cells are told, for a watch knows them as
// they were before; those that an event told of are told once.
func TestEnvironmentThatCannotBeMade(t *testing.T) {
	dir := t.TempDir()
	sink := &collector{}
	cell := func(environment, suite string) result.PlannedCell {
		return result.PlannedCell{ID: "a.py unit " + environment, File: "a.py", Type: "unit", Environment: environment, Suites: []string{suite}}
	}
	p := newPass(request.Request{Workspace: dir, Dir: dir, Jobs: 1}, Tools{Now: time.Now, Memory: &Memory{whole: &plan.Plan{}}}, sink)
	p.client = &bazel.Client{Workspace: dir, Binary: fakeBazel(t, dir, time.Now())}
	p.plan = &plan.Plan{Patterns: []string{"//:t", "//:u"}, Environments: []string{"py", "broken"}, Cells: []result.PlannedCell{cell("py", "//:t"), cell("broken", "//:u")}}
	p.unbuilt["broken"] = "builder failed"
	if _, err := p.test(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := map[string][]string{}
	for _, u := range sink.updates {
		if c, ok := u.(Changed); ok {
			told[c.Change.Cell.ID] = append(told[c.Change.Cell.ID], string(c.Change.Cell.Verdict)+c.Change.Cell.Reason)
		}
	}
	if want := map[string][]string{"a.py unit py": {"passed"}, "a.py unit broken": {"not runbuilder failed"}}; !reflect.DeepEqual(told, want) {
		t.Errorf("told %q, not %q", told, want)
	}
}

// TestRefusedFlags: a pass that has no report leaves no folder, for a watch may
// have a thousand of them before its flags are mended.
func TestRefusedFlags(t *testing.T) {
	dir := t.TempDir()
	p := newPass(request.Request{Workspace: dir, Dir: dir, Jobs: 1, BazelFlags: []string{"--nope"}}, Tools{Now: time.Now}, &collector{})
	program := filepath.Join(dir, "bazel")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nexit 2\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	p.client = &bazel.Client{Workspace: dir, Binary: program}
	p.plan = &plan.Plan{Patterns: []string{"//:t"}, Cells: []result.PlannedCell{{ID: "a.py unit py", Suites: []string{"//:t"}}}}
	_, err := p.test(t.Context())
	var usage *request.UsageError
	if !errors.As(err, &usage) {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(p.runs()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestBeside: a cell that is only gathered again is told when it is not what was
// known of it.
func TestBeside(t *testing.T) {
	begin := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name  string
		start time.Time
		told  int
	}{
		{"from the cache", begin.Add(-time.Minute), 0},
		{"run anew", begin.Add(time.Minute), 1},
	} {
		dir := t.TempDir()
		sink := &collector{}
		b := result.PlannedCell{ID: "b.py unit py", File: "b.py", Type: "unit", Environment: "py", Suites: []string{"//:t"}}
		p := &pass{
			req: request.Request{Workspace: dir, Dir: dir, Jobs: 1}, sink: sink, start: begin, id: "run", told: map[string]bool{},
			tools:  Tools{Now: func() time.Time { return begin }},
			client: &bazel.Client{Workspace: dir, Binary: fakeBazel(t, dir, test.start)},
			plan: &plan.Plan{Patterns: []string{"//:t"}, Environments: []string{"py"}, Cells: []result.PlannedCell{b},
				Beside: []result.PlannedCell{{ID: "a.py unit py", File: "a.py", Type: "unit", Environment: "py", Suites: []string{"//:t"}}}},
		}
		run, err := p.test(t.Context())
		if err != nil || len(run.Cells) != 1+test.told || run.Cells[0].ID != b.ID || slices.ContainsFunc(run.Problems, unplanned) {
			t.Errorf("%s: %+v, %v", test.name, run, err)
		}
		told := 0
		for _, u := range sink.updates {
			if c, ok := u.(Changed); ok && c.Change.Cell.ID == "a.py unit py" {
				told++
			}
		}
		if told != test.told {
			t.Errorf("%s: told %d times", test.name, told)
		}
	}
}

func unplanned(p result.Problem) bool { return p.Kind == "unplanned" }

func TestSettled(t *testing.T) {
	m := &Memory{results: map[string]remembered{}}
	for id, v := range map[string]result.Verdict{"passed": result.Passed, "failed": result.Failed, "due": result.Passed} {
		m.results[id] = m.common.pack(result.Cell{ID: id, Verdict: v})
	}
	settled := m.settled([]string{"due"})
	for id, want := range map[string]bool{"passed": true, "failed": false, "due": false, "never run": false} {
		if settled(id) != want {
			t.Errorf("%s: %v", id, !want)
		}
	}
}

// fakeBazel is an executable that reports one suite, whose cell began at start.
func fakeBazel(t *testing.T, dir string, start time.Time) string {
	t.Helper()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	xml := write("test.xml", fmt.Sprintf(`<testsuites><testsuite name="a.py"><properties><property name="weft.cell" value="`+
		`{&quot;version&quot;:1,&quot;file&quot;:&quot;a.py&quot;,&quot;type&quot;:&quot;unit&quot;,&quot;environment&quot;:{&quot;name&quot;:&quot;py&quot;},`+
		`&quot;verdict&quot;:&quot;passed&quot;,&quot;start&quot;:&quot;%s&quot;,&quot;counts&quot;:{&quot;tests&quot;:1}}"/></properties>`+
		`<testcase name="test_a" classname="a" file="a.py"/></testsuite></testsuites>`, start.Format(time.RFC3339)))
	var events bytes.Buffer
	for _, record := range []*bep.BuildEvent{
		{Id: &bep.BuildEventId{Id: &bep.BuildEventId_TestResult{TestResult: &bep.BuildEventId_TestResultId{Label: "//:t", Run: 1, Attempt: 1}}},
			Payload: &bep.BuildEvent_TestResult{TestResult: &bep.TestResult{Status: bep.TestStatus_PASSED,
				TestActionOutput: []*bep.File{{Name: "test.xml", File: &bep.File_Uri{Uri: "file://" + xml}}}}}},
		{Payload: &bep.BuildEvent_Finished{Finished: &bep.BuildFinished{ExitCode: &bep.BuildFinished_ExitCode{Name: "SUCCESS"}}}, LastMessage: true},
	} {
		if _, err := protodelim.MarshalTo(&events, record); err != nil {
			t.Fatal(err)
		}
	}
	return write("bazel", `#!/bin/sh
for flag; do
  case $flag in --build_event_binary_file=*) cat '`+write("events", events.String())+`' > "${flag#*=}" ;; esac
done
`)
}
