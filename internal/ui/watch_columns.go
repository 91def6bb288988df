package ui

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// columns is how the environments' columns lie on a screen of some width.
type columns struct {
	label  int      // cells of the rows' labels
	heads  []string // of the columns that fit
	widths []int
	hidden int    // columns that do not fit
	legend string // what numbers as heads stand for
}

// square is the cells that a square takes: its glyph and its mark.
const square = 2

// newColumns makes room for all columns: by shorter heads, by numbers, and last
// by leaving some out. Labels are given at least a third of the screen.
func newColumns(names []string, label, width int) columns {
	clean := make([]string, len(names))
	for i, name := range names {
		clean[i] = Clean(name)
	}
	least := min(label, max(16, width/3))
	short, numbers, legend := make([]string, len(names)), make([]string, len(names)), make([]string, len(names))
	for i, name := range clean {
		short[i], numbers[i] = shortened(name), fmt.Sprint(i+1)
		legend[i] = numbers[i] + " " + name
	}
	c := columns{heads: clean}
	for _, try := range []struct {
		heads    []string
		gap      int
		numbered bool
	}{{clean, 3, false}, {clean, 2, false}, {short, 2, false}, {short, 1, false}, {numbers, 2, true}, {numbers, 1, true}} {
		c.heads = try.heads
		c.widths = make([]int, len(names))
		sum := 0
		for i, head := range try.heads {
			c.widths[i] = max(square, ansi.StringWidth(head)) + try.gap
			sum += c.widths[i]
		}
		c.label = min(label, width-sum)
		if c.label >= least {
			if try.numbered {
				c.legend = strings.Join(legend, "  ")
			}
			return c
		}
	}
	c.label = least
	room := width - least - len("+99")
	fit := 0
	for fit < len(c.widths) && room >= c.widths[fit] {
		room -= c.widths[fit]
		fit++
	}
	c.hidden = len(names) - fit
	c.heads, c.widths = c.heads[:fit], c.widths[:fit]
	c.legend = strings.Join(legend[:fit], "  ")
	return c
}

// shortened is an environment's name in little room: "python3.10" is "py3.10",
// "octave-mrst" "octav…".
func shortened(name string) string {
	at := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	if at > 2 && at < len(name) && unicode.IsDigit(rune(name[at])) {
		name = ansi.Truncate(name[:at], 2, "") + name[at:]
	}
	return ansi.Truncate(name, 6, "…")
}

// centred puts text into the middle of some cells.
func centred(text string, width int) string {
	free := max(0, width-ansi.StringWidth(text))
	return strings.Repeat(" ", free/2) + text + strings.Repeat(" ", free-free/2)
}
