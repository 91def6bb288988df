package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// hint is a key and what it does.
type hint struct{ key, does string }

// The keys that the footer tells; where not all fit, those from the middle go.
var (
	boardHints = []hint{{"a", "all"}, {"f", "failed"}, {"⏎", "rerun"}, {"p", "path"}, {"t", "test"}, {"e", "environments"}, {"o", "open"}, {"s", "output"}, {"x", "stop"}, {"h", "help"}, {"q", "quit"}}
	pickHints  = []hint{{"space", "toggle"}, {"o", "only this"}, {"a", "all"}, {"⏎", "apply"}, {"esc", "leave"}}
	paneHints  = []hint{{"↑↓ PgUp PgDn", "scroll"}, {"esc", "back"}}
)

// footer is the last line, and where the cursor is on it; -1 is nowhere.
func (s *watchScreen) footer() (string, int) {
	switch {
	case s.leaving:
		return " " + yellow.Render("leaving: what runs is being stopped"), -1
	case s.mode == inPaths:
		return s.typing("path")
	case s.mode == inTests:
		return s.typing("test name")
	case s.flash != "":
		return " " + yellow.Render(Clean(firstLine(s.flash))), -1
	case s.mode == inEnvironments:
		return s.hints(pickHints), -1
	case s.mode != onBoard:
		return s.hints(paneHints), -1
	}
	return s.hints(boardHints), -1
}

func (s *watchScreen) typing(what string) (string, int) {
	head := " " + what + " "
	help := "  ⏎ apply, empty for all · esc leave"
	room := s.width - ansi.StringWidth(head) - 3
	if room-ansi.StringWidth(help) < 12 {
		help = ""
	}
	room -= ansi.StringWidth(help)
	text, at := s.prompt.view(room)
	return cyan.Render(head+"❯ ") + padded(text, room) + faint.Render(help), ansi.StringWidth(head) + 2 + at
}

func (s *watchScreen) hints(all []hint) string {
	for drop := 0; ; drop++ {
		var parts []string
		kept := len(all) - drop
		for i, h := range all {
			if i >= kept-2 && i < len(all)-2 {
				continue // the last two always stay
			}
			key := bold.Render(h.key)
			if h.key == "f" && s.want.OnlyFailed || h.key == "p" && s.want.Paths != "" || h.key == "t" && s.want.Tests != "" || h.key == "e" && len(s.want.Environments) > 0 {
				key = yellow.Render(h.key)
			}
			parts = append(parts, key+" "+faint.Render(h.does))
		}
		text := " " + strings.Join(parts, "  ")
		if ansi.StringWidth(text) <= s.width || kept <= 2 {
			return text
		}
	}
}
