package pipeline

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// nixOptions are those of a request; what Nix says is talk.
func (p *pass) nixOptions() nixenv.Options {
	o := nixOptions(p.req)
	o.Nix = p.tools.Nix
	o.Progress = func(line string) { p.sink.Update(Talked{line}) }
	return o
}

func nixOptions(r request.Request) nixenv.Options {
	o := nixenv.Options{Workspace: r.Workspace, Locked: r.Locked, DiskCache: r.DiskCache}
	for _, v := range r.Overrides {
		o.Overrides = append(o.Overrides, nixenv.Override{Name: v.Name, Ref: v.Ref})
	}
	return o
}

// LockPath is where the environments lock of a request lies.
func LockPath(r request.Request) string {
	o := nixOptions(r)
	return o.LockPath()
}

// environments reads the lock, refreshing it when the flake has changed.
func (p *pass) environments(ctx context.Context) error {
	m := p.tools.Memory
	if m != nil && m.lock != nil {
		p.lock = *m.lock
		p.problems = append(p.problems, m.lockNotes...)
		return nil
	}
	p.stage("checking the environments lock")
	before := len(p.problems)
	lock, warnings, err := nixenv.Ensure(ctx, p.nixOptions())
	for _, w := range warnings {
		p.note(result.Problem{Kind: "environment", Message: w.Message, Hint: w.Hint})
	}
	p.lock = lock
	if err == nil && m != nil {
		m.checked(lock)
		m.lockNotes = slices.Clone(p.problems[before:])
	}
	return err
}

// realise makes the plan's environments; those that cannot be made leave the
// plan, and the others run. When none can be made there is nothing to run, but
// a report all the same.
func (p *pass) realise(ctx context.Context) error {
	p.stage("realising the environments")
	built, err := nixenv.Realise(ctx, p.nixOptions(), p.lock, p.plan.Environments)
	if err != nil {
		return err
	}
	m := p.tools.Memory
	for _, b := range built {
		if m != nil {
			delete(m.unbuilt, b.Name)
		}
		if b.Err == nil {
			continue
		}
		problem := result.Problem{Kind: "environment", Message: b.Err.Error(), Hint: request.HintOf(b.Err)}
		p.unbuilt[b.Name] = problem.Message
		p.note(problem)
		if m != nil {
			m.tried(b.Name, problem)
		}
	}
	if m != nil {
		p.recallUnbuilt(m.unbuilt)
	}
	return nil
}

// recallUnbuilt takes environments that an earlier pass could not make and this
// one does not need: the report is of the whole scope.
func (p *pass) recallUnbuilt(known map[string]result.Problem) {
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if _, now := p.unbuilt[name]; !now {
			p.unbuilt[name] = known[name].Message
			p.problems = append(p.problems, known[name])
		}
	}
}

// runEnvironments describes the plan's environments for the report.
func (p *pass) runEnvironments() []result.Environment {
	system, _ := nixenv.System()
	var out []result.Environment
	whole := p.plan
	if p.tools.Memory != nil {
		whole = p.tools.Memory.whole
	}
	for _, name := range whole.Environments {
		e := p.lock.Environments[name]
		paths, _ := p.lock.Paths(name, system)
		out = append(out, result.Environment{
			Name: name, Kind: e.Kind, Version: e.Version, Description: e.Description,
			StorePath: paths.OutPath, StandIn: e.StandIn, NotBuilt: p.unbuilt[name],
		})
	}
	return out
}

// locate resolves a path scope against the workspace.
func (p *pass) locate(ws *plan.Workspace) error {
	rel, err := filepath.Rel(p.req.Workspace, p.req.Dir)
	if err == nil && rel != "." && !strings.HasPrefix(rel, "..") {
		ws.Package = filepath.ToSlash(rel)
	}
	if p.req.Scope.Kind != request.ScopePath {
		return nil
	}
	text := p.req.Scope.Text
	path := text
	if !filepath.IsAbs(path) {
		path = filepath.Join(p.req.Dir, path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return p.noSuchScope(text, path)
	}
	if resolved, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(resolved, filepath.Base(path))
	}
	root := p.req.Workspace
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved
	}
	rel, err = filepath.Rel(root, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return &request.UsageError{Msg: fmt.Sprintf("%q lies outside the workspace %s", text, p.req.Workspace), Hinted: p.req.Line("all")}
	}
	ws.IsDir = info.IsDir()
	if rel != "." {
		ws.Path = filepath.ToSlash(rel)
	}
	return nil
}

// noSuchScope suggests the word or the neighbouring file that was meant.
func (p *pass) noSuchScope(text, path string) error {
	words := append(request.Words(), p.names()...)
	dir, _ := filepath.Split(text)
	if entries, err := os.ReadDir(filepath.Dir(path)); err == nil {
		for _, e := range entries {
			words = append(words, dir+e.Name())
		}
	}
	hint := "a scope is one of " + strings.Join(request.Words(), ", ") + ", a file, a folder or a Bazel pattern"
	if near := request.Nearest(text, words); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		if slices.Contains(p.names(), near) {
			hint = fmt.Sprintf("%s is an environment, and a scope comes before it: %s", near, p.req.Line("all "+near))
		}
	}
	if file, _, ok := strings.Cut(text, "::"); ok {
		hint = "a single test is a filter: " + p.req.Line(proc.Quote([]string{file, "--", "--test_filter=" + text}))
	}
	return &request.UsageError{Msg: fmt.Sprintf("there is no scope, file or folder called %q", text), Hinted: hint}
}
