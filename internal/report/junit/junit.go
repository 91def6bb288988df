// Package junit renders a report as JUnit XML, one testsuite per cell.
package junit

import (
	"io"

	"github.com/weft-build/weft/internal/report"
)

// Write renders the report.
func Write(w io.Writer, r report.Report) error { return nil }
