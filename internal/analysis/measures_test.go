package analysis

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/result"
)

func TestLines(t *testing.T) {
	for text, want := range map[string]string{"": "", "1-4,7": "1-4,7", "7,1-4,5": "1-5,7", "3,3-9,2": "2-9", " 1 , 2 ": "1-2"} {
		spans, err := parseLines(text)
		if err != nil || format(spans) != want {
			t.Errorf("parseLines(%q) = %q, %v; want %q", text, format(spans), err, want)
		}
	}
	for _, text := range []string{"x", "4-1", "0", "-3", "1-99999999999", "1-2-3"} {
		if _, err := parseLines(text); err == nil {
			t.Errorf("parseLines(%q): no error", text)
		}
	}
	for _, test := range []struct{ a, b, want string }{{"1-9", "3-4", "1-2,5-9"}, {"1-9", "", "1-9"}, {"1-3,7", "2,7-9", "1,3"}, {"5", "1-9", ""}} {
		a, _ := parseLines(test.a)
		b, _ := parseLines(test.b)
		if got := format(minus(a, b)); got != test.want {
			t.Errorf("%s minus %s = %q, want %q", test.a, test.b, got, test.want)
		}
	}
}

func covered(c result.Cell, executed, missing string) result.Cell {
	c.JSON.Coverage = &result.Coverage{Files: map[string]result.CoverageLines{"src/a.py": {Executed: executed, Missing: missing}}}
	return c
}

func TestCoverageIsTheUnionOfLines(t *testing.T) {
	run := matrix("p9=3.9.2", "p11=3.11.2", "octave=7.3.0")
	silent := cell("tests/test_c.py", "unit", "p11", result.Passed)
	octave := cell("tests/test_f.m", "unit", "octave", result.Passed)
	octave.JSON.Notes = []string{"coverage not measured: no tool for Octave"}
	run.Cells = []result.Cell{
		covered(cell("tests/test_a.py", "unit", "p9", result.Passed), "1-3", "4-10"),
		covered(cell("tests/test_b.py", "unit", "p9", result.Failed), "3-5", "1-2,6-10"),
		covered(cell("tests/test_a.py", "unit", "p11", result.Passed), "1,9", "2-8,10"),
		covered(cell("tests/test_a.py", "integration", "p11", result.Passed), "1-10", ""),
		silent, octave,
	}
	c := Analyse(run, nil, Options{CoverageAsked: true}).Coverage
	if c.Covered != 6 || c.Lines != 10 || c.Percent != 60 || c.Files[0].Missing != "6-8,10" {
		t.Errorf("overall: %+v", c)
	}
	var got []string
	for _, e := range c.Environments {
		got = append(got, fmt.Sprintf("%s %.0f%s", e.Name, e.Percent, e.NotMeasured))
	}
	if fmt.Sprint(got) != "[p9 50 p11 20 octave 0no tool for Octave]" {
		t.Errorf("by environment: %q", got)
	}
	if fmt.Sprint(c.Warnings) != "[1 of the 2 unit cells of p11 measured none]" {
		t.Errorf("warnings: %q", c.Warnings)
	}
}

func TestCoverageNotMeasured(t *testing.T) {
	unit := cell("tests/test_a.py", "unit", "p9", result.Passed)
	noted := unit
	noted.JSON.Notes = []string{"coverage not measured: the environment p9 has no pytest-cov"}
	for _, test := range []struct {
		name  string
		cells []result.Cell
		asked bool
		want  string
	}{
		{"no unit cell", nil, true, "no unit test ran"},
		{"not asked", []result.Cell{unit}, false, "it was not asked for"},
		{"a note", []result.Cell{noted}, true, "the environment p9 has no pytest-cov"},
		{"silence", []result.Cell{unit}, true, "no unit cell reported any line"},
		{"garbage", []result.Cell{covered(unit, "x-y", "")}, true, "no unit cell reported any line"},
	} {
		run := matrix("p9=3.9.2")
		run.Cells = test.cells
		c := Analyse(run, nil, Options{CoverageAsked: test.asked}).Coverage
		if c.NotMeasured != test.want {
			t.Errorf("%s: got %q, want %q", test.name, c.NotMeasured, test.want)
		}
		if test.name == "garbage" && len(c.Warnings) != 1 {
			t.Errorf("garbage: warnings %q", c.Warnings)
		}
	}
}

func bench(env string, centre float64) result.Cell {
	c := cell("tests/test_p.py", "performance", env, result.Passed, ok("fit"))
	b := result.Benchmark{Name: "fit"}
	for i := range 20 {
		b.Samples = append(b.Samples, centre*(1+0.01*float64(i%5)))
	}
	c.JSON.Benchmarks = []result.Benchmark{b}
	return c
}

func one(cells ...result.Cell) result.Run {
	run := matrix("p9=3.9.2")
	run.Cells = cells
	return run
}

func TestPerformance(t *testing.T) {
	for _, test := range []struct {
		name    string
		past    []float64
		now     float64
		opt     Options
		verdict string
		note    string
	}{
		{"no baseline", nil, 1, Options{}, NoBaseline, "this run becomes the baseline"},
		{"unchanged", []float64{1, 1, 1}, 1, Options{}, Unchanged, ""},
		{"below the threshold", []float64{1, 1, 1}, 1.08, Options{}, Unchanged, ""},
		{"above a lower threshold", []float64{1, 1, 1}, 1.08, Options{Threshold: 0.05}, Regression, ""},
		{"regression", []float64{1, 1, 1}, 1.5, Options{}, Regression, ""},
		{"improvement", []float64{1, 1, 1}, 0.5, Options{}, Improvement, ""},
		{"within what runs have spanned", []float64{1, 1.6, 1, 1}, 1.5, Options{}, Unchanged, ""},
		{"a single run", []float64{1}, 1.5, Options{}, NotJudged, "the baseline has only 1 run, 3 are needed"},
		{"two runs", []float64{1, 1}, 0.5, Options{}, NotJudged, "the baseline has only 2 runs, 3 are needed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var past []result.Run
			for _, centre := range test.past {
				past = append(past, one(bench("p9", centre)))
			}
			p := Analyse(one(bench("p9", test.now)), store(t, past...), test.opt).Performance
			b := p.Benchmarks[0]
			if b.Verdict != test.verdict || !strings.Contains(strings.Join(b.Notes, "; "), test.note) {
				t.Errorf("got %+v", b)
			}
			if len(test.past) > 0 && (b.BaselineRuns != len(test.past) || b.BaselineLatest == nil || p.Compared != 1 || math.Abs(p.Change-b.Change) > 1e-9) {
				t.Errorf("baseline: %+v of %+v", b, p)
			}
			if b.Verdict == NotJudged && math.Abs(b.Change-(test.now-1)) > 0.01 {
				t.Errorf("the change is not shown: %+v", b)
			}
			if test.note == "" && len(b.Notes) > 0 {
				t.Errorf("notes %q", b.Notes)
			}
		})
	}
}

func TestPerformanceNotes(t *testing.T) {
	now := bench("p9", 1)
	now.Cached, now.JSON.Environment.StorePath = true, "/nix/store/moved"
	b := Analyse(one(now), store(t, one(bench("p9", 1))), Options{}).Performance.Benchmarks[0]
	if got := strings.Join(b.Notes, "; "); !strings.Contains(got, "the environment has changed since the baseline; from a cache") {
		t.Errorf("got %q", got)
	}
	bare := bench("p9", 1)
	bare.JSON.Benchmarks[0].Samples = []float64{math.Inf(1), -1}
	if b := Analyse(one(bare), nil, Options{}).Performance.Benchmarks[0]; b.Verdict != NotCompared {
		t.Errorf("got %+v", b)
	}
	for want, cells := range map[string][]result.Cell{
		"no performance test ran":                          {cell("tests/test_p.py", "performance", "p9", result.NotRun)},
		"1 performance cell ran and reported no benchmark": {cell("tests/test_p.py", "performance", "p9", result.Passed)},
	} {
		if got := Analyse(one(cells...), nil, Options{}).Performance.NotMeasured; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func secure(env string, s *result.Security, notes ...string) result.Cell {
	c := cell("tests/test_s.py", "security", env, result.Passed, ok("s"))
	c.JSON.Security, c.JSON.Notes = s, notes
	return c
}

func TestSecurityOnceOverEnvironments(t *testing.T) {
	eval := result.BanditFinding{File: "src/a.py", Line: 3, Test: "B307", Severity: "MEDIUM"}
	assert := result.BanditFinding{File: "src/a.py", Line: 1, Test: "B101", Severity: "LOW"}
	git := result.Advisory{Package: "gitpython", Version: "3.1.30", ID: "GHSA-1", Severity: "HIGH", Fixed: "3.1.41"}
	mild := result.Advisory{Package: "attrs", Version: "1", ID: "GHSA-2", Severity: "LOW"}
	run := matrix("p9=3.9.2", "p11=3.11.2", "minimal=3.11.2")
	run.Cells = []result.Cell{
		secure("p11", &result.Security{Bandit: []result.BanditFinding{assert, eval}, Advisories: []result.Advisory{mild, git}, AdvisoriesMeasured: true}),
		secure("p9", &result.Security{Bandit: []result.BanditFinding{eval}}),
		secure("minimal", &result.Security{BanditMissing: true}, "bandit did not run: the environment minimal has none"),
	}
	s := Analyse(run, nil, Options{}).Security
	if len(s.Bandit) != 2 || s.Bandit[0].Test != "B307" || fmt.Sprint(s.Bandit[0].Environments) != "[p9 p11]" {
		t.Errorf("bandit: %+v", s.Bandit)
	}
	if len(s.Advisories) != 2 || s.Advisories[0].ID != "GHSA-1" || fmt.Sprint(s.Advisories[0].Environments) != "[p11]" {
		t.Errorf("advisories: %+v", s.Advisories)
	}
	if got := fmt.Sprint(s.Warnings); got != "[bandit did not run in minimal advisories were not checked in p9 and minimal]" {
		t.Errorf("warnings: %s", got)
	}
	var advice string
	for _, r := range Analyse(run, nil, Options{SecurityFailOn: "medium"}).Recommendations {
		advice += r.Text + "\n"
	}
	if !strings.Contains(advice, "raise gitpython from 3.1.30 to 3.1.41") || !strings.Contains(advice, "attrs 1 has GHSA-2, and no fixed version is known: replace it in p11") || !strings.Contains(advice, "src/a.py:3, bandit B307") || strings.Contains(advice, "B101") {
		t.Errorf("advice: %s", advice)
	}
}

func TestSecurityNotMeasured(t *testing.T) {
	for _, test := range []struct {
		cells              []result.Cell
		bandit, advisories string
	}{
		{nil, "no security test ran", "no security test ran"},
		{[]result.Cell{secure("p9", nil)}, "the security cells did not report it", "the security cells did not report it"},
		{[]result.Cell{secure("p9", &result.Security{}, "bandit gave no result: exit 2", "advisories not checked: no OSV files were given")}, "exit 2", "no OSV files were given"},
		{[]result.Cell{secure("p9", &result.Security{BanditMissing: true})}, "the cells of p9 did not say why", "the cells of p9 did not say why"},
		{[]result.Cell{secure("p9", &result.Security{Bandit: []result.BanditFinding{}, AdvisoriesMeasured: true})}, "", ""},
	} {
		s := Analyse(one(test.cells...), nil, Options{}).Security
		if s.BanditNotMeasured != test.bandit || s.AdvisoriesNotMeasured != test.advisories {
			t.Errorf("got %q and %q, want %q and %q", s.BanditNotMeasured, s.AdvisoriesNotMeasured, test.bandit, test.advisories)
		}
	}
}

func TestExternalDependencies(t *testing.T) {
	needs := func(o result.Outcome, names ...string) result.Case {
		k := result.Case{ID: fmt.Sprint(names), Outcome: o}
		for _, n := range names {
			k.Properties = append(k.Properties, result.Property{Name: "external_dependency", Value: n})
		}
		return k
	}
	run := matrix("p9=3.9.2", "p11=3.11.2")
	run.Cells = []result.Cell{
		cell("tests/test_i.py", "integration", "p9", result.Failed, needs(result.CaseFailed, "sqlite", "http"), needs(result.CaseSkipped, "kafka")),
		cell("tests/test_i.py", "integration", "p11", result.Passed, needs(result.CasePassed, "http"), needs(result.CasePassed, "postgres")),
		cell("tests/test_u.py", "unit", "p11", result.Passed, needs(result.CaseFailed, "postgres")),
	}
	var got []string
	for _, d := range Analyse(run, nil, Options{}).External {
		got = append(got, fmt.Sprintf("%s %s %d %v", d.Name, d.Status, d.Tests, d.Failing))
	}
	if want := "[http FAIL 2 [p9] kafka NOT RUN 0 [] postgres OK 1 [] sqlite FAIL 1 [p9]]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestCompatibility(t *testing.T) {
	run := matrix("p9=3.9.2", "p11=3.11.2", "full=3.11.2")
	a, b := ok("a.py::x"), ok("a.py::y")
	flaky := b
	flaky.Flaky = true
	synthetic := result.Case{ID: "c.py", Outcome: result.CaseError, Synthetic: true}
	run.Cells = []result.Cell{
		cell("a.py", "unit", "p9", result.Failed, failing("a.py::x", "m", ""), b), cell("a.py", "unit", "p11", result.Passed, a, flaky), cell("a.py", "unit", "full", result.NotRun),
		cell("b.py", "unit", "p9", result.Error, result.Case{ID: "b.py", Outcome: result.CaseError}), cell("b.py", "unit", "p11", result.Passed, a),
		cell("c.py", "unit", "p9", result.NoTests, synthetic), cell("c.py", "unit", "p11", result.NoTests, synthetic),
		cell("d.py", "unit", "p11", result.Passed, ok("d.py::alone")),
		cell("e.py", "unit", "p9", result.Passed, ok("e.py::same")), cell("e.py", "unit", "p11", result.NotRun),
	}
	c := Analyse(run, nil, Options{}).Compatibility
	var got []string
	for _, d := range c.Differences {
		got = append(got, fmt.Sprintf("%s %s %v", d.File, d.Test, d.Outcomes))
	}
	want := []string{
		"a.py a.py::x map[full:not run p11:passed p9:failed]",
		"a.py a.py::y map[full:not run p11:flaky p9:passed]",
		"b.py  map[p11:passed p9:error]",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") || c.Compared != 2 {
		t.Errorf("compared %d\n%s", c.Compared, strings.Join(got, "\n"))
	}
	if alone := Analyse(one(cell("a.py", "unit", "p9", result.Passed, a)), nil, Options{}).Compatibility; alone.NotMeasured == "" {
		t.Error("one environment alone compares nothing, and says so")
	}
}

func TestGates(t *testing.T) {
	half := covered(cell("tests/test_a.py", "unit", "p9", result.Passed), "1-5", "6-10")
	risky := secure("p9", &result.Security{Bandit: []result.BanditFinding{{File: "src/a.py", Severity: "MEDIUM"}}, Advisories: []result.Advisory{{ID: "GHSA-1"}}, AdvisoriesMeasured: true})
	mild := secure("p9", &result.Security{Bandit: []result.BanditFinding{{File: "src/a.py", Severity: "LOW"}}})
	for _, test := range []struct {
		name    string
		cells   []result.Cell
		past    []result.Run
		opt     Options
		passed  bool
		message string
	}{
		{"coverage met", []result.Cell{half}, nil, Options{CoverageMin: 50}, true, "50.0 % of lines, at least 50.0 % wanted"},
		{"coverage missed", []result.Cell{half}, nil, Options{CoverageMin: 50.1}, false, "50.0 % of lines"},
		{"coverage not measured", []result.Cell{mild}, nil, Options{CoverageMin: 1}, false, "not measured: no unit test ran"},
		{"security met", []result.Cell{mild}, nil, Options{SecurityFailOn: "medium"}, true, "0 findings of severity medium"},
		{"security missed, unknown severity counts", []result.Cell{risky}, nil, Options{SecurityFailOn: "critical"}, false, "1 finding of severity critical"},
		{"security missed", []result.Cell{risky}, nil, Options{SecurityFailOn: "low"}, false, "2 findings"},
		{"security not measured", []result.Cell{half}, nil, Options{SecurityFailOn: "high"}, false, "not measured: no security test ran"},
		{"performance met", []result.Cell{bench("p9", 1)}, []result.Run{one(bench("p9", 1)), one(bench("p9", 1)), one(bench("p9", 1))}, Options{PerformanceGate: true}, true, "0 regressions by 10 %"},
		{"performance not judged", []result.Cell{bench("p9", 2)}, []result.Run{one(bench("p9", 1))}, Options{PerformanceGate: true}, true, "1 benchmark not judged: fewer than 3 past runs"},
		{"performance missed", []result.Cell{bench("p9", 2)}, []result.Run{one(bench("p9", 1)), one(bench("p9", 1)), one(bench("p9", 1))}, Options{PerformanceGate: true}, false, "1 regression by 10 %"},
		{"performance not measured", []result.Cell{half}, nil, Options{PerformanceGate: true}, false, "not measured: no performance test ran"},
	} {
		t.Run(test.name, func(t *testing.T) {
			run := one(test.cells...)
			a := Analyse(run, store(t, test.past...), test.opt)
			if len(a.Gates) != 1 || a.Gates[0].Passed != test.passed || !strings.Contains(a.Gates[0].Message, test.message) {
				t.Fatalf("got %+v", a.Gates)
			}
			run.Cells[0].Cases = append(run.Cells[0].Cases, result.Case{Outcome: result.CasePassed}) // a run of no test at all is no pass
			if want := map[bool]int{true: 0, false: 1}[test.passed]; ExitCode(run, a) != want {
				t.Errorf("exit code %d, want %d", ExitCode(run, a), want)
			}
		})
	}
	missed := Analyse(one(half), nil, Options{CoverageMin: 90}).Recommendations
	if len(missed) != 1 || missed[0].Text != "cover src/a.py first: lines 6-10 are executed by no unit test in any environment" {
		t.Errorf("got %+v", missed)
	}
}

func TestExitCode(t *testing.T) {
	for _, test := range []struct {
		verdicts []result.Verdict
		want     int
	}{
		{nil, 4},
		{[]result.Verdict{result.Passed}, 0},
		{[]result.Verdict{result.Passed, result.Failed}, 1},
		{[]result.Verdict{result.Timeout}, 1},
		{[]result.Verdict{result.NoTests}, 1},
		{[]result.Verdict{result.Failed, result.NotRun}, 3},
		{[]result.Verdict{result.Passed, result.Infrastructure}, 3},
	} {
		var run result.Run
		for _, v := range test.verdicts {
			run.Cells = append(run.Cells, result.Cell{Verdict: v, Cases: []result.Case{{}}})
		}
		if got := ExitCode(run, Analysis{}); got != test.want {
			t.Errorf("%v: exit code %d, want %d", test.verdicts, got, test.want)
		}
	}
	filtered := result.Run{Cells: []result.Cell{{Verdict: result.Passed}, {Verdict: result.Passed}}}
	if got := ExitCode(filtered, Analysis{}); got != 4 {
		t.Errorf("cells that passed without a test: exit code %d, want 4", got)
	}
}
