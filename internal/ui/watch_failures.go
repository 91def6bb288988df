package ui

import (
	"fmt"
	"path"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/weft-build/weft/internal/board"
)

// failureLines draws the failures and the text of the chosen one into some
// lines: two for each failure, at most half of them while there is text to show.
func (s *watchScreen) failureLines(room int) []string {
	if room <= 0 || len(s.failures) == 0 {
		return nil
	}
	n := len(s.failures)
	list := 2 * n
	if len(s.lines) > 0 && room >= 8 {
		list = min(list, max(2, (room-2)/2))
	}
	shown := min(n, max(1, min(list, room-1)/2))
	from := max(0, min(s.chosen-shown/2, n-shown))
	where := ""
	if shown < n {
		where = fmt.Sprintf("%d of %d", s.chosen+1, n)
	}
	out := []string{s.rule(red.Render(Plural(n, "failure")), where)}
	for i := from; i < from+shown; i++ {
		out = append(out, s.failureEntry(s.failures[i], i == s.chosen)...)
	}
	out = append(out, s.textLines(room-len(out))...)
	return out[:min(len(out), room)]
}

func (s *watchScreen) failureEntry(f board.Failure, chosen bool) []string {
	pointer := "  "
	if chosen {
		pointer = cyan.Render("❯ ")
	}
	name, place := testName(f), s.opts.shown(f.File)
	if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
	}
	right := where(f)
	if s.types {
		right = Clean(f.Type) + ", " + right
	}
	right = faint.Render(right)
	room := max(10, min(s.width, 120)-ansi.StringWidth(right)-8)
	name = ansi.Truncate(name, room, "…")
	left := pointer + red.Render("✗ ") + bold.Render(name)
	if rest := room - ansi.StringWidth(name); rest > 8 {
		left += "  " + cyan.Bold(false).Render(shortLeft(place, rest-2))
		place = ""
	}
	message := Clean(firstLine(f.Message))
	if place != "" {
		message = shortLeft(place, s.width/2) + "  " + message
	}
	return []string{s.sides(left, right), "      " + message}
}

// testName is a failure without its file.
func testName(f board.Failure) string {
	if _, name, ok := strings.Cut(f.ID, "::"); ok {
		return Clean(name)
	}
	return Clean(path.Base(f.ID) + " (" + f.Type + ")")
}

// where says which environments have a failure.
func where(f board.Failure) string {
	n := len(f.Environments)
	only := "only "
	if f.Open > 0 {
		only = "so far "
	}
	switch {
	case n == f.Of && n == 1:
		return Clean(f.Environments[0])
	case n == f.Of:
		return fmt.Sprintf("in all %d", n)
	case n <= 2:
		return only + Clean(strings.Join(f.Environments, ", "))
	}
	return fmt.Sprintf("%s%s and %d more", only, Clean(f.Environments[0]), n-1)
}

// textLines draws the chosen failure's text from where it was scrolled to.
func (s *watchScreen) textLines(room int) []string {
	f := s.failure()
	if room < 3 || len(s.lines) == 0 {
		return nil
	}
	room--
	from := max(0, min(s.scroll, len(s.lines)-room))
	to := min(len(s.lines), from+room)
	where := ""
	if len(s.lines) > room {
		where = fmt.Sprintf("%d–%d of %d, PgDn", from+1, to, len(s.lines))
	}
	out := []string{s.rule(faint.Render(testName(*f)+"  "+Clean(f.Environments[0])), where)}
	for _, line := range s.lines[from:to] {
		out = append(out, " "+marked(Block(line)))
	}
	return out
}

// marked colours a line of pytest's output: what went wrong, and the line that
// did it.
func marked(line string) string {
	switch {
	case strings.HasPrefix(line, "E "):
		return red.Bold(false).Render(line)
	case strings.HasPrefix(line, "> "):
		return bold.Render(line)
	case strings.HasPrefix(line, "── "):
		return faint.Render(line)
	}
	return line
}
