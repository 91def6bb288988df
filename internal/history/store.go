package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/result"
)

// Limits bound what is kept. A zero field is no limit.
type Limits struct {
	Runs int
	Age  time.Duration
}

const (
	suffix  = ".jsonl"
	partial = ".partial-"
	maxFile = 256 << 20
)

// Store is a history folder. It needs no closing.
type Store struct {
	dir    string
	limits Limits
	now    func() time.Time
	loaded atomic.Pointer[map[string]pastRun] // what Load has read, by file
}

// Open names the folder; nothing is read or made yet.
func Open(dir string, limits Limits, now func() time.Time) *Store {
	return &Store{dir: dir, limits: limits, now: now}
}

// Load reads every past run. A missing folder is an empty history; what could
// not be read is a problem of kind "history".
func (s *Store) Load() (*History, []result.Problem) {
	names, err := s.files()
	if err != nil {
		return &History{}, []result.Problem{{Kind: "history", Message: fmt.Sprintf("reading past runs: %v", err)}}
	}
	loaded := map[string]pastRun{}
	var runs []pastRun
	var problems []result.Problem
	for _, name := range names {
		run, problem := s.read(name)
		if problem != "" {
			path := filepath.Join(s.dir, name)
			problems = append(problems, result.Problem{Kind: "history", Message: "past run " + name + ": " + problem, Hint: "rm " + proc.Quote([]string{path})})
		}
		if problem == "" {
			loaded[name] = run
		}
		if !run.Start.IsZero() {
			runs = append(runs, run)
		}
	}
	s.loaded.Store(&loaded)
	return index(runs), problems
}

// files lists the runs' files, newest first: a run's ID begins with its time.
func (s *Store) files() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix) {
			names = append(names, e.Name())
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(names)))
	return names, nil
}

func (s *Store) read(name string) (pastRun, string) {
	file, err := os.Open(filepath.Join(s.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return pastRun{}, "" // another weft has just pruned it
	}
	if err != nil {
		return pastRun{}, err.Error()
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > maxFile {
		return pastRun{}, fmt.Sprintf("it is %d bytes long and was not read", info.Size())
	}
	run, bad, err := decode(file)
	run.name = name
	if err != nil {
		return pastRun{}, "it could not be read: " + err.Error()
	}
	if bad > 0 {
		return run, lines(bad) + " could not be read"
	}
	return run, ""
}

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}

// Append records a run and prunes what is beyond the limits. Passes that make one
// run, as those of a watch, have one ID: each is added to those before it.
func (s *Store) Append(run result.Run) error {
	if run.ID == "" || strings.ContainsAny(run.ID, "/\\\x00") {
		return fmt.Errorf("recording the run in the history: %q is no file name", run.ID)
	}
	if err := s.write(run); err != nil {
		return fmt.Errorf("recording the run in the history: %w", err)
	}
	if err := s.prune(); err != nil {
		return fmt.Errorf("pruning the history: %w", err)
	}
	return nil
}

func (s *Store) write(run result.Run) error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(s.dir, partial)
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already when all went well
	if err := errors.Join(encode(tmp, run, s.known(), s.before(run)), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(s.dir, run.ID+suffix))
}

// before is what earlier passes of the same run have recorded.
func (s *Store) before(run result.Run) pastRun {
	earlier, _ := s.read(run.ID + suffix)
	return earlier
}

// past is what Load has read, if it has.
func (s *Store) past() map[string]pastRun {
	if loaded := s.loaded.Load(); loaded != nil {
		return *loaded
	}
	return nil
}

// known are the measurements that Load found, less those that will soon be
// dropped for their age. A run in which nothing changed is then a file of a line.
func (s *Store) known() map[string]bool {
	known := map[string]bool{}
	for _, run := range s.past() {
		if s.limits.Age > 0 && s.now().Sub(run.Start) > s.limits.Age/2 {
			continue
		}
		for _, c := range run.cells {
			known[measurement(c.ID, c.Start)] = true
		}
	}
	return known
}

// prune removes what is too old, and beyond the number of runs those that
// hold nothing which a newer run does not hold too: many small runs must not push
// the only measurement of the others out.
func (s *Store) prune() error {
	names, err := s.files()
	if err != nil {
		return err
	}
	if err := s.removeLeftovers(); err != nil {
		return err
	}
	past, seen := s.past(), map[string]bool{}
	for i, name := range names {
		run, known := past[name]
		if !known {
			run, _ = s.read(name)
		}
		needed := run.adds(seen) || s.limits.Runs <= 0 || i < s.limits.Runs
		if needed && !s.tooOld(name, run) {
			continue
		}
		if err := os.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// adds enters what the run holds into seen and says whether any was new.
func (r pastRun) adds(seen map[string]bool) bool {
	added := false
	enter := func(key string) {
		if !seen[key] {
			seen[key], added = true, true
		}
	}
	for _, c := range r.cells {
		enter("cell\x00" + c.ID)
	}
	for _, b := range r.benchmarks {
		enter("benchmark\x00" + b.File + "\x00" + b.Name + "\x00" + b.Environment)
	}
	return added
}

// tooOld goes by the run's start, and for a file that cannot be read by the
// file's own time.
func (s *Store) tooOld(name string, run pastRun) bool {
	if s.limits.Age <= 0 {
		return false
	}
	when := run.Start
	if when.IsZero() {
		info, err := os.Stat(filepath.Join(s.dir, name))
		if err != nil {
			return false
		}
		when = info.ModTime()
	}
	return s.now().Sub(when) > s.limits.Age
}

// removeLeftovers removes what writers that were killed have left.
func (s *Store) removeLeftovers() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !strings.HasPrefix(e.Name(), partial) || s.now().Sub(info.ModTime()) < time.Hour {
			continue
		}
		if err := os.Remove(filepath.Join(s.dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
