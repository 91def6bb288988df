package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/repository"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// testNames are the names that pytest collects by default, and Octave's.
var testNames = []string{"test_*.py", "*_test.py", "test_*.m"}

// isTestName reports whether a file's name says that it holds tests.
func isTestName(name string) bool {
	return slices.ContainsFunc(testNames, func(glob string) bool { ok, _ := path.Match(glob, name); return ok })
}

// noteUnnamed says which test files of the scope no BUILD file names: Bazel
// does not run them, and plain pytest would.
func (p *pass) noteUnnamed(ctx context.Context, folder string, targets *bazel.Targets) {
	if p.req.Scope.Kind == request.ScopePattern {
		return
	}
	var unnamed []string
	for _, file := range testFiles(p.req.Workspace, folder) {
		if !targets.Reads(file) {
			unnamed = append(unnamed, file)
		}
	}
	if len(unnamed) == 0 {
		return
	}
	shown := strings.Join(unnamed[:min(3, len(unnamed))], ", ")
	if len(unnamed) > 3 {
		shown += fmt.Sprintf(" and %d more", len(unnamed)-3)
	}
	p.note(result.Problem{Kind: "plan", Message: "no BUILD file names " + shown + ", so nothing runs it", Hint: p.declaration(ctx, unnamed[0])})
}

// declaration is what makes a file a test: weft gen, unless it is told to leave
// the file alone.
func (p *pass) declaration(ctx context.Context, file string) string {
	if wants, err := generate.Wants(ctx, p.buildFiles(), file); err == nil && wants {
		return p.gen(path.Dir(file))
	}
	if hint, yes := repository.Unnameable(file); yes {
		return hint
	}
	dir, base := path.Split(file)
	rule := "pytest_file"
	if path.Ext(base) == ".m" {
		rule = "octave_file"
	}
	name := strings.TrimSuffix(base, path.Ext(base))
	return fmt.Sprintf("in %sBUILD.bazel: %s(name = %q, src = %q, deps = [...]), and %q in the files of its matrix_suite", dir, rule, name, base, ":"+name)
}

// testFiles walks a folder of the workspace for files named like tests. It
// leaves out hidden folders, Bazel's links, and what is a workspace of its own.
func testFiles(workspace, folder string) []string {
	var out []string
	root := filepath.Join(workspace, filepath.FromSlash(folder))
	_ = filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // unreadable: not Weft's to judge
		}
		if entry.IsDir() {
			if file != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" || ownWorkspace(file)) {
				return fs.SkipDir
			}
			return nil
		}
		if entry.Type().IsRegular() && isTestName(entry.Name()) {
			if rel, err := filepath.Rel(workspace, file); err == nil {
				out = append(out, filepath.ToSlash(rel))
			}
		}
		return nil
	})
	return out
}

// ownWorkspace recognises a nested Bazel workspace and a virtual environment.
func ownWorkspace(dir string) bool {
	for _, marker := range []string{"MODULE.bazel", "pyvenv.cfg"} {
		if _, err := os.Stat(filepath.Join(dir, marker)); err == nil {
			return true
		}
	}
	return false
}

// declare tells how a file that looks like a test becomes one, in place of how
// a file becomes what a test reads.
func (p *pass) declare(ctx context.Context, err error, ws plan.Workspace) error {
	var nothing *plan.NothingError
	if errors.As(err, &nothing) && p.req.Scope.Kind == request.ScopePath && !ws.IsDir && isTestName(path.Base(ws.Path)) && !ws.Targets.Reads(ws.Path) {
		return &plan.NothingError{Msg: fmt.Sprintf("no BUILD file names %q", p.req.Scope.Text), Hinted: p.declaration(ctx, ws.Path)}
	}
	return err
}
