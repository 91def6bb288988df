package pipeline

import (
	"cmp"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/texts"
)

// Memory is what the passes of a watch loop share: what has been read is not
// read again until it is forgotten, and the results of all passes make one run,
// whose report is what a weft test of the whole scope would write. Its zero
// value remembers nothing. It is for one pass at a time, and between passes for
// their caller.
type Memory struct {
	// Choose is asked by each pass, once it knows the scope, what to run of it;
	// nil is everything.
	Choose func(Known) Choice

	lock    *nixenv.Lock      // nil: to be checked
	paths   map[string]string // store path by environment, of the last check
	known   nixenv.Lock       // of the last check
	moved   []string          // environments whose cells no pass has come to since
	whole   *plan.Plan        // nil: to be read
	read    bool              // it was read once: the next time, something of it has changed
	parts   *plan.Parts
	sources []string
	build   []string // flags that the workspace's rules call for
	outputs string   // Bazel's folder of outputs, once an event has named a file in it

	lockNotes   []result.Problem          // of the last check of the lock
	targetNotes []result.Problem          // of the last reading of the targets
	unbuilt     map[string]result.Problem // environments that could not be made when last tried

	results map[string]remembered // the last of each cell, by id
	common  common
	packed  int              // its size when all were packed last, in bytes
	suites  []result.Problem // suites that failed beside their cells
	past    pastLoad         // of the next pass
	history *history.History // of the pass that chooses
	run     string           // id of the first pass that was recorded: all are one run
	folders []string         // of the reports that are kept
}

// Known is what a pass knows before it chooses.
type Known struct {
	Plan *plan.Plan // of the whole scope
	// Targets are set when they have been read by this pass; nil says that they
	// are those of the pass before.
	Targets *bazel.Targets
	// Moved are environments whose store path is another than when a pass last chose.
	Moved []string
}

// Choice is what a pass shall run.
type Choice struct {
	All   bool     // every cell; Cells is then nothing
	Cells []string // ids, the most wanted first; none at all runs nothing
	// Tests is a test filter, as --test_filter takes it, or the ids of tests, one
	// a line; empty is none. What a pass with a filter finds is not remembered,
	// for it is not the whole.
	Tests string
	// Left are ids of other cells that are still to run: their results do not hold.
	Left []string
}

// ForgetTargets has the next pass read the targets again.
func (m *Memory) ForgetTargets() { m.whole = nil }

// ForgetEnvironments has the next pass look at the flake again.
func (m *Memory) ForgetEnvironments() { m.lock = nil }

// Rest is called between two passes, when there is nothing to do: a person may
// save nothing for an hour, and a pass over a large workspace leaves garbage of
// several times what is kept. The system gets it back once the history has been
// read and views have had a moment to take what they were told.
func (m *Memory) Rest() {
	past := m.past
	go func() {
		if past != nil {
			past()
		}
		time.Sleep(restTime)
		debug.FreeOSMemory()
	}()
}

const restTime = time.Second

// Result is what is known of a cell of the scope; its cases are there when one
// of them failed.
func (m *Memory) Result(id string) (result.Cell, bool) {
	r, ok := m.results[id]
	return r.cell(id), ok
}

// Failures is, while a pass chooses, how often a cell failed in the past runs that are kept.
func (m *Memory) Failures(id string) int { return m.history.Failures(id) }

// Predict guesses how long cells take, so many at a time, when none comes from
// a cache; 0 when nothing is known of any. It is for while a pass chooses.
func (m *Memory) Predict(cells []result.PlannedCell, slots int) time.Duration {
	return plan.Predict(cells, m.history.Duration, slots)
}

// Current says that the flake and its locks are as the last pass saw them.
func (m *Memory) Current(req request.Request) bool {
	if m.lock == nil {
		return false
	}
	o := nixOptions(req)
	source, err := nixenv.Digest(o)
	if err != nil || source != m.lock.Source {
		return false
	}
	lock, err := nixenv.ReadLock(o.LockPath())
	return err == nil && lock.Source == source && maps.Equal(pathsOf(lock), m.paths)
}

// pathsOf are a lock's store paths on this system, by environment.
func pathsOf(lock nixenv.Lock) map[string]string {
	paths := map[string]string{}
	if system, err := nixenv.System(); err == nil {
		for _, name := range lock.Names() {
			if p, ok := lock.Paths(name, system); ok {
				paths[name] = p.OutPath
			}
		}
	}
	return paths
}

// checked takes a lock. The environments that moved since the last one stay so
// until a pass has chosen what to run: one that fails before leaves them.
func (m *Memory) checked(lock nixenv.Lock) {
	paths := pathsOf(lock)
	maps.DeleteFunc(m.unbuilt, func(name string, _ result.Problem) bool { return m.paths[name] != paths[name] })
	if m.paths != nil {
		for name, path := range paths {
			if m.paths[name] != path && !slices.Contains(m.moved, name) {
				m.moved = append(m.moved, name)
			}
		}
		if !reflect.DeepEqual(lock.Environments, m.known.Environments) {
			m.ForgetTargets() // which environments there are, and for which types, decides the targets
		}
	}
	m.lock, m.known, m.paths = &lock, lock, paths
	slices.Sort(m.moved)
}

// tried takes an environment that could not be made.
func (m *Memory) tried(name string, problem result.Problem) {
	if m.unbuilt == nil {
		m.unbuilt = map[string]result.Problem{}
	}
	m.unbuilt[name] = problem
}

// oneRun is the ID that a pass is recorded by.
func (m *Memory) oneRun(id string) string {
	if m.run == "" {
		m.run = id
	}
	return m.run
}

// byItself has the suites of single files run the tests of a filter without
// waiting for the cells, which would be run whole before: rules_weft's BUILD.bazel.
const byItself = "--cache_test_results=no"

// narrow is the plan of what Choose wants.
func (p *pass) narrow(targets *bazel.Targets) {
	m := p.tools.Memory
	if m.Choose == nil {
		return
	}
	m.history = p.past
	defer func() { m.history = nil }() // the next pass reads a newer one
	choice := m.Choose(Known{Plan: m.whole, Targets: targets, Moved: m.moved})
	m.moved = nil
	if choice.Tests != "" {
		p.req.BazelFlags = append(slices.Clip(p.req.BazelFlags), "--test_filter="+choice.Tests, byItself)
		p.filter = choice.Tests
	}
	if choice.All {
		return
	}
	slots := p.tools.Cores
	if len(p.req.BazelFlags) > 0 { // under some, as a test filter, suites run their files themselves
		slots = len(choice.Cells)
	}
	p.plan = m.parts.Narrow(choice.Cells, m.settled(choice.Left), slots)
}

// settled says of a cell that it passed, and is not to run again.
func (m *Memory) settled(left []string) func(id string) bool {
	due := make(map[string]bool, len(left))
	for _, id := range left {
		due[id] = true
	}
	return func(id string) bool { return !due[id] && m.results[id].cell(id).Verdict == result.Passed }
}

// remember takes a pass's results, and gives those of the whole scope.
func (m *Memory) remember(run result.Run, planned *plan.Plan) result.Run {
	m.keep(run)
	whole := run
	whole.Cells = make([]result.Cell, 0, len(m.whole.Cells))
	if !run.Interrupted {
		m.forgetSuites(planned)
	}
	now := make(map[string]int, len(run.Cells))
	for i, c := range run.Cells {
		now[c.ID] = i
	}
	wanted := make(map[string]bool, len(m.whole.Cells))
	for _, c := range m.whole.Cells {
		wanted[c.ID] = true
		known, ok := m.results[c.ID]
		if i, ran := now[c.ID]; ran && !(run.Interrupted && run.Cells[i].Verdict == result.NotRun) { // no second copy of it
			whole.Cells = append(whole.Cells, run.Cells[i])
			continue
		}
		cell := known.unpack(c.ID)
		if !ok {
			cell = result.Cell{ID: c.ID, File: c.File, Type: c.Type, Environment: c.Environment, Verdict: result.NotRun, Reason: "no pass has come to it yet"}
		}
		whole.Cells = append(whole.Cells, cell)
	}
	for id := range m.results {
		if !wanted[id] {
			delete(m.results, id)
		}
	}
	m.repack()
	for _, problem := range m.suites {
		if !slices.Contains(whole.Problems, problem) {
			whole.Problems = append(whole.Problems, problem)
		}
	}
	for _, problem := range run.Problems {
		if problem.Kind == "suite" && !slices.Contains(m.suites, problem) {
			m.suites = append(m.suites, problem)
		}
	}
	return whole
}

// repack drops the texts and durations that no cell has any more, as those of
// tests whose names change from run to run, once they may be as many as the others.
func (m *Memory) repack() {
	if size := m.common.size(); m.packed == 0 || size < 2*m.packed+texts.Chunk {
		m.packed = cmp.Or(m.packed, size)
		return
	}
	m.common = common{}
	for id, r := range m.results {
		m.results[id] = m.common.pack(r.unpack(id))
	}
	m.packed = m.common.size()
}

// forgetSuites forgets the failures of suites that a pass has run again, or of
// all when it ran everything.
func (m *Memory) forgetSuites(planned *plan.Plan) {
	m.suites = slices.DeleteFunc(m.suites, func(problem result.Problem) bool {
		return len(planned.Cells) == len(m.whole.Cells) || slices.ContainsFunc(planned.Cells, func(c result.PlannedCell) bool {
			return slices.ContainsFunc(c.Suites, func(label string) bool { return strings.HasPrefix(problem.Message, label+" ") })
		})
	})
}

// keep takes what a pass has found of its cells.
func (m *Memory) keep(run result.Run) {
	if m.results == nil {
		m.results = map[string]remembered{}
	}
	for _, c := range run.Cells {
		if run.Interrupted && c.Verdict == result.NotRun {
			continue // the pass did not come to it
		}
		m.results[c.ID] = m.common.pack(c)
	}
}
