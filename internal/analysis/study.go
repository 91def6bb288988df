package analysis

import (
	"io/fs"
	"sort"
	"strconv"
	"strings"

	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/result"
)

// study is a run with the indexes that the analysis looks things up in.
type study struct {
	run   result.Run
	past  *history.History
	order map[string]int // environment → position in the run
	envs  map[string]result.Environment
	// cells by file and type, then environment
	cells map[fileType]map[string]*result.Cell
	// top are the first folders of the workspace that the run shows.
	top   map[string]bool
	files map[string]bool
	// sources are all those of the workspace; may hold more than the run shows.
	sources []string
	// workspace is looked into for files; nil: what it has is not known.
	workspace fs.FS
	// generated: BUILD files are kept by weft gen.
	generated bool
}

type fileType struct{ file, kind string }

func newStudy(run result.Run, past *history.History, opt Options) *study {
	s := &study{
		run: run, past: past,
		order: map[string]int{}, envs: map[string]result.Environment{},
		cells: map[fileType]map[string]*result.Cell{},
		top:   map[string]bool{}, files: map[string]bool{},
	}
	s.workspace, s.generated = opt.Workspace, opt.Generated
	s.sources = append(s.sources, opt.Sources...)
	for i, e := range run.Environments {
		s.order[e.Name], s.envs[e.Name] = i, e
	}
	for i := range run.Cells {
		c := &run.Cells[i]
		if _, ok := s.order[c.Environment]; !ok {
			s.order[c.Environment] = len(s.order)
			s.envs[c.Environment] = result.Environment{
				Name: c.Environment, Kind: c.JSON.Environment.Kind, Version: c.JSON.Environment.Version,
			}
		}
		key := fileType{c.File, c.Type}
		if s.cells[key] == nil {
			s.cells[key] = map[string]*result.Cell{}
		}
		s.cells[key][c.Environment] = c
		s.knowFile(c.File)
		if c.JSON.Coverage != nil {
			for file := range c.JSON.Coverage.Files {
				s.knowFile(file)
			}
		}
	}
	for file := range s.files {
		s.sources = append(s.sources, file)
	}
	return s
}

func (s *study) knowFile(file string) {
	s.files[file] = true
	if first, _, nested := strings.Cut(file, "/"); nested {
		s.top[first] = true
	}
}

// sorted lists environments in the run's order.
func (s *study) sorted(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if s.order[names[i]] != s.order[names[j]] {
			return s.order[names[i]] < s.order[names[j]]
		}
		return names[i] < names[j]
	})
	return names
}

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

// version is the interpreter's version as the cell saw it, else the plan's.
func (s *study) version(env string) string { return s.envs[env].Version }

// older compares dotted versions by their numbers.
func older(a, b string) bool {
	x, y := numbers(a), numbers(b)
	for i := 0; i < len(x) || i < len(y); i++ {
		var m, n int
		if i < len(x) {
			m = x[i]
		}
		if i < len(y) {
			n = y[i]
		}
		if m != n {
			return m < n
		}
	}
	return false
}

func numbers(version string) []int {
	var out []int
	for _, field := range strings.Split(version, ".") {
		digits := strings.TrimFunc(field, func(r rune) bool { return r < '0' || r > '9' })
		n, err := strconv.Atoi(digits)
		if err != nil {
			break
		}
		out = append(out, n)
	}
	return out
}

func failed(o result.Outcome) bool {
	return o == result.CaseFailed || o == result.CaseError
}

// list joins names as prose does.
func list(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
