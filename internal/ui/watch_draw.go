package ui

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/weft-build/weft/internal/board"
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

// header says how things stand: the verdict, the save, the pass.
func (s *watchScreen) header() []string {
	lines := []string{
		s.sides(s.stateBadge()+" "+s.counts(), s.narrowed()),
		s.saveLine(),
	}
	return append(lines, s.passLines()...)
}

// state is the whole verdict as far as it is known, in a word.
func (s *watchScreen) state() (string, lipgloss.Style) {
	c, p := s.board.Counts(), s.board.Pass
	switch {
	case s.leaving:
		return "STOPS", yellow
	case p.Error != "":
		return "ERROR", red
	case s.moving():
		return "RUNS", cyan
	case c[board.Failed] > 0 || p.ExitCode != 0 && c[board.NotRun] == 0:
		return "FAIL", red
	case c[board.NotRun]+c[board.Unknown] > 0 || c[board.Passed] == 0:
		return "OPEN", yellow
	}
	return "PASS", green
}

func (s *watchScreen) stateBadge() string {
	word, style := s.state()
	return badge.Inherit(style).Render(" " + word + " ")
}

// title is the verdict for a window's title.
func (s *watchScreen) title() string {
	c := s.board.Counts()
	text := fmt.Sprintf("%d passed", c[board.Passed])
	if c[board.Failed] > 0 {
		text = fmt.Sprintf("%d failed", c[board.Failed])
	}
	if s.moving() {
		text += " …"
	}
	return text
}

// counts are the cells by verdict, those that run by the one before.
func (s *watchScreen) counts() string {
	c := s.board.Counts()
	var parts []string
	for _, part := range []struct {
		state board.State
		word  string
		style lipgloss.Style
	}{{board.Failed, "failed", red}, {board.Passed, "passed", green}, {board.NotRun, "not run", yellow}, {board.Unknown, "not known yet", faint}} {
		if n := c[part.state]; n > 0 {
			parts = append(parts, part.style.Render(fmt.Sprintf("%d %s", n, part.word)))
		}
	}
	if len(parts) == 0 {
		return bold.Render("weft watch " + Clean(s.opts.Scope))
	}
	if s.width < 60 {
		return strings.Join(parts, faint.Render(", "))
	}
	total := fmt.Sprintf("of %s", Plural(c[board.Failed]+c[board.Passed]+c[board.NotRun]+c[board.Unknown], "cell"))
	return strings.Join(parts, faint.Render(", ")) + faint.Render(" "+total)
}

// narrowed says what passes are narrowed to.
func (s *watchScreen) narrowed() string {
	var parts []string
	n := s.want
	if n.OnlyFailed {
		parts = append(parts, "only failed")
	}
	if n.Paths != "" {
		parts = append(parts, "path "+Clean(n.Paths))
	}
	if n.Tests != "" {
		parts = append(parts, "test "+Clean(n.Tests))
	}
	if len(n.Environments) == 1 {
		parts = append(parts, "only "+Clean(n.Environments[0]))
	} else if len(n.Environments) > 1 {
		parts = append(parts, fmt.Sprintf("%d of %s", len(n.Environments), Plural(len(s.board.Columns), "environment")))
	}
	if len(parts) == 0 {
		return ""
	}
	return yellow.Render("▽ " + strings.Join(parts, ", "))
}

// saveLine is what was saved last and what that affects.
func (s *watchScreen) saveLine() string {
	if len(s.board.Saves) == 0 {
		text := "weft watch " + Clean(s.opts.Scope)
		if s.opts.Page != "" {
			text += "  " + Clean(s.opts.Page)
		}
		return faint.Render(" " + text)
	}
	save := s.board.Saves[len(s.board.Saves)-1]
	right := ""
	if s.width >= 60 {
		right = faint.Render(save.At.Format(time.TimeOnly))
	}
	effect := " → " + Clean(save.Effect)
	if len(s.board.Generated) > 0 {
		var files []string
		for _, f := range s.board.Generated {
			files = append(files, s.opts.shown(f))
		}
		effect += ", weft gen wrote " + strings.Join(files, ", ")
	}
	names := ""
	if len(save.Paths) > 0 {
		names = s.opts.shown(save.Paths[0])
		if why := save.Why[save.Paths[0]]; why != "" && len(save.Paths) == 1 {
			effect += " (" + Clean(why) + ")"
		}
	}
	if len(save.Paths) > 1 {
		names += fmt.Sprintf(" and %d more", len(save.Paths)-1)
	}
	room := s.width - ansi.StringWidth(effect) - len(" saved ")
	return s.sides(faint.Render(" saved ")+bold.Render(shortLeft(names, max(room, 12)))+effect, right)
}

// passLines are how the pass stands, or why it could not be carried out.
func (s *watchScreen) passLines() []string {
	p := s.board.Pass
	switch {
	case p.Active || s.moving():
		return []string{s.activeLine()}
	case p.Error != "":
		return s.errorLines()
	case p.Number == 0:
		return []string{faint.Render(" waiting for a save")}
	}
	parts := []string{fmt.Sprintf("pass %d", p.Number)}
	if p.Stopped {
		parts[0] += " was stopped"
	}
	if p.First > 0 {
		parts = append(parts, "first verdict "+seconds(p.First), "last "+seconds(p.Last))
	}
	if s.waiting {
		parts = append(parts, "waiting for a save")
	}
	if s.opts.Page != "" && len(s.board.Saves) > 0 {
		parts = append(parts, Clean(s.opts.Page))
	}
	if c := s.board.Counts(); p.ExitCode != 0 && c[board.Failed]+c[board.NotRun] == 0 && p.Report != "" {
		parts = append(parts, "a gate was missed: "+s.opts.shownAbs(filepath.Join(p.Report, "report.md")))
	}
	return []string{" " + s.fitting(parts)}
}

func (s *watchScreen) activeLine() string {
	p := s.board.Pass
	spin := cyan.Render(spinner[s.spins%len(spinner)]) + " "
	if p.Number == 0 {
		return " " + spin + "starting"
	}
	stage := Clean(p.Stage)
	if stage == "" {
		stage = "pass " + fmt.Sprint(p.Number)
	}
	parts := []string{stage}
	if p.Cells > 0 {
		parts[0] = s.bar(p) + "  " + fmt.Sprintf("%d/%s", p.Done, Plural(p.Cells, "cell"))
		if p.Running > 0 {
			parts = append(parts, fmt.Sprintf("%d running", p.Running))
		}
	}
	parts = append(parts, seconds(max(0, s.opts.Now().Sub(p.Since))))
	if p.First > 0 {
		parts = append(parts, "first verdict "+seconds(p.First))
	}
	if p.Cells > 0 {
		parts = append(parts, stage)
	} else if p.Talk != "" {
		parts = append(parts, Clean(p.Talk))
	}
	parts = append(parts, Clean(p.Why))
	return " " + spin + s.fitting(parts)
}

func (s *watchScreen) bar(p board.Pass) string {
	length := max(6, min(30, s.width/5))
	filled := min(length, length*p.Done/max(1, p.Cells))
	return green.Render(strings.Repeat("━", filled)) + faint.Render(strings.Repeat("─", length-filled))
}

// errorLines say why nothing is known of what the pass would have run.
func (s *watchScreen) errorLines() []string {
	p := s.board.Pass
	var out []string
	for line := range strings.SplitSeq(Block(p.Error), "\n") {
		out = append(out, strings.Split(ansi.Wrap(line, max(10, s.width-2), ""), "\n")...)
	}
	if most := max(2, s.height/3); len(out) > most {
		out = append(out[:most-1:most-1], "… s shows all")
	}
	for i, line := range out {
		out[i] = " " + red.Render(line)
	}
	if p.Hint != "" {
		for line := range strings.SplitSeq(ansi.Wrap("hint: "+Block(p.Hint), max(10, s.width-2), ""), "\n") {
			out = append(out, " "+line)
		}
	}
	return out
}

// noteLine is the newest note.
func (s *watchScreen) noteLine() string {
	notes := s.board.Notes
	n := notes[len(notes)-1]
	text := Clean(firstLine(n.Message))
	if n.Hint != "" {
		text += faint.Render("  hint: " + Clean(firstLine(n.Hint)))
	}
	if len(notes) > 1 {
		text = fmt.Sprintf("(1 of %d, n shows all) ", len(notes)) + text
	}
	return " " + yellow.Render("▲ warning") + " " + text
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
