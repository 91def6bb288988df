package pipeline

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

// Bazel writes its event file in pieces, a quarter of a second apart or at its
// end, which is a third of what a person waits for who saved one test file. But
// it puts the outputs of a cell's action in their place as soon as the action
// has ended, having taken away those of the one before. So the few cells of a
// watch's pass are looked at there, and the event is for what was not seen.

const (
	// lookAheadPace is how often they are looked at; a look at all costs some microseconds each.
	lookAheadPace = 5 * time.Millisecond
	// lookAheadMost is how many are: of more, the first verdicts come soon enough.
	lookAheadMost = 64
)

// cellOutputs are the paths of the cell.json of what the pass runs; none where
// there is nobody who waits, or Bazel's folder of outputs is not known yet.
func (p *pass) cellOutputs() []string {
	m := p.tools.Memory
	if m == nil || m.outputs == "" || m.parts == nil || p.filter != "" || len(p.plan.Cells) > lookAheadMost {
		return nil
	}
	var out []string
	for _, c := range p.plan.Cells {
		if path := m.parts.Output(c.ID); path != "" {
			out = append(out, filepath.Join(m.outputs, path))
		}
	}
	return out
}

// version tells two files at one path apart; the zero value is no file.
type version struct {
	inode   uint64
	changed unix.Timespec
}

func versionOf(path string) version {
	var s unix.Stat_t
	if unix.Stat(path, &s) != nil {
		return version{}
	}
	return version{s.Ino, s.Ctim}
}

// lookAhead tells of cells as their outputs come, until what it returns is called.
// Cells that began before are none of this pass's: a cache has them, or another
// Bazel that this one waits for made them, perhaps of files as they were before a save.
func (w *watcher) lookAhead(outputs []string, since time.Time) (stop func()) {
	old := make(map[string]version, len(outputs))
	for _, path := range outputs {
		old[path] = versionOf(path)
	}
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for len(old) > 0 {
			select {
			case <-over:
				return
			case <-time.After(lookAheadPace):
			}
			for path, before := range old {
				if now := versionOf(path); now != before && now != (version{}) && w.ran(path, since) {
					delete(old, path)
				}
			}
		}
	}()
	return func() {
		close(over)
		<-ended
	}
}

// ran reads the cell.json of a cell that has just been executed, so that the
// live view does not wait for the whole suite, and tells of it once. It says
// whether there is no more to do. since is zero for an event; else files may be
// half there still, and of cells that began before it the event shall tell.
func (w *watcher) ran(path string, since time.Time) bool {
	w.ranMu.Lock()
	defer w.ranMu.Unlock()
	var cell result.CellJSON
	if err := readJSON(path, &cell); err != nil {
		return false
	}
	id := plan.CellID(cell.File, cell.Type, cell.Environment.Name)
	if w.told[id] || !w.ids[id] || cell.Start.Before(since) {
		return true
	}
	cases, complete := w.failing(path, cell.Verdict)
	if !since.IsZero() && !complete {
		return false
	}
	if w.told == nil {
		w.told = map[string]bool{}
	}
	w.told[id] = true
	w.learn(id, path)
	w.send(Ran{CellID: id, Verdict: cell.Verdict, Cases: cases})
	return true
}

func readJSON(path string, into any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return json.NewDecoder(io.LimitReader(f, 64<<20)).Decode(into)
}

// learn takes Bazel's folder of outputs from the place of a cell's.
func (w *watcher) learn(id, path string) {
	m := w.p.tools.Memory
	if m == nil || m.parts == nil {
		return
	}
	if output := m.parts.Output(id); output != "" {
		if folder, ok := strings.CutSuffix(path, "/"+output); ok {
			m.outputs = folder
		}
	}
}

// failing reads the cases of a cell that did not pass, for a watch, whose board
// shows them at once: their XML lies beside cell.json. False says that it cannot
// be read whole; the suite that runs the cell again tells of what is missing here.
func (w *watcher) failing(path string, v result.Verdict) (cases []result.Case, complete bool) {
	beside, ok := strings.CutSuffix(path, ".json")
	if !ok || v == result.Passed || w.p.tools.Memory == nil {
		return nil, true
	}
	r, err := os.Open(beside + ".xml")
	if err != nil {
		return nil, false
	}
	defer func() { _ = r.Close() }()
	cells, err := result.ParseSuite(r)
	for _, c := range cells {
		cases = append(cases, c.Cases...)
	}
	return cases, err == nil
}
