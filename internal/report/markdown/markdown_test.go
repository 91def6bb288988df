package markdown

import (
	"errors"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/result"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                        "plain",
		"snake_case_name":              "snake_case_name",
		"_emphasis_ and __x__":         "\\_emphasis\\_ and \\_\\_x\\_\\_",
		"a|b":                          "a\\|b",
		"<script>alert(1)</script>":    "\\<script\\>alert(1)\\</script\\>",
		"`tick` *star* [a](b)":         "\\`tick\\` \\*star\\* \\[a\\](b)",
		"# heading":                    "\\# heading",
		"- item":                       "\\- item",
		"&lt; $x$ ~~no~~ \\":           "\\&lt; \\$x\\$ \\~\\~no\\~\\~ \\\\",
		"two\nlines\tand":              "two lines and",
		"\x1b[31mred\x1b[0m bell\x07":  "red bell\uFFFD",
		"\u202eevil \u2066x":           "\uFFFDevil \uFFFDx",
		"invalid \xff utf-8":           "invalid \uFFFD utf-8",
		"\U0001F6E2\uFE0F emoji é":     "\U0001F6E2\uFE0F emoji é",
		"tests/test_a.py::test_x[a-b]": "tests/test_a.py::test_x\\[a-b\\]",
	} {
		if got := text(in); got != want {
			t.Errorf("text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		"a_b":      "`a_b`",
		"":         "–",
		"with `x`": "`` with `x` ``",
		"`` two":   "``` `` two ```",
		"a\nb":     "`a b`",
		"<b> & |":  "`<b> & |`",
	} {
		if got := code(in); got != want {
			t.Errorf("code(%q) = %q, want %q", in, got, want)
		}
	}
	if got, want := cellCode("a|b"), "`a\\|b`"; got != want {
		t.Errorf("cellCode: %q, want %q", got, want)
	}
}

func TestBlockCannotBeClosed(t *testing.T) {
	got := block("one\n```\n# not a heading\n````\x07\n")
	if want := "`````text\none\n```\n# not a heading\n````\uFFFD\n`````"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSeconds(t *testing.T) {
	for in, want := range map[float64]string{
		0: "0 s", -1: "0 s", 2e-10: "0.2 ns", 1.23e-7: "123 ns", 4.56e-5: "45.6 µs", 0.0123: "12.3 ms", 0.5: "500 ms",
		1: "1.0 s", 59.94: "59.9 s", 83.4: "1 min 23 s", 3600: "1 h 0 min", 7380: "2 h 3 min",
	} {
		if got := seconds(in); got != want {
			t.Errorf("seconds(%g) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[float64]string{0.0001: "±0.0 %", 0.123: "+12.3 %", -0.5: "-50.0 %"} {
		if got := signed(in); got != want {
			t.Errorf("signed(%g) = %q, want %q", in, got, want)
		}
	}
}

// TestSections holds the report against the list of sections.
func TestSections(t *testing.T) {
	var b strings.Builder
	if err := Write(&b, report.Report{Environments: []report.Environment{{Name: "python3.9"}}}); err != nil {
		t.Fatal(err)
	}
	rest := b.String()
	for _, want := range []string{
		"# Parallel Test Execution Report\n", "## Summary\n", "- Total tests:", "- Passed:", "- Failed:", "- Skipped:",
		"- Environments tested:", "- Execution time:", "- Cached:", "## Environment Results\n", "### python3.9\n", "- Status:",
		"- Tests:", "- Duration:", "- Interpreter:", "- Store path:", "- Failures:", "## Test Type Results\n",
		"### Unit\n", "- Coverage:", "### Integration\n", "- External dependencies:", "### Performance\n", "- Baseline comparison:",
		"- Regressions:", "- Improvements:", "### Security\n", "- Bandit findings:", "- Advisory findings:", "### Compatibility\n",
		"## Failure Analysis\n", "## Recommendations\n",
	} {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Fatalf("%q is missing, or not in this order", want)
		}
		rest = after
	}
}

func TestLongListsAreCut(t *testing.T) {
	r := report.Report{Environments: []report.Environment{{Name: "e"}}}
	for range maxListed + 5 {
		r.Environments[0].Failures = append(r.Environments[0].Failures, report.Failure{Test: "t", Message: "m"})
		r.Findings = append(r.Findings, analysis.Finding{ID: "F", Title: "t", Spread: analysis.InAll})
	}
	var b strings.Builder
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "`t` (): m"); n != maxListed {
		t.Errorf("%d failures are listed", n)
	}
	for _, want := range []string{"and 5 more, in report.json", "And 5 more, in report.json."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("nothing says %q", want)
		}
	}
}

func TestLongEvidenceIsFolded(t *testing.T) {
	var b strings.Builder
	r := report.Report{Findings: []analysis.Finding{
		{ID: "F1", Title: "short", Evidence: "one\ntwo"}, {ID: "F2", Title: "long", Evidence: strings.Repeat("line\n", 40)},
	}}
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "<details>"); n != 1 || !strings.Contains(b.String(), "<details><summary>40 lines of output</summary>") {
		t.Errorf("%d are folded:\n%s", n, b.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestWriteError(t *testing.T) {
	err := Write(full{}, report.Report{})
	if err == nil || err.Error() != "writing the Markdown report: no space left on device" {
		t.Errorf("got %v", err)
	}
}

// TestBenchmarksNotJudged: a short baseline shows its change and no verdict.
func TestBenchmarksNotJudged(t *testing.T) {
	short := analysis.Comparison{Name: "fit", Environment: "p9", Verdict: analysis.NotJudged, Median: 1.5, Baseline: 1, Change: 0.5, BaselineRuns: 1, Notes: []string{"the baseline has only 1 run, 3 are needed"}}
	long := analysis.Comparison{Name: "load", Environment: "p9", Verdict: analysis.Unchanged, Median: 1, Baseline: 1, BaselineRuns: 3}
	for _, test := range []struct {
		benchmarks []analysis.Comparison
		want       []string
	}{
		{[]analysis.Comparison{short}, []string{
			"- Baseline comparison: +50.0 % (geometric mean over 1 benchmark with a baseline), not judged: no baseline has the 3 runs that are needed\n",
			"- Regressions: not judged: no baseline has", "- Improvements: not judged: no baseline has",
			"| +50.0 % | \\< 0.001 | not judged: the baseline has only 1 run, 3 are needed |",
		}},
		{[]analysis.Comparison{short, long}, []string{
			"with a baseline); 1 of the 2 not judged: fewer than 3 past runs\n",
			"- Regressions: none of 10 % or more with p < 0.05; 1 of the 2 not judged",
		}},
	} {
		var r report.Report
		r.Types.Performance.Comparison = analysis.Performance{Threshold: 0.1, Compared: len(test.benchmarks), Change: 0.5, Benchmarks: test.benchmarks}
		var b strings.Builder
		if err := Write(&b, r); err != nil {
			t.Fatal(err)
		}
		for _, want := range test.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("nothing says %q:\n%s", want, b.String())
			}
		}
	}
}

// TestInterrupted: the summary says how many cells were not reached, and no
// status calls them a failure.
func TestInterrupted(t *testing.T) {
	run := result.Run{Scope: "all", Interrupted: true, Cells: []result.Cell{
		{File: "a.py", Type: "unit", Environment: "p9", Verdict: result.Passed},
		{File: "b.py", Type: "unit", Environment: "p9", Verdict: result.NotRun, Reason: "interrupted before it was reported"},
		{File: "c.py", Type: "unit", Environment: "p9", Verdict: result.NotRun, Reason: "Bazel ended"},
	}}
	got := rendered(t, report.Build(run, analysis.Analyse(run, nil, analysis.Options{})))
	for _, want := range []string{
		"> **Interrupted.** 2 of 3 cells not reached.", "- Cells: 3: 1 passed, 0 did not pass, 2 not run (2 not reached: interrupted)\n",
		"- Status: NOT RUN (interrupted: 2 of 3 cells not reached)\n", "- Cached: 0 of 1 cell (0 %)\n", "- Failures: none\n",
		"Nothing failed in what ran before the interruption.", "   - Run: `weft test all`\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing says %q:\n%s", want, got)
		}
	}
}

func TestWhere(t *testing.T) {
	for want, f := range map[string]analysis.Finding{
		"in all 2 environments that ran it: p9, p11": {Kind: analysis.Exception, Spread: analysis.InAll, Environments: []string{"p9", "p11"}},
		"in the only environment that ran it: p9":    {Kind: analysis.Exception, Spread: analysis.InAll, Environments: []string{"p9"}},
		"not run in p9, p11":                         {Kind: analysis.NoResult, Spread: analysis.InAll, Environments: []string{"p9", "p11"}},
		"not run in p9":                              {Kind: analysis.NotBuilt, Spread: analysis.InSome, Environments: []string{"p9"}},
		"the whole run":                              {Kind: analysis.CacheDied, Spread: analysis.InAll, Environments: []string{"p9"}},
	} {
		if got := spread(f); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestWordingOfOne(t *testing.T) {
	var r report.Report
	r.Types.Compatibility.Matrix.Compared = 1
	r.Summary.Cells = report.CellTally{Total: 1, MeasuredAnew: 1}
	got := rendered(t, r)
	for _, want := range []string{"- Differences: none; 1 test, of any type, ran in", "0 of 1 cell (0 %); 1 of the others is a performance cell"} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing says %q:\n%s", want, got)
		}
	}
}

func TestRecommendationsAreCut(t *testing.T) {
	var r report.Report
	for range maxAdvice + 7 {
		r.Recommendations = append(r.Recommendations, analysis.Recommendation{Text: "do it"})
	}
	got := rendered(t, r)
	if n := strings.Count(got, ". do it\n"); n != maxAdvice || !strings.Contains(got, "… and 7 more, see above.") {
		t.Errorf("%d are listed:\n%s", n, got)
	}
}

func rendered(t *testing.T, r report.Report) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
