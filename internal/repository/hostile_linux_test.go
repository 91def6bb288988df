package repository

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// hostile is a small workspace with room for what git cannot hold.
func hostile(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"pytest.ini": "[pytest]\n", "tests/test_a.py": "import big\ndef test_a(): pass\n", "big.py": "",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// goesOn checks that the problem is said and the rest is mapped.
func goesOn(t *testing.T, root, problem string) {
	t.Helper()
	m, err := Read(context.Background(), Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	if got := text(m); !strings.Contains(got, problem) || attr(m, "tests", "test_a", "deps") != "[//:big]" {
		t.Errorf("want %q and the test mapped, got:\n%s", problem, got)
	}
}

func TestLinkLoop(t *testing.T) {
	root := hostile(t)
	if err := os.Symlink("..", filepath.Join(root, "tests", "again")); err != nil {
		t.Fatal(err)
	}
	goesOn(t, root, "tests/again:0: the link leads back to a folder that holds it")
}

func TestFolderWithoutPermission(t *testing.T) {
	root := hostile(t)
	closed := filepath.Join(root, "closed")
	if err := os.Mkdir(closed, 0o000); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o755) })
	// The folder above t.TempDir's is the owner's alone.
	if err := os.Chmod(filepath.Dir(root), 0o755); err != nil {
		t.Fatal(err)
	}
	premise := ""
	done := make(chan struct{})
	go func() {
		defer close(done)
		// Root may read everything: for this thread, which ends with the
		// goroutine, files are somebody else's.
		runtime.LockOSThread()
		if os.Geteuid() == 0 {
			if err := syscall.Setfsuid(65534); err != nil {
				t.Error(err)
				return
			}
		}
		if _, err := os.ReadDir(closed); err == nil {
			premise = "the folder is open to this user"
			return
		}
		tree, err := walk(root, openCache(""))
		if err != nil {
			t.Error(err)
			return
		}
		if len(tree.problems) != 1 || tree.problems[0].File != "closed" || !strings.Contains(tree.problems[0].Text, "permission denied") || tree.file("tests/test_a.py") == nil {
			t.Errorf("problems: %+v", tree.problems)
		}
	}()
	<-done
	if premise != "" && os.Getenv("TEST_WORKSPACE") != "" {
		t.Skip("Bazel's sandbox has one user, root: make test-go runs this")
	}
	if premise != "" {
		t.Error(premise)
	}
}

func TestHugeModule(t *testing.T) {
	root := hostile(t)
	row := "VALUE = [1, 2, 3, 'four', 5.0]  # a row of a table\n"
	huge := "import tests.helper\n" + strings.Repeat(row, (50<<20)/len(row))
	if err := os.WriteFile(filepath.Join(root, "big.py"), []byte(huge), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "tests", "helper.py"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := Read(context.Background(), Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	if got := attr(m, "", "big", "deps"); got != "[//tests:helper]" || len(m.Problems) > 0 {
		t.Errorf("deps of the 50 MB module: %s\n%s", got, text(m))
	}
}
