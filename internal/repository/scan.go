package repository

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/weft-build/weft/internal/octsource"
	"github.com/weft-build/weft/internal/pysource"
)

// scan reads every source file, or takes what the cache knows of it. It
// returns how many had to be read.
func (t *tree) scan(ctx context.Context) (int, error) {
	var files []*file
	for _, f := range t.folders {
		for _, file := range f.files {
			if ext := path.Ext(file.name); ext == ".py" || ext == ".m" {
				files = append(files, file)
			}
		}
	}
	var read atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		g.Go(func() error {
			for i := w; i < len(files); i += workers {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if t.scanFile(files[i]) {
					read.Add(1)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	t.cache.keep(files, int(read.Load()))
	return int(read.Load()), nil
}

// scanFile fills a file's facts; fresh says that its text was read.
func (t *tree) scanFile(f *file) (fresh bool) {
	if t.cache.fill(f) {
		return false
	}
	data, err := os.ReadFile(filepath.Join(t.root, filepath.FromSlash(f.path)))
	if err != nil {
		// Nothing is known of it: as a file that cannot be parsed.
		f.py = &pysource.File{Problem: &pysource.Problem{Text: "the file cannot be read: " + plain(err)}}
		if path.Ext(f.name) == ".m" {
			f.py, f.oct = nil, &octsource.File{Problem: &octsource.Problem{Text: "the file cannot be read: " + plain(err)}}
		}
		return true
	}
	if path.Ext(f.name) == ".m" {
		f.oct = octsource.Read(data)
		return true
	}
	f.py = pysource.Read(data)
	f.py.Strings = useful(f.py.Strings)
	return true
}

// sayUnread tells of the sources that could not be understood, of those that
// tests need: a project may keep broken ones as data.
func (m *mapper) sayUnread() {
	for f := range m.testOf {
		m.sayProblem(f)
	}
	for f := range m.nodes {
		if m.testOf[f] == nil {
			m.sayProblem(f)
		}
	}
}

func (m *mapper) sayProblem(f *file) {
	switch {
	case f.py != nil && f.py.Problem != nil:
		m.t.problem(Problem{File: f.path, Line: f.py.Problem.Line, Text: fmt.Sprintf("%s: what comes after it is not understood, so the file depends on its whole package", f.py.Problem.Text)})
	case f.oct != nil && f.oct.Problem != nil:
		m.t.problem(Problem{File: f.path, Line: f.oct.Problem.Line, Text: f.oct.Problem.Text})
	}
}

// useful keeps the strings that could name a file, a folder, a module or a
// program: the rest is text, and most of it.
func useful(all []pysource.String) []pysource.String {
	out := all[:0]
	for _, s := range all {
		if nameLike(s.Value) || importing(s.Value) {
			out = append(out, s)
		}
	}
	return out
}

// importing: code in a string, as for `python -c`.
func importing(s string) bool {
	return strings.HasPrefix(s, "import ") || strings.HasPrefix(s, "from ") && strings.Contains(s, " import ")
}

func nameLike(s string) bool {
	if len(s) > 200 || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		return false
	}
	for _, r := range s {
		switch {
		case r < ' ', r == '"', r == '\'', r == '<', r == '>', r == '|', r == '$', r == '\\', r == ';':
			return false
		}
	}
	// Prose has spaces and no dot or slash within a word.
	return !strings.Contains(s, " ") || spacedName.MatchString(s)
}

var spacedName = regexp.MustCompile(`^[^ ]+( [^ ]+){1,4}$`)
