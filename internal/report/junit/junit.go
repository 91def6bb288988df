// Package junit renders a report as JUnit XML, one testsuite per cell, for
// the consumers that CI systems have. docs/formats.md lists its properties.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/report"
)

type testsuites struct {
	XMLName  xml.Name    `xml:"testsuites"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Suites   []testsuite `xml:"testsuite"`
}

type testsuite struct {
	XMLName    xml.Name   `xml:"testsuite"`
	Name       string     `xml:"name,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Time       string     `xml:"time,attr"`
	Timestamp  string     `xml:"timestamp,attr,omitempty"`
	File       string     `xml:"file,attr"`
	Properties []property `xml:"properties>property"`
	Cases      []testcase `xml:"testcase"`
	SystemOut  string     `xml:"system-out,omitempty"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type testcase struct {
	XMLName    xml.Name    `xml:"testcase"`
	Class      string      `xml:"classname,attr"`
	Name       string      `xml:"name,attr"`
	File       string      `xml:"file,attr,omitempty"`
	Line       int         `xml:"line,attr,omitempty"`
	Time       string      `xml:"time,attr"`
	Properties *properties `xml:"properties"`
	Failure    *problem    `xml:"failure"`
	Error      *problem    `xml:"error"`
	Skipped    *problem    `xml:"skipped"`
	Flaky      *problem    `xml:"flakyFailure"`
	Rerun      *problem    `xml:"rerunFailure"`
	SystemOut  string      `xml:"system-out,omitempty"`
}

type properties struct {
	List []property `xml:"property"`
}

type problem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Write renders the report.
func Write(w io.Writer, r report.Report) error {
	root := testsuites{Name: "weft " + r.Run.Scope, Time: seconds(r.Run.DurationSeconds)}
	versions := map[string]report.Environment{}
	for _, e := range r.Environments {
		versions[e.Name] = e
	}
	for c := range r.AllCells() {
		s := suite(c, versions[c.Environment])
		root.Tests += s.Tests
		root.Failures += s.Failures
		root.Errors += s.Errors
		root.Skipped += s.Skipped
		root.Suites = append(root.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing JUnit XML: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(root); err != nil {
		return fmt.Errorf("writing JUnit XML: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("writing JUnit XML: %w", err)
	}
	return nil
}

func suite(c report.Cell, env report.Environment) testsuite {
	s := testsuite{
		Name: fmt.Sprintf("%s [%s, %s]", c.File, c.Type, c.Environment),
		File: c.File, Time: seconds(c.DurationSeconds), SystemOut: c.Log,
		Properties: []property{
			{"weft.environment", c.Environment},
			{"weft.environment.version", env.Version},
			{"weft.environment.store_path", env.StorePath},
			{"weft.type", c.Type},
			{"weft.verdict", c.Verdict},
			{"weft.cached", fmt.Sprint(c.Cached)},
			{"weft.flaky", fmt.Sprint(c.Flaky)},
			{"weft.suite", c.Suite},
		},
	}
	if !c.Start.IsZero() {
		s.Timestamp = c.Start.UTC().Format(time.RFC3339)
	}
	for _, k := range c.Cases {
		s.add(kase(c, k))
	}
	// A cell that did not pass is never without a failure: where no test
	// carries it (a crash, a cell that did not run), a case of its own does.
	if c.Verdict != "passed" && s.Failures+s.Errors == 0 {
		s.add(testcase{
			Class: c.File, Name: unique("(whole file)", c), File: c.File, Time: seconds(0),
			Error: &problem{Message: c.Reason, Type: c.Verdict, Text: c.Reason},
		})
	}
	return s
}

func (s *testsuite) add(k testcase) {
	s.Tests++
	switch {
	case k.Failure != nil:
		s.Failures++
	case k.Error != nil:
		s.Errors++
	case k.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, k)
}

// unique makes a name that no other cell has: consumers tell tests apart by
// classname and name alone, and would take environments for repetitions.
func unique(name string, c report.Cell) string {
	return fmt.Sprintf("%s [%s, %s]", name, c.Type, c.Environment)
}

func kase(c report.Cell, k report.Case) testcase {
	class := k.Class
	if class == "" {
		class = c.File
	}
	out := testcase{
		Class: class, Name: unique(k.Name, c), File: c.File, Line: k.Line,
		Time: seconds(k.DurationSeconds), SystemOut: k.Stdout, Properties: sortedProperties(k.Properties),
	}
	p := &problem{Message: k.Message, Type: k.Type, Text: k.Text}
	switch k.Outcome {
	case "failed":
		out.Failure = p
	case "error":
		out.Error = p
	case "skipped":
		out.Skipped = &problem{Message: k.Message, Type: "pytest.skip"}
	case "xfailed":
		out.Skipped = &problem{Message: k.Message, Type: "pytest.xfail"}
	}
	if k.FirstText != "" {
		message, _, _ := strings.Cut(k.FirstText, "\n")
		first := &problem{Message: message, Text: k.FirstText}
		if out.Failure != nil || out.Error != nil {
			out.Rerun = first
		} else {
			out.Flaky = first
		}
	}
	return out
}

func sortedProperties(m map[string]string) *properties {
	if len(m) == 0 {
		return nil
	}
	out := &properties{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out.List = append(out.List, property{name, m[name]})
	}
	return out
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
