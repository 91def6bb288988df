package board

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/result"
)

// byRow orders planned cells by file and type, those of a file together.
func byRow(cells []result.PlannedCell) []result.PlannedCell {
	out := slices.Clone(cells)
	slices.SortStableFunc(out, func(a, b result.PlannedCell) int {
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Type, b.Type))
	})
	return out
}

// failing is a test that fails, and the place, which takes too long to look for
// each time that someone looks.
type failing struct {
	result.Case
	file string
	line int
}

func failingAt(k result.Case, file string) failing {
	if at, line, ok := place(k.Text, file); ok {
		return failing{k, at, line}
	}
	return failing{k, file, k.Line}
}

// Failures are the tests that fail, in the order of the board. The same one
// with the same message in several environments is one.
func (b *Board) Failures() []Failure {
	var out []Failure
	type same struct{ id, kind, message string }
	at := map[same]int{}
	add := func(f Failure, environment string) {
		key := same{f.ID, f.Type, f.Message}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, f)
		}
		out[i].Environments = append(out[i].Environments, environment)
	}
	for _, id := range b.order {
		s := b.squares[id]
		known := s.State
		if known == Waiting || known == Running {
			known = s.Before
		}
		if known != Failed {
			continue
		}
		row, environment := b.Rows[s.Row], b.Columns[s.Column]
		for _, k := range b.failing[id] {
			add(Failure{ID: k.ID, File: k.file, Line: k.line, Type: row.Type, Message: k.Message, Text: cmp.Or(k.Text, k.Message)}, environment)
		}
		if len(b.failing[id]) == 0 {
			add(Failure{ID: row.File, File: row.File, Type: row.Type, Message: cmp.Or(s.Reason, string(s.Verdict)), Text: b.logs[id]}, environment)
		}
	}
	return out
}

// Counts are how many squares there are of each state; those that wait or run
// count as what was known of them before, and as Waiting or Running beside.
func (b *Board) Counts() map[State]int {
	out := map[State]int{}
	for _, s := range b.squares {
		out[s.State]++
		if s.State == Waiting || s.State == Running {
			out[s.Before]++
		}
	}
	return out
}

func hintOf(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}
