package ui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/weft-build/weft/internal/board"
	"github.com/weft-build/weft/internal/loop"
)

type (
	wakeMsg   struct{}            // updates wait
	editedMsg struct{ err error } // an editor was closed
)

// mode is what the keys mean now.
type mode int

const (
	onBoard        mode = iota
	inPaths             // the path filter is typed
	inTests             // the test name filter is typed
	inEnvironments      // environments are chosen
	inOutput            // the output is read
	inNotes
	inHelp
)

// watchScreen is bubbletea's model: the board and what the user does with it.
// What it does to the world goes through ask, edit and opts.Quit.
type watchScreen struct {
	opts WatchOptions
	ask  func(loop.Command)
	take func() []loop.Update
	edit func(argv []string) tea.Cmd

	board         *board.Board
	bell          bell
	width, height int
	colourless    bool
	spins         int // frames of the spinner
	ticking       bool
	leaving       bool
	want          loop.Narrowing // as asked for: the loop may not have said so yet
	waiting       bool           // the loop waits for a save

	mode    mode
	prompt  prompt
	flash   string   // answers a key, until the next
	chosen  int      // in failures
	held    bool     // the user chose it; else it is the first
	scroll  int      // of the chosen failure's text
	pane    pane     // the text that fills the screen in inOutput, inNotes, inHelp
	listed  []string // the environments to choose from, in inEnvironments
	picked  []bool   // those that are chosen
	pointed int      // the column that the cursor is on

	grid
	seen     int // the board's version that all of this is of
	count    map[board.State]int
	failures []board.Failure
	lines    []string // of the chosen failure's text
}

func newWatchScreen(o WatchOptions) *watchScreen {
	return &watchScreen{opts: o, board: board.New(o.Now), bell: bell{kind: o.Bell}, width: 80, height: 24, seen: -1,
		ask: func(loop.Command) {}, take: func() []loop.Update { return nil }, edit: func([]string) tea.Cmd { return nil }}
}

// Init starts the clock.
func (s *watchScreen) Init() tea.Cmd { return s.tick() }

// tick moves the spinner while something moves: a board that waits costs nothing.
func (s *watchScreen) tick() tea.Cmd {
	if s.ticking || !s.moving() {
		return nil
	}
	s.ticking = true
	return tea.Tick(100*time.Millisecond, func(time.Time) tea.Msg { return tickMsg{} })
}

func (s *watchScreen) moving() bool {
	return s.board.Pass.Active || s.leaving || s.board.Pass.Number == 0 && !s.waiting
}

// Update takes a message of the loop, the terminal or the user.
func (s *watchScreen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch m := msg.(type) {
	case wakeMsg:
		cmd = s.fold(s.take())
	case tickMsg:
		s.ticking = false
		s.spins++
	case tea.WindowSizeMsg:
		s.width, s.height = m.Width, m.Height
		s.pane.wrap(s.width)
	case tea.ColorProfileMsg:
		s.colourless = m.Profile <= colorprofile.Ascii
	case tea.PasteMsg:
		if s.mode == inPaths || s.mode == inTests {
			s.prompt.add(m.Content)
		}
	case editedMsg:
		if m.err != nil {
			s.flash = m.err.Error()
		}
	case tea.KeyPressMsg:
		cmd = s.key(m)
	}
	return s, tea.Batch(cmd, s.tick())
}

// fold adds updates to the board.
func (s *watchScreen) fold(updates []loop.Update) tea.Cmd {
	ring := ""
	for _, u := range updates {
		s.board.Add(u)
		switch u := u.(type) {
		case loop.Set:
			s.want = u.Narrowing
		case loop.Began:
			s.waiting = false
		case loop.Waiting:
			s.waiting = true
		case loop.Ended:
			ring += s.bell.rung(u)
		}
	}
	s.refresh()
	if ring == "" {
		return nil
	}
	return tea.Raw(ring)
}

// refresh brings what is drawn up to the board's version.
func (s *watchScreen) refresh() {
	if s.board.Version() == s.seen {
		return
	}
	before := s.failure()
	if s.board.Reshaped(s.seen) {
		s.grid = newGrid(s.board, s.opts)
		s.seen = -1
		if s.mode == inEnvironments && !slices.Equal(s.listed, s.board.Columns) {
			s.mode = onBoard
		}
	}
	s.grid.add(s.board.Squares(s.seen), s.board.Pass)
	s.count, s.failures = s.board.Counts(), s.board.Failures()
	s.seen = s.board.Version()
	s.keep(before)
	if s.mode == inOutput {
		s.fillOutput()
	}
}

// keep stays at the failure that the user chose while it is there.
func (s *watchScreen) keep(before *board.Failure) {
	same := func(f board.Failure) bool { return before != nil && f.ID == before.ID && f.Type == before.Type }
	at := 0
	if s.held {
		at = slices.IndexFunc(s.failures, same)
		s.held = at >= 0
	}
	s.chosen = max(0, at)
	if f := s.failure(); f == nil || !same(*f) {
		s.scroll = 0
	}
	s.choose(s.chosen)
}

// failure is the chosen one; nil when nothing fails.
func (s *watchScreen) failure() *board.Failure {
	if s.chosen >= len(s.failures) {
		return nil
	}
	return &s.failures[s.chosen]
}

// choose picks a failure. Its text keeps its place when it is the same one.
func (s *watchScreen) choose(i int) {
	if i != s.chosen {
		s.scroll = 0
	}
	s.chosen, s.lines = max(0, min(i, len(s.failures)-1)), nil
	if f := s.failure(); f != nil && strings.TrimSpace(f.Text) != "" {
		s.lines = strings.Split(strings.Trim(f.Text, "\n"), "\n")
	}
}

// pane is text that fills the screen.
type pane struct {
	title  string
	text   string
	lines  []string // wrapped
	scroll int
	tail   bool // keep to the end as it grows
}

func (p *pane) wrap(width int) {
	p.lines = nil
	for line := range strings.SplitSeq(Block(p.text), "\n") {
		p.lines = append(p.lines, strings.Split(ansi.Hardwrap(line, max(10, width-2), true), "\n")...)
	}
}
