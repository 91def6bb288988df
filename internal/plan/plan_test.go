package plan_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// targets is a small workspace: src/a.py is read by tests/test_a.py, src/b.py by
// src/a.py, so by test_a too; slow/test_s.py stands alone; loose/test_l.py is in
// no matrix_suite.
func targets() *bazel.Targets {
	t := &bazel.Targets{Rules: map[string]bazel.Rule{
		"//src:a":     {Class: "python_sources", Inputs: []string{"//src:a.py", "//src:b"}},
		"//src:b":     {Class: "python_sources", Inputs: []string{"//src:b.py"}},
		"//src:alone": {Class: "python_sources", Inputs: []string{"//src:alone.py"}},
	}}
	file := func(pkg, name string, types []string, inputs ...string) {
		label := "//" + pkg + ":" + name + ".cells"
		src := "//" + pkg + ":" + name + ".py"
		t.Files = append(t.Files, bazel.File{Label: label, Src: src, Kind: "python", Types: types, Environments: []string{"py1", "py2"}, Timeout: 7})
		t.Rules[label] = bazel.Rule{Class: "weft_file", Inputs: append([]string{src}, inputs...)}
		suite := bazel.Rule{Class: "test_suite"}
		for _, ty := range types {
			for _, e := range []string{"py1", "py2"} {
				s := "//" + pkg + ":" + name + "." + ty + "@" + e
				t.Suites = append(t.Suites, bazel.Suite{Label: s, Type: ty, Environment: e, Files: []string{label}, PerFile: true})
				t.Rules[s] = bazel.Rule{Class: "weft_suite_test", Inputs: []string{label}}
				suite.Tests = append(suite.Tests, s)
			}
		}
		t.Rules["//"+pkg+":"+name] = suite
	}
	suite := func(pkg, name, ty string, files ...string) {
		for _, e := range []string{"py1", "py2"} {
			s := "//" + pkg + ":" + name + "." + ty + "@" + e
			t.Suites = append(t.Suites, bazel.Suite{Label: s, Type: ty, Environment: e, Files: files})
			t.Rules[s] = bazel.Rule{Class: "weft_suite_test", Inputs: files}
		}
	}
	file("tests", "test_a", []string{"unit", "integration"}, "//src:a")
	file("tests", "test_b", []string{"unit"}, "//src:b")
	file("tests/slow", "test_s", []string{"performance"})
	file("loose", "test_l", []string{"unit"})
	suite("tests", "tests", "unit", "//tests:test_a.cells", "//tests:test_b.cells")
	suite("tests", "tests", "integration", "//tests:test_a.cells")
	suite("tests/slow", "slow", "performance", "//tests/slow:test_s.cells")
	return t
}

func workspace() plan.Workspace {
	return plan.Workspace{Environments: []string{"py1", "py2"}, Targets: targets()}
}

func ids(p *plan.Plan) string {
	var out []string
	for _, c := range p.Cells {
		out = append(out, c.ID)
	}
	return strings.Join(out, "\n")
}

func TestScopes(t *testing.T) {
	cases := []struct {
		name, scope string
		selection   []string
		path        string
		dir         bool
		cells       []string
		patterns    []string
		tags        []string
	}{
		{name: "all", scope: "all", selection: []string{"py1"},
			cells:    []string{"tests/test_a.py unit py1", "tests/test_b.py unit py1", "tests/test_a.py integration py1", "tests/slow/test_s.py performance py1"},
			patterns: []string{"//..."}, tags: []string{"unit@py1", "integration@py1", "performance@py1"}},
		{name: "a type", scope: "integration",
			cells:    []string{"tests/test_a.py integration py1", "tests/test_a.py integration py2"},
			patterns: []string{"//..."}, tags: []string{"integration@py1", "integration@py2"}},
		{name: "a type and another", scope: "integration", selection: []string{"performance,py2"},
			cells:    []string{"tests/test_a.py integration py2", "tests/slow/test_s.py performance py2"},
			patterns: []string{"//..."}, tags: []string{"integration@py2", "performance@py2"}},
		{name: "globs", scope: "performance", selection: []string{"p*1"},
			cells: []string{"tests/slow/test_s.py performance py1"}, patterns: []string{"//..."}, tags: []string{"performance@py1"}},
		{name: "a test file", scope: "tests/test_b.py", path: "tests/test_b.py", selection: []string{"py2"},
			cells: []string{"tests/test_b.py unit py2"}, patterns: []string{"//tests:test_b.unit@py2"}},
		{name: "a source file, through another", scope: "src/b.py", path: "src/b.py", selection: []string{"py1", "unit"},
			cells:    []string{"tests/test_a.py unit py1", "tests/test_b.py unit py1"},
			patterns: []string{"//tests:test_a.unit@py1", "//tests:test_b.unit@py1"}},
		{name: "a folder of tests", scope: "tests/slow", path: "tests/slow", dir: true, selection: []string{"py1"},
			cells: []string{"tests/slow/test_s.py performance py1"}, patterns: []string{"//tests/slow/..."}, tags: []string{"performance@py1"}},
		{name: "a folder of sources", scope: "src", path: "src", dir: true, selection: []string{"py1", "integration"},
			cells: []string{"tests/test_a.py integration py1"}, patterns: []string{"//tests:test_a.integration@py1"}},
		{name: "a recursive pattern", scope: "//tests/...", selection: []string{"performance", "py1"},
			cells: []string{"tests/slow/test_s.py performance py1"}, patterns: []string{"//tests/..."}, tags: []string{"performance@py1"}},
		{name: "a package", scope: "//tests:all", selection: []string{"py1", "integration"},
			cells: []string{"tests/test_a.py integration py1"}, patterns: []string{"//tests:all"}, tags: []string{"integration@py1"}},
		{name: "a suite", scope: "//tests:tests.unit@py1",
			cells:    []string{"tests/test_a.py unit py1", "tests/test_b.py unit py1"},
			patterns: []string{"//tests:tests.unit@py1"}},
		{name: "a file's target", scope: "//loose:test_l", selection: []string{"py1"},
			cells: []string{"loose/test_l.py unit py1"}, patterns: []string{"//loose:test_l.unit@py1"}},
		{name: "a library's target", scope: "//src:b", selection: []string{"py1", "integration"},
			cells: []string{"tests/test_a.py integration py1"}, patterns: []string{"//tests:test_a.integration@py1"}},
		{name: "a source file's label", scope: "//src:a.py", selection: []string{"py1", "integration"},
			cells: []string{"tests/test_a.py integration py1"}, patterns: []string{"//tests:test_a.integration@py1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := planFor(t, c.scope, c.selection, c.path, c.dir)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := ids(p), strings.Join(c.cells, "\n"); got != want {
				t.Errorf("cells:\n%s\nwant:\n%s", got, want)
			}
			if !slices.Equal(p.Patterns, c.patterns) {
				t.Errorf("patterns %q, want %q", p.Patterns, c.patterns)
			}
			if !slices.Equal(p.TagFilters, c.tags) {
				t.Errorf("tag filters %q, want %q", p.TagFilters, c.tags)
			}
		})
	}
}

func planFor(t *testing.T, scope string, selection []string, path string, dir bool) (*plan.Plan, error) {
	t.Helper()
	s, err := (&request.Request{}).ParseScope(scope)
	if err != nil {
		t.Fatal(err)
	}
	environments, types, err := (&request.Request{}).ParseSelection(selection)
	if err != nil {
		t.Fatal(err)
	}
	ws := workspace()
	ws.Path, ws.IsDir = path, dir
	return plan.New(request.Request{Scope: s, Environments: environments, Types: types}, ws)
}

func TestAllNamesFilesInNoSuite(t *testing.T) {
	p, err := planFor(t, "all", nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "loose/test_l.py") {
		t.Errorf("notes %q do not name loose/test_l.py", p.Notes)
	}
	if p.Timeouts["tests/test_a.py unit py1"] != 7 {
		t.Errorf("the timeout of the rule is lost: %v", p.Timeouts)
	}
}

// TestTwoTargetsOfOneFile: a file whose types need different deps is declared
// twice, and its scope means both.
func TestTwoTargetsOfOneFile(t *testing.T) {
	ws := workspace()
	for i, f := range ws.Targets.Files {
		if f.Label == "//tests:test_b.cells" {
			ws.Targets.Files[i].Src = "//tests:test_a.py"
		}
	}
	ws.Path = "tests/test_a.py"
	p, err := plan.New(request.Request{Scope: request.Scope{Kind: request.ScopePath, Text: ws.Path}, Environments: []string{"py1"}}, ws)
	if want := []string{"//tests:test_a.integration@py1", "//tests:test_a.unit@py1", "//tests:test_b.unit@py1"}; err != nil || !slices.Equal(p.Patterns, want) {
		t.Errorf("got %v, %v", p, err)
	}
}

// TestSuitesOfSuites: a test_suite may name others, and one without tests means
// its package's.
func TestSuitesOfSuites(t *testing.T) {
	ws := workspace()
	ws.Targets.Rules["//:smoke"] = bazel.Rule{Class: "test_suite", Tests: []string{"//tests:test_b", "//tests/slow:every", "//tests:test_b", "//:go_test"}}
	ws.Targets.Rules["//tests/slow:every"] = bazel.Rule{Class: "test_suite"}
	ws.Targets.Rules["//:go_test"] = bazel.Rule{Class: "go_test"}
	p, err := plan.New(request.Request{Scope: request.Scope{Kind: request.ScopePattern, Text: "//:smoke"}, Environments: []string{"py1"}}, ws)
	if err != nil {
		t.Fatal(err)
	}
	if want := "tests/test_b.py unit py1\ntests/slow/test_s.py performance py1"; ids(p) != want {
		t.Errorf("got %s", ids(p))
	}
}

func TestErrors(t *testing.T) {
	cases := []struct {
		name, scope string
		selection   []string
		path        string
		usage       bool
		msg, hint   string
	}{
		{name: "unknown environment", scope: "all", selection: []string{"py3"}, usage: true, msg: `"py3"`, hint: `"py1"`},
		{name: "misspelt type", scope: "all", selection: []string{"untit"}, usage: true, msg: `"untit"`, hint: `"unit"`},
		{name: "glob of nothing", scope: "all", selection: []string{"octave*"}, usage: true, msg: `"octave*"`, hint: "py1, py2"},
		{name: "file that nothing reads", scope: "README.md", path: "README.md", msg: `no test depends on "README.md"`, hint: "srcs, data or deps"},
		{name: "library that no test reads", scope: "src/alone.py", path: "src/alone.py", msg: "no test depends on"},
		{name: "type that nothing has", scope: "security", msg: "security", hint: "weft plan all"},
		{name: "label that is not there", scope: "//tests:test_aa", msg: "there is no target", hint: "//tests:test_a"},
		{name: "another repository", scope: "@other//x", usage: true, msg: "another repository"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := planFor(t, c.scope, c.selection, c.path, false)
			if err == nil {
				t.Fatal("no error")
			}
			var usage *request.UsageError
			if errors.As(err, &usage) != c.usage {
				t.Errorf("error %T, usage error wanted: %v", err, c.usage)
			}
			if !strings.Contains(err.Error(), c.msg) {
				t.Errorf("message %q lacks %q", err, c.msg)
			}
			if hint := err.(interface{ Hint() string }).Hint(); !strings.Contains(hint, c.hint) {
				t.Errorf("hint %q lacks %q", hint, c.hint)
			}
		})
	}
}

func TestWithout(t *testing.T) {
	p, _ := planFor(t, "all", nil, "", false)
	q := p.Without([]string{"py1"})
	if strings.Contains(ids(q), "py1") || slices.Contains(q.Environments, "py1") || !slices.Equal(q.TagFilters, []string{"unit@py2", "integration@py2", "performance@py2"}) {
		t.Errorf("py1 is still there: %s %v %v", ids(q), q.Environments, q.TagFilters)
	}
	if !strings.Contains(ids(p), "py1") {
		t.Error("the original plan was changed")
	}
	f, _ := planFor(t, "tests/test_b.py", nil, "tests/test_b.py", false)
	if q := f.Without([]string{"py2"}); !slices.Equal(q.Patterns, []string{"//tests:test_b.unit@py1"}) {
		t.Errorf("patterns %q", q.Patterns)
	}
}

func TestPredict(t *testing.T) {
	cells := []result.PlannedCell{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "p", Type: "performance"}}
	took := map[string]time.Duration{"a": 4 * time.Second, "b": 2 * time.Second, "c": 2 * time.Second, "p": 3 * time.Second}
	known := func(id string) (time.Duration, bool) { d, ok := took[id]; return d, ok }
	if got := plan.Predict(cells, known, 2); got != 7*time.Second {
		t.Errorf("two slots: %v, want 7s", got)
	}
	if got := plan.Predict(cells, known, 10); got != 7*time.Second {
		t.Errorf("ten slots: %v, want the longest, 4s, and 3s alone", got)
	}
	if got := plan.Predict(cells, func(string) (time.Duration, bool) { return 0, false }, 2); got != 0 {
		t.Errorf("nothing known: %v, want 0", got)
	}
}
