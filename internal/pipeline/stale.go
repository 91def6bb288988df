package pipeline

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/repository"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// buildFiles is what weft gen works with, asked to write nothing.
func (p *pass) buildFiles() generate.Options {
	return generate.Options{
		Root: p.req.Workspace, Check: true, Environments: repository.EnvironmentsOf(p.lock),
		Cache: filepath.Join(p.req.Workspace, generate.CacheDir), Version: p.tools.Weft,
	}
}

// checkBuildFiles looks, beside what else goes on, whether the BUILD files of
// the scope are what weft gen would write. The function that it returns waits
// and says so.
func (p *pass) checkBuildFiles(ctx context.Context, file string) (say func()) {
	if !p.req.CheckBuildFiles {
		return func() {}
	}
	o := p.buildFiles()
	if folder := p.asked(file); folder != "" {
		o.Paths = []string{folder}
	}
	done := make(chan result.Problem, 1)
	go func() {
		defer close(done)
		r, err := generate.Run(ctx, o)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			done <- result.Problem{Kind: "plan", Message: "checking the BUILD files: " + err.Error()}
		case r.Stale(), len(r.Needed) > 0:
			done <- p.stale(slices.Concat(r.Written, r.Removed, r.Needed))
		}
	}()
	return func() {
		if problem, ok := <-done; ok {
			p.note(problem)
		}
	}
}

// asked is the file or folder that the scope names; empty is the workspace.
func (p *pass) asked(file string) string {
	if p.req.Scope.Kind != request.ScopePattern {
		return file
	}
	folder, ok := strings.CutPrefix(p.req.Scope.Text, "//")
	if !ok {
		return ""
	}
	folder, _, _ = strings.Cut(folder, ":")
	return strings.TrimSuffix(strings.TrimSuffix(folder, "..."), "/")
}

// stale says which BUILD files are.
func (p *pass) stale(files []string) result.Problem {
	first := path.Dir(files[0]) + "/"
	if first == "./" {
		first = "the workspace's root"
	}
	text, hint := "the BUILD file of "+first+" is stale", p.gen(path.Dir(files[0]))
	if more := len(files) - 1; more > 0 {
		text, hint = fmt.Sprintf("the BUILD files of %s and %d more are stale", first, more), p.gen(".")
	}
	return result.Problem{Kind: "plan", Message: text, Hint: hint}
}

// gen is the command that brings a folder's BUILD file up to date, from where
// the user stands.
func (p *pass) gen(folder string) string {
	rel, err := filepath.Rel(p.req.Dir, filepath.Join(p.req.Workspace, folder))
	if folder == "." || err != nil {
		return "weft gen"
	}
	return proc.Quote([]string{"weft", "gen", rel})
}
