package analysis

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"golang.org/x/perf/benchmath"

	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/result"
)

// Performance compares benchmarks with their past runs.
type Performance struct {
	NotMeasured string       `json:"notMeasured,omitempty"`
	Threshold   float64      `json:"threshold"` // relative, 0.1 = 10 %
	Compared    int          `json:"compared"`  // benchmarks that have a baseline
	Change      float64      `json:"change"`    // geometric mean over them, relative
	Benchmarks  []Comparison `json:"benchmarks,omitempty"`
}

// The verdicts of a comparison.
const (
	Regression  = "regression"
	Improvement = "improvement"
	Unchanged   = "unchanged"
	NoBaseline  = "no baseline"
	NotCompared = "not compared"
	NotJudged   = "not judged" // the baseline has fewer than BaselineRuns runs
)

// BaselineRuns is how many past runs a baseline needs before a benchmark is
// judged by it. The runs' medians show how much a machine varies from run to
// run, and fewer of them span next to nothing.
const BaselineRuns = 3

// Comparison is a benchmark in an environment against its baseline. Times in
// seconds.
type Comparison struct {
	File           string     `json:"file"`
	Name           string     `json:"name"`
	Environment    string     `json:"environment"`
	Verdict        string     `json:"verdict"`
	Median         float64    `json:"median"`
	Baseline       float64    `json:"baseline,omitempty"`
	Change         float64    `json:"change,omitempty"` // relative, +0.1 = 10 % slower
	P              float64    `json:"p,omitempty"`
	Samples        int        `json:"samples"`
	BaselineRuns   int        `json:"baselineRuns,omitempty"`
	BaselineLatest *time.Time `json:"baselineLatest,omitempty"`
	Notes          []string   `json:"notes,omitempty"`
}

func (s *study) performance(opt Options) Performance {
	out := Performance{Threshold: opt.Threshold}
	ran := 0
	for _, c := range s.run.Cells {
		if c.Verdict == result.NotRun {
			continue
		}
		if c.Type == "performance" {
			ran++
		}
		for _, b := range c.JSON.Benchmarks {
			past, ok := s.past.Baseline(c.File, b.Name, c.Environment)
			cmp := compare(b, past, ok, opt.Threshold)
			cmp.File, cmp.Environment = c.File, c.Environment
			if ok && past.StorePath != "" && past.StorePath != c.JSON.Environment.StorePath {
				cmp.Notes = append(cmp.Notes, "the environment has changed since the baseline")
			}
			if c.Cached {
				cmp.Notes = append(cmp.Notes, "from a cache, not measured in this run")
			}
			out.Benchmarks = append(out.Benchmarks, cmp)
		}
	}
	if len(out.Benchmarks) == 0 {
		out.NotMeasured = "no performance test ran"
		if ran > 0 {
			out.NotMeasured = fmt.Sprintf("%s ran and reported no benchmark", plural(ran, "performance cell"))
		}
	}
	out.Compared, out.Change = overall(out.Benchmarks)
	sort.SliceStable(out.Benchmarks, func(i, j int) bool {
		a, b := out.Benchmarks[i], out.Benchmarks[j]
		if a.File+"\x00"+a.Name != b.File+"\x00"+b.Name {
			return a.File+"\x00"+a.Name < b.File+"\x00"+b.Name
		}
		return s.order[a.Environment] < s.order[b.Environment]
	})
	return out
}

// compare decides by three things together: the U-test's p-value, the size of
// the change, and that the new median lies outside of what the medians of the
// baseline's runs have spanned. The samples of one run share its moment on the
// machine, so a small p alone says little, and a baseline of too few runs is
// no ground for a verdict.
func compare(b result.Benchmark, past history.Baseline, known bool, threshold float64) Comparison {
	samples := finite(b.Samples)
	cmp := Comparison{Name: b.Name, Median: b.Median, Samples: len(samples)}
	if len(samples) == 0 {
		cmp.Verdict = NotCompared
		cmp.Notes = append(cmp.Notes, "it reported no samples")
		return cmp
	}
	now := benchmath.NewSample(samples, &benchmath.DefaultThresholds)
	cmp.Median = benchmath.AssumeNothing.Summary(now, 0.95).Center
	before := finite(past.Samples)
	if !known || len(before) == 0 {
		cmp.Verdict = NoBaseline
		cmp.Notes = append(cmp.Notes, "this run becomes the baseline")
		return cmp
	}
	old := benchmath.NewSample(before, &benchmath.DefaultThresholds)
	cmp.Baseline = benchmath.AssumeNothing.Summary(old, 0.95).Center
	test := benchmath.AssumeNothing.Compare(old, now)
	cmp.P, cmp.BaselineRuns = test.P, past.Runs
	latest := past.Latest
	cmp.BaselineLatest = &latest
	cmp.Change = cmp.Median/cmp.Baseline - 1
	for _, w := range test.Warnings {
		cmp.Notes = append(cmp.Notes, strings.ReplaceAll(w.Error(), "alpha level", "level"))
	}
	if past.Runs < BaselineRuns {
		cmp.Verdict = NotJudged
		why := fmt.Sprintf("the baseline has only %s, %d are needed", plural(past.Runs, "run"), BaselineRuns)
		cmp.Notes = append([]string{why}, cmp.Notes...)
		return cmp
	}
	lowest, highest := cmp.Baseline, cmp.Baseline
	for _, m := range finite(past.Medians) {
		lowest, highest = min(lowest, m), max(highest, m)
	}
	cmp.Verdict = Unchanged
	if test.P < test.Alpha && math.Abs(cmp.Change) >= threshold {
		switch {
		case cmp.Median > highest:
			cmp.Verdict = Regression
		case cmp.Median < lowest:
			cmp.Verdict = Improvement
		}
	}
	return cmp
}

// overall is the geometric mean of the changes.
func overall(all []Comparison) (n int, change float64) {
	sum := 0.0
	for _, c := range all {
		if c.Baseline > 0 && c.Median > 0 {
			n++
			sum += math.Log(c.Median / c.Baseline)
		}
	}
	if n == 0 {
		return 0, 0
	}
	return n, math.Exp(sum/float64(n)) - 1
}

// finite copies the samples that can be a time.
func finite(values []float64) []float64 {
	var out []float64
	for _, v := range values {
		if v > 0 && !math.IsInf(v, 0) && !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}
