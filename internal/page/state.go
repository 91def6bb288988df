package page

import (
	"encoding/json"
	"sync"

	"github.com/weft-build/weft/internal/board"
	"github.com/weft-build/weft/internal/loop"
)

// state is the board, and what the streams have been told of it. The latter is
// guarded by hub.telling.
type state struct {
	mu    sync.Mutex
	board *board.Board

	title    string
	version  int               // of the board, as told
	parts    map[string]string // by name, what was told, as JSON
	failures failures
}

// message is an event for the streams. Its parts are what changed, all of them
// in a "board"; squares and failures in a "delta" are those that changed.
type message struct {
	event   string
	version int
	parts   map[string]any
}

func newState(opts Options) *state {
	return &state{board: board.New(opts.Now), title: opts.Title, version: -1, parts: map[string]string{}}
}

func (s *state) add(u loop.Update) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.board.Add(u)
}

// change is what changed since the last change or whole.
func (s *state) change() message {
	s.mu.Lock()
	l := s.look(s.version)
	s.mu.Unlock()
	return s.tell(l)
}

// whole is what change is, and the whole board at that moment.
func (s *state) whole() (change, whole message) {
	s.mu.Lock()
	since, all := s.look(s.version), s.look(-1)
	s.mu.Unlock()
	change = s.tell(since)
	told := &state{title: s.title, version: -1, parts: map[string]string{}}
	return change, told.tell(all)
}

// look is the board as it was when the loop was kept waiting for a moment:
// nothing in it changes afterwards.
type look struct {
	version        int
	reshaped       bool
	rows           []board.Row
	columns        []string
	squares        []board.Square
	failures       []board.Failure
	failuresLooked bool
	parts          map[string]string
}

func (s *state) look(since int) look {
	b := s.board
	l := look{version: b.Version(), reshaped: since < 0 || b.Reshaped(since), rows: b.Rows, columns: b.Columns}
	if l.reshaped {
		since = -1
	}
	l.squares = b.Squares(since)
	if l.failuresLooked = l.reshaped || b.FailuresChanged(since); l.failuresLooked {
		l.failures = b.Failures()
	}
	l.parts = map[string]string{}
	for name, part := range map[string]any{
		"counts": b.Counts(), "pass": b.Pass, "narrowing": b.Narrowing, "owed": b.Owed, "notes": notesOf(b.Notes), "saves": savesOf(b.Saves),
	} {
		data, err := json.Marshal(part)
		if err == nil { // strings, numbers and times cannot fail
			l.parts[name] = string(data)
		}
	}
	return l
}

// tell makes the message of a look, and remembers that it was told.
func (s *state) tell(l look) message {
	m := message{event: "delta", version: l.version, parts: map[string]any{}}
	if l.reshaped {
		m.event = "board"
		m.parts["title"], m.parts["rows"], m.parts["columns"] = s.title, l.rows, l.columns
		s.parts, s.failures = map[string]string{}, failures{}
	}
	if len(l.squares) > 0 {
		m.parts["squares"] = l.squares
	}
	for name, part := range l.parts {
		if s.parts[name] != part {
			s.parts[name], m.parts[name] = part, json.RawMessage(part)
		}
	}
	if l.failuresLooked {
		if told := s.failures.tell(l.failures); told != nil {
			m.parts["failures"] = told
		}
	}
	s.version = l.version
	return m
}
