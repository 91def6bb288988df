package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/weft-build/weft/internal/affected"
	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/watch"
)

// graph is the workspace whose targets weft watch keeps in memory: 100,000 cells.
var graph = graphShape{files: 16_667, environments: []string{"python3.9", "python3.10", "python3.11", "python3.12", "minimal", "full"}}

const (
	lookUpTarget  = 0.001 // seconds
	refreshTarget = 2.0   // × the query
)

// kept is what weft watch keeps of the targets.
type kept struct {
	plan    *plan.Plan
	parts   *plan.Parts
	index   *affected.Index
	sources []string
}

// graphTimes are the seconds of one repetition.
type graphTimes struct{ query, refresh, lookUp, megabytes float64 }

// runGraph generates the workspace, measures and prints.
func runGraph(ctx context.Context, dir, weft string, runs int, talk io.Writer) (rows []recordGraph, err error) {
	rules, err := filepath.Abs("rules")
	if err != nil {
		return nil, err
	}
	if err := graph.write(dir, rules); err != nil {
		return nil, fmt.Errorf("generating a workspace: %w", err)
	}
	defer func() {
		clean, cancel := untilStopped(ctx)
		defer cancel()
		err = errors.Join(err, newBazelState(dir, "output", "").discard(clean))
	}()
	defer debug.SetGCPercent(debug.SetGCPercent(loop.GCPercent)) // as weft watch does
	var all []graphTimes
	for n := range runs + 1 { // the first reads everything for the first time
		t, err := graph.measure(ctx, dir, n)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(talk, "bench: graph, %d of %d  query %.2f  refresh %.2f  look-up %.6f  %.0f MB\n", n, runs, t.query, t.refresh, t.lookUp, t.megabytes)
		if n > 0 {
			all = append(all, t)
		}
	}
	held, err := graph.watchResident(ctx, dir, weft, talk)
	if err != nil {
		return nil, err
	}
	query := middle(all, func(t graphTimes) float64 { return t.query })
	rows = []recordGraph{
		{"query after a BUILD edit", query, "s", 0},
		{"the whole refresh after it", middle(all, func(t graphTimes) float64 { return t.refresh }), "s", refreshTarget * query},
		{"look-up of a save", middle(all, func(t graphTimes) float64 { return t.lookUp }), "s", lookUpTarget},
		{"what is kept of the targets, live", middle(all, func(t graphTimes) float64 { return t.megabytes }), "MB", 0},
		{"weft watch, resident after the first pass", held.first, "MB", residentTarget},
		{"weft watch, resident after a BUILD edit", held.edited, "MB", residentTarget},
		{"weft watch, resident after a save", held.saved, "MB", residentTarget},
		{"weft watch, resident at most in the first pass", held.firstPeak, "MB", 0},
		{"weft watch, resident at most", held.peak, "MB", 0},
	}
	return rows, printGraph(os.Stdout, rows, runs)
}

func middle(all []graphTimes, of func(graphTimes) float64) float64 {
	var values []float64
	for _, t := range all {
		values = append(values, of(t))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func printGraph(to io.Writer, rows []recordGraph, runs int) error {
	fmt.Fprintf(to, "\ngraph: %d cells, %d files × %d environments; median of %d\n", graph.cells(), graph.files, len(graph.environments), runs)
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(out, "  %s\t%.6g %s\t", r.Name, r.Value, r.Unit)
		if r.AtMost > 0 {
			fmt.Fprintf(out, "%s: at most %.6g %s", map[bool]string{true: "reached", false: "missed"}[r.Value <= r.AtMost], r.AtMost, r.Unit)
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// measure edits a BUILD file and reads the targets twice, each time with an edit
// of its own before: by Bazel's query alone, and as weft watch does.
func (g graphShape) measure(ctx context.Context, dir string, turn int) (graphTimes, error) {
	var t graphTimes
	client := &bazel.Client{Workspace: dir, Binary: "bazel"}
	if err := g.editBuildFile(dir, 2*turn); err != nil {
		return t, err
	}
	alone, err := command(ctx, dir, nil, append([]string{"sh", "-c", `exec "$@" > /dev/null`, "sh"}, client.QueryCommand()...)...)
	if err != nil {
		return t, err
	}
	t.query = alone.seconds
	if err := g.editBuildFile(dir, 2*turn+1); err != nil {
		return t, err
	}
	before := heap()
	begin := time.Now()
	k, err := g.refresh(ctx, client)
	if err != nil {
		return t, err
	}
	t.refresh = time.Since(begin).Seconds()
	t.megabytes = float64(heap()-before) / (1 << 20)
	t.lookUp, err = k.lookUp(g)
	return t, err
}

// refresh reads the targets and makes of them what is kept.
func (g graphShape) refresh(ctx context.Context, client *bazel.Client) (kept, error) {
	targets, err := client.Query(ctx)
	if err != nil {
		return kept{}, err
	}
	p, err := plan.New(request.Request{Scope: request.Scope{Kind: request.ScopeAll, Text: "all"}}, plan.Workspace{Environments: g.environments, Targets: targets})
	if err != nil {
		return kept{}, err
	}
	if len(p.Cells) != g.cells() {
		return kept{}, fmt.Errorf("the plan has %d cells, and %d were written", len(p.Cells), g.cells())
	}
	return kept{p, plan.NewParts(p, targets), affected.New(targets, nil), targets.Sources()}, nil
}

// lookUp takes the saves of files that five tests use, and says how long one takes.
func (k kept) lookUp(g graphShape) (float64, error) {
	const saves = 1000
	begin := time.Now()
	for n := range saves {
		i := n * users % g.files
		path := filepath.Join(g.folder(i), "..", "src", fmt.Sprintf("part%06d.py", i/users))
		if e := k.index.Of(map[string]watch.Change{path: watch.Written}); e.Files.Len() != users {
			return 0, fmt.Errorf("%s: %d test files use it, and %d should", path, e.Files.Len(), users)
		}
	}
	return time.Since(begin).Seconds() / saves, nil
}

// heap is what is in use, in bytes.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
