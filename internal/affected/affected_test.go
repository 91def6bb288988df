package affected

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"testing"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/watch"
)

// workspace is a small one: two tests, a source that both use, one that a
// single test uses, data, and a filegroup that nothing uses.
func workspace() *bazel.Targets {
	t := &bazel.Targets{Rules: map[string]bazel.Rule{
		"//src:load":        {Class: "python_sources", Inputs: []string{"//src:load.py", "//data:wells"}},
		"//src:fit":         {Class: "python_sources", Inputs: []string{"//src:fit.py", "//src:load"}},
		"//data:wells":      {Class: "filegroup", Inputs: []string{"//data:wells/a.csv", "//data:folder"}},
		"//security:known":  {Class: "filegroup", Inputs: []string{"//security:known.json"}},
		"//src:settings":    {Class: "filegroup", Inputs: []string{"//:pyproject.toml"}},
		"//tests:t_load":    {Class: "weft_file", Inputs: []string{"//tests:test_load.py", "//src:load", "@environments//:py", "@@rules_weft+//launcher:launcher"}},
		"//tests:t_fit":     {Class: "weft_file", Inputs: []string{"//tests:test_fit.py", "//src:fit", "//:weft.toml"}},
		"//tests:tests@py":  {Class: "weft_suite_test", Inputs: []string{"//tests:t_load", "//tests:t_fit"}},
		"//tests:t_load@py": {Class: "weft_suite_test", Inputs: []string{"//tests:t_load"}},
	}}
	for _, name := range []string{"t_load", "t_fit"} {
		t.Files = append(t.Files, bazel.File{Label: "//tests:" + name, Src: "//tests:test_" + name[2:] + ".py"})
		t.Suites = append(t.Suites, bazel.Suite{Label: "//tests:" + name + "@py", Type: "unit", Environment: "py", Files: []string{"//tests:" + name}, PerFile: true})
	}
	t.Suites = append(t.Suites, bazel.Suite{Label: "//tests:t_fit.security@py", Type: "security", Environment: "py", Files: []string{"//tests:t_fit"}, PerFile: true})
	t.Suites = append(t.Suites, bazel.Suite{Label: "//tests:tests@py", Type: "unit", Environment: "py", Files: []string{"//tests:t_load", "//tests:t_fit"}})
	return t
}

func TestEffects(t *testing.T) {
	load, fit := "//tests:t_load", "//tests:t_fit"
	both := []string{fit, load}
	type effect struct {
		files    []string
		flags    string // e: everything, q: query, n: environments, s: settings
		generate []string
		why      string
	}
	for _, test := range []struct {
		path   string
		change watch.Change
		want   effect
	}{
		{"tests/test_load.py", watch.Written, effect{files: []string{load}}},
		{"src/fit.py", watch.Written, effect{files: []string{fit}}},
		{"src/load.py", watch.Written, effect{files: both}},
		{"data/wells/a.csv", watch.Written, effect{files: both}},
		{"src/load.py", watch.Removed, effect{files: both, flags: "q", generate: []string{"src"}}},
		{"tests/test_new.py", watch.Created, effect{flags: "q", generate: []string{"tests"}}},
		{"tests/test_new.py", watch.Written, effect{generate: []string{"tests"}}},
		{"top.m", watch.Written, effect{generate: []string{"."}}},
		{"data/wells/b.csv", watch.Created, effect{flags: "q", generate: []string{"data/wells"}}},
		{"README.md", watch.Written, effect{why: "no rule names it"}},
		{"data/folder/below/b.csv", watch.Written, effect{files: both}}, // a folder that a rule names whole
		{"data/folders", watch.Written, effect{why: "no rule names it"}},
		{"security/known.json", watch.Written, effect{files: []string{fit}, why: "rules name it, but no test depends on them, unless by a flag, as security tests do on advisories"}},
		{"src/BUILD.bazel", watch.Written, effect{files: both, flags: "q"}},
		{"new/BUILD", watch.Created, effect{flags: "q"}},
		{"data/BUILD.bazel", watch.Removed, effect{files: both, flags: "q"}},
		{"tools/defs.bzl", watch.Written, effect{files: both, flags: "eq", why: "any BUILD file may load it"}},
		{"MODULE.bazel", watch.Written, effect{files: both, flags: "eq", why: "it says which modules and environments there are"}},
		{".bazelrc", watch.Written, effect{files: both, flags: "eq", why: "it says how Bazel runs"}},
		{"rules_weft/launcher/main.py", watch.Written, effect{files: both, flags: "eq", why: "it is part of another Bazel module, which any test may use"}},
		{"rules_weft/nix/lib/default.nix", watch.Written, effect{files: both, flags: "eqn", why: "it is part of another Bazel module, which any test may use"}},
		{"rules_weft_notes.txt", watch.Written, effect{why: "no rule names it"}},
		{"flake.nix", watch.Written, effect{flags: "n"}},
		{"flake.lock", watch.Written, effect{flags: "n"}},
		{"nix/python.nix", watch.Created, effect{flags: "qn", generate: []string{"nix"}}},
		{"environments.lock.json", watch.Written, effect{flags: "n"}},
		{"weft.toml", watch.Written, effect{files: []string{fit}, flags: "s"}},
		{"sub/weft.toml", watch.Written, effect{why: "no rule names it"}},
		{"pyproject.toml", watch.Written, effect{files: []string{fit}, generate: []string{"."}, why: "rules name it, but no test depends on them, unless by a flag, as security tests do on advisories"}},
	} {
		e := New(workspace(), []string{"rules_weft"}).Of(map[string]watch.Change{test.path: test.change})
		flags := ""
		for _, f := range []struct {
			on   bool
			flag string
		}{{e.Everything, "e"}, {e.Query, "q"}, {e.Environments, "n"}, {e.Settings, "s"}} {
			if f.on {
				flags += f.flag
			}
		}
		got := effect{e.Files.Labels(), flags, e.Generate, e.Why[test.path]}
		if !slices.Equal(got.files, test.want.files) || got.flags != test.want.flags || !slices.Equal(got.generate, test.want.generate) || got.why != test.want.why {
			t.Errorf("%s %v: %+v, want %+v", test.path, test.change, got, test.want)
		}
		if e.Nothing() && e.Why[test.path] == "" {
			t.Errorf("%s %v: nothing is affected, and it is not said why", test.path, test.change)
		}
	}
}

func TestABatchIsTheUnion(t *testing.T) {
	ix := New(workspace(), nil)
	e := ix.Of(map[string]watch.Change{"tests/test_load.py": watch.Written, "src/fit.py": watch.Written, "tests/new.py": watch.Created, "tests/old.py": watch.Removed, "weft.toml": watch.Written})
	if got := e.Files.Sources(); !slices.Equal(got, []string{"tests/test_fit.py", "tests/test_load.py"}) {
		t.Errorf("files %q", got)
	}
	if want := []Suite{{"//tests:t_fit.security@py", "security", "py"}, {"//tests:t_fit@py", "unit", "py"}, {"//tests:t_load@py", "unit", "py"}}; !slices.Equal(e.Files.Suites(), want) {
		t.Errorf("suites %v, want %v", e.Files.Suites(), want)
	}
	if got, want := e.Summary(), "2 test files; the target graph is read again; the settings; BUILD files in tests"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if e := ix.Of(map[string]watch.Change{"README.md": watch.Written}); !e.Nothing() || e.Summary() != "nothing" || e.Why["README.md"] == "" {
		t.Errorf("%+v", e)
	}
}

// TestIndexNeverSaysLess holds it against the sources of the graph: each that a
// test depends on affects a test, and each change has an effect or a reason.
func TestIndexNeverSaysLess(t *testing.T) {
	targets := workspace()
	ix := New(targets, nil)
	for _, p := range append(targets.Sources(), "unknown", "a/b.c", "x.py", "BUILD", "a/BUILD.bazel", "x.bzl", "x.nix") {
		for _, c := range []watch.Change{watch.Written, watch.Created, watch.Removed} {
			if e := ix.Of(map[string]watch.Change{p: c}); e.Nothing() && e.Why[p] == "" {
				t.Errorf("%s %v: nothing, without a reason", p, c)
			}
		}
	}
}

// large is a workspace of test files × six environments: each test reads its
// file, a source that five files use, and one that all use.
func large(files int) *bazel.Targets {
	t := &bazel.Targets{Rules: map[string]bazel.Rule{"//lib:all": {Class: "python_sources", Inputs: []string{"//lib:all.py"}}}}
	for i := range files {
		pkg := fmt.Sprintf("//project/area%03d/tests", i/100)
		shared := fmt.Sprintf("//lib/part%05d:part", i/5)
		t.Rules[shared] = bazel.Rule{Class: "python_sources", Inputs: []string{fmt.Sprintf("//lib/part%05d:part.py", i/5), "//lib:all"}}
		label := fmt.Sprintf("%s:test_number_%06d.cells", pkg, i)
		src := fmt.Sprintf("%s:test_number_%06d.py", pkg, i)
		t.Rules[label] = bazel.Rule{Class: "weft_file", Inputs: []string{src, shared, "@environments//:py"}}
		t.Files = append(t.Files, bazel.File{Label: label, Src: src})
		for _, env := range []string{"python3.9", "python3.10", "python3.11", "octave", "minimal", "full"} {
			suite := fmt.Sprintf("%s:test_number_%06d.unit@%s", pkg, i, env)
			t.Rules[suite] = bazel.Rule{Class: "weft_suite_test", Inputs: []string{label}}
			t.Suites = append(t.Suites, bazel.Suite{Label: suite, Type: "unit", Environment: env, Files: []string{label}, PerFile: true})
		}
	}
	return t
}

// BenchmarkOf is the look-up of a save among 100,000 test files with 600,000
// cells. heap-MB is what the index alone holds.
func BenchmarkOf(b *testing.B) {
	targets := large(100_000)
	ix := New(targets, nil)
	targets = nil
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	saves := map[string]string{
		"test file":               "project/area500/tests/test_number_050000.py",
		"source of five":          "lib/part00007/part.py",
		"source of all":           "lib/all.py",
		"BUILD file of 100 tests": "project/area500/tests/BUILD.bazel",
		"unknown":                 "README.md",
	}
	for _, name := range slices.Sorted(maps.Keys(saves)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ix.Of(map[string]watch.Change{saves[name]: watch.Written})
			}
			b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MB")
		})
	}
}

// BenchmarkBurst is the look-up of a branch switch that writes 10,000 files.
func BenchmarkBurst(b *testing.B) {
	ix := New(large(100_000), nil)
	changes := map[string]watch.Change{"lib/all.py": watch.Written}
	for i := range 10_000 {
		changes[fmt.Sprintf("project/area%03d/tests/test_number_%06d.py", i/100, i)] = watch.Written
	}
	for b.Loop() {
		ix.Of(changes)
	}
}

func BenchmarkNew(b *testing.B) {
	targets := large(100_000)
	for b.Loop() {
		New(targets, nil)
	}
}
