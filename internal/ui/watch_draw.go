package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

var (
	cyan  = lipgloss.NewStyle().Foreground(lipgloss.Color("6")).Bold(true)
	badge = lipgloss.NewStyle().Reverse(true).Bold(true)
)

// View draws the screen: as many lines as the terminal has, none wider than it.
func (s *watchScreen) View() tea.View {
	var lines []string
	switch s.mode {
	case inOutput, inNotes, inHelp:
		lines = s.paneLines()
	case inEnvironments:
		lines = s.environmentLines()
	default:
		lines = s.boardLines()
	}
	foot, cursor := s.footer()
	room := max(0, s.height-1)
	lines = lines[:min(len(lines), room)]
	for i, line := range lines {
		lines[i] = ansi.Truncate(line, s.width, "…")
	}
	for len(lines) < room {
		lines = append(lines, "")
	}
	lines = append(lines, ansi.Truncate(foot, s.width, "…"))
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	v.WindowTitle = "weft: " + s.title()
	if cursor >= 0 {
		v.Cursor = tea.NewCursor(cursor, s.height-1)
	}
	return v
}

// boardLines are all lines but the footer.
func (s *watchScreen) boardLines() []string {
	head := s.header()
	if s.height >= 16 {
		head = append(head, "")
	}
	var notes []string
	if len(s.board.Notes) > 0 && s.height >= 10 {
		notes = []string{s.noteLine()}
	}
	room := max(0, s.height-1-len(head)-len(notes))
	failures := s.failuresRoom(room)
	lines := append(head, s.gridLines(room-failures)...)
	lines = append(lines, s.failureLines(failures)...)
	for len(lines) < s.height-1-len(notes) {
		lines = append(lines, "")
	}
	return append(lines, notes...)
}

// failuresRoom divides the room between the board and the failures: both as
// they are when they fit, else a little more than half for the failures.
func (s *watchScreen) failuresRoom(room int) int {
	n := len(s.failures)
	if n == 0 {
		return 0
	}
	need := 1 + 2*n
	if len(s.lines) > 0 {
		need += 1 + len(s.lines)
	}
	whole := len(s.labels) + len(s.folders) + 1
	return min(need, max(room*55/100, room-whole))
}

// fitting joins as many parts as fit, of which the first are the most important.
func (s *watchScreen) fitting(parts []string) string {
	text := parts[0]
	for _, part := range parts[1:] {
		if part == "" {
			continue
		}
		longer := text + faint.Render(" · ") + part
		if ansi.StringWidth(longer) > s.width-4 {
			break
		}
		text = longer
	}
	return text
}

// sides puts one text to the left and one to the right, where the eye still
// sees them as one line; the left one gives way.
func (s *watchScreen) sides(left, right string) string {
	if right == "" {
		return left
	}
	width := min(s.width, 120)
	right = ansi.Truncate(right, width*2/3, "…")
	left = ansi.Truncate(left, max(0, width-ansi.StringWidth(right)-2), "…")
	return left + strings.Repeat(" ", max(1, width-1-ansi.StringWidth(left)-ansi.StringWidth(right))) + right
}

// rule is a line that begins a section.
func (s *watchScreen) rule(left, right string) string {
	if right != "" {
		right = " " + right + " ──"
	}
	left = ansi.Truncate(left, max(0, s.width-ansi.StringWidth(right)-8), "…")
	free := s.width - ansi.StringWidth(left) - ansi.StringWidth(right) - 4
	return faint.Render("── ") + left + faint.Render(" "+strings.Repeat("─", max(0, free))+right)
}

// shortLeft cuts a path at its front: its end says more.
func shortLeft(text string, width int) string {
	if n := ansi.StringWidth(text); n > width {
		return ansi.TruncateLeft(text, n-max(0, width-1), "…")
	}
	return text
}
