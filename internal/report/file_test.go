package report_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/report/markdown"
)

// TestReadBack: a report read back renders to the same bytes.
func TestReadBack(t *testing.T) {
	_, _, r := recorded(t)
	var first, second bytes.Buffer
	if err := report.Write(&first, r); err != nil {
		t.Fatal(err)
	}
	back, err := report.Read(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Write(&second, back); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("report.json differs after it was read back")
	}
	var a, b bytes.Buffer
	if err := errors.Join(markdown.Write(&a, r), markdown.Write(&b, back)); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Error("the Markdown of a stored report differs")
	}
}

func TestReadErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "unexpected end of JSON",
		"{}":                                    "it has no schemaVersion",
		`{"schemaVersion":2,"cells":"new"}`:     "its schema version 2 is newer than the 1",
		`{"schemaVersion":1,"cells":"strange"}`: "cannot unmarshal string",
	} {
		if _, err := report.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "reading report.json: ") {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// TestListsAreNeverNull: whoever reads report.json need not ask.
func TestListsAreNeverNull(t *testing.T) {
	var b bytes.Buffer
	if err := report.Write(&b, report.Report{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null") {
		t.Errorf("null in\n%s", b.String())
	}
}

func hello(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.md")
	if err := report.WriteFile(path, hello); err != nil || read(t, path) != "hello" {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	err := report.WriteFile(path, func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return boom })
	if !errors.Is(err, boom) || read(t, path) != "hello" {
		t.Errorf("a failed render must leave the former content: %v, %q", err, read(t, path))
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	link := filepath.Join(dir, "link.md")
	if err := os.Symlink("report.md", link); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteFile(link, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(link); err != nil || target != "report.md" || read(t, path) != "new" {
		t.Errorf("a link must stay one: %q %v", target, err)
	}
}

func TestWriteFileErrors(t *testing.T) {
	err := report.WriteFile(filepath.Join(t.TempDir(), "none", "report.md"), hello)
	if err == nil || !errors.Is(err, syscall.ENOENT) || strings.Count(err.Error(), "none") != 1 {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	err = report.WriteFile("/dev/full", hello)
	if err == nil || err.Error() != "writing /dev/full: no space left on device" {
		t.Errorf("got %v", err)
	}
}

// TestBuildCounts holds sums against each other: what environments and types
// count must be what the summary counts.
func TestBuildCounts(t *testing.T) {
	run, _, r := recorded(t)
	var envs, types report.Tests
	add := func(sum *report.Tests, one report.Tests) {
		s, o := reflect.ValueOf(sum).Elem(), reflect.ValueOf(one)
		for i := range s.NumField() {
			s.Field(i).SetInt(s.Field(i).Int() + o.Field(i).Int())
		}
	}
	for _, e := range r.Environments {
		add(&envs, e.Tests)
	}
	for _, tests := range []report.Tests{r.Types.Unit.Tests, r.Types.Integration.Tests, r.Types.Performance.Tests, r.Types.Security.Tests, r.Types.Compatibility.Tests} {
		add(&types, tests)
	}
	if envs != r.Summary.Tests || types != r.Summary.Tests {
		t.Errorf("summary %+v\nenvironments %+v\ntypes %+v", r.Summary.Tests, envs, types)
	}
	total := 0
	for _, c := range run.Cells {
		total += c.JSON.Counts.Tests
	}
	if total != r.Summary.Tests.Total {
		t.Errorf("the cells' own counts give %d tests, the report %d", total, r.Summary.Tests.Total)
	}
	if r.Run.ExitCode != 3 || r.Summary.Status != report.Fail {
		t.Errorf("exit code %d, status %s", r.Run.ExitCode, r.Summary.Status)
	}
	for _, e := range r.Environments {
		for _, f := range e.Failures {
			if f.Finding == "" && e.NotBuilt == "" {
				t.Errorf("no finding explains %s of %s", f.Test, e.Name)
			}
		}
	}
}
