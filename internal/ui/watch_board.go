package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/weft-build/weft/internal/board"
)

// gridLines draws the board into some lines.
func (s *watchScreen) gridLines(room int) []string {
	if room <= 0 || len(s.labels) == 0 {
		return nil
	}
	c := newColumns(s.board.Columns, s.wide, s.width-1)
	out := []string{s.headLine(c)}
	if c.legend != "" && room >= 6 {
		out = append([]string{faint.Render(" " + c.legend)}, out...)
	}
	for _, l := range s.visible(room - len(out)) {
		out = append(out, s.gridLine(l, c))
	}
	return out[:min(len(out), room)]
}

func (s *watchScreen) headLine(c columns) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", c.label+1))
	for i, head := range c.heads {
		style := bold
		if !wanted(s.want, s.board.Columns[i]) {
			style = faint
		}
		b.WriteString(style.Render(centred(head, c.widths[i])))
	}
	if c.hidden > 0 {
		fmt.Fprintf(&b, "+%d", c.hidden)
	}
	return b.String()
}

func (s *watchScreen) gridLine(l line, c columns) string {
	switch {
	case l.rest != "":
		if l.sum == nil {
			return " " + faint.Render(l.rest)
		}
		return " " + faint.Render(padded(ansi.Truncate(l.rest, c.label, "…"), c.label)) + s.squaresOf(l.sum, c)
	case l.row < 0:
		f := &s.folders[l.folder]
		return " " + padded(f.label(c.label), c.label) + s.squaresOf(f.sum, c)
	}
	row := s.squares[l.row]
	text := " " + padded("  "+shortLeft(s.labels[l.row], c.label-2), c.label) + s.squaresOf(row, c)
	if beside := aside(row); s.width-ansi.StringWidth(text) >= 8 {
		text += faint.Render(beside)
	}
	return text
}

// label is a folder's name, and how many files it has: in a word, in a number,
// or not at all, as there is room.
func (f *folder) label(room int) string {
	style, facts := faint, []string{Plural(f.files, "file"), fmt.Sprint(f.files), ""}
	if f.failing > 0 {
		style, facts = red, []string{fmt.Sprintf("%s, %d fail", facts[0], f.failing), fmt.Sprintf("%d fail", f.failing), ""}
	}
	for _, fact := range facts {
		if fact == "" || ansi.StringWidth(f.name)+2+len(fact) <= room {
			return bold.Render(shortLeft(f.name, room)) + "  " + style.Render(fact)
		}
	}
	return ""
}

// aside is what a row says beside its squares: why there is no result, else how
// long its slowest cell took.
func aside(row []*board.Square) string {
	longest, why := 0.0, ""
	for _, q := range row {
		if q == nil {
			continue
		}
		if q.State == board.NotRun && q.Reason != "" {
			why = q.Reason
		}
		longest = max(longest, q.Seconds)
	}
	switch {
	case why != "":
		return " " + Clean(why)
	case longest > 0:
		return " " + seconds(time.Duration(longest*float64(time.Second)))
	}
	return ""
}

func (s *watchScreen) squaresOf(squares []*board.Square, c columns) string {
	var b strings.Builder
	for i := range c.heads {
		var q *board.Square
		if i < len(squares) {
			q = squares[i]
		}
		b.WriteString(centred(s.square(q), c.widths[i]))
	}
	return b.String()
}

// square draws a cell: the glyph of what is known of it, and a mark for what
// else is to be said. While it waits or runs, what is known is faint.
func (s *watchScreen) square(q *board.Square) string {
	if q == nil {
		return strings.Repeat(" ", square)
	}
	glyph, style := "○", faint
	switch q.Known() {
	case board.Passed:
		glyph, style = "✓", green
	case board.Failed:
		glyph, style = "✗", red
	case board.NotRun:
		glyph, style = "–", yellow
	}
	mark := " "
	switch {
	case q.Flaky:
		mark = yellow.Render("~")
	case q.Partial:
		mark = faint.Render("*")
	case q.Cached && q.Known() == board.Passed && s.colourless:
		mark = "="
	}
	if q.Cached && q.Known() == board.Passed {
		style = style.Bold(false).Faint(true)
	}
	switch q.State {
	case board.Waiting:
		mark, style = faint.Render("·"), style.Bold(false).Faint(true)
	case board.Running:
		mark, style = cyan.Render(spinner[s.spins%len(spinner)]), style.Bold(false).Faint(true)
	}
	if q.State != q.Known() && q.Known() == board.Unknown {
		return mark + " "
	}
	return style.Render(glyph) + mark
}

// padded fills a text up to some cells.
func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}
