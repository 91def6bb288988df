package watch

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFaults does to a watch what happens to one: it must say what happened and
// go on, or end cleanly with nothing left behind. The faults follow one another
// in one workspace, so each also shows that the one before it did no harm.
func TestFaults(t *testing.T) {
	dir := workspace(t, "py39, py311")
	at := func(name string) string { return filepath.Join(dir, name) }
	w := start(t, dir, nil)
	w.idle()

	t.Run("a test fails and is mended", func(t *testing.T) {
		write(t, at("lib.py"), "VALUE = 3\n")
		if e := w.saved("lib.py"); e.Effect != "2 test files" {
			t.Errorf("lib.py affects %s", e.Effect)
		}
		w.idle()
		if failed := w.failed(); len(failed) != 4 {
			t.Errorf("failed: %v; %s", failed, w.last(20))
		}
		write(t, at("lib.py"), "VALUE = 1\n")
		w.saved("lib.py")
		w.idle()
		asFresh(t, w)
	})

	t.Run("a new test", func(t *testing.T) {
		write(t, at("test_new.py"), "def test_new():\n    assert False\n")
		w.until("weft gen", func(e event) bool { return e.Event == "generated" && len(e.Paths) == 1 && e.Paths[0] == "BUILD.bazel" })
		w.until("the new test's failure", func(e event) bool { return e.ID == "test_new.py unit python3.11" && e.Verdict == "failed" })
		w.idle()
		if err := os.Remove(at("test_new.py")); err != nil {
			t.Fatal(err)
		}
		w.until("weft gen", func(e event) bool { return e.Event == "generated" })
		w.idle()
		asFresh(t, w)
	})

	t.Run("a broken BUILD file", func(t *testing.T) {
		whole := read(t, at("BUILD.bazel"))
		write(t, at("BUILD.bazel"), whole+"(\n")
		if e := w.until("the pass's end", func(e event) bool { return e.Event == "pass.end" }); !strings.Contains(e.Message, "BUILD.bazel") {
			t.Errorf("a query that fails ends in %+v", e)
		}
		write(t, at("BUILD.bazel"), whole)
		w.mark(dir, "BUILD mended")
		asFresh(t, w)
	})

	t.Run("a broken flake", func(t *testing.T) {
		whole := read(t, at("flake.nix"))
		write(t, at("flake.nix"), "{ outputs = _: syntax error")
		if e := w.until("the pass's end", func(e event) bool { return e.Event == "pass.end" && !e.Stopped }); !strings.Contains(e.Message, "flake.nix") {
			t.Errorf("a flake that does not evaluate ends in %+v", e)
		}
		write(t, at("flake.nix"), whole)
		w.mark(dir, "flake mended")
		w.quiet()
		asFresh(t, w)
	})

	t.Run("an environment moves", func(t *testing.T) {
		whole := read(t, at("flake.nix"))
		head := regexp.MustCompile(`"python3\.9" = [a-zA-Z.]*pythonEnvironment \{`)
		tool := ` tools = [ (nixpkgs.legacyPackages.${system}.runCommand "a-tool" { } "mkdir -p $out/bin; echo > $out/bin/a-tool") ];`
		moved := head.ReplaceAllStringFunc(whole, func(found string) string { return found + tool })
		if moved == whole {
			t.Fatalf("flake.nix has no python3.9 as expected:\n%s", whole)
		}
		write(t, at("flake.nix"), moved)
		e := w.until("the plan", func(e event) bool { return e.Event == "pass.plan" })
		if len(e.Cells) != 4 || slices.ContainsFunc(e.Cells, func(c cell) bool { return !strings.HasSuffix(c.ID, " python3.9") }) {
			t.Errorf("another python3.9 is answered by %+v", e.Cells)
		}
		w.idle()
		asFresh(t, w)
	})

	t.Run("Bazel is killed", func(t *testing.T) {
		server := server(t, dir) // while it is free to answer
		write(t, at("test_other.py"), sleeping("5.4321"))
		process(t, "5.4321", true)
		if err := syscall.Kill(server, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		w.note("Bazel ended under the pass")
		w.until("the pass that goes on", func(e event) bool { return e.ID == "test_other.py unit python3.11" && e.Verdict == "passed" })
		w.idle()
		asFresh(t, w)
	})

	t.Run("a save while it runs", func(t *testing.T) {
		write(t, at("test_other.py"), sleeping("7301.5"))
		process(t, "7301.5", true)
		write(t, at("test_other.py"), files["test_other.py"])
		if e := w.until("the pass's end", func(e event) bool { return e.Event == "pass.end" }); !e.Stopped {
			t.Errorf("a pass whose test was saved ends in %+v", e)
		}
		w.idle()
		process(t, "7301.5", false)
		asFresh(t, w)
	})

	t.Run("SIGTERM while it runs", func(t *testing.T) {
		write(t, at("test_other.py"), sleeping("7302.5"))
		process(t, "7302.5", true)
		if code := w.stop(syscall.SIGTERM); code != 130 {
			t.Errorf("it ends with %d\n%s", code, w.said())
		}
		process(t, "7302.5", false)
		write(t, at("test_other.py"), files["test_other.py"])
	})

	t.Run("ten inotify watches", func(t *testing.T) {
		for i := range 20 {
			if err := os.MkdirAll(at("deep/"+strconv.Itoa(i)), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		w := start(t, dir, namespace("echo 10 > /proc/sys/user/max_inotify_watches"))
		w.until("the limit", func(e event) bool { return e.Event == "note" && strings.Contains(e.Hint, "max_user_watches") })
		w.idle()
		write(t, at("lib.py"), "VALUE = 1  # polled\n")
		w.saved("lib.py")
		w.idle()
		asFresh(t, w)
		if code := w.stop(syscall.SIGTERM); code != 130 {
			t.Errorf("it ends with %d\n%s", code, w.said())
		}
	})

	t.Run("a full disk", func(t *testing.T) {
		run(t, dir, "bazel", "shutdown") // the server must see the disk that the watch sees
		w := start(t, dir, namespace("mount -t tmpfs -o size=8m none .weft"))
		w.idle()
		inside := "/proc/" + strconv.Itoa(w.cmd.Process.Pid) + "/root" + at(".weft/fill")
		fill(t, inside)
		write(t, at("lib.py"), "VALUE = 2\n")
		w.until("the disk is full", func(e event) bool { return strings.Contains(e.Message, "no space left on device") })
		w.idle()
		if err := os.Remove(inside); err != nil {
			t.Fatal(err)
		}
		w.mark(dir, "there is room again")
		if failed := w.failed(); len(failed) != 4 {
			t.Errorf("failed: %v, not the four of lib.py; %s", failed, w.last(20))
		}
		if code := w.stop(syscall.SIGTERM); code != 130 {
			t.Errorf("it ends with %d\n%s", code, w.said())
		}
		run(t, dir, "bazel", "shutdown")
	})

	t.Run("the workspace is moved", func(t *testing.T) {
		w := start(t, dir, nil)
		w.idle()
		if err := os.Rename(dir, dir+".moved"); err != nil {
			t.Fatal(err)
		}
		code := w.end()
		if said := w.said(); code != 3 || !strings.Contains(said, "was moved or removed") || !strings.Contains(said, "weft: hint: ") {
			t.Errorf("it ends with %d and says %s", code, said)
		}
		if err := os.Rename(dir+".moved", dir); err != nil {
			t.Fatal(err)
		}
	})
}

// sleeping is a test that starts a process which anyone can find by how long
// it sleeps.
func sleeping(seconds string) string {
	return "import subprocess\n\n\ndef test_value():\n    subprocess.run([\"sleep\", \"" + seconds + "\"], check=True)\n"
}

// process waits until a process that sleeps so long is there, or is gone.
func process(t *testing.T, seconds string, there bool) {
	t.Helper()
	end := time.Now().Add(patience)
	for time.Now().Before(end) {
		if sleeps(seconds) == there {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("a process that sleeps %s seconds: there %v", seconds, !there)
}

func sleeps(seconds string) bool {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if data, err := os.ReadFile(f); err == nil && string(data) == "sleep\x00"+seconds+"\x00" {
			return true
		}
	}
	return false
}

// server is the process id of a workspace's Bazel server.
func server(t *testing.T, dir string) int {
	t.Helper()
	cmd := exec.Command("bazel", "info", "server_pid")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// namespace is what a command is started with, to have user and mount
// namespaces of its own in which a shell line has been run.
func namespace(line string) []string {
	return []string{"unshare", "--user", "--map-root-user", "--mount", "sh", "-c", line + ` && exec "$@"`, "sh"}
}

// fill writes until there is no room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for block := make([]byte, 1<<10); ; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
