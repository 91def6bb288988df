package ui

import (
	"fmt"
	"os"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

// live draws two lines at the bottom of the terminal and prints failures above
// them. It reads no keys, so that Ctrl-C stays a signal.
type live struct {
	*printer
	program *tea.Program
	over    chan struct{}
	closed  bool
}

func newLive(p *printer) *live {
	v := &live{printer: p, over: make(chan struct{})}
	v.program = tea.NewProgram(&screen{tally: p.tally, width: 80}, tea.WithInput(nil), tea.WithOutput(p.opts.Stderr), tea.WithoutSignalHandler(), tea.WithEnvironment(os.Environ()))
	go func() {
		defer close(v.over)
		_, _ = v.program.Run()
	}()
	return v
}

// Update draws, or prints above the drawing.
func (v *live) Update(u pipeline.Update) {
	if reported, ok := u.(pipeline.Reported); ok {
		v.Close()
		v.finish(reported)
		return
	}
	if text := v.above(u); text != "" {
		v.program.Println(v.lower(text))
	}
	v.program.Send(updateMsg{u})
}

func (v *live) above(u pipeline.Update) string {
	switch u := u.(type) {
	case pipeline.Noted:
		return noteLines(u.Problem)
	case pipeline.Changed:
		if c := u.Change.Cell; (c.Verdict != result.Passed || c.Flaky) && !c.Unreached() {
			return failureLines(c)
		}
	}
	return ""
}

// lower strips the colours that the terminal shall not have: bubbletea does so
// for what it draws, not for lines printed above.
func (v *live) lower(text string) string {
	w, ok := v.talk.(*colorprofile.Writer)
	if !ok {
		return text
	}
	var b strings.Builder
	_, _ = (&colorprofile.Writer{Forward: &b, Profile: w.Profile}).WriteString(text)
	return b.String()
}

// Close takes the drawing down; what was printed above stays.
func (v *live) Close() {
	if v.closed {
		return
	}
	v.closed = true
	v.program.Send(updateMsg{})
	v.program.Quit()
	<-v.over
}

type (
	updateMsg struct{ update pipeline.Update }
	tickMsg   struct{}
)

// screen is bubbletea's model: the tally drawn.
type screen struct {
	tally *tally
	talk  string
	width int
	frame int
	done  bool
}

var spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

func tick() tea.Cmd {
	return tea.Tick(100*time.Millisecond, func(time.Time) tea.Msg { return tickMsg{} })
}

// Init starts the clock.
func (s *screen) Init() tea.Cmd { return tick() }

// Update takes a message of the pass or of the terminal.
func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tickMsg:
		s.frame++
		return s, tick()
	case tea.WindowSizeMsg:
		s.width = m.Width
	case updateMsg:
		if m.update == nil {
			s.done = true
			return s, nil
		}
		s.tally.add(m.update)
		switch u := m.update.(type) {
		case pipeline.Talked:
			s.hear(Clean(u.Line))
		case pipeline.Staged:
			s.talk = ""
		}
	}
	return s, nil
}

// View draws the pass: its stage, how far it is, and the tool's last word
// while there is nothing to count.
func (s *screen) View() tea.View {
	if s.done {
		return tea.NewView("")
	}
	t := s.tally
	head := spinner[s.frame%len(spinner)] + " " + t.stage
	if t.total == 0 || t.stage != "running the tests" {
		return tea.NewView(s.fit(head) + "\n" + s.fit(faint.Render("  "+s.talk)))
	}
	return tea.NewView(s.fit(head+"  "+s.bar()) + "\n" + s.fit("  "+s.facts()) + "\n" + s.fit(faint.Render("  "+s.talk)))
}

// hear keeps the tool's last word: while tests run, what Bazel says of a cell
// at work ("[3 / 7] Testing tests/test_a.py (unit @ python3.9); 3s …").
func (s *screen) hear(line string) {
	if s.tally.stage != "running the tests" {
		s.talk = line
		return
	}
	if _, cell, ok := strings.Cut(line, "Testing "); ok {
		s.talk = cell
	}
}

func (s *screen) facts() string {
	t := s.tally
	facts := []string{fmt.Sprintf("%d/%s", t.done(), Plural(t.total, "cell")), fmt.Sprintf("%d running", t.running)}
	failed := fmt.Sprintf("%d failed", len(t.failed))
	if len(t.failed) > 0 {
		failed = red.Render(failed)
	}
	facts = append(facts, failed, fmt.Sprintf("%d %% cached", t.cachedShare()), seconds(t.now().Sub(t.start)))
	if left := t.left(); left > 0 {
		facts = append(facts, "about "+About(left)+" left")
	}
	return strings.Join(facts, faint.Render(" · "))
}

func (s *screen) bar() string {
	const length = 30
	filled := length * s.tally.done() / max(1, s.tally.total)
	return green.Render(strings.Repeat("━", filled)) + faint.Render(strings.Repeat("━", length-filled))
}

// fit cuts a line to the terminal, so that it never wraps.
func (s *screen) fit(line string) string {
	return lipgloss.NewStyle().MaxWidth(max(20, s.width)).Render(line)
}
