package ui

import (
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/weft-build/weft/internal/loop"
)

// key answers a key. Ctrl-C and Ctrl-Z mean the same everywhere.
func (s *watchScreen) key(k tea.KeyPressMsg) tea.Cmd {
	s.flash = ""
	switch k.String() {
	case "ctrl+c":
		s.leave()
		return nil
	case "ctrl+z":
		return tea.Suspend
	}
	switch s.mode {
	case inPaths, inTests:
		s.typed(k)
	case inEnvironments:
		s.pick(k.String())
	case inOutput, inNotes, inHelp:
		s.read(k.String())
	default:
		return s.onBoard(k.String())
	}
	return nil
}

func (s *watchScreen) leave() {
	s.leaving = true
	s.opts.Quit()
}

// onBoard are the keys of the board.
func (s *watchScreen) onBoard(key string) tea.Cmd {
	switch key {
	case "q":
		s.leave()
	case "a":
		s.want = loop.Narrowing{}
		s.ask(loop.RunAll{})
	case "r", "enter":
		s.ask(loop.Rerun{})
	case "f":
		s.want.OnlyFailed = !s.want.OnlyFailed
		s.ask(loop.OnlyFailed{On: s.want.OnlyFailed})
	case "x", "esc":
		if s.board.Pass.Active {
			s.ask(loop.Stop{})
		}
	case "p":
		s.mode, s.prompt = inPaths, newPrompt(s.want.Paths)
	case "t":
		s.mode, s.prompt = inTests, newPrompt(s.want.Tests)
	case "e":
		s.openEnvironments()
	case "o":
		return s.open()
	case "s":
		s.mode, s.pane = inOutput, pane{tail: true}
		s.fillOutput()
	case "n":
		s.openPane(inNotes, "notes", s.notesText())
	case "h", "?":
		s.openPane(inHelp, "help", s.helpText())
	default:
		s.move(key)
	}
	return nil
}

// move goes through the failures, and through the text of the chosen one.
func (s *watchScreen) move(key string) {
	page := max(1, s.height/4)
	s.held = true
	switch key {
	case "down", "j", "tab":
		s.choose(s.chosen + 1)
	case "up", "k", "shift+tab":
		s.choose(s.chosen - 1)
	case "pgdown", "space", "ctrl+d":
		s.scroll += page
	case "pgup", "ctrl+u":
		s.scroll -= page
	case "home", "g":
		s.scroll = 0
	case "end", "G":
		s.scroll = len(s.lines)
	}
	s.scroll = max(0, min(s.scroll, len(s.lines)-1))
}

// typed edits a filter.
func (s *watchScreen) typed(k tea.KeyPressMsg) {
	switch k.String() {
	case "esc":
		s.mode = onBoard
	case "enter":
		text := strings.TrimSpace(string(s.prompt.text))
		if s.mode == inPaths {
			s.want.Paths = text
			s.ask(loop.Paths{Text: text})
		} else {
			s.want.Tests = text
			s.ask(loop.Tests{Text: text})
		}
		s.mode = onBoard
	default:
		s.prompt.key(k)
	}
}

func (s *watchScreen) openEnvironments() {
	if len(s.board.Columns) == 0 {
		s.flash = "no environment is known yet"
		return
	}
	s.mode, s.pointed, s.listed, s.picked = inEnvironments, 0, s.board.Columns, nil
	for _, name := range s.listed {
		s.picked = append(s.picked, wanted(s.want, name))
	}
}

// wanted says that passes are not narrowed to other environments.
func wanted(n loop.Narrowing, environment string) bool {
	for _, name := range n.Environments {
		if name == environment {
			return true
		}
	}
	return len(n.Environments) == 0
}

// pick toggles environments.
func (s *watchScreen) pick(key string) {
	switch key {
	case "esc", "e", "q":
		s.mode = onBoard
	case "down", "j", "tab":
		s.pointed = min(s.pointed+1, len(s.picked)-1)
	case "up", "k", "shift+tab":
		s.pointed = max(s.pointed-1, 0)
	case "space", "x":
		s.picked[s.pointed] = !s.picked[s.pointed]
	case "a":
		for i := range s.picked {
			s.picked[i] = true
		}
	case "o":
		for i := range s.picked {
			s.picked[i] = i == s.pointed
		}
	case "enter":
		s.pickDone()
	}
}

func (s *watchScreen) pickDone() {
	var names []string
	for i, yes := range s.picked {
		if yes {
			names = append(names, s.listed[i])
		}
	}
	switch len(names) {
	case 0:
		s.flash = "choose at least one environment"
		return
	case len(s.listed):
		names = nil // all
	}
	s.mode, s.want.Environments = onBoard, names
	s.ask(loop.Environments{Names: names})
}

// open opens the editor where the chosen failure is.
func (s *watchScreen) open() tea.Cmd {
	f := s.failure()
	if f == nil {
		s.flash = "nothing fails: there is no line to open"
		return nil
	}
	argv, err := editor(s.opts.Env, filepath.Join(s.opts.Workspace, filepath.FromSlash(f.File)), f.Line)
	if err != nil {
		s.flash = err.Error()
		return nil
	}
	return s.edit(argv)
}

// read are the keys of a text that fills the screen.
func (s *watchScreen) read(key string) {
	p := &s.pane
	switch key {
	case "esc", "q", "s", "n", "h", "?", "enter":
		s.mode = onBoard
	case "down", "j":
		p.scroll++
	case "up", "k":
		p.scroll--
	case "pgdown", "space", "ctrl+d":
		p.scroll += s.paneRoom()
	case "pgup", "ctrl+u":
		p.scroll -= s.paneRoom()
	case "home", "g":
		p.scroll = 0
	case "end", "G":
		p.scroll = len(p.lines)
	}
	last := max(0, len(p.lines)-s.paneRoom())
	p.scroll = max(0, min(p.scroll, last))
	p.tail = p.scroll == last
}
