package report_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/report/junit"
	"github.com/weft-build/weft/internal/report/markdown"
	"github.com/weft-build/weft/internal/result"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// TestGolden renders the recorded run in each format.
func TestGolden(t *testing.T) {
	_, _, r := recorded(t)
	for name, render := range map[string]func(io.Writer, report.Report) error{
		"report.md": markdown.Write, "report.json": report.Write, "junit.xml": junit.Write,
	} {
		golden(t, name, render, r)
	}
}

// TestGoldenEmpty renders a run in which nothing was planned and nothing was
// measured: each thing must say so.
func TestGoldenEmpty(t *testing.T) {
	run := result.Run{ID: "20261123T225900.000Z-7", Scope: "tests/test_none.py", Weft: "0.1.0"}
	r := report.Build(run, analysis.Analyse(run, nil, analysis.Options{}))
	golden(t, "empty.md", markdown.Write, r)
	golden(t, "empty.json", report.Write, r)
	golden(t, "empty.xml", junit.Write, r)
}

func golden(t *testing.T, name string, render func(io.Writer, report.Report) error, r report.Report) {
	t.Helper()
	var got bytes.Buffer
	if err := render(&got, r); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s differs from testdata/golden/%s; first at %s\n(go test ./internal/report -run Golden -update writes it anew)", name, name, difference(got.Bytes(), want))
	}
}

func difference(got, want []byte) string {
	a, b := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			return "\n  got:  " + string(a[i]) + "\n  want: " + string(b[i])
		}
	}
	return "the end"
}
