package pipeline

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// notes keeps the problems that a pass tells.
type notes []result.Problem

func (n *notes) Update(u Update) {
	if noted, ok := u.(Noted); ok {
		*n = append(*n, noted.Problem)
	}
}

func TestUnnamedTestFilesAreSaid(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{"tests/test_a.py", "tests/test_b.py", "tests/helper.py", "octave/test_c.m", "lib/d_test.py",
		".venv/test_x.py", "nested/MODULE.bazel", "nested/test_y.py", "env/pyvenv.cfg", "env/lib/test_z.py"} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := testFiles(dir, ""), []string{"lib/d_test.py", "octave/test_c.m", "tests/test_a.py", "tests/test_b.py"}; !slices.Equal(got, want) {
		t.Errorf("test files %q, want %q", got, want)
	}
	targets := &bazel.Targets{Rules: map[string]bazel.Rule{"//tests:a": {Inputs: []string{"//tests:test_a.py"}}}}
	said := &notes{}
	p := &pass{req: request.Request{Workspace: dir}, sink: said}
	p.noteUnnamed(context.Background(), "tests", targets)
	if len(*said) != 1 || (*said)[0].Message != "no BUILD file names tests/test_b.py, so nothing runs it" ||
		!strings.Contains((*said)[0].Hint, `in tests/BUILD.bazel: pytest_file(name = "test_b", src = "test_b.py"`) {
		t.Errorf("said %+v", *said)
	}
	*said = nil
	p.noteUnnamed(context.Background(), "", targets)
	if len(*said) != 1 || !strings.Contains((*said)[0].Message, "lib/d_test.py, octave/test_c.m, tests/test_b.py,") {
		t.Errorf("said %+v", *said)
	}
}
