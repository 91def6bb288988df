package ui

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/weft-build/weft/internal/board"
	"github.com/weft-build/weft/internal/loop"
)

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
	c, p := s.count, s.board.Pass
	switch {
	case s.leaving:
		return "STOPS", yellow
	case p.Error != "":
		return "ERROR", red
	case s.moving():
		return "RUNS", cyan
	case c[board.Failed] > 0 || missed(p, c):
		return "FAIL", red
	case c[board.NotRun]+c[board.Unknown]+s.board.Owed > 0 || c[board.Passed] == 0:
		return "OPEN", yellow
	}
	return "PASS", green
}

// missed says that each cell passed, and the whole did not: the report says why.
func missed(p board.Pass, count map[board.State]int) bool {
	return p.ExitCode != 0 && !p.Stopped && !p.Partial && !p.Active && p.Error == "" && count[board.Failed]+count[board.NotRun]+count[board.Unknown] == 0
}

func (s *watchScreen) stateBadge() string {
	word, style := s.state()
	return badge.Inherit(style).Render(" " + word + " ")
}

// title is the verdict for a window's title.
func (s *watchScreen) title() string {
	c := s.count
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
	c := s.count
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

// narrowed says what passes are narrowed to, and what waits for that.
func (s *watchScreen) narrowed() string {
	parts := narrowing(s.want)
	if len(parts) == 0 {
		return ""
	}
	text := "▽ " + strings.Join(parts, ", ")
	if n := s.board.Owed; n > 0 {
		text += fmt.Sprintf(", %d more to run: a", n)
	}
	return yellow.Render(text)
}

// narrowing says in words what passes are narrowed to.
func narrowing(n loop.Narrowing) []string {
	var parts []string
	if n.OnlyFailed {
		parts = append(parts, "only failed")
	}
	if n.Paths != "" {
		parts = append(parts, "path "+Clean(n.Paths))
	}
	if n.Tests != "" {
		parts = append(parts, "test "+Clean(n.Tests))
	}
	switch e := n.Environments; {
	case len(e) > 2:
		parts = append(parts, fmt.Sprintf("only %s and %d more", Clean(e[0]), len(e)-1))
	case len(e) > 0:
		parts = append(parts, "only "+Clean(strings.Join(e, ", ")))
	}
	return parts
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
	if missed(p, s.count) {
		parts = append(parts, red.Render("a gate was missed"), s.opts.shownAbs(filepath.Join(p.Report, "report.md")))
	}
	if p.First > 0 {
		parts = append(parts, "first verdict "+seconds(p.First), "last "+seconds(p.Last))
	}
	if s.opts.Page != "" && len(s.board.Saves) > 0 {
		parts = append(parts, Clean(s.opts.Page))
	}
	if s.waiting {
		parts = append(parts, "waiting for a save")
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
