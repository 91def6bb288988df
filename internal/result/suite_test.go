package result

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// cellXML is a testsuite as the launcher writes it.
func cellXML(json, cases string) string {
	r := strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;")
	return `<testsuite name="tests/test_a.py"><properties><property name="weft.cell" value="` + r.Replace(json) +
		`"/></properties>` + cases + `</testsuite>`
}

func cellJSON(verdict string, tests int) string {
	return fmt.Sprintf(`{"version":1,"label":"//tests:test_a","file":"tests/test_a.py","type":"unit","attempt":1,
"environment":{"name":"python3.9","kind":"python","version":"3.9.2","storePath":"/nix/store/x"},
"verdict":%q,"start":"2026-11-23T12:00:00Z","durationSeconds":1.5,"counts":{"tests":%d},
"sandbox":{"network":"loopback"}}`, verdict, tests)
}

const oneTest = `<testcase classname="tests.test_a" name="test_x" file="tests/test_a.py" line="3" time="0.25"/>`

func parse(t *testing.T, xml string) []SuiteCell {
	t.Helper()
	cells, err := ParseSuite(strings.NewReader(xml))
	if err != nil {
		t.Fatal(err)
	}
	return cells
}

func TestParseSuiteCell(t *testing.T) {
	cells := parse(t, "<testsuites>"+cellXML(cellJSON("passed", 1), oneTest)+"</testsuites>")
	if len(cells) != 1 || cells[0].JSON == nil {
		t.Fatalf("got %+v", cells)
	}
	c := cells[0]
	if c.JSON.Verdict != Passed || c.JSON.File != "tests/test_a.py" || c.JSON.DurationSeconds != 1.5 || len(c.Problems) != 0 {
		t.Errorf("cell.json: %+v, problems %v", c.JSON, c.Problems)
	}
	want := Case{ID: "tests/test_a.py::test_x", Name: "test_x", Class: "tests.test_a", Outcome: CasePassed, Duration: 250 * time.Millisecond, Line: 3}
	if got := c.Cases[0]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("case: got %+v, want %+v", got, want)
	}
}

func TestParseSuiteCases(t *testing.T) {
	for _, test := range []struct {
		name, xml string
		want      Case
	}{
		{"failed", `<failure message="ValueError: x&#10;more" type="ValueError">trace</failure>`,
			Case{Outcome: CaseFailed, Type: "ValueError", Message: "ValueError: x", Text: "trace"}},
		{"failed without a message", `<failure>first
second</failure>`, Case{Outcome: CaseFailed, Message: "first", Text: "first\nsecond"}},
		{"error after failure", `<failure message="a">b</failure><error message="c">d</error>`,
			Case{Outcome: CaseFailed, Message: "a", Text: "b\nd"}},
		{"skipped", `<skipped message="why"/>`, Case{Outcome: CaseSkipped, Message: "why"}},
		{"expected failure", `<skipped type="pytest.xfail" message="why"/>`, Case{Outcome: CaseXFailed, Message: "why"}},
		{"unexpected pass", `<properties><property name="weft.outcome" value="xpassed"/></properties>`, Case{Outcome: CaseXPassed}},
		{"synthetic", `<properties><property name="weft.synthetic" value="true"/></properties><error message="m"/>`,
			Case{Outcome: CaseError, Message: "m", Synthetic: true}},
		{"flaky", `<flakyFailure message="m">t</flakyFailure>`, Case{Outcome: CasePassed, Flaky: true, FirstText: "m\nt"}},
		{"flaky with a stack trace element", `<flakyError message="m"><stackTrace>m at t</stackTrace></flakyError>`,
			Case{Outcome: CasePassed, Flaky: true, FirstText: "m at t"}},
		{"failed twice", `<failure message="now">n</failure><rerunFailure message="then">then t</rerunFailure>`,
			Case{Outcome: CaseFailed, Message: "now", Text: "n", FirstText: "then t"}},
		{"properties and output", `<properties><property name="external_dependency" value="sqlite"/><property name="p">text</property></properties><system-out>out</system-out><system-err>err</system-err>`,
			Case{Outcome: CasePassed, Properties: []Property{{"external_dependency", "sqlite"}, {"p", "text"}}, Stdout: "outerr"}},
		{"private tree", `<failure message="no '/tmp/weft-12ab/tree/data/x.csv'">File "/build/weft-0f/tree/src/a.py", line 3</failure>`,
			Case{Outcome: CaseFailed, Message: "no 'data/x.csv'", Text: `File "src/a.py", line 3`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cells := parse(t, `<testsuite name="s"><testcase name="n">`+test.xml+`</testcase></testsuite>`)
			test.want.ID, test.want.Name = "n", "n"
			if got := cells[0].Cases[0]; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", test.want) {
				t.Errorf("\ngot  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestNodeID(t *testing.T) {
	for _, test := range []struct{ file, suite, class, name, want string }{
		{"tests/test_a.py", "tests/test_a.py", "tests.test_a", "test_y[1]", "tests/test_a.py::test_y[1]"},
		{"tests/test_a.py", "tests/test_a.py", "tests.test_a.TestX.TestY", "test_y", "tests/test_a.py::TestX::TestY::test_y"},
		{"tests/test_a.py", "tests/test_a.py", "tests.test_a", "tests/test_a.py", "tests/test_a.py"},
		{"tests/base.py", "tests/test_a.py", "tests.test_a.TestX", "test_y", "tests/test_a.py::TestX::test_y"},
		{"tests/test_f.m", "tests/test_f.m", "tests.test_f", "test <*1>", "tests/test_f.m::test <*1>"},
		{"", "pkg", "pkg.Class", "method", "pkg.Class::method"},
		{"", "", "", "name", "name"},
	} {
		if got := nodeID(test.file, test.suite, test.class, test.name); got != test.want {
			t.Errorf("nodeID(%q, %q, %q, %q) = %q, want %q", test.file, test.suite, test.class, test.name, got, test.want)
		}
	}
}

func TestParseSuiteGeneratedByBazel(t *testing.T) {
	cells := parse(t, `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="tests/tests.unit@e" tests="1" failures="0" errors="1">
    <testcase name="tests/tests.unit@e" status="run" duration="2" time="2"><error message="exited with error code 1"></error></testcase>
      <system-out>
Generated test.log (if the file is not UTF-8, then this may be unreadable):
<![CDATA[exec ${PAGER:-/usr/bin/less} "$0" || exit 1
boom]]>
      </system-out>
    </testsuite>
</testsuites>`)
	if len(cells) != 1 || !cells[0].Generated || cells[0].JSON != nil || cells[0].Cases[0].Message != "exited with error code 1" {
		t.Errorf("got %+v", cells)
	}
}

func TestParseSuiteForeign(t *testing.T) {
	cells := parse(t, `<!DOCTYPE x><testsuites><testsuite name="outer"><testsuite name="inner"><testcase name="a"/></testsuite><testsuite name="other"/></testsuite></testsuites>`)
	if len(cells) != 2 || cells[0].Name != "inner" || cells[0].JSON != nil || cells[0].Generated || len(cells[0].Cases) != 1 {
		t.Errorf("got %+v", cells)
	}
}

func TestParseSuiteBadCellJSON(t *testing.T) {
	for name, test := range map[string]struct{ json, want string }{
		"no JSON":         {`{"version":1,`, "is not a cell.json"},
		"newer":           {`{"version":2,"counts":"three"}`, "version 2, newer than"},
		"newer, readable": {strings.Replace(cellJSON("passed", 1), `"version":1`, `"version":9`, 1), "version 9, newer than"},
		"no version":      {`{"file":"a","type":"unit"}`, "has no version"},
		"nameless":        {`{"version":1,"file":"a"}`, "does not name its file, type and environment"},
	} {
		t.Run(name, func(t *testing.T) {
			cells := parse(t, cellXML(test.json, ""))
			if cells[0].JSON != nil || len(cells[0].Problems) != 1 || !strings.Contains(cells[0].Problems[0], test.want) {
				t.Errorf("got %+v, problems %q", cells[0].JSON, cells[0].Problems)
			}
		})
	}
	cells := parse(t, cellXML(cellJSON("splendid", 1), oneTest))
	if j := cells[0].JSON; j == nil || j.Verdict != Infrastructure || !strings.Contains(j.Reason, "splendid") {
		t.Errorf("an unknown verdict must not pass: %+v", j)
	}
	cells = parse(t, cellXML(cellJSON("passed", 3), oneTest))
	if p := cells[0].Problems; len(p) != 1 || !strings.Contains(p[0], "counts 3 tests, and 1 are in the XML") {
		t.Errorf("lost tests must be said: %q", p)
	}
}

func TestParseSuiteTruncated(t *testing.T) {
	whole := "<testsuites>" + cellXML(cellJSON("passed", 1), oneTest) + cellXML(cellJSON("failed", 2), oneTest+`<testcase name="test_y"><failure message="m">tr`)
	cut := whole[:len(whole)-len("</testsuite>")]
	cells, err := ParseSuite(strings.NewReader(cut))
	if err == nil {
		t.Fatal("a truncated XML is an error")
	}
	if len(cells) != 2 || cells[0].JSON == nil || cells[1].JSON == nil || len(cells[1].Cases) != 2 || cells[1].Cases[1].Message != "m" {
		t.Errorf("what could be read is kept: %+v", cells)
	}
}

func TestParseSuiteErrors(t *testing.T) {
	for name, xml := range map[string]string{
		"empty":       "",
		"not XML":     "Segmentation fault",
		"other root":  "<html><body/></html>",
		"unbalanced":  "<testsuites><testsuite></testsuites>",
		"bad entity":  "<testsuites>&boom;</testsuites>",
		"deep nested": strings.Repeat("<testsuite>", 100) + strings.Repeat("</testsuite>", 100),
	} {
		if _, err := ParseSuite(strings.NewReader(xml)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestParseSuiteHostileText(t *testing.T) {
	xml := "<testsuite name=\"s\xff\"><testcase name=\"a|b &lt;i&gt; \U0001F6E2 'q' &quot;\"><failure message=\"bell \x07\">nul \x00 \xc3( end ]]&gt;</failure></testcase></testsuite>"
	c := parse(t, xml)[0]
	k := c.Cases[0]
	if c.Name != "s\uFFFD" || k.Name != "a|b <i> \U0001F6E2 'q' \"" || k.Message != "bell \uFFFD" || k.Text != "nul \uFFFD \uFFFD( end ]]>" {
		t.Errorf("got %q %+v", c.Name, k)
	}
}

func TestParseSuiteLongText(t *testing.T) {
	long := "begin " + strings.Repeat("ü", 300<<10) + " end"
	c := parse(t, `<testsuite name="s"><testcase name="a"><failure message="m">`+long+`</failure></testcase><system-out>`+long+`</system-out></testsuite>`)[0]
	for what, text := range map[string]string{"trace": c.Cases[0].Text, "log": c.Log} {
		if len(text) > maxLog+100 || !strings.HasPrefix(text, "begin ü") || !strings.HasSuffix(text, "ü end") || !strings.Contains(text, "… cut …") {
			t.Errorf("%s: %d bytes, %.20q … %q", what, len(text), text, text[len(text)-20:])
		}
		if strings.Contains(text, "\uFFFD") {
			t.Errorf("%s: cut within a rune", what)
		}
	}
}

// endless is a log that never ends.
type endless struct{ head string }

func (e *endless) Read(p []byte) (int, error) {
	if e.head != "" {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestParseSuiteLimits(t *testing.T) {
	// The limits are tried with small ones; the real ones would cost seconds.
	_, err := parseSuite(&endless{head: "<testsuite><testcase name='a'/><system-out>"}, 1<<16, 10)
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	cells, err := parseSuite(strings.NewReader("<testsuite>"+strings.Repeat("<testcase/>", 11)+"</testsuite>"), 1<<16, 10)
	if err == nil || !strings.Contains(err.Error(), "more than 10 test cases") || len(cells[0].Cases) != 10 {
		t.Errorf("got %v, %d cases", err, len(cells[0].Cases))
	}
}

// slow gives a few bytes at a time, so that runes are cut.
type slow struct{ text string }

func (s *slow) Read(p []byte) (int, error) {
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 3)], s.text)
	s.text = s.text[n:]
	return n, nil
}

func TestSanitiser(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"plain\ttext\r\n":            "plain\ttext\r\n",
		"aé🛢🛢ü end":                  "aé🛢🛢ü end",
		"a\x00b\x1bc":                "a\uFFFDb\uFFFDc",
		"cut \xf0\x9f\x9b":           "cut \uFFFD\uFFFD\uFFFD",
		"bad \xff\xfe.\xed\xa0\x80.": "bad \uFFFD\uFFFD.\uFFFD\uFFFD\uFFFD.",
		"\uFFFE and \uFFFF":          "\uFFFD and \uFFFD",
	} {
		for _, r := range []io.Reader{strings.NewReader(in), &slow{in}} {
			got, err := io.ReadAll(newSanitiser(r, 1<<20))
			if err != nil || string(got) != want {
				t.Errorf("%q: got %q, %v; want %q", in, got, err, want)
			}
		}
	}
	if n, err := io.Copy(io.Discard, newSanitiser(&endless{}, 1<<20)); !errors.Is(err, ErrTooLarge) || n != 1<<20 {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

func TestParseSuiteManyErrorsInOneCase(t *testing.T) {
	xml := "<testsuite><testcase>" + strings.Repeat("<error>x</error><system-err>yyyy</system-err>", 50_000) + "</testcase></testsuite>"
	k := parse(t, xml)[0].Cases[0]
	if len(k.Text) > maxText+2 || len(k.Stdout) > maxText+4 {
		t.Errorf("%d bytes of trace, %d of output are kept", len(k.Text), len(k.Stdout))
	}
}

func TestSeconds(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1.5": 1500 * time.Millisecond, "1,234.5": 1234500 * time.Millisecond,
		"": 0, "NaN": 0, "Inf": 0, "-1": 0, "1e300": 0, "x": 0,
	} {
		if got := seconds(text); got != want {
			t.Errorf("seconds(%q) = %v, want %v", text, got, want)
		}
	}
}

func FuzzParseSuite(f *testing.F) {
	f.Add([]byte("<testsuites>" + cellXML(cellJSON("passed", 1), oneTest) + "</testsuites>"))
	f.Add([]byte(cellXML(`{"version":1,"file":"f","type":"t","environment":{"name":"e"},"verdict":"failed"}`,
		`<testcase name="n"><failure message="m">t</failure><flakyError message="f"><stackTrace>s</stackTrace></flakyError><properties><property name="p" value="v"/></properties></testcase>`)))
	f.Add([]byte("<testsuite><system-out>Generated test.log (</system-out>"))
	f.Add([]byte("<testsuite name='\xff'>\x00<testcase/>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cells, _ := ParseSuite(strings.NewReader(string(data)))
		for _, c := range cells {
			if c.JSON != nil && (c.JSON.File == "" || c.JSON.Environment.Name == "" || !c.JSON.Verdict.known() || c.JSON.DurationSeconds < 0) {
				t.Errorf("a cell.json that says too little was taken: %+v", c.JSON)
			}
			for _, k := range c.Cases {
				if k.Outcome == "" || k.Duration < 0 || k.Line < 0 {
					t.Errorf("case %+v", k)
				}
			}
		}
	})
}
