package repository

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pysource"
)

// external is an import that leads out of the workspace.
type external struct {
	module string // top-level name
	line   int
}

// external notes a third-party module that has to be there for the file to run.
func (m *mapper) external(f *file, i pysource.Import) {
	first, _, _ := strings.Cut(i.Module, ".")
	if i.Optional || i.Typing || i.Local || first == "" || isStdlib(first) || strings.HasPrefix(first, "_") {
		return
	}
	if !slices.ContainsFunc(m.externals[f], func(e external) bool { return e.module == first }) {
		m.externals[f] = append(m.externals[f], external{first, i.Line})
	}
}

// sayMissing tells of the modules that tests need and an environment lacks. An
// environment that is not in the store yet is not judged.
func (m *mapper) sayMissing() {
	type where struct {
		file *file
		line int
		more int
		envs []string
	}
	missing := map[string]*where{}
	for _, env := range m.opt.Environments {
		has := env.modules()
		if has == nil {
			continue
		}
		for _, f := range m.reached(env) {
			for _, e := range m.externals[f] {
				if has[e.module] {
					continue
				}
				w := missing[e.module]
				if w == nil {
					w = &where{file: f, line: e.line}
					missing[e.module] = w
				}
				if !slices.Contains(w.envs, env.Name) {
					w.envs = append(w.envs, env.Name)
				}
				if f != w.file {
					w.more++
				}
			}
		}
	}
	for _, module := range sortedKeys(missing) {
		w := missing[module]
		text := fmt.Sprintf("module %q is not in %s", module, strings.Join(w.envs, ", "))
		if w.more > 0 {
			text += fmt.Sprintf(" (%d more files import it)", (w.more+len(w.envs)-1)/len(w.envs))
		}
		m.t.problem(Problem{File: w.file.path, Line: w.line, Text: text,
			Hint: fmt.Sprintf("add its package in flake.nix, or leave the environment out: # gazelle:weft_environments … in the BUILD file of %s", shown(w.file.in))})
	}
}

// modules are the top-level names in an environment's site-packages; nil when
// the environment is not there to be looked at.
func (e Environment) modules() map[string]bool {
	if e.Kind != "python" || e.OutPath == "" {
		return nil
	}
	folders, _ := filepath.Glob(filepath.Join(e.OutPath, "lib", "python3*", "site-packages"))
	var out map[string]bool
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			continue
		}
		if out == nil {
			out = map[string]bool{}
		}
		for _, entry := range entries {
			name, _, _ := strings.Cut(entry.Name(), ".")
			out[name] = true
		}
	}
	return out
}

// reached are the Python files that an environment's tests load.
func (m *mapper) reached(env Environment) []*file {
	var out []*file
	seen := map[*node]bool{}
	var down func(e *edges)
	down = func(e *edges) {
		for _, n := range e.nodes {
			if !seen[n] {
				seen[n] = true
				out = append(out, n.files...)
				down(&n.edges)
			}
		}
	}
	for _, t := range m.tests {
		chosen := t.file.in.d.environments
		if t.kind != "pytest_file" || len(chosen) > 0 && !slices.ContainsFunc(chosen, func(glob string) bool { return fnmatch(glob, env.Name) }) {
			continue
		}
		out = append(out, t.file)
		down(&t.deps)
	}
	return out
}

// sayUnknownEnvironments tells of weft_environments directives that name none
// of the lock's.
func (m *mapper) sayUnknownEnvironments() {
	if m.opt.Environments == nil {
		return
	}
	var names []string
	for _, e := range m.opt.Environments {
		names = append(names, e.Name)
	}
	m.t.each(func(f *folder) {
		if f.build == nil {
			return
		}
		for _, set := range f.build.directives {
			if set.key != "weft_environments" {
				continue
			}
			for _, glob := range words(set.value) {
				if !slices.ContainsFunc(names, func(name string) bool { return fnmatch(glob, name) }) {
					m.t.problem(Problem{File: path.Join(f.path, f.build.name), Line: set.line,
						Text: fmt.Sprintf("weft_environments names %q, which is no environment of the lock (%s)", glob, strings.Join(names, ", ")),
						Hint: "weft env list"})
				}
			}
		}
	})
}

// sayShadows tells of top-level modules of the workspace that hide one of the
// standard library.
func (m *mapper) sayShadows() {
	for root := range m.strong {
		for _, name := range sortedKeys(root.files) {
			f := root.files[name]
			if f.py != nil && isStdlib(f.stem()) && m.nodes[f] != nil {
				m.t.problem(Problem{File: f.path, Line: 1, Text: fmt.Sprintf("the module %q has the name of one of the standard library; which of them an import gets depends on what was imported before", f.stem()), Hint: "rename it"})
			}
		}
	}
}

// sorted are the problems by place.
func (m *mapper) sorted() []Problem {
	slices.SortStableFunc(m.t.problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Text, b.Text))
	})
	return slices.Compact(m.t.problems)
}
