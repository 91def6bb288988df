package result

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/event"
)

// Opener opens an artifact that Bazel named by URI. The caller resolves it; the
// fold itself touches neither disk nor network.
type Opener func(uri string) (io.ReadCloser, error)

// Change is a cell that became known, or known better, by one event.
type Change struct {
	Cell    Cell // with its verdict and its cases
	Revised bool // it had been announced before: another attempt, run or shard
}

// Fold turns events into a run. It is not safe for concurrent use.
type Fold struct {
	planned  []PlannedCell
	start    time.Time
	open     Opener
	index    map[cellKey]int  // identity → position in planned
	suites   map[string][]int // label → positions in planned
	parts    map[cellKey][]part
	extra    []cellKey // cells that were not planned, in order of arrival
	known    map[cellKey]bool
	state    map[string]*suiteState
	excluded map[string]string // environment → reason
	problems problems
	facts    sandboxFacts
	bazel    string
	finished *event.Finished
}

// cellKey is what makes a cell itself, whichever suite reports it.
type cellKey struct{ file, kind, environment string }

func (k cellKey) String() string { return k.file + " " + k.kind + " " + k.environment }

// suiteState is what is known of a suite beside its cells.
type suiteState struct {
	why     string // why it has no results
	status  event.TestStatus
	details string
	log     string // test.log on disk
	cells   int
	broken  map[lane]bool // results that failed although no cell of theirs did
}

// New makes a fold over the planned cells. A cell whose recorded start lies
// before start came from a cache.
func New(planned []PlannedCell, start time.Time, open Opener) *Fold {
	f := &Fold{
		planned: planned, start: start, open: open,
		index:    make(map[cellKey]int, len(planned)),
		suites:   make(map[string][]int),
		parts:    make(map[cellKey][]part),
		known:    make(map[cellKey]bool),
		state:    make(map[string]*suiteState),
		excluded: make(map[string]string),
		facts:    newSandboxFacts(),
	}
	for i, p := range planned {
		f.index[cellKey{p.File, p.Type, p.Environment}] = i
		for _, label := range p.Suites {
			f.suites[label] = append(f.suites[label], i)
		}
	}
	return f
}

// Exclude marks the environment's cells as not run for a reason that the
// events cannot tell: the environment could not be built, Bazel was not asked.
func (f *Fold) Exclude(environment, reason string) { f.excluded[environment] = reason }

// Add takes one event and returns the cells that became known by it.
func (f *Fold) Add(e event.Event) []Change {
	switch e := e.(type) {
	case event.Started:
		f.bazel = e.Bazel
	case event.TestResult:
		return f.testResult(e)
	case event.TestSummary:
		f.suite(e.Label).status = e.Status
	case event.TargetComplete:
		if !e.Success && f.isPlanned(e.Label) {
			return f.lost(e.Label, notBuilt(e))
		}
	case event.Action:
		f.action(e)
	case event.Aborted:
		return f.aborted(e)
	case event.Pattern:
		f.problems.add("bazel", fmt.Sprintf("target pattern %s: %s", strings.Join(e.Patterns, " "), oneLine(e.Problem)), "")
	case event.Metrics:
		f.facts.runners(e.Runners)
	case event.Finished:
		f.finished = &e
	case event.Bad:
		f.problems.add("bazel", fmt.Sprintf("an event at byte %d could not be read: %v", e.Offset, e.Err), "")
	}
	return nil
}

func (f *Fold) suite(label string) *suiteState {
	s := f.state[label]
	if s == nil {
		s = &suiteState{broken: map[lane]bool{}}
		f.state[label] = s
	}
	return s
}

func (f *Fold) isPlanned(label string) bool { return len(f.suites[label]) > 0 }

// lost notes why a planned suite has no results and announces its cells.
func (f *Fold) lost(label, why string) []Change {
	s := f.suite(label)
	if s.why == "" {
		s.why = why
	}
	var changes []Change
	for _, i := range f.suites[label] {
		p := f.planned[i]
		key := cellKey{p.File, p.Type, p.Environment}
		if len(f.parts[key]) == 0 && !f.known[key] {
			f.known[key] = true
			changes = append(changes, Change{Cell: f.cell(key, i)})
		}
	}
	return changes
}

func notBuilt(e event.TargetComplete) string {
	why := "its suite could not be built"
	if d := oneLine(e.FailureDetail); d != "" {
		why += ": " + d
	}
	if len(e.Causes) > 0 {
		why += " (" + strings.Join(e.Causes, ", ") + ")"
	}
	return why
}

func (f *Fold) action(e event.Action) {
	if e.Success {
		return
	}
	message := fmt.Sprintf("action %s of %s failed: %s", e.Mnemonic, e.Label, oneLine(e.FailureDetail))
	if line := f.lastLine(e.Stderr); line != "" {
		message += ": " + line
	}
	f.problems.add("bazel", message, "")
}

// lastLine gives the last line of a small artifact, "" when there is none.
func (f *Fold) lastLine(uri string) string {
	if uri == "" {
		return ""
	}
	r, err := f.open(uri)
	if err != nil {
		return ""
	}
	defer r.Close()
	text, _ := io.ReadAll(io.LimitReader(newSanitiser(r, 1<<20), 1<<20))
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return oneLine(lines[len(lines)-1])
}

func (f *Fold) aborted(e event.Aborted) []Change {
	why := strings.ToLower(strings.ReplaceAll(e.Reason, "_", " "))
	if d := oneLine(e.Description); d != "" {
		why += ": " + d
	}
	if f.isPlanned(e.Label) {
		return f.lost(e.Label, "Bazel gave its suite up: "+why)
	}
	switch {
	case e.Reason == "UNKNOWN" && e.Description == "": // of what an error told elsewhere has taken along
	case slices.Contains([]string{"USER_INTERRUPTED", "NO_BUILD", "NO_ANALYZE", "SKIPPED"}, e.Reason):
	default:
		f.problems.add("bazel", strings.TrimSpace("Bazel gave up "+e.Label)+": "+why, "")
	}
	return nil
}

func (f *Fold) interrupted() bool {
	return f.finished != nil && (f.finished.ExitCode == 8 || f.finished.ExitName == "INTERRUPTED")
}

// diskPath is the path of a file:// URI, else "".
func diskPath(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return ""
	}
	return u.Path
}

// oneLine makes a message fit into a sentence.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return strings.TrimSuffix(s, ".")
}
