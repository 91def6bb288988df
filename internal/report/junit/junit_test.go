package junit

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/report"
)

func render(t *testing.T, cells ...report.Cell) (string, testsuites) {
	t.Helper()
	r := report.Report{Cells: cells, Environments: []report.Environment{{Name: "e", Version: "3.9.2", StorePath: "/nix/store/e"}}}
	r.Run.Scope = "all"
	var b strings.Builder
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	var back testsuites
	if err := xml.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	return b.String(), back
}

func TestCasesAndCounts(t *testing.T) {
	text, back := render(t, report.Cell{
		File: "a.py", Type: "unit", Environment: "e", Verdict: "failed", Reason: "two failed",
		Cases: []report.Case{
			{Name: "ok", Class: "a", Outcome: "passed"},
			{Name: "bad", Class: "a", Outcome: "failed", Type: "ValueError", Message: "m", Text: "trace ]]> <b>", FirstText: "first\nline"},
			{Name: "worse", Class: "a", Outcome: "error", Message: "e"},
			{Name: "not now", Class: "a", Outcome: "skipped", Message: "why"},
			{Name: "known", Class: "a", Outcome: "xfailed", Message: "why"},
			{Name: "shaky", Outcome: "passed", Flaky: true, FirstText: "then"},
			{Name: "a|b <i> \x00 \xff \U0001F6E2", Class: "a", Outcome: "passed", Properties: map[string]string{"z": "1", "a": "2"}},
		},
	})
	if back.Tests != 7 || back.Failures != 1 || back.Errors != 1 || back.Skipped != 2 {
		t.Errorf("counts: %d tests, %d failures, %d errors, %d skipped", back.Tests, back.Failures, back.Errors, back.Skipped)
	}
	for _, want := range []string{
		`<testsuite name="a.py [unit, e]" tests="7" failures="1" errors="1" skipped="2"`,
		`<property name="weft.environment.store_path" value="/nix/store/e">`,
		`classname="a" name="ok [unit, e]"`, `classname="a.py" name="shaky [unit, e]"`,
		`<failure message="m" type="ValueError">trace ]]&gt; &lt;b&gt;</failure>`, `<rerunFailure message="first">`,
		`<skipped message="why" type="pytest.xfail">`, `<flakyFailure message="then">then</flakyFailure>`,
		"name=\"a|b &lt;i&gt; \uFFFD \uFFFD \U0001F6E2 [unit, e]\"", "<property name=\"a\" value=\"2\"></property>\n        <property name=\"z\"",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
}

// TestNoCellPassesSilently: whatever a cell's verdict, a consumer that counts
// failures and errors must see it.
func TestNoCellPassesSilently(t *testing.T) {
	for _, verdict := range []string{"timeout", "crashed", "no tests", "not run", "failed"} {
		_, back := render(t, report.Cell{File: "a.py", Type: "unit", Environment: "e", Verdict: verdict, Reason: "because", Cases: []report.Case{{Name: "ok", Outcome: "passed"}}})
		if back.Errors != 1 || back.Suites[0].Cases[1].Error.Message != "because" || back.Suites[0].Cases[1].Error.Type != verdict {
			t.Errorf("%s: %+v", verdict, back.Suites[0])
		}
	}
	if _, back := render(t, report.Cell{File: "a.py", Verdict: "passed"}); back.Errors+back.Failures != 0 {
		t.Error("a cell that passed shows an error")
	}
}

// full fails after so many bytes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

func TestWriteError(t *testing.T) {
	for _, left := range []int{0, len(xml.Header)} {
		if err := Write(&full{left}, report.Report{}); err == nil || !strings.HasPrefix(err.Error(), "writing JUnit XML: ") {
			t.Errorf("got %v", err)
		}
	}
}
