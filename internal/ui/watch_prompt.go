package ui

import (
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// prompt is a line that is being typed.
type prompt struct {
	text []rune
	at   int // the cursor, in runes
}

func newPrompt(text string) prompt { return prompt{[]rune(text), len([]rune(text))} }

// add types text; what is no character of a line is left out.
func (p *prompt) add(text string) {
	for _, r := range text {
		if unicode.IsPrint(r) {
			p.text = append(p.text[:p.at:p.at], append([]rune{r}, p.text[p.at:]...)...)
			p.at++
		}
	}
}

// key edits; it takes the keys that a line of a shell has.
func (p *prompt) key(k tea.KeyPressMsg) {
	switch k.String() {
	case "backspace", "ctrl+h":
		p.cut(max(0, p.at-1), p.at)
	case "delete", "ctrl+d":
		p.cut(p.at, min(len(p.text), p.at+1))
	case "ctrl+u":
		p.cut(0, p.at)
	case "ctrl+k":
		p.cut(p.at, len(p.text))
	case "ctrl+w":
		from := p.at
		for from > 0 && p.text[from-1] == ' ' {
			from--
		}
		for from > 0 && p.text[from-1] != ' ' {
			from--
		}
		p.cut(from, p.at)
	case "left", "ctrl+b":
		p.at = max(0, p.at-1)
	case "right", "ctrl+f":
		p.at = min(len(p.text), p.at+1)
	case "home", "ctrl+a":
		p.at = 0
	case "end", "ctrl+e":
		p.at = len(p.text)
	default:
		p.add(k.Text)
	}
}

func (p *prompt) cut(from, to int) {
	p.text = append(p.text[:from:from], p.text[to:]...)
	p.at = from
}

// view is the part of the line around the cursor that fits, and the cursor's
// column in it.
func (p *prompt) view(width int) (string, int) {
	from := 0
	for from < p.at && ansi.StringWidth(string(p.text[from:p.at])) >= width {
		from++
	}
	return ansi.Truncate(Clean(string(p.text[from:])), width, ""), ansi.StringWidth(string(p.text[from:p.at]))
}
