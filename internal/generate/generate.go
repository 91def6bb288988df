// Package generate keeps a workspace's BUILD files: it has the map of the
// workspace read and Gazelle, in this process, merge what the map wants into
// each file, in two steps that each do nothing when nothing changed:
//
//  1. A folder is clean when its BUILD file has the size and the time that it
//     had after the last run, and the map wants of it what it wanted then.
//  2. Of the others, those whose text comes out different are written.
package generate

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/repository"
)

// Options say which BUILD files are meant, and whether they are written.
type Options struct {
	Root string // the workspace, absolute
	// Paths are the folders and files of the workspace to work on, relative to
	// it with slashes: what lies below a folder, the folder that a file is in.
	// Empty means all.
	Paths []string
	// Check writes nothing to the workspace and makes a diff.
	Check        bool
	Environments []repository.Environment
	// Cache is the folder that facts about unchanged files are kept in; empty:
	// nothing is kept.
	Cache string
	// Version of weft; what another one left is looked at again.
	Version string
}

// Result is what was done, or what would be under Check. The files are BUILD
// files, relative to the workspace and sorted.
type Result struct {
	Written, Removed, Unchanged []string
	// Needed are stale ones that were not asked for, and that rules of the others name.
	Needed []string
	// Left are those that could not be read, understood or written. Problems
	// says why.
	Left []string
	// Diff is unified, for `git apply`; only under Check.
	Diff     []byte
	Problems []repository.Problem
	Counts   repository.Counts
	// MapTook and FilesTook are the parts of the time.
	MapTook, FilesTook time.Duration
}

// Stale says that BUILD files are not what the map wants.
func (r Result) Stale() bool { return len(r.Written)+len(r.Removed) > 0 }

// Run brings the BUILD files up to date. The error is a *nixenv.StateError
// when only the cache could not be written, and the Result then stands. It is a
// *SettingsError where settings of a project cannot be read: a file that is saved
// half-written would take rules away.
func Run(ctx context.Context, o Options) (Result, error) {
	start := time.Now()
	m, err := repository.Read(ctx, repository.Options{Root: o.Root, Environments: o.Environments, Cache: o.Cache})
	if err != nil {
		return Result{}, err
	}
	if p, ok := m.Unread(); ok {
		return Result{}, &SettingsError{p}
	}
	took := time.Since(start)
	r, err := Apply(ctx, m, o)
	r.MapTook = took
	return r, err
}

// SettingsError is a project's file of settings that cannot be read.
type SettingsError struct{ Problem repository.Problem }

func (e *SettingsError) Error() string {
	if e.Problem.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.Problem.File, e.Problem.Line, e.Problem.Text)
	}
	return e.Problem.File + ": " + e.Problem.Text
}

// Hint says what becomes of the BUILD files, and how a file that is meant to be
// broken is left out.
func (e *SettingsError) Hint() string {
	hint := "the BUILD files stay as they are until it can be read"
	if folder := parent(e.Problem.File); folder != "" {
		hint += fmt.Sprintf("; \"# gazelle:exclude %s\" in the root's BUILD.bazel leaves the folder out", folder)
	}
	return hint
}

// Wants says that a rule of the map is about a file.
func Wants(ctx context.Context, o Options, file string) (bool, error) {
	m, err := repository.Read(ctx, repository.Options{Root: o.Root, Environments: o.Environments, Cache: o.Cache})
	if err != nil {
		return false, err
	}
	folder := home(m, file)
	f := m.Folders[folder]
	if f == nil {
		return false, nil
	}
	name := strings.TrimPrefix(strings.TrimPrefix(file, folder), "/")
	return slices.ContainsFunc(f.Rules, func(r repository.Rule) bool {
		return slices.ContainsFunc(r.Attrs, func(a repository.Attr) bool { return a.Name == "src" && a.Value == name })
	}), nil
}

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// selected are the folders of the map that the paths mean, sorted: those at a
// path and below it, or else the one that the path lies in.
func selected(m *repository.Map, paths []string) []*repository.Folder {
	chosen := map[string]*repository.Folder{}
	if len(paths) == 0 {
		paths = []string{""}
	}
	for _, p := range paths {
		found := false
		for name, f := range m.Folders {
			if within(name, p) {
				chosen[name], found = f, true
			}
		}
		if f := m.Folders[home(m, p)]; f != nil && !found {
			chosen[f.Path] = f
		}
	}
	return slices.SortedFunc(maps.Values(chosen), func(a, b *repository.Folder) int { return strings.Compare(a.Path, b.Path) })
}

// within says that a path is a folder or lies below it; "" is the workspace.
func within(name, folder string) bool {
	return folder == "" || name == folder || strings.HasPrefix(name, folder+"/")
}

// home is the folder of the map that a path lies in: the nearest above it.
func home(m *repository.Map, name string) string {
	for name != "" {
		if name = parent(name); m.Folders[name] != nil {
			break
		}
	}
	return name
}

// parent is the folder above; that of "tests" is "", the workspace.
func parent(name string) string {
	if dir := path.Dir(name); dir != "." {
		return dir
	}
	return ""
}

// about are the problems of the paths, and those that no path is to blame for.
func about(problems []repository.Problem, paths []string) []repository.Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p repository.Problem) bool {
		return len(paths) > 0 && p.File != "" && !slices.ContainsFunc(paths, func(folder string) bool { return within(p.File, folder) })
	})
}

// strangers are paths for which the map has nothing.
func strangers(m *repository.Map, paths []string) []repository.Problem {
	var out []repository.Problem
	for _, p := range paths {
		if len(selected(m, []string{p})) == 0 {
			out = append(out, repository.Problem{File: p, Text: "has no test and no source that a rule could be made for",
				Hint: "what a directive in a BUILD file excludes is left out"})
		}
	}
	return out
}
