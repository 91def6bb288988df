package loop

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/weft-build/weft/internal/generate"
)

// TestKeeperOwes: a test that is new while pyproject.toml is half-written gets
// its rule when that can be read again.
func TestKeeperOwes(t *testing.T) {
	root := t.TempDir()
	save := func(file, content string) {
		t.Helper()
		name := filepath.Join(root, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	save("MODULE.bazel", "")
	save("pyproject.toml", "[project]\nname = \"gauges\"\nversion = \"1\"\n")
	save("tests/test_mean.py", "def test_mean():\n    assert True\n")
	o := generate.Options{Root: root, Cache: filepath.Join(root, ".weft", "gen"), Settled: true}
	if _, err := generate.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	k := newKeeper(t.Context(), o)
	<-k.first

	save("pyproject.toml", "[project]\nname = \"gauges\"\nversion = \n")
	save("tests/test_late.py", "def test_late():\n    assert True\n")
	var settings *generate.SettingsError
	if done := k.write(t.Context(), []string{"tests"}); !errors.As(done.err, &settings) {
		t.Fatalf("the error is %v", done.err)
	}
	save("pyproject.toml", "[project]\nname = \"gauges\"\nversion = \"1\"\n")
	done := k.write(t.Context(), []string{"."})
	equal(t, "files", done.files, "tests/BUILD.bazel")
	if done.err != nil {
		t.Error(done.err)
	}
}
