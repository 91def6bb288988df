// Package markdown renders a report as Markdown.
package markdown

import (
	"io"

	"github.com/weft-build/weft/internal/report"
)

// Write renders the report.
func Write(w io.Writer, r report.Report) error { return nil }
