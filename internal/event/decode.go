package event

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/weft-build/weft/internal/bep"
)

// maxRecord bounds one record. Bazel's largest are Progress (capped by Bazel)
// and the expansion of a pattern, which holds every target of the build.
const maxRecord = 256 << 20

// Decoder reads a stream of delimited BuildEvent records, as
// --build_event_binary_file writes it.
type Decoder struct {
	r    *countingReader
	opts protodelim.UnmarshalOptions
	last bool
	done bool
}

// NewDecoder reads from r, which may still be growing: Read blocks until
// there is more.
func NewDecoder(r io.Reader) *Decoder {
	return &Decoder{
		r:    &countingReader{r: bufio.NewReaderSize(r, 64<<10)},
		opts: protodelim.UnmarshalOptions{MaxSize: maxRecord},
	}
}

// Complete reports whether the stream's last message was seen. A stream that
// ends before it was cut off: Bazel was killed or the disk was full.
func (d *Decoder) Complete() bool { return d.last }

// Next returns the events of the next record, none for a record that Weft
// does not read. The error is io.EOF at the end. A record that cannot be
// decoded comes back as a Bad event and ends the stream, since the start of
// the next record is then unknown.
func (d *Decoder) Next() ([]Event, error) {
	if d.done {
		return nil, io.EOF
	}
	offset := d.r.n
	var record bep.BuildEvent
	switch err := d.opts.UnmarshalFrom(d.r, &record); {
	case errors.Is(err, io.EOF):
		d.done = true
		return nil, io.EOF
	case err != nil:
		d.done = true
		return []Event{Bad{Offset: offset, Err: fmt.Errorf("reading the build event at byte %d: %w", offset, err)}}, nil
	}
	if record.GetLastMessage() {
		d.last, d.done = true, true
	}
	return convert(&record), nil
}

// convert maps one record to events.
func convert(r *bep.BuildEvent) []Event {
	id := r.GetId()
	switch p := r.GetPayload().(type) {
	case *bep.BuildEvent_Started:
		return one(Started{Time: stamp(p.Started.GetStartTime()), Bazel: p.Started.GetBuildToolVersion(), PID: p.Started.GetServerPid()})
	case *bep.BuildEvent_Progress:
		return one(Progress{Stderr: p.Progress.GetStderr(), Stdout: p.Progress.GetStdout()})
	case *bep.BuildEvent_Aborted:
		return aborted(id, p.Aborted)
	case *bep.BuildEvent_Configured:
		return one(Configured{Label: Text(id.GetTargetConfigured().GetLabel()), Tags: p.Configured.GetTag()})
	case *bep.BuildEvent_Action:
		return one(action(id.GetActionCompleted(), p.Action))
	case *bep.BuildEvent_Completed:
		return one(complete(r, p.Completed))
	case *bep.BuildEvent_TestResult:
		return one(testResult(id.GetTestResult(), p.TestResult))
	case *bep.BuildEvent_TestSummary:
		return one(TestSummary{Label: Text(id.GetTestSummary().GetLabel()), Status: status(p.TestSummary.GetOverallStatus()), Runs: int(p.TestSummary.GetTotalRunCount())})
	case *bep.BuildEvent_Finished:
		code := p.Finished.GetExitCode()
		return one(Finished{ExitName: code.GetName(), ExitCode: int(code.GetCode()), Time: stamp(p.Finished.GetFinishTime())})
	case *bep.BuildEvent_BuildMetrics:
		return one(metrics(p.BuildMetrics))
	}
	return nil
}

func one(e Event) []Event { return []Event{e} }

func aborted(id *bep.BuildEventId, a *bep.Aborted) []Event {
	reason := a.GetReason().String()
	if p := id.GetPattern(); p != nil {
		return one(Pattern{Patterns: p.GetPattern(), Problem: a.GetDescription()})
	}
	if p := id.GetPatternSkipped(); p != nil {
		return one(Pattern{Patterns: p.GetPattern(), Problem: a.GetDescription()})
	}
	label := ""
	for _, l := range []string{
		Text(id.GetTargetCompleted().GetLabel()), Text(id.GetTargetConfigured().GetLabel()), Text(id.GetTestResult().GetLabel()),
		Text(id.GetTestSummary().GetLabel()), Text(id.GetConfiguredLabel().GetLabel()), Text(id.GetUnconfiguredLabel().GetLabel()),
	} {
		if l != "" {
			label = l
			break
		}
	}
	return one(Aborted{Label: label, Reason: reason, Description: a.GetDescription()})
}

func action(id *bep.BuildEventId_ActionCompletedId, a *bep.ActionExecuted) Action {
	label := Text(a.GetLabel())
	if label == "" {
		label = Text(id.GetLabel())
	}
	output := id.GetPrimaryOutput()
	if uri := a.GetPrimaryOutput().GetUri(); uri != "" {
		output = uri
	}
	return Action{
		Label: label, Mnemonic: a.GetType(), PrimaryOutput: output, Success: a.GetSuccess(),
		Start: stamp(a.GetStartTime()), End: stamp(a.GetEndTime()),
		Stderr: a.GetStderr().GetUri(), FailureDetail: a.GetFailureDetail().GetMessage(),
	}
}

// complete reads a target's end; the failed actions that caused it are its
// children.
func complete(r *bep.BuildEvent, c *bep.TargetComplete) TargetComplete {
	t := TargetComplete{
		Label: Text(r.GetId().GetTargetCompleted().GetLabel()), Success: c.GetSuccess(),
		FailureDetail: c.GetFailureDetail().GetMessage(),
	}
	if t.Success {
		return t
	}
	for _, child := range r.GetChildren() {
		if l := Text(child.GetActionCompleted().GetLabel()); l != "" {
			t.Causes = append(t.Causes, l)
		}
	}
	return t
}

func testResult(id *bep.BuildEventId_TestResultId, t *bep.TestResult) TestResult {
	e := TestResult{
		Label: Text(id.GetLabel()), Run: int(id.GetRun()), Shard: int(id.GetShard()), Attempt: int(id.GetAttempt()),
		Status: status(t.GetStatus()), Details: t.GetStatusDetails(), CachedLocally: t.GetCachedLocally(),
		CachedRemotely: t.GetExecutionInfo().GetCachedRemotely(), Strategy: t.GetExecutionInfo().GetStrategy(),
		Start: stamp(t.GetTestAttemptStart()), Duration: length(t.GetTestAttemptDuration()),
		Outputs: map[string]string{},
	}
	for _, f := range t.GetTestActionOutput() {
		e.Outputs[f.GetName()] = f.GetUri()
	}
	return e
}

func metrics(m *bep.BuildMetrics) Metrics {
	e := Metrics{
		ActionsCreated: m.GetActionSummary().GetActionsCreated(), ActionsExecuted: m.GetActionSummary().GetActionsExecuted(),
		Wall:      millis(m.GetTimingMetrics().GetWallTimeInMs()),
		Analysis:  millis(m.GetTimingMetrics().GetAnalysisPhaseTimeInMs()),
		Execution: millis(m.GetTimingMetrics().GetExecutionPhaseTimeInMs()),
		Runners:   map[string]int64{},
	}
	for _, r := range m.GetActionSummary().GetRunnerCount() {
		e.Runners[r.GetName()] += int64(r.GetCount())
	}
	e.RemoteCacheHits, e.DiskCacheHits = e.Runners["remote cache hit"], e.Runners["disk cache hit"]
	return e
}

var statuses = map[bep.TestStatus]TestStatus{
	bep.TestStatus_NO_STATUS: "no status", bep.TestStatus_PASSED: "passed", bep.TestStatus_FLAKY: "flaky",
	bep.TestStatus_TIMEOUT: "timeout", bep.TestStatus_FAILED: "failed", bep.TestStatus_INCOMPLETE: "incomplete",
	bep.TestStatus_REMOTE_FAILURE: "remote failure", bep.TestStatus_FAILED_TO_BUILD: "failed to build",
	bep.TestStatus_TOOL_HALTED_BEFORE_TESTING: "tool halted before testing",
}

func status(s bep.TestStatus) TestStatus {
	if word, ok := statuses[s]; ok {
		return word
	}
	return "no status"
}

func stamp(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}

func length(d *durationpb.Duration) time.Duration { return d.AsDuration() }

func millis(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// countingReader gives protodelim its ByteReader and counts what was read.
type countingReader struct {
	r *bufio.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *countingReader) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}
