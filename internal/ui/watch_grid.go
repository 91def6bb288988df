package ui

import (
	"cmp"
	"path"

	"github.com/charmbracelet/x/ansi"

	"github.com/weft-build/weft/internal/board"
)

// grid is the board by rows and folders. It is kept from one drawing to the
// next, and what changed is put into it: drawing costs what is visible.
type grid struct {
	squares [][]*board.Square // by row and column; nil where a file has no cell
	labels  []string          // by row: the file's name, and its type where it has several
	folders []folder
	rank    []rank // by row
	ranked  [most + 1]int
	wide    int  // cells of the longest label or folder
	types   bool // there are several test types
}

// folder is a run of rows.
type folder struct {
	name     string // as shown
	from, to int
	files    int
	failing  int // files
	sum      []*board.Square
	rank     rank // the most notable of its rows
}

// rank says how much a row wants to be seen when not all fit.
type rank int

const (
	quiet    rank = iota
	inPass        // in the pass under way, or in the last one
	running       // at work
	turned        // its verdict turned in this pass
	noResult      // was not run, and a reason is known
	troubled      // fails, or is flaky
	most     = troubled
)

func newGrid(b *board.Board, o WatchOptions) grid {
	g := grid{squares: make([][]*board.Square, len(b.Rows)), labels: make([]string, len(b.Rows)), rank: make([]rank, len(b.Rows))}
	cells := make([]*board.Square, len(b.Rows)*len(b.Columns))
	last := ""
	for i, row := range b.Rows {
		g.squares[i] = cells[i*len(b.Columns) : (i+1)*len(b.Columns)]
		g.labels[i] = Clean(path.Base(row.File))
		g.types = g.types || row.Type != b.Rows[0].Type
		again := i > 0 && b.Rows[i-1].File == row.File
		if again || i+1 < len(b.Rows) && b.Rows[i+1].File == row.File {
			g.labels[i] += " " + Clean(row.Type)
		}
		if dir := path.Dir(row.File); i == 0 || dir != last {
			g.folders = append(g.folders, folder{name: o.shown(dir), from: i, sum: make([]*board.Square, len(b.Columns))})
			last = dir
		}
		f := &g.folders[len(g.folders)-1]
		f.to = i + 1
		if !again {
			f.files++
		}
		g.wide = max(g.wide, ansi.StringWidth(g.labels[i])+2, ansi.StringWidth(f.name)+len("  1234 files, 12 fail"))
	}
	return g
}

// add puts changed squares in and sums the rows up.
func (g *grid) add(changed []board.Square, pass board.Pass) {
	for i := range changed {
		g.squares[changed[i].Row][changed[i].Column] = &changed[i]
	}
	g.ranked = [most + 1]int{}
	for i := range g.folders {
		f := &g.folders[i]
		f.rank, f.failing = quiet, 0
		for row := f.from; row < f.to; row++ {
			g.rank[row] = rankOf(g.squares[row], pass)
			g.ranked[g.rank[row]]++
			f.rank = max(f.rank, g.rank[row])
			if fails(g.squares[row]) {
				f.failing++
			}
		}
		sum(g.squares[f.from:f.to], f.sum)
	}
}

func fails(row []*board.Square) bool {
	for _, q := range row {
		if q != nil && q.Known() == board.Failed {
			return true
		}
	}
	return false
}

func rankOf(row []*board.Square, pass board.Pass) rank {
	r := quiet
	for _, q := range row {
		switch {
		case q == nil:
		case q.Known() == board.Failed || q.Flaky:
			return troubled
		case q.Known() == board.NotRun && q.Partial: // it has no test of the name that is wanted
		case q.Known() == board.NotRun:
			r = noResult
		case q.Pass != pass.Number || pass.Number <= 1:
		case q.State == board.Passed && q.Before == board.Failed:
			r = max(r, turned)
		case q.State == board.Running:
			r = max(r, running)
		default:
			r = max(r, inPass)
		}
	}
	return r
}

// severity orders what a folder's square shows of its rows.
var severity = map[board.State]int{board.Unknown: 1, board.Passed: 2, board.NotRun: 3, board.Failed: 4}

// severityOf ranks a square that has no test of the name that is wanted below
// those that have.
func severityOf(q *board.Square) int {
	if q.Known() == board.NotRun && q.Partial {
		return 0
	}
	return severity[q.Known()]
}

// sum makes one square of a column: the worst that is known so far, and whether
// any of it waits or runs. When nothing does, a row of which nothing is known
// counts: a folder has not passed without it.
func sum(rows [][]*board.Square, into []*board.Square) {
	for column := range into {
		var s *board.Square
		moving, unknown, worst := board.State(""), false, 0
		for _, row := range rows {
			q := row[column]
			if q == nil {
				continue
			}
			if s == nil {
				s, worst = &board.Square{Before: q.Known(), Cached: true}, severityOf(q)
			}
			unknown = unknown || q.Known() == board.Unknown
			if n := severityOf(q); n > worst {
				worst, s.Before = n, q.Known()
			}
			if q.State == board.Running || q.State == board.Waiting && moving == "" {
				moving = q.State
			}
			s.Cached = s.Cached && q.Cached
			s.Flaky = s.Flaky || q.Flaky
			s.Partial = s.Partial || q.Partial
		}
		if s != nil {
			if unknown && moving == "" && s.Before == board.Passed {
				s.Before = board.Unknown
			}
			s.State = cmp.Or(moving, s.Before)
		}
		into[column] = s
	}
}

// line is one line of the board.
type line struct {
	folder int // index; -1 is none
	row    int // index; -1 is the folder itself
	rest   string
	sum    []*board.Square // of rest
}

// visible picks the lines that fit: everything; or the folders, and of their
// rows those that want to be seen most; or these alone.
func (g *grid) visible(room int) []line {
	if room <= 0 {
		return nil
	}
	if len(g.labels)+len(g.folders) <= room {
		return g.linesFrom(quiet, true)
	}
	rows := len(g.labels) - g.ranked[quiet]
	for r := inPass; r <= most; r++ {
		if len(g.folders)+rows <= room {
			return g.linesFrom(r, true)
		}
		rows -= g.ranked[r]
	}
	if len(g.folders) <= room && g.ranked[troubled] == 0 {
		return g.linesFrom(most+1, true) // the folders alone
	}
	return g.cut(g.linesFrom(troubled, false), room)
}

// linesFrom are the folders and their rows of a rank or above; of folders
// without such a row only when all is asked for.
func (g *grid) linesFrom(r rank, all bool) []line {
	var out []line
	for i, f := range g.folders {
		if !all && f.rank < r {
			continue
		}
		out = append(out, line{folder: i, row: -1})
		for row := f.from; f.rank >= r && row < f.to; row++ {
			if g.rank[row] >= r {
				out = append(out, line{folder: i, row: row})
			}
		}
	}
	return out
}

// cut keeps what fits and says what does not.
func (g *grid) cut(lines []line, room int) []line {
	quietFolders, files := [][]*board.Square{}, 0
	for _, f := range g.folders {
		if f.rank < troubled {
			quietFolders = append(quietFolders, f.sum)
			files += f.files
		}
	}
	var tail []line
	if len(quietFolders) > 0 && room >= 5 {
		rest := line{folder: -1, row: -1, rest: Plural(len(quietFolders), "other folder") + ", " + Plural(files, "file"), sum: nil}
		if len(g.squares) > 0 {
			rest.sum = make([]*board.Square, len(g.squares[0]))
			sum(quietFolders, rest.sum)
		}
		tail = append(tail, rest)
	}
	if keep := room - len(tail); len(lines) > keep {
		for keep = max(0, keep-1); keep > 0 && lines[keep-1].row < 0; keep-- { // no folder without a row
		}
		hidden := 0
		for _, l := range lines[keep:] {
			if l.row >= 0 {
				hidden++
			}
		}
		lines = lines[:keep:keep]
		lines = append(lines, line{folder: -1, row: -1, rest: "… " + Plural(hidden, "more row") + " with failures"})
	}
	return append(lines, tail...)[:min(room, len(lines)+len(tail))]
}
