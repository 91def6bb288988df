package ui

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const keysText = `a           run all, narrowed to nothing
f           only what fails, until it is pressed again
r, Enter    run the last pass again
x, Esc      stop the pass that runs
p           narrow to paths: a part of a path, or a glob
t           narrow to tests, by name
e           narrow to environments

↑ ↓ j k     choose a failure
PgUp PgDn   scroll its text
o           open it in $EDITOR
s           its whole output; while a pass runs, the tools' talk
n           notes
h, ?        this page
q, Ctrl-C   quit

✓ passed    ✓ faint (✓= without colours): from a cache
✗ failed    – not run, notes say why
○ unknown   · waits    ⠋ runs    before both: what it was
~ flaky     * only some of its tests ran`

// helpText is the keys, and where the page is.
func (s *watchScreen) helpText() string {
	if s.opts.Page == "" {
		return keysText
	}
	return "this board in a browser:\n" + s.opts.Page + "\n\n" + keysText
}

// openPane shows a text from its beginning.
func (s *watchScreen) openPane(m mode, title, text string) {
	s.mode, s.pane = m, pane{title: title, text: text}
	s.pane.wrap(s.width)
}

// fillOutput shows what the tools say while a pass runs, else why it could not
// be carried out, else all that is known of the chosen failure.
func (s *watchScreen) fillOutput() {
	p, b := &s.pane, s.board
	f := s.failure()
	title, text := "output of the pass", strings.Join(b.Talk, "\n")
	switch {
	case b.Pass.Active:
	case b.Pass.Error != "":
		title, text = "why the pass could not be carried out", b.Pass.Error+"\n\n"+text
	case f != nil:
		title, text = f.ID+"  "+strings.Join(f.Environments, ", "), b.Output(*f)
	}
	if title != p.title {
		p.scroll, p.tail = 0, b.Pass.Active
	}
	p.title, p.text = title, cmp.Or(text, "nothing was said yet")
	p.wrap(s.width)
	if p.tail {
		p.scroll = max(0, len(p.lines)-s.paneRoom())
	}
}

func (s *watchScreen) notesText() string {
	var b strings.Builder
	for i := len(s.board.Notes) - 1; i >= 0; i-- {
		n := s.board.Notes[i]
		b.WriteString(n.Message + "\n")
		if n.Hint != "" {
			b.WriteString("  hint: " + n.Hint + "\n")
		}
		b.WriteString("\n")
	}
	for _, save := range s.board.Saves {
		for _, path := range slices.Sorted(maps.Keys(save.Why)) {
			fmt.Fprintf(&b, "%s: %s\n", path, save.Why[path])
		}
	}
	return cmp.Or(b.String(), "there are none")
}

// paneRoom is how many lines of a pane are on the screen.
func (s *watchScreen) paneRoom() int { return max(1, s.height-2) }

// paneLines draws a text that fills the screen.
func (s *watchScreen) paneLines() []string {
	p := &s.pane
	room := s.paneRoom()
	from := max(0, min(p.scroll, len(p.lines)-room))
	to := min(len(p.lines), from+room)
	where := ""
	if len(p.lines) > room {
		where = fmt.Sprintf("%d–%d of %d", from+1, to, len(p.lines))
	}
	out := []string{s.rule(Clean(p.title), where)}
	for _, line := range p.lines[from:to] {
		out = append(out, " "+marked(line))
	}
	return out
}

// environmentLines draws the list of environments.
func (s *watchScreen) environmentLines() []string {
	out := []string{s.rule("environments", fmt.Sprintf("%d", len(s.picked)))}
	room := s.paneRoom()
	from := max(0, min(s.pointed-room/2, len(s.picked)-room))
	for i := from; i < min(len(s.picked), from+room); i++ {
		pointer, box := "  ", "[ ] "
		if i == s.pointed {
			pointer = cyan.Render("❯ ")
		}
		if s.picked[i] {
			box = green.Render("[✓] ")
		}
		out = append(out, pointer+box+faint.Render(fmt.Sprintf("%2d ", i+1))+Clean(s.listed[i]))
	}
	return out
}
