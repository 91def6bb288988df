package e2e

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// cacheServer is a remote cache as Bazel's documentation describes one: a web
// server that keeps what is PUT below /ac/ and /cas/ and gives it back.
type cacheServer struct {
	dir string
	net.Listener

	mu sync.Mutex
	// lives is how many more PUTs the server answers before it dies; negative
	// means that it lives for ever.
	lives int
}

func (s *cacheServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := filepath.Join(s.dir, filepath.FromSlash(filepath.Clean("/"+r.URL.Path)))
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		http.ServeFile(w, r, path)
	case http.MethodPut:
		if !s.alive() {
			panic(http.ErrAbortHandler)
		}
		if err := keep(path, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	default:
		http.Error(w, "GET, HEAD and PUT", http.StatusMethodNotAllowed)
	}
}

// alive counts a PUT; the server that dies takes no further connection and
// cuts those that it has.
func (s *cacheServer) alive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lives == 0 {
		_ = s.Close()
		return false
	}
	if s.lives > 0 {
		s.lives--
	}
	return true
}

// keep writes a file whole or not at all.
func keep(path string, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".put")
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		return errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return errors.Join(f.Close(), os.Rename(f.Name(), path))
}

// remoteCache serves a folder as a remote cache until the script ends, at the
// URL that it puts into a variable. With a number it dies at the PUT after so
// many.
//
//	remote-cache VARIABLE FOLDER [PUTS]
func remoteCache(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: remote-cache VARIABLE FOLDER [PUTS]")
	}
	s := &cacheServer{dir: ts.MkAbs(args[1]), lives: -1}
	var err error
	if len(args) == 3 {
		s.lives, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	s.Listener, err = net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], "http://"+s.Addr().String())
	server := &http.Server{Handler: s}
	go func() { _ = server.Serve(s.Listener) }()
	ts.Defer(func() { _ = server.Close() })
}

// interrupts starts a command, waits until a process of this machine has the
// marker in its arguments, and sends the command, and it alone, a SIGINT. The
// command must then end with the exit code, and no process with the marker may
// be left. Its output is in the files interrupted.out and interrupted.err.
//
//	interrupts CODE MARKER COMMAND [ARGUMENT...]
func interrupts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupts CODE MARKER COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	marker := args[1]
	program, err := lookPath(ts, args[2])
	ts.Check(err)
	cmd := exec.Command(program, args[3:]...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), environ(ts)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// A group of its own, as a shell gives it: the signal is for weft, and
	// weft's part is to hand it on.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() {
		ts.Logf("[stdout]\n%s\n[stderr]\n%s", &stdout, &stderr)
		_ = os.WriteFile(ts.MkAbs("interrupted.out"), stdout.Bytes(), 0o644)
		_ = os.WriteFile(ts.MkAbs("interrupted.err"), stderr.Bytes(), 0o644)
	}()
	for deadline := time.Now().Add(3 * time.Minute); !marked(marker); time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-ended:
			ts.Fatalf("the command ended before %s ran: %v", marker, err)
		default:
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			ts.Fatalf("no process with %s after three minutes", marker)
		}
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	select {
	case <-ended:
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		ts.Fatalf("the command goes on a minute after SIGINT")
	}
	if code := cmd.ProcessState.ExitCode(); code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
	if marked(marker) {
		ts.Fatalf("a process with %s is left", marker)
	}
}

// environ is the script's environment, which testscript keeps to itself.
func environ(ts *testscript.TestScript) []string {
	ts.Check(ts.Exec("env", "-0"))
	return strings.Split(strings.TrimRight(ts.ReadFile("stdout"), "\x00"), "\x00")
}

// process asks whether a process of this machine has the marker as an argument.
//
//	[!] process MARKER
func process(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] process MARKER")
	}
	if marked(args[0]) == neg {
		ts.Fatalf("a process with %s: %t", args[0], neg)
	}
}

// marked reports whether a process has the marker as one of its arguments.
func marked(marker string) bool {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if data, err := os.ReadFile(f); err == nil && bytes.Contains(data, []byte("\x00"+marker+"\x00")) {
			return true
		}
	}
	return false
}

// lookPath finds a program on the script's PATH, not on the test's.
func lookPath(ts *testscript.TestScript, name string) (string, error) {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(dir, name); executable(path) {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// junit reads a file as XML, strictly: an invalid character or a tag left open
// is an error.
//
//	junit FILE
func junit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: junit FILE")
	}
	d := xml.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	cases := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			ts.Fatalf("%s: %v", args[0], err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "testcase" {
			cases++
		}
	}
	if cases == 0 {
		ts.Fatalf("%s holds no testcase", args[0])
	}
}
