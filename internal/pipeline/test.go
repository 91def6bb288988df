package pipeline

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/event"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// Bazel's exit codes that Weft acts upon.
const (
	exitUsage  = 2  // COMMAND_LINE_ERROR
	exitRemote = 34 // REMOTE_ERROR: a remote cache that refused the build
)

// test runs the plan's one `bazel test` and folds what it says.
func (p *pass) test(ctx context.Context) (result.Run, error) {
	folder := p.folder()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return result.Run{}, fmt.Errorf("making the run's folder: %w", err)
	}
	// What another weft ran while this one waited for it is cached, so it is now
	// that counts, and not when the command began.
	fold := result.New(slices.Concat(p.plan.Cells, p.plan.Beside), p.tools.Now(), openArtifact)
	runnable := p.plan
	if len(p.unbuilt) > 0 {
		var names []string
		for name, why := range p.unbuilt {
			names = append(names, name)
			fold.Exclude(name, why)
		}
		runnable = p.plan.Without(names)
	}
	if len(runnable.Cells) > 0 {
		began := time.Now() // by the clock of the file system
		err := p.invoke(ctx, runnable, fold)
		p.distrust(began)
		if err != nil {
			p.discard() // there will be no report, and nothing else prunes the folder
			return result.Run{}, err
		}
	}
	run := fold.Run()
	beside := p.beside()
	run.Cells = slices.DeleteFunc(run.Cells, func(c result.Cell) bool { return beside[c.ID] && !news(c) })
	run.ID, run.Scope, run.Start, run.End, run.Weft = p.id, p.req.Scope.Text, p.start, p.tools.Now(), p.tools.Weft
	if run.Bazel == "" {
		run.Bazel = p.version
	}
	run.Environments = p.runEnvironments()
	for _, problem := range run.Problems {
		// Known only at the end, as a sandbox that is none; what Bazel itself
		// complained of has been said.
		if problem.Kind != "bazel" {
			p.sink.Update(Noted{problem})
		}
	}
	run.Problems = append(p.problems, run.Problems...)
	run.Interrupted = run.Interrupted || ctx.Err() != nil
	if p.tools.Memory != nil && !run.Interrupted && !p.brokenOff {
		p.tellLost(run.Cells)
	}
	return run, nil
}

// tellLost tells of cells without a result that no event told of, as those of an
// environment that could not be made: a view would keep what it knew of them.
func (p *pass) tellLost(cells []result.Cell) {
	for _, c := range cells {
		if c.Verdict == result.NotRun && !p.told[c.ID] {
			p.sink.Update(Changed{result.Change{Cell: c}})
		}
	}
}

// invoke runs Bazel, once more without the remote cache when that one refuses.
func (p *pass) invoke(ctx context.Context, pl *plan.Plan, fold *result.Fold) error {
	o := p.testOptions(pl)
	o.Folder = p.folder()
	if o.RemoteCache != "" {
		if err := bazel.CacheReachable(ctx, o.RemoteCache); err != nil {
			p.cacheLost(err.Error())
			o.RemoteCache = ""
		}
	}
	p.stage("running the tests")
	exit, err := p.bazelTest(ctx, o, fold)
	if err == nil && exit.Code == exitRemote && o.RemoteCache != "" && ctx.Err() == nil {
		p.cacheLost(bazel.Causes(exit.Stderr))
		o.RemoteCache = ""
		exit, err = p.bazelTest(ctx, o, fold)
	}
	if err != nil {
		return err
	}
	if exit.Code == exitUsage && len(p.req.BazelFlags) > 0 {
		return &request.UsageError{Msg: "Bazel refuses its flags: " + bazel.Causes(exit.Stderr), Hinted: "bazel help test lists what may follow --"}
	}
	p.judge(ctx, exit)
	return nil
}

// left says how the cells are run that Bazel did not come to.
func (p *pass) left() string {
	how := p.req.Line(proc.Quote([]string{p.req.Scope.Text}))
	if p.tools.Memory != nil {
		how = "the next pass"
	}
	return how + " runs what is left; what passed comes from the cache"
}

func (p *pass) cacheLost(why string) {
	p.note(result.Problem{Kind: "remote cache", Message: "running without the remote cache: " + why})
}

func (p *pass) bazelTest(ctx context.Context, o bazel.TestOptions, fold *result.Fold) (bazel.Exit, error) {
	ids := map[string]bool{}
	for _, c := range p.plan.Cells {
		ids[c.ID] = true
	}
	beside := p.beside()
	w := &watcher{p: p, ids: ids}
	p.client.OnStderr = w.talk
	defer w.lookAhead(p.cellOutputs(), time.Now().Truncate(time.Millisecond))()
	return p.client.Test(ctx, o, func(e event.Event) {
		p.took(e)
		for _, change := range fold.Add(e) {
			if !beside[change.Cell.ID] || news(change.Cell) {
				p.told[change.Cell.ID] = true
				w.send(Changed{change})
			}
		}
		if a, ok := e.(event.Action); ok && a.Mnemonic == "WeftCell" {
			w.ran(localPath(a.PrimaryOutput), time.Time{})
		}
	})
}

// beside are the ids of cells that are only gathered again.
func (p *pass) beside() map[string]bool {
	out := make(map[string]bool, len(p.plan.Beside))
	for _, c := range p.plan.Beside {
		out[c.ID] = true
	}
	return out
}

// news says that a cell which was only to be gathered again has a result that is
// another than the one that is known: what it reads was saved meanwhile.
func news(c result.Cell) bool {
	return c.Verdict != result.NotRun && (c.Verdict != result.Passed || !c.Cached)
}

// judge says what Bazel's end means beyond its tests.
func (p *pass) judge(ctx context.Context, exit bazel.Exit) {
	switch {
	case ctx.Err() != nil || exit.Code == 8:
	case exit.Code == 0, exit.Code == 3, exit.Code == 4:
	case p.judgeWorkers(exit):
	default:
		cause := bazel.Causes(exit.Stderr)
		if cause == "" {
			cause = fmt.Sprintf("bazel exited with %d", exit.Code)
		}
		p.note(result.Problem{Kind: "bazel", Message: cause})
	}
	if !exit.Complete && ctx.Err() == nil {
		p.brokenOff = true
		p.note(result.Problem{Kind: "bazel", Message: "Bazel's event stream broke off, so results may be missing", Hint: p.left()})
	}
}

// openArtifact opens what an event names. Bazel is told to write file URIs
// (TestOptions), so nothing else is expected.
func openArtifact(uri string) (io.ReadCloser, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "file" {
		return nil, fmt.Errorf("%s: only file URIs can be read", uri)
	}
	return os.Open(event.Text(u.Path))
}

// watcher turns what arrives from two streams, events and talk, into updates,
// one at a time.
type watcher struct {
	p         *pass
	ids       map[string]bool
	mu        sync.Mutex // held while the sink works
	cacheSaid bool
	cacheWhy  string // a warning whose next line has the cause
	running   int

	ranMu sync.Mutex
	told  map[string]bool // cells whose own action was told of
}

// running reads Bazel's progress lines: "(12 actions, 3 running)", or
// "4 actions running".
var runningText = regexp.MustCompile(`(\d+) (?:actions? )?running`)

func (w *watcher) talk(line string) {
	w.send(Talked{line})
	if m := runningText.FindStringSubmatch(line); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n != w.running {
			w.running = n
			w.send(Running{n})
		}
	}
	w.watchCache(line)
}

// watchCache says once that the remote cache failed. Bazel's warning ends with
// a colon when its cause is on the next line.
func (w *watcher) watchCache(line string) {
	_, why, warned := strings.Cut(line, "WARNING: Remote Cache: ")
	switch {
	case w.cacheWhy != "":
		why, w.cacheWhy = w.cacheWhy+" "+line, ""
	case !warned || w.cacheSaid:
		return
	case strings.HasSuffix(why, ":"):
		w.cacheSaid, w.cacheWhy = true, why
		return
	}
	w.cacheSaid = true
	w.mu.Lock()
	defer w.mu.Unlock()
	w.p.note(result.Problem{Kind: "remote cache", Message: "the remote cache failed during the run, which went on without it: " + why})
}

func (w *watcher) send(u Update) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.p.sink.Update(u)
}

func (p *pass) folder() string { return filepath.Join(p.runs(), p.id) }

func (p *pass) runs() string { return filepath.Join(p.req.Workspace, ".weft", "runs") }
