package pipeline

import (
	"time"

	"github.com/weft-build/weft/internal/result"
)

// remembered is a cell's result between two passes, in a fifth of the memory: a
// large workspace has a million cases, and most of them passed.
type remembered struct {
	cell  result.Cell
	plain []plainCase // the cell's cases when they all are so; else they are the cell's own
}

// plainCase is a case of which there is nothing more to say.
type plainCase struct {
	id, name, class string
	outcome         result.Outcome
	duration        time.Duration
	line            int
}

// texts keeps one copy of each text: a case has the same names in every environment.
type texts map[string]string

func (t texts) one(text string) string {
	if kept, ok := t[text]; ok {
		return kept
	}
	t[text] = text
	return text
}

// pack makes of a cell what is remembered of it.
func (t texts) pack(c result.Cell) remembered {
	for _, text := range []*string{&c.File, &c.Type, &c.Environment, &c.Suite, &c.LogPath, &c.JSON.Label, &c.JSON.File, &c.JSON.Type,
		&c.JSON.Environment.Name, &c.JSON.Environment.Kind, &c.JSON.Environment.Version, &c.JSON.Environment.StorePath,
		&c.JSON.Interpreter.Executable, &c.JSON.Interpreter.Version, &c.JSON.Sandbox.Network} {
		*text = t.one(*text)
	}
	plain := make([]plainCase, 0, len(c.Cases))
	for _, k := range c.Cases {
		if !isPlain(k) {
			return remembered{cell: c}
		}
		plain = append(plain, plainCase{t.one(k.ID), t.one(k.Name), t.one(k.Class), k.Outcome, k.Duration, k.Line})
	}
	c.Cases = nil
	return remembered{c, plain}
}

func (p plainCase) unpack() result.Case {
	return result.Case{ID: p.id, Name: p.name, Class: p.class, Outcome: p.outcome, Duration: p.duration, Line: p.line}
}

// isPlain says that a case has nothing beside what a plain one has.
func isPlain(k result.Case) bool {
	return k.Type == "" && k.Message == "" && k.Text == "" && !k.Flaky && k.FirstText == "" && len(k.Properties) == 0 && k.Stdout == "" && !k.Synthetic
}

// unpack is the cell as it was.
func (r remembered) unpack() result.Cell {
	c := r.cell
	if len(r.plain) > 0 {
		c.Cases = make([]result.Case, len(r.plain))
		for i, p := range r.plain {
			c.Cases[i] = p.unpack()
		}
	}
	return c
}
