package report_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/event"
	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/result"
)

// What testdata/record/record.py ran.
var (
	pythonFiles = []struct{ file, types string }{
		{"tests/test_clean.py", "unit"}, {"tests/test_crash.py", "unit"}, {"tests/test_data.py", "unit"},
		{"tests/test_empty.py", "unit"}, {"tests/test_fit.py", "unit performance"}, {"tests/test_flaky.py", "unit"},
		{"tests/test_hang.py", "unit"}, {"tests/test_home.py", "unit"}, {"tests/test_hostile.py", "unit"},
		{"tests/test_lib.py", "unit"}, {"tests/test_match.py", "unit"}, {"tests/test_net.py", "unit integration"},
		{"tests/test_secrets.py", "security"},
	}
	environments = []result.Environment{
		{Name: "python3.9", Kind: "python", Version: "3.9.2", Description: "the oldest Python", StorePath: "/nix/store/7iz9znzkzkm2lkfn4ph108yaq1i34ks8-python3-3.9-env", StandIn: []string{"nixpkgs"}},
		{Name: "python3.10", Kind: "python", Version: "3.10.16", StorePath: "/nix/store/c2mbvgh59vhpf1jf2i3nmw8cbg25g3wz-python3-3.10-env", StandIn: []string{"nixpkgs"}},
		{Name: "python3.11", Kind: "python", Version: "3.11.2", StorePath: "/nix/store/rdik14q5gmvz78pllplf0haxfvlwidw0-python3-3.11-env", StandIn: []string{"nixpkgs"}},
		{Name: "octave", Kind: "octave", Version: "7.3.0", StorePath: "/nix/store/x7kvzb0495kf1sadkc16cqz16il8yal4-octave-7.3.0-env", StandIn: []string{"mrst", "nixpkgs"}},
		{Name: "minimal", Kind: "python", Version: "3.11.2", StorePath: "/nix/store/ab9l3w3cpji4d0w17wkgnxrn4v6bcdiv-python3-3.11-env", StandIn: []string{"nixpkgs"}},
		{Name: "full", Kind: "python", Version: "3.11.2", StorePath: "/nix/store/00000000000000000000000000000000-full-env", NotBuilt: "error: builder for 'full.drv' failed with exit code 1"},
	}
)

func planned() []result.PlannedCell {
	var cells []result.PlannedCell
	add := func(file, kind, env string) {
		cells = append(cells, result.PlannedCell{
			ID: file + " " + kind + " " + env, File: file, Type: kind, Environment: env,
			Suites: []string{"//tests:tests." + kind + "@" + env},
		})
	}
	for _, env := range environments {
		if env.Kind == "octave" {
			add("tests/test_flux.m", "unit", env.Name)
			continue
		}
		for _, f := range pythonFiles {
			for _, kind := range strings.Fields(f.types) {
				add(f.file, kind, env.Name)
			}
		}
	}
	return cells
}

// openRecorded opens what record.py has written.
func openRecorded(uri string) (io.ReadCloser, error) {
	return os.Open(filepath.Join("testdata", "recorded", strings.TrimPrefix(uri, "file:///")))
}

// recorded is a run of the recorded matrix under Bazel events made here. The
// run begins after python3.9's cells, whose results are thus from a cache.
func recorded(t *testing.T) (result.Run, analysis.Analysis, report.Report) {
	t.Helper()
	cells := planned()
	fold := result.New(cells, cutoff(t), openRecorded)
	fold.Exclude("full", "environment full could not be made")
	fold.Add(event.Started{Bazel: "7.7.1", Time: cutoff(t)})
	fold.Add(event.Configured{Label: "//tests:tests.unit@python3.9"})
	seen := map[string]bool{}
	for _, c := range cells {
		label := c.Suites[0]
		if seen[label] || c.Environment == "full" {
			continue
		}
		seen[label] = true
		name := strings.TrimPrefix(label, "//tests:tests.")
		fold.Add(event.TestResult{
			Label: label, Run: 1, Shard: 0, Attempt: 1, Status: status(t, name), Strategy: "linux-sandbox",
			CachedRemotely: c.Environment == "python3.9",
			Outputs: map[string]string{
				"test.xml": "file:///" + name + ".xml",
				"test.log": "file:///out/testlogs/" + name + "/test.log",
			},
		})
	}
	fold.Add(event.Metrics{Runners: map[string]int64{"linux-sandbox": 40, "internal": 12}})
	fold.Add(event.Finished{ExitName: "TESTS_FAILED", ExitCode: 3})
	run := fold.Run()
	run.ID, run.Scope, run.Weft = "20261123T225900.000Z-42", "all", "0.1.0"
	run.Start = cutoff(t)
	run.End = run.Start.Add(83*time.Second + 400*time.Millisecond)
	run.Environments = environments
	a := analysis.Analyse(run, baseline(t, run), analysis.Options{CoverageAsked: true, CoverageMin: 80, SecurityFailOn: "medium"})
	return run, a, report.Build(run, a)
}

// status is what Bazel says of a suite: flaky cells pass.
func status(t *testing.T, name string) event.TestStatus {
	t.Helper()
	f, err := openRecorded(name + ".xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := result.ParseSuite(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		if c.JSON.Verdict != result.Passed {
			return "failed"
		}
	}
	return "passed"
}

// cutoff lies between the recorded cells of python3.9 and those of the rest.
func cutoff(t *testing.T) time.Time {
	t.Helper()
	f, err := openRecorded("unit@python3.10.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := result.ParseSuite(f)
	if err != nil || len(cells) == 0 {
		t.Fatal(len(cells), err)
	}
	return cells[0].JSON.Start.Add(-time.Second)
}

// baseline is a history in which the benchmark took a third of the time on
// python3.10 and as long as now on python3.11.
func baseline(t *testing.T, run result.Run) *history.History {
	t.Helper()
	store := history.Open(t.TempDir(), history.Limits{}, func() time.Time { return run.End })
	for day := 1; day <= 3; day++ {
		past := result.Run{ID: fmt.Sprintf("2026112%dT000000.000Z-1", day-1), Scope: "all", Start: run.Start.AddDate(0, 0, day-4)}
		for _, c := range run.Cells {
			factor := map[string]float64{"python3.10": 0.33, "python3.11": 1}[c.Environment]
			if c.Verdict == result.NotRun || c.Type == "performance" && factor == 0 {
				continue
			}
			c.Cached, c.Start = false, past.Start
			var benchmarks []result.Benchmark
			for _, b := range c.JSON.Benchmarks {
				samples := make([]float64, len(b.Samples))
				for i, v := range b.Samples {
					samples[i] = v * factor
				}
				b.Samples = samples
				benchmarks = append(benchmarks, b)
			}
			c.JSON.Benchmarks = benchmarks
			past.Cells = append(past.Cells, c)
		}
		if err := store.Append(past); err != nil {
			t.Fatal(err)
		}
	}
	h, problems := store.Load()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return h
}
