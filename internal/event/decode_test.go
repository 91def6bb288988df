package event_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/weft-build/weft/internal/bep"
	"github.com/weft-build/weft/internal/event"
)

var at = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func stream(t testing.TB, records ...*bep.BuildEvent) []byte {
	t.Helper()
	var buf bytes.Buffer
	for _, r := range records {
		if _, err := protodelim.MarshalTo(&buf, r); err != nil {
			t.Fatal(err)
		}
	}
	return buf.Bytes()
}

func all(data []byte) (events []event.Event, complete bool) {
	d := event.NewDecoder(bytes.NewReader(data))
	for {
		next, err := d.Next()
		if errors.Is(err, io.EOF) {
			return events, d.Complete()
		}
		events = append(events, next...)
	}
}

func records() []*bep.BuildEvent {
	file := func(name, uri string) *bep.File { return &bep.File{Name: name, File: &bep.File_Uri{Uri: uri}} }
	return []*bep.BuildEvent{
		{Payload: &bep.BuildEvent_Started{Started: &bep.BuildStarted{BuildToolVersion: "7.7.1", ServerPid: 4, StartTime: timestamppb.New(at)}}},
		{Payload: &bep.BuildEvent_Progress{Progress: &bep.Progress{Stderr: "e", Stdout: "o"}}},
		{Id: &bep.BuildEventId{Id: &bep.BuildEventId_TargetConfigured{TargetConfigured: &bep.BuildEventId_TargetConfiguredId{Label: "//a:b"}}},
			Payload: &bep.BuildEvent_Configured{Configured: &bep.TargetConfigured{Tag: []string{"weft"}}}},
		{Id: &bep.BuildEventId{Id: &bep.BuildEventId_ActionCompleted{ActionCompleted: &bep.BuildEventId_ActionCompletedId{Label: "//a:b.cells", PrimaryOutput: "p"}}},
			Payload: &bep.BuildEvent_Action{Action: &bep.ActionExecuted{Success: true, Type: "WeftCell", PrimaryOutput: file("", "file:///x/cell.json")}}},
		{Id: &bep.BuildEventId{Id: &bep.BuildEventId_TargetCompleted{TargetCompleted: &bep.BuildEventId_TargetCompletedId{Label: "//a:bad"}}},
			Children: []*bep.BuildEventId{{Id: &bep.BuildEventId_ActionCompleted{ActionCompleted: &bep.BuildEventId_ActionCompletedId{Label: "//a:root"}}}},
			Payload:  &bep.BuildEvent_Completed{Completed: &bep.TargetComplete{FailureDetail: &bep.FailureDetail{Message: "no"}}}},
		{Id: &bep.BuildEventId{Id: &bep.BuildEventId_TestResult{TestResult: &bep.BuildEventId_TestResultId{Label: "//a:b", Run: 1, Shard: 2, Attempt: 3}}},
			Payload: &bep.BuildEvent_TestResult{TestResult: &bep.TestResult{Status: bep.TestStatus_FLAKY, CachedLocally: true, StatusDetails: "d",
				ExecutionInfo: &bep.TestResult_ExecutionInfo{Strategy: "linux-sandbox", CachedRemotely: true}, TestAttemptStart: timestamppb.New(at),
				TestAttemptDuration: durationpb.New(time.Second), TestActionOutput: []*bep.File{file("test.xml", "file:///t.xml")}}}},
		{Id: &bep.BuildEventId{Id: &bep.BuildEventId_TestSummary{TestSummary: &bep.BuildEventId_TestSummaryId{Label: "//a:b"}}},
			Payload: &bep.BuildEvent_TestSummary{TestSummary: &bep.TestSummary{OverallStatus: bep.TestStatus_TIMEOUT, TotalRunCount: 2}}},
		{Id: &bep.BuildEventId{Id: &bep.BuildEventId_ConfiguredLabel{ConfiguredLabel: &bep.BuildEventId_ConfiguredLabelId{Label: "//a:c"}}},
			Payload: &bep.BuildEvent_Aborted{Aborted: &bep.Aborted{Reason: bep.Aborted_ANALYSIS_FAILURE, Description: "broken"}}},
		{Id: &bep.BuildEventId{Id: &bep.BuildEventId_Pattern{Pattern: &bep.BuildEventId_PatternExpandedId{Pattern: []string{"//no"}}}},
			Payload: &bep.BuildEvent_Aborted{Aborted: &bep.Aborted{Description: "no such package"}}},
		{Payload: &bep.BuildEvent_BuildMetrics{BuildMetrics: &bep.BuildMetrics{ActionSummary: &bep.BuildMetrics_ActionSummary{ActionsExecuted: 3, ActionsCreated: 5,
			RunnerCount: []*bep.BuildMetrics_ActionSummary_RunnerCount{{Name: "linux-sandbox", Count: 2}, {Name: "remote cache hit", Count: 1}}},
			TimingMetrics: &bep.BuildMetrics_TimingMetrics{WallTimeInMs: 1500}}}},
		{Payload: &bep.BuildEvent_Finished{Finished: &bep.BuildFinished{ExitCode: &bep.BuildFinished_ExitCode{Name: "TESTS_FAILED", Code: 3}, FinishTime: timestamppb.New(at)}}, LastMessage: true},
	}
}

func want() []event.Event {
	return []event.Event{
		event.Started{Time: at, Bazel: "7.7.1", PID: 4},
		event.Progress{Stderr: "e", Stdout: "o"},
		event.Configured{Label: "//a:b", Tags: []string{"weft"}},
		event.Action{Label: "//a:b.cells", Mnemonic: "WeftCell", PrimaryOutput: "file:///x/cell.json", Success: true},
		event.TargetComplete{Label: "//a:bad", FailureDetail: "no", Causes: []string{"//a:root"}},
		event.TestResult{Label: "//a:b", Run: 1, Shard: 2, Attempt: 3, Status: "flaky", Details: "d", CachedLocally: true, CachedRemotely: true,
			Strategy: "linux-sandbox", Start: at, Duration: time.Second, Outputs: map[string]string{"test.xml": "file:///t.xml"}},
		event.TestSummary{Label: "//a:b", Status: "timeout", Runs: 2},
		event.Aborted{Label: "//a:c", Reason: "ANALYSIS_FAILURE", Description: "broken"},
		event.Pattern{Patterns: []string{"//no"}, Problem: "no such package"},
		event.Metrics{ActionsExecuted: 3, ActionsCreated: 5, RemoteCacheHits: 1, Wall: 1500 * time.Millisecond, Runners: map[string]int64{"linux-sandbox": 2, "remote cache hit": 1}},
		event.Finished{ExitName: "TESTS_FAILED", ExitCode: 3, Time: at},
	}
}

func TestDecode(t *testing.T) {
	got, complete := all(stream(t, records()...))
	if !complete {
		t.Error("the last message was not seen")
	}
	if len(got) != len(want()) {
		t.Fatalf("%d events, want %d: %#v", len(got), len(want()), got)
	}
	for i, w := range want() {
		if !reflect.DeepEqual(got[i], w) {
			t.Errorf("event %d:\n%#v\nwant\n%#v", i, got[i], w)
		}
	}
}

func TestDecodeCutStream(t *testing.T) {
	data := stream(t, records()...)
	got, complete := all(data[:len(data)-2])
	if complete {
		t.Error("a cut stream counts as complete")
	}
	if _, ok := got[len(got)-1].(event.Bad); !ok {
		t.Errorf("the last event is %#v, not Bad", got[len(got)-1])
	}
	if len(got) != len(want()) {
		t.Errorf("%d events before the cut, want %d", len(got)-1, len(want())-1)
	}
}

func TestDecodeSkipsWhatItDoesNotRead(t *testing.T) {
	// Field 16 of BuildEvent (workspace status) is not in the trimmed copy.
	data := append([]byte{3, 0x82, 0x01, 0x00}, stream(t, records()[0])...)
	if got, _ := all(data); len(got) != 1 {
		t.Errorf("events %#v", got)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(stream(f, records()...))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, data []byte) { all(data) })
}
