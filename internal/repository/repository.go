// Package repository maps a workspace: which files are tests, what each of
// them and of the sources needs, and the rules that say so. It reads files and
// runs nothing; it knows Bazel's words and no API of Gazelle's.
package repository

import "path"

// Options are what Read works with.
type Options struct {
	Root string // the workspace, absolute
	// Environments are those of the lock; nil when there is no lock yet.
	Environments []Environment
	// Cache is the folder that facts about unchanged files are kept in; empty:
	// nothing is kept.
	Cache string
}

// Environment is one that tests run in.
type Environment struct {
	Name, Kind, Version string
	// OutPath is its store path; where that is not there, what it has is unknown.
	OutPath string
}

// Map is the workspace, understood.
type Map struct {
	// Folders that have rules, or have a BUILD file that once had some, by path.
	Folders  map[string]*Folder
	Problems []Problem
	Counts   Counts
}

// Unread is the problem of a project's settings of which nothing is known, where
// rules depend on them: a map without them would take rules away. Those of a
// folder without rules, as among a test's data, are none.
func (m *Map) Unread() (Problem, bool) {
	for _, p := range m.Problems {
		if !p.Unread {
			continue
		}
		for _, f := range m.Folders {
			if inside(clean(path.Dir(p.File)), f.Path) && len(f.Rules)+len(f.Empty) > 0 {
				return p, true
			}
		}
	}
	return Problem{}, false
}

// Folder is what one BUILD file should say.
type Folder struct {
	Path  string // workspace-relative; "" is the root
	Build string // name of its BUILD file; BUILD.bazel when there is none yet
	Rules []Rule
	// Empty are rules of earlier runs that nothing stands behind any more.
	Empty []Rule
}

// Problem is something to tell the user; the rest was still understood.
type Problem struct {
	File string // workspace-relative
	Line int
	Text string
	Hint string // what to type or to write
	// Unread says that the file holds a project's settings and nothing of them is known.
	Unread bool
}

// Counts are for the summary.
type Counts struct{ Files, Scanned, Tests, Sources int }
