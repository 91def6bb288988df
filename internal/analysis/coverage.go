package analysis

import (
	"fmt"
	"sort"
	"strings"

	"github.com/weft-build/weft/internal/result"
)

// Coverage is line coverage by unit tests, overall: a line is covered when
// some environment executed it.
type Coverage struct {
	NotMeasured  string                `json:"notMeasured,omitempty"`
	Percent      float64               `json:"percent"`
	Covered      int                   `json:"covered"`
	Lines        int                   `json:"lines"`
	Environments []EnvironmentCoverage `json:"environments,omitempty"`
	Files        []FileCoverage        `json:"files,omitempty"`
	Warnings     []string              `json:"warnings,omitempty"`
}

// EnvironmentCoverage is what one environment's unit tests covered.
type EnvironmentCoverage struct {
	Name        string  `json:"name"`
	NotMeasured string  `json:"notMeasured,omitempty"`
	Percent     float64 `json:"percent"`
	Covered     int     `json:"covered"`
	Lines       int     `json:"lines"`
}

// FileCoverage is a file's coverage over all environments.
type FileCoverage struct {
	File    string  `json:"file"`
	Percent float64 `json:"percent"`
	Covered int     `json:"covered"`
	Lines   int     `json:"lines"`
	Missing string  `json:"missing,omitempty"` // "5-6,9"
}

// covers is file → lines executed, lines that could be.
type covers map[string]*fileLines

type fileLines struct{ executed, all []span }

func (c covers) add(file string, executed, missing []span) {
	l := c[file]
	if l == nil {
		l = &fileLines{}
		c[file] = l
	}
	l.executed = union(l.executed, executed)
	l.all = union(l.all, executed, missing)
}

func (c covers) totals() (covered, lines int) {
	for _, l := range c {
		covered += size(l.executed)
		lines += size(l.all)
	}
	return covered, lines
}

func percent(covered, lines int) float64 {
	if lines == 0 {
		return 0
	}
	return 100 * float64(covered) / float64(lines)
}

// coverage unites the lines of all unit cells.
func (s *study) coverage(opt Options) Coverage {
	total, byEnv := covers{}, map[string]covers{}
	cells, silent := map[string]int{}, map[string]int{}
	var out Coverage
	for i := range s.run.Cells {
		c := &s.run.Cells[i]
		if c.Type != "unit" || c.Verdict == result.NotRun {
			continue
		}
		cells[c.Environment]++
		if c.JSON.Coverage == nil {
			silent[c.Environment]++
			continue
		}
		if byEnv[c.Environment] == nil {
			byEnv[c.Environment] = covers{}
		}
		for file, lines := range c.JSON.Coverage.Files {
			executed, err1 := parseLines(lines.Executed)
			missing, err2 := parseLines(lines.Missing)
			if err1 != nil || err2 != nil {
				out.Warnings = append(out.Warnings, fmt.Sprintf("coverage of %s in %s could not be read", file, c.ID))
				continue
			}
			total.add(file, executed, missing)
			byEnv[c.Environment].add(file, executed, missing)
		}
	}
	sort.Strings(out.Warnings)
	if out.Covered, out.Lines = total.totals(); out.Lines == 0 {
		out.NotMeasured = s.coverageReason(opt, len(cells))
		return out
	}
	out.Percent = percent(out.Covered, out.Lines)
	for _, env := range s.sorted(keys(cells)) {
		e := EnvironmentCoverage{Name: env}
		e.Covered, e.Lines = byEnv[env].totals()
		e.Percent = percent(e.Covered, e.Lines)
		switch {
		case e.Lines == 0:
			e.NotMeasured = s.coverageNote(env)
		case silent[env] > 0:
			out.Warnings = append(out.Warnings, fmt.Sprintf("%d of the %d unit cells of %s measured none", silent[env], cells[env], env))
		}
		out.Environments = append(out.Environments, e)
	}
	out.Files = files(total)
	return out
}

func files(total covers) []FileCoverage {
	var out []FileCoverage
	for file, l := range total {
		f := FileCoverage{File: file, Covered: size(l.executed), Lines: size(l.all), Missing: format(minus(l.all, l.executed))}
		f.Percent = percent(f.Covered, f.Lines)
		out = append(out, f)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].File < out[j].File })
	return out
}

func keys[V any](m map[string]V) map[string]bool {
	out := make(map[string]bool, len(m))
	for k := range m {
		out[k] = true
	}
	return out
}

func (s *study) coverageReason(opt Options, environments int) string {
	switch {
	case environments == 0:
		return "no unit test ran"
	case !opt.CoverageAsked:
		return "it was not asked for"
	}
	for env := range s.order {
		if note := s.coverageNote(env); note != noCoverage {
			return note
		}
	}
	return "no unit cell reported any line"
}

const noCoverage = "its unit cells reported no line"

// coverageNote is what a cell of the environment said about coverage.
func (s *study) coverageNote(env string) string {
	for _, c := range s.run.Cells {
		if c.Environment != env || c.Type != "unit" {
			continue
		}
		for _, note := range c.JSON.Notes {
			if strings.Contains(note, "cov") {
				return strings.TrimPrefix(note, "coverage not measured: ")
			}
		}
	}
	return noCoverage
}
