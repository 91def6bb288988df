package watch

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait: a watch that is silent for so long has lost
// something, however slow the machine is.
const patience = 4 * time.Minute

// event is a line of weft watch --json; docs/formats.md has them.
type event struct {
	Event   string   `json:"event"`
	Pass    int      `json:"pass"`
	Paths   []string `json:"paths"`
	Effect  string   `json:"effect"`
	Why     string   `json:"why"`
	ID      string   `json:"id"`
	Verdict string   `json:"verdict"`
	Stopped bool     `json:"stopped"`
	Message string   `json:"message"`
	Hint    string   `json:"hint"`
	Kind    string   `json:"kind"`
	Address string   `json:"address"`
	Cells   []cell   `json:"cells"`
}

type cell struct {
	ID string `json:"id"`
}

// watched is a weft watch under test.
type watched struct {
	t      *testing.T
	cmd    *exec.Cmd
	events chan event
	seen   []event
	ended  chan error
	mu     sync.Mutex
	stderr strings.Builder
}

// weft is the command under test, and a workspace's environment for it.
func weft(t *testing.T) string {
	t.Helper()
	path := os.Getenv("WEFT_BINARY")
	if path == "" {
		t.Fatal("WEFT_BINARY is not set: run make test-e2e")
	}
	return path
}

// run runs a command in a folder to its end; it must succeed.
func run(t *testing.T, dir string, argv ...string) string {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
	}
	return string(out)
}

// start begins a watch, by default of everything. prefix is what the command
// is started with: unshare and its arguments, or nothing.
func start(t *testing.T, dir string, prefix []string, args ...string) *watched {
	t.Helper()
	argv := slices.Concat(prefix, []string{weft(t), "watch", "all", "--json"}, args)
	w := &watched{t: t, cmd: exec.Command(argv[0], argv[1:]...), events: make(chan event, 1000), ended: make(chan error, 1)}
	w.cmd.Dir = dir
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdout, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	w.cmd.Stderr = w
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go w.read(stdout)
	t.Cleanup(func() {
		if w.cmd.ProcessState == nil {
			_ = w.cmd.Process.Kill()
			<-w.ended
		}
	})
	return w
}

// Write keeps what the watch says on stderr.
func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stderr.Write(p)
}

func (w *watched) said() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stderr.String()
}

func (w *watched) read(stdout io.Reader) {
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			e = event{Event: "no JSON", Message: fmt.Sprintf("%v: %s", err, lines.Text())}
		}
		w.events <- e
	}
	close(w.events)
	w.ended <- w.cmd.Wait()
}

// next is the next event; false at the watch's end.
func (w *watched) next() (event, bool) {
	w.t.Helper()
	select {
	case e, ok := <-w.events:
		if e.Event == "no JSON" {
			w.t.Fatal(e.Message)
		}
		w.seen = append(w.seen, e)
		return e, ok
	case <-time.After(patience):
		w.t.Fatalf("nothing for %v; the last events: %s\n%s", patience, w.last(12), w.said())
	}
	panic("not reached")
}

func (w *watched) last(n int) string {
	var b strings.Builder
	for _, e := range w.seen[max(0, len(w.seen)-n):] {
		e.Cells = nil
		data, _ := json.Marshal(e)
		b.WriteString("\n" + string(data))
	}
	return b.String()
}

// until reads events until one is as wanted.
func (w *watched) until(what string, wanted func(event) bool) event {
	w.t.Helper()
	for {
		e, ok := w.next()
		if !ok {
			w.t.Fatalf("the watch ended before %s; the last events: %s\n%s", what, w.last(12), w.said())
		}
		if wanted(e) {
			return e
		}
	}
}

// saved waits until a save of a file was seen.
func (w *watched) saved(path string) event {
	w.t.Helper()
	return w.until("a save of "+path, func(e event) bool { return e.Event == "saved" && slices.Contains(e.Paths, path) })
}

// idle waits until the watch waits for a save.
func (w *watched) idle() {
	w.t.Helper()
	w.until("all was done", func(e event) bool { return e.Event == "waiting" })
}

// note waits for a note that holds a text.
func (w *watched) note(text string) event {
	w.t.Helper()
	return w.until("a note of "+text, func(e event) bool { return e.Event == "note" && strings.Contains(e.Message, text) })
}

// quiet says that nothing more comes of itself: no pass begins.
func (w *watched) quiet() {
	w.t.Helper()
	select {
	case e := <-w.events:
		w.t.Fatalf("after all was done came %+v; before it: %s", e, w.last(12))
	case <-time.After(3 * time.Second):
	}
}

// stop ends the watch by a signal, and returns its exit code.
func (w *watched) stop(signal syscall.Signal) int {
	w.t.Helper()
	if err := w.cmd.Process.Signal(signal); err != nil {
		w.t.Fatal(err)
	}
	return w.end()
}

// end waits for the watch's end and returns its exit code.
func (w *watched) end() int {
	w.t.Helper()
	for {
		if _, ok := w.next(); !ok {
			break
		}
	}
	select {
	case err := <-w.ended:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			w.t.Fatal(err)
		}
	case <-time.After(patience):
		w.t.Fatalf("the watch does not end\n%s", w.said())
	}
	// The watch led a group of its own; what it started and left would be in it,
	// or in one of those that it made, which die with it.
	if err := syscall.Kill(-w.cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		w.t.Errorf("something of the watch's group is left: %v", err)
	}
	return w.cmd.ProcessState.ExitCode()
}

// outcomes are what a report says of each test of each cell, one a line.
func outcomes(t *testing.T, report string) []string {
	t.Helper()
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Run   struct{ ExitCode int }
		Cells []struct {
			ID, Verdict string
			Cases       []struct{ ID, Outcome, Message string }
		}
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	out := []string{fmt.Sprintf("exit code %d", r.Run.ExitCode)}
	for _, c := range r.Cells {
		out = append(out, c.ID+": "+c.Verdict)
		for _, k := range c.Cases {
			out = append(out, c.ID+" "+k.ID+": "+k.Outcome+" "+k.Message)
		}
	}
	slices.Sort(out)
	return out
}

// latest is the newest report of a workspace.
func latest(dir string) string {
	return filepath.Join(dir, ".weft", "runs", "latest", "report.json")
}

// asFresh compares what the watch knows with a weft test of the same scope: the
// outcome of each test, or why none can run.
func asFresh(t *testing.T, w *watched) {
	t.Helper()
	dir := w.cmd.Dir
	known := outcomes(t, latest(dir))
	fresh := filepath.Join(t.TempDir(), "fresh.json")
	cmd := exec.Command(weft(t), "test", "all", "--report", "json="+fresh)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if message := w.recent("pass.end").Message; message != "" {
		message, _, _ = strings.Cut(message, "\n")
		if err == nil || !strings.Contains(string(out), message) {
			t.Errorf("the watch says %q and a fresh weft test %s", message, out)
		}
		return
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Fatalf("a fresh weft test makes no report: %s\n%s", out, w.last(5))
	}
	want := outcomes(t, fresh)
	if !slices.Equal(known, want) {
		t.Errorf("the watch knows\n%s\nand a fresh weft test finds\n%s\n%s", strings.Join(known, "\n"), strings.Join(want, "\n"), out)
	}
	if len(want) < 4 {
		t.Errorf("a fresh weft test finds next to nothing: %q", want)
	}
}

// failed are the cells that were ever told to have failed.
func (w *watched) failed() map[string]bool {
	out := map[string]bool{}
	for _, e := range w.seen {
		if e.Event == "cell" && e.Verdict == "failed" {
			out[e.ID] = true
		}
	}
	return out
}

// recent is the last event of a kind that was read.
func (w *watched) recent(kind string) event {
	for _, e := range slices.Backward(w.seen) {
		if e.Event == kind {
			return e
		}
	}
	return event{}
}
