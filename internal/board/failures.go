package board

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/result"
)

// byRow orders planned cells by folder, file and type: those of a file are
// together, and so are the files of a folder; within a row by column.
func byRow(cells []result.PlannedCell, columns map[string]int) []result.PlannedCell {
	out := slices.Clone(cells)
	slices.SortStableFunc(out, func(a, b result.PlannedCell) int {
		return cmp.Or(strings.Compare(path.Dir(a.File), path.Dir(b.File)), strings.Compare(a.File, b.File), strings.Compare(a.Type, b.Type),
			cmp.Compare(columns[a.Environment], columns[b.Environment]))
	})
	return out
}

// failed is a test that fails, and where; that is looked for once.
type failed struct {
	result.Case
	file string
	line int
	key  string // the same in environments in which it fails alike
}

func newFailed(k result.Case, file string) failed {
	f := failed{Case: k}
	f.file, f.line = Place(k, file)
	f.Message = firstLine(k.Message)
	f.key = k.ID + "\x00" + f.Message
	return f
}

// Failures are the tests that fail, in the order of the board. The same one
// with the same message in several environments is one.
func (b *Board) Failures() []Failure {
	var out []Failure
	type place struct {
		key string
		row int
	}
	at := map[place]int{}
	rows, open := b.perRow()
	add := func(key string, f Failure, s *Square) {
		i, ok := at[place{key, s.Row}]
		if !ok {
			i = len(out)
			at[place{key, s.Row}] = i
			f.Of, f.Open = rows[s.Row], open[s.Row]
			out = append(out, f)
		}
		out[i].Environments = append(out[i].Environments, b.Columns[s.Column])
		out[i].Cells = append(out[i].Cells, s.ID)
	}
	for _, id := range b.order {
		s := b.squares[id]
		if s.Known() != Failed {
			continue
		}
		row := b.Rows[s.Row]
		for _, k := range b.failing[id] {
			add(k.key, Failure{ID: k.ID, File: k.file, Line: k.line, Type: row.Type, Message: k.Message, Text: cmp.Or(k.Text, k.Message)}, s)
		}
		if len(b.failing[id]) == 0 {
			f := Failure{ID: row.File, File: row.File, Type: row.Type, Message: cmp.Or(s.Reason, string(s.Verdict)), Text: b.logs[id]}
			add("\x00"+f.Message, f, s)
		}
	}
	return out
}

// perRow are the numbers of squares by row, and of those that wait or run.
func (b *Board) perRow() (all, open []int) {
	all, open = make([]int, len(b.Rows)), make([]int, len(b.Rows))
	for _, s := range b.squares {
		all[s.Row]++
		if s.State == Waiting || s.State == Running {
			open[s.Row]++
		}
	}
	return all, open
}

// Output is all that is known of a failure: what its tests printed, and the log
// of its cells, those of each environment under its name.
func (b *Board) Output(f Failure) string {
	var out strings.Builder
	for i, id := range f.Cells {
		fmt.Fprintf(&out, "── %s\n", f.Environments[i])
		said := false
		for _, k := range b.failing[id] {
			if k.ID == f.ID {
				for _, text := range []string{cmp.Or(k.Text, k.Message), k.Stdout} {
					if text = strings.Trim(text, "\n"); text != "" {
						out.WriteString(text + "\n")
						said = true
					}
				}
			}
		}
		if log := strings.Trim(b.logs[id], "\n"); log != "" {
			if said {
				out.WriteString("── the log of the whole file\n")
			}
			out.WriteString(log + "\n")
		}
	}
	return out.String()
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

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
