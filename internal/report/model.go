// Package report is the model of a run's report: report.json. The other
// formats, in the folders below, are rendered from it.
package report

import (
	"io"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/result"
)

// SchemaVersion is the version of report.json.
const SchemaVersion = 1

// Report is report.json; docs/formats.md describes each key.
type Report struct {
	SchemaVersion int `json:"schemaVersion"`
}

// Build makes the report of a run.
func Build(run result.Run, a analysis.Analysis) Report {
	return Report{SchemaVersion: SchemaVersion}
}

// Write renders report.json.
func Write(w io.Writer, r Report) error { return nil }

// Read reads a report.json back, refusing a newer schema.
func Read(r io.Reader) (Report, error) { return Report{}, nil }

// WriteFile writes a file whole or not at all, so that a full disk leaves the
// former content and a clear error.
func WriteFile(path string, render func(io.Writer) error) error { return nil }
