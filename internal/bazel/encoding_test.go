package bazel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/proc"
)

// TestSettleLocale: only an older Bazel in a folder that is not ASCII is given
// a locale of its own, seen through a link too.
func TestSettleLocale(t *testing.T) {
	dir := t.TempDir()
	odd, link := filepath.Join(dir, "Öl 🛢"), filepath.Join(dir, "link")
	if err := errors.Join(os.Mkdir(odd, 0o755), os.Symlink(odd, link)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		workspace, version string
		want               bool
	}{
		{odd, "bazel 7.7.1", true}, {link, "bazel 7.4.0", true}, {odd, "bazel 8.0.0", false}, {odd, "bazel no_version", false}, {dir, "bazel 7.7.1", false},
	} {
		stub := filepath.Join(dir, "bazel")
		if err := os.WriteFile(stub, fmt.Appendf(nil, "#!/bin/sh\necho %s\n", c.version), 0o755); err != nil {
			t.Fatal(err)
		}
		client := &Client{Workspace: c.workspace, Binary: stub}
		client.settleLocale(t.Context())
		if got := slices.Contains(client.Env, "LC_ALL="+byteLocale); got != c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

func TestPathLost(t *testing.T) {
	lost := &proc.ExitError{Stderr: "ERROR: Client cwd '/w/Öl' is not inside workspace '/w/?l'\n"}
	odd, plain := &Client{Workspace: "/w/Öl"}, &Client{Workspace: "/w"}
	if !odd.pathLost(fmt.Errorf("x: %w", lost)) || odd.pathLost(&proc.ExitError{Stderr: "ERROR: other"}) || odd.pathLost(nil) || plain.pathLost(lost) {
		t.Error("only a server that does not find such a workspace has lost it")
	}
	odd.Binary = "/nowhere/bazel"
	var e *Error
	if err := odd.pathError(t.Context(), lost); !errors.As(err, &e) || !strings.Contains(e.Error(), `cannot work in "/w/Öl"`) || !strings.Contains(e.Hint(), "localedef") {
		t.Errorf("got %v", e)
	}
}
