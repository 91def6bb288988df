package pipeline

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/request"
)

// stalePass is a pass over two folders of tests without BUILD files.
func stalePass(t *testing.T, scope string, kind request.ScopeKind) (*pass, *notes) {
	t.Helper()
	dir := t.TempDir()
	for file, text := range map[string]string{
		"MODULE.bazel": "", "tests/test_a.py": "from src import a\n\ndef test_a(): pass\n", "unit/test_b.py": "def test_b(): pass\n", "src/a.py": "x = 1\n",
	} {
		name := filepath.Join(dir, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	said := &notes{}
	return &pass{req: request.Request{Workspace: dir, Dir: dir, CheckBuildFiles: true, Scope: request.Scope{Text: scope, Kind: kind}}, sink: said}, said
}

func TestStaleBuildFilesOfTheScopeAreSaid(t *testing.T) {
	cases := map[string]struct {
		kind       request.ScopeKind
		file       string
		said, hint string
	}{
		"all":               {request.ScopeAll, "", "the BUILD files of src/ and 2 more are stale", "weft gen"},
		"unit/":             {request.ScopePath, "unit", "the BUILD file of unit/ is stale", "weft gen unit"},
		"unit/test_b.py":    {request.ScopePath, "unit/test_b.py", "the BUILD file of unit/ is stale", "weft gen unit"},
		"tests":             {request.ScopePath, "tests", "the BUILD files of tests/ and 1 more are stale", "weft gen"},
		"//unit/...":        {request.ScopePattern, "", "the BUILD file of unit/ is stale", "weft gen unit"},
		"//unit:tests":      {request.ScopePattern, "", "the BUILD file of unit/ is stale", "weft gen unit"},
		"@somewhere//:else": {request.ScopePattern, "", "the BUILD files of src/ and 2 more are stale", "weft gen"},
	}
	for scope, c := range cases {
		p, said := stalePass(t, scope, c.kind)
		p.checkBuildFiles(context.Background(), c.file)()
		if len(*said) != 1 || (*said)[0].Message != c.said || (*said)[0].Hint != c.hint {
			t.Errorf("%s: said %+v, want %q, hint %q", scope, *said, c.said, c.hint)
		}
		if _, err := os.Stat(filepath.Join(p.req.Workspace, "unit", "BUILD.bazel")); err == nil {
			t.Errorf("%s: a check writes", scope)
		}
	}
}

func TestCurrentBuildFilesAreNotSaid(t *testing.T) {
	p, said := stalePass(t, "all", request.ScopeAll)
	o := p.buildFiles()
	o.Check = false
	if _, err := generate.Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	p.checkBuildFiles(context.Background(), "")()
	if len(*said) > 0 {
		t.Errorf("said %+v", *said)
	}
	p, said = stalePass(t, "all", request.ScopeAll)
	p.req.CheckBuildFiles = false
	p.checkBuildFiles(context.Background(), "")()
	if len(*said) > 0 {
		t.Errorf("although nobody asked: %+v", *said)
	}
}

func TestATestThatNoBuildFileNamesIsOfferedWeftGen(t *testing.T) {
	p, said := stalePass(t, "tests", request.ScopePath)
	p.req.Dir = filepath.Join(p.req.Workspace, "src")
	p.noteUnnamed(context.Background(), "tests", &bazel.Targets{})
	if len(*said) != 1 || (*said)[0].Hint != "weft gen ../tests" {
		t.Errorf("said %+v", *said)
	}
}
