// Package pipeline runs one pass: request → environments → targets → plan →
// one `bazel test` → results → report. It is the only package that calls
// these stages; package loop calls those of watching, and this.
package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// Tools are the programs and facts that a pass is given.
type Tools struct {
	Bazel string // executable
	Nix   string
	Weft  string // version of weft, for the report
	Cores int
	Now   func() time.Time
	// Memory is shared by the passes of a watch loop; nil otherwise.
	Memory *Memory
}

// Outcome is how a pass ended.
type Outcome struct {
	ExitCode int
	Report   report.Report
	Folder   string // .weft/runs/<id>, absolute
	Plan     *plan.Plan
	// Command is the `bazel test` of the plan, for people.
	Command   []string
	Predicted time.Duration
	// BrokenOff says that Bazel ended before it was done, and not by this pass's
	// own context: the cells that it had not come to were not run.
	BrokenOff bool
}

// pass is the state of one Run.
type pass struct {
	req   request.Request
	tools Tools
	sink  Sink
	start time.Time
	id    string

	lock     nixenv.Lock
	client   *bazel.Client
	plan     *plan.Plan
	slots    int      // cells that may run at once
	version  string   // Bazel's; empty when it is not known
	build    []string // flags of the build that plain Bazel is given too
	sources  []string // every source file that a rule names, workspace-relative
	past     *history.History
	load     pastLoad
	store    *history.Store
	problems []result.Problem
	unbuilt  map[string]string // environment → why
	made     []string          // outputs of what Bazel ran, see took
	told     map[string]bool   // cells that an event told of, by id

	filter    string // of tests, see Choice: what it finds is not the whole of its cells
	brokenOff bool
}

// pastLoad waits for the history, which is read meanwhile.
type pastLoad func() (*history.History, []result.Problem)

// Plan makes the plan and runs nothing but the query; the environments lock is
// refreshed when it is stale.
func Plan(ctx context.Context, req request.Request, tools Tools, sink Sink) (Outcome, error) {
	req.DryRun = true
	return Run(ctx, req, tools, sink)
}

// Run makes the plan and carries it out. The error is for a pass that could
// not start; once Bazel was asked there is always an Outcome with a report.
func Run(ctx context.Context, req request.Request, tools Tools, sink Sink) (Outcome, error) {
	p := newPass(req, tools, sink)
	release, err := p.acquire(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer release()
	p.load = p.startLoad()
	if err := p.prepare(ctx); err != nil {
		return Outcome{}, err
	}
	if req.DryRun {
		return p.planned(), nil
	}
	if err := p.realise(ctx); err != nil {
		return Outcome{}, err
	}
	run, err := p.test(ctx)
	if err != nil {
		return Outcome{}, err
	}
	return p.conclude(run)
}

func newPass(req request.Request, tools Tools, sink Sink) *pass {
	start := tools.Now()
	p := &pass{req: req, tools: tools, sink: sink, start: start, id: runID(start), unbuilt: map[string]string{}, told: map[string]bool{}}
	p.store = history.Open(filepath.Join(req.Workspace, nixenv.StateDir, "history"), history.Limits{Runs: req.KeepRuns, Age: p.keepFor()}, tools.Now)
	return p
}

// prepare brings the environments lock up to date, reads the targets and plans.
func (p *pass) prepare(ctx context.Context) error {
	if err := p.environments(ctx); err != nil {
		return err
	}
	p.client = &bazel.Client{
		Workspace: p.req.Workspace, Binary: p.tools.Bazel, State: filepath.Join(p.req.Workspace, nixenv.StateDir),
		OnStderr: func(line string) { p.sink.Update(Talked{line}) },
	}
	if len(p.req.Overrides) > 0 {
		p.client.Lock = p.lock.Path
	}
	ws := plan.Workspace{Environments: p.names()}
	if err := p.locate(&ws); err != nil {
		return err
	}
	targets, err := p.read(ctx, ws)
	if err != nil {
		return err
	}
	p.version = p.client.KnownVersion(ctx)
	past, faults := p.load()
	p.past = past
	for _, f := range faults {
		p.note(f)
	}
	if p.tools.Memory != nil {
		p.narrow(targets)
	}
	p.slots = plan.Slots(p.plan.Cells, p.past.Computing, p.tools.Cores, p.req.Jobs)
	if !p.req.DryRun { // whose product the plan is
		p.sink.Update(Planned{Plan: p.plan, Predicted: p.predict(), Tests: p.filter})
	}
	return nil
}

// read reads the targets and makes the plan of the whole scope, unless they are
// remembered: then it returns nil.
func (p *pass) read(ctx context.Context, ws plan.Workspace) (*bazel.Targets, error) {
	m := p.tools.Memory
	if m != nil && m.whole != nil {
		p.plan, p.sources, p.build = m.whole, m.sources, m.build
		p.problems = append(p.problems, m.targetNotes...)
		return nil, nil
	}
	before := len(p.problems)
	stale := p.checkBuildFiles(ctx, ws.Path)
	p.stage("reading the workspace's targets")
	p.client.Fresh = m != nil && m.read
	targets, err := p.client.Query(ctx)
	stale()
	if err != nil {
		return nil, err
	}
	ws.Targets = targets
	if p.plan, err = plan.New(p.req, ws); err != nil {
		return nil, p.declare(ctx, err, ws)
	}
	p.sources = targets.Sources()
	if ws.IsDir || p.req.Scope.Kind != request.ScopePath {
		p.noteUnnamed(ctx, ws.Path, targets)
	}
	for _, note := range p.plan.Notes {
		p.note(result.Problem{Kind: "plan", Message: note})
	}
	if err := p.settleWorkers(targets); err != nil {
		return nil, err
	}
	if m != nil {
		m.read = true
		m.whole, m.parts, m.sources, m.build = p.plan, plan.NewParts(p.plan, targets), p.sources, p.build
		m.targetNotes = slices.Clone(p.problems[before:])
	}
	return targets, nil
}

// startLoad reads the history beside what else goes on.
func (p *pass) startLoad() pastLoad {
	if m := p.tools.Memory; m != nil && m.past != nil {
		return m.past
	}
	var past *history.History
	var faults []result.Problem
	done := make(chan struct{})
	go func() {
		defer close(done)
		past, faults = p.store.Load()
	}()
	return func() (*history.History, []result.Problem) {
		<-done
		return past, faults
	}
}

func (p *pass) stage(text string) { p.sink.Update(Staged{text}) }

// note keeps a fact for the report and says it at once.
func (p *pass) note(problem result.Problem) {
	p.problems = append(p.problems, problem)
	p.sink.Update(Noted{problem})
}

func (p *pass) planned() Outcome {
	return Outcome{Plan: p.plan, Command: p.client.Command(p.testOptions(p.plan)), Predicted: p.predict()}
}

func (p *pass) testOptions(pl *plan.Plan) bazel.TestOptions {
	slots := p.slots
	if slots <= p.tools.Cores { // as many as Bazel runs anyway
		slots = 0
	}
	return bazel.TestOptions{
		Slots:    slots,
		Patterns: pl.Patterns, TagFilters: pl.TagFilters, Jobs: p.req.Jobs,
		DiskCache: p.req.DiskCache, RemoteCache: p.req.RemoteCache, Coverage: p.req.Coverage,
		Guard: bazel.Guard(p.version), Build: p.build, Flags: p.req.BazelFlags,
	}
}

// predict guesses how long the plan takes when nothing comes from a cache.
func (p *pass) predict() time.Duration {
	return plan.Predict(p.plan.Cells, p.past.Duration, p.slots)
}

// names are the environments that the lock has for this system, python3.9
// before python3.10.
func (p *pass) names() []string {
	system, err := nixenv.System()
	if err != nil {
		return nil
	}
	var names []string
	for _, name := range p.lock.Names() {
		if _, ok := p.lock.Paths(name, system); ok {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, request.NaturalOrder)
	return names
}

func runID(start time.Time) string {
	return fmt.Sprintf("%s-%d", start.UTC().Format("20060102T150405.000Z"), pid())
}
