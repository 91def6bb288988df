package bazel

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"
)

func TestBelowTmp(t *testing.T) {
	below, err := os.MkdirTemp("/tmp", "weft-")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := os.MkdirTemp(cmp.Or(os.Getenv("TEST_TMPDIR"), "/var/tmp"), "weft-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = os.RemoveAll(below), os.RemoveAll(elsewhere) })
	if got := BelowTmp(below); got != below {
		t.Errorf("a workspace below /tmp: %q", got)
	}
	if got := BelowTmp(elsewhere); got != "" {
		t.Errorf("a workspace elsewhere: %q", got)
	}
	module := "local_path_override(module_name = \"rules_weft\", path = \"" + below + "\")\n"
	if err := os.WriteFile(filepath.Join(elsewhere, "MODULE.bazel"), []byte(module), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := BelowTmp(elsewhere); got != below {
		t.Errorf("a module below /tmp: %q", got)
	}
}
