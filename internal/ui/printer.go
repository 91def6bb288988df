package ui

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"charm.land/lipgloss/v2"

	"github.com/weft-build/weft/internal/result"
)

var (
	bold   = lipgloss.NewStyle().Bold(true)
	faint  = lipgloss.NewStyle().Faint(true)
	green  = lipgloss.NewStyle().Foreground(lipgloss.Color("2")).Bold(true)
	red    = lipgloss.NewStyle().Foreground(lipgloss.Color("1")).Bold(true)
	yellow = lipgloss.NewStyle().Foreground(lipgloss.Color("3")).Bold(true)
)

// printer holds what both views share.
type printer struct {
	out, talk io.Writer
	opts      Options
	tally     *tally
}

// cellLine is one cell on one line.
func cellLine(c result.Cell) string {
	word, style := "FAIL", red
	switch {
	case c.Flaky:
		word, style = "FLAKY", yellow
	case c.Verdict == result.Passed:
		word, style = "PASS", green
	case c.Verdict == result.NotRun:
		word, style = "NOT RUN", yellow
	}
	line := fmt.Sprintf("%s  %s  %s  %s", style.Render(fmt.Sprintf("%7s", word)), Clean(c.Environment), Clean(c.Type), Clean(c.File))
	if c.Cached {
		return line + faint.Render("  (cached)")
	}
	return line + faint.Render("  "+seconds(c.Duration))
}

// failureLines says briefly what failed in a cell, for the moment it happens.
func failureLines(c result.Cell) string {
	var b strings.Builder
	b.WriteString(cellLine(c))
	if c.Reason != "" && c.Verdict != result.Failed && c.Verdict != result.Passed {
		b.WriteString("\n         " + Clean(c.Reason))
	}
	for _, k := range c.Cases {
		if k.Outcome == result.CaseFailed || k.Outcome == result.CaseError || k.Flaky {
			if k.Message == c.Reason {
				continue // said above
			}
			b.WriteString("\n         " + Clean(k.ID))
			if k.Message != "" {
				b.WriteString(faint.Render(": " + Clean(firstLine(k.Message))))
			}
		}
	}
	return b.String()
}

// noteLines is a problem with its hint.
func noteLines(p result.Problem) string {
	text := "weft: " + yellow.Render("warning") + ": " + indent(Block(p.Message))
	if p.Hint != "" {
		text += "\nweft: hint: " + indent(Block(p.Hint))
	}
	return text
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }

// Clean makes a hostile name fit for one line of a terminal: without control
// characters, and without those that turn the writing direction around.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, text)
}

// Block is Clean for text of several lines.
func Block(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		lines[i] = Clean(strings.ReplaceAll(l, "\t", "    "))
	}
	return strings.Join(lines, "\n")
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// seconds is a duration as people read it.
func seconds(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
}

// About is a guess of a duration, which knows no fractions.
func About(d time.Duration) string {
	if d = d.Round(time.Second); d < 2*time.Minute {
		return fmt.Sprintf("%d s", max(1, int(d.Seconds())))
	}
	return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
}

// Plural counts a noun: "1 cell", "2 cells".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
