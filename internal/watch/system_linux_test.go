package watch

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	gofuse "github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// inNamespace runs the test again in a process with namespaces of its own, in
// which it is root; it returns true in that process.
func inNamespace(t *testing.T, flags uintptr) bool {
	t.Helper()
	const inside = "WEFT_TEST_INSIDE"
	if os.Getenv(inside) == t.Name() {
		return true
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inside+"="+t.Name())
	ids := func(id int) []syscall.SysProcIDMap {
		return []syscall.SysProcIDMap{{ContainerID: 0, HostID: id, Size: 1}}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | flags, UidMappings: ids(os.Getuid()), GidMappings: ids(os.Getgid())}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EACCES):
		t.Skipf("no user namespaces here: %v", err)
	case err != nil:
		t.Fatalf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("skipped inside:\n%s", out)
	}
	return false
}

// limit sets a limit of this user namespace.
func limit(t *testing.T, name string, value int) {
	t.Helper()
	if err := os.WriteFile(filepath.Join("/proc/sys/user", name), fmt.Append(nil, value), 0); err != nil {
		t.Skipf("the limit cannot be set: %v", err)
	}
}

func TestLimitOfWatchesIsSaidAndPolled(t *testing.T) {
	if !inNamespace(t, 0) {
		return
	}
	root := t.TempDir()
	for i := range 30 {
		write(t, root, fmt.Sprintf("d%02d/a.py", i), "1")
	}
	limit(t, "max_inotify_watches", 10)
	w := open(t, Options{Root: root, Poll: 20 * time.Millisecond})
	checkPolled(t, w, watchesLimit, "d29/a.py")
}

func TestLimitOfWatchesReachedLater(t *testing.T) {
	if !inNamespace(t, 0) {
		return
	}
	root := t.TempDir()
	write(t, root, "a/a.py", "1")
	limit(t, "max_inotify_watches", 10)
	w := open(t, Options{Root: root, Poll: 20 * time.Millisecond})
	write(t, root, "a/a.py", "2")
	expect(t, w, map[string]Change{"a/a.py": Written})
	want := map[string]Change{}
	for i := range 30 {
		f := fmt.Sprintf("d%02d/a.py", i)
		write(t, root, f, "1")
		want[f] = Created
	}
	got, warnings := collect(t, w)
	if !maps.Equal(got, want) || len(warnings) != 1 {
		t.Errorf("told %v %v, want %v and a warning", got, warnings, want)
	}
	write(t, root, "d29/a.py", "2")
	expect(t, w, map[string]Change{"d29/a.py": Written})
}

func TestLimitOfInstancesIsSaidAndPolled(t *testing.T) {
	if !inNamespace(t, 0) {
		return
	}
	root := t.TempDir()
	write(t, root, "a.py", "1")
	limit(t, "max_inotify_instances", 0)
	w := open(t, Options{Root: root, Poll: 20 * time.Millisecond})
	checkPolled(t, w, instancesLimit, "a.py")
}

func checkPolled(t *testing.T, w *Watcher, sysctl, file string) {
	t.Helper()
	write(t, w.root, file, "2")
	got, warnings := collect(t, w)
	if want := (map[string]Change{file: Written}); !maps.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	if len(warnings) != 1 || !strings.HasPrefix(warnings[0].Hint, "sudo sysctl "+sysctl+"=") || !strings.Contains(warnings[0].Text, "every 20ms") {
		t.Errorf("warned %q", warnings)
	}
}

// late is a source that drains nothing until it is let.
type late struct {
	*notify
	let  chan struct{}
	done chan struct{}
}

func (l *late) Run(hint func(Hint)) {
	go func() {
		defer close(l.done)
		<-l.let
		l.notify.Run(hint)
	}()
}

func (l *late) Close() error {
	<-l.done
	return l.notify.Close()
}

func TestOverflowIsAnsweredByALookAtEverything(t *testing.T) {
	root := t.TempDir()
	for _, f := range []string{"a/changed.py", "a/gone.py", "a/same.py"} {
		write(t, root, f, f)
	}
	n, err := newNotify()
	must(t, err)
	l := &late{notify: n, let: make(chan struct{}), done: make(chan struct{})}
	w := open(t, Options{Root: root, Source: l})
	for range 12_000 { // three events each; the queue holds 16,384
		write(t, root, "a/x", "")
		must(t, os.Remove(filepath.Join(root, "a/x")))
	}
	write(t, root, "a/changed.py", "new")
	must(t, os.Remove(filepath.Join(root, "a/gone.py")))
	write(t, root, "b/c/new.py", "new")
	close(l.let)
	b, err := w.Next(t.Context())
	must(t, err)
	want := map[string]Change{"a/changed.py": Written, "a/gone.py": Removed, "b/c/new.py": Created}
	if !b.Rescanned || !maps.Equal(b.Changes, want) {
		t.Errorf("told %+v, want %v after a look at everything", b, want)
	}
	write(t, root, "b/c/new.py", "newer")
	expect(t, w, map[string]Change{"b/c/new.py": Written})
}

func TestFileSystemInUserSpaceIsPolled(t *testing.T) {
	if !inNamespace(t, syscall.CLONE_NEWNS) {
		return
	}
	behind, root := t.TempDir(), t.TempDir()
	write(t, behind, "a/b.py", "1")
	loop, err := gofuse.NewLoopbackRoot(behind)
	must(t, err)
	server, err := gofuse.Mount(root, loop, &gofuse.Options{MountOptions: fuse.MountOptions{DirectMountStrict: true}})
	if err != nil {
		t.Skipf("no FUSE here: %v", err)
	}
	defer func() { must(t, server.Unmount()); server.Wait() }()
	w := open(t, Options{Root: root, Poll: 20 * time.Millisecond})
	write(t, behind, "a/b.py", "from elsewhere") // no event tells of it
	b, err := w.Next(t.Context())
	must(t, err)
	if len(b.Warnings) != 1 || !strings.HasPrefix(b.Warnings[0].Text, "the workspace is on FUSE") {
		t.Errorf("warned %q", b.Warnings)
	}
	for len(b.Changes) == 0 {
		b, err = w.Next(t.Context())
		must(t, err)
	}
	if want := (map[string]Change{"a/b.py": Written}); !maps.Equal(b.Changes, want) || !b.Rescanned {
		t.Errorf("told %+v, want %v", b, want)
	}
}

func TestMountBelowTheWorkspaceIsPolled(t *testing.T) {
	if !inNamespace(t, syscall.CLONE_NEWNS) {
		return
	}
	behind, root := t.TempDir(), t.TempDir()
	write(t, behind, "b.py", "1")
	write(t, root, "mounted/x.py", "1")
	loop, err := gofuse.NewLoopbackRoot(behind)
	must(t, err)
	server, err := gofuse.Mount(filepath.Join(root, "mounted"), loop, &gofuse.Options{MountOptions: fuse.MountOptions{DirectMountStrict: true}})
	if err != nil {
		t.Skipf("no FUSE here: %v", err)
	}
	defer func() { must(t, server.Unmount()); server.Wait() }()
	w := open(t, Options{Root: root, Poll: 20 * time.Millisecond})
	write(t, behind, "b.py", "from elsewhere")
	got, warnings := collect(t, w)
	if want := (map[string]Change{"mounted/b.py": Written}); !maps.Equal(got, want) || len(warnings) != 1 {
		t.Errorf("told %v %v, want %v and a warning", got, warnings, want)
	}
}
