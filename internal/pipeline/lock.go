package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/result"
)

// BusyError says that another weft works in this workspace, under --no-wait.
type BusyError struct{ Holder string }

func (e *BusyError) Error() string {
	return "another weft is running in this workspace" + e.Holder
}

// Hint says what to type next.
func (e *BusyError) Hint() string { return "wait for it, or leave --no-wait out" }

// acquire takes the workspace: Bazel runs one command at a time per output
// base, and two passes would overwrite each other's test.xml. It waits for
// another pass, saying so.
func (p *pass) acquire(ctx context.Context) (release func(), err error) {
	dir := filepath.Join(p.req.Workspace, nixenv.StateDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, &nixenv.StateError{Folder: dir, Cause: err}
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, &nixenv.StateError{Folder: dir, Cause: err}
	}
	for waited := false; ; waited = true {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			_ = f.Close()
			return nil, fmt.Errorf("locking the workspace: %w", err)
		}
		holder := holder(f)
		if p.req.NoWait {
			_ = f.Close()
			return nil, &BusyError{Holder: holder}
		}
		if !waited {
			p.sink.Update(Noted{result.Problem{Kind: "lock", Message: "another weft is running in this workspace" + holder + ": waiting for it"}})
		}
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	_ = f.Truncate(0)
	_, _ = f.WriteAt(fmt.Appendf(nil, "%d\n", pid()), 0)
	return func() { _ = f.Close() }, nil
}

func holder(f *os.File) string {
	buf := make([]byte, 16)
	n, _ := f.ReadAt(buf, 0)
	if text := strings.TrimSpace(string(buf[:n])); text != "" {
		return fmt.Sprintf(" (process %s)", text)
	}
	return ""
}

func pid() int { return os.Getpid() }
