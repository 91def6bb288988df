package pipeline

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/texts"
)

// lockWith is a lock of two environments, of which py2 has the store path and is
// for the types given.
func lockWith(t *testing.T, path string, types ...string) nixenv.Lock {
	t.Helper()
	system, err := nixenv.System()
	if err != nil {
		t.Fatal(err)
	}
	one := func(path string, types []string) nixenv.Environment {
		return nixenv.Environment{Kind: "python", Types: types, Systems: map[string]nixenv.Paths{system: {OutPath: path}}}
	}
	return nixenv.Lock{Environments: map[string]nixenv.Environment{"py1": one("/nix/store/1", nil), "py2": one(path, types)}}
}

// TestMovedUntilAPassChooses: a pass that fails after it has looked at the flake,
// as by a BUILD file that does not parse, leaves what moved to the next.
func TestMovedUntilAPassChooses(t *testing.T) {
	m := &Memory{}
	var asked [][]string
	m.Choose = func(k Known) Choice {
		asked = append(asked, slices.Clone(k.Moved))
		return Choice{All: true}
	}
	narrow := func() {
		m.whole = &plan.Plan{}
		(&pass{tools: Tools{Memory: m}}).narrow(&bazel.Targets{})
	}
	m.checked(lockWith(t, "/nix/store/2"))
	narrow()
	m.checked(lockWith(t, "/nix/store/3"))
	m.checked(lockWith(t, "/nix/store/3")) // the pass in between failed
	narrow()
	narrow()
	if want := [][]string{nil, {"py2"}, nil}; !slices.EqualFunc(asked, want, slices.Equal) {
		t.Errorf("the passes were told that %q moved, not %q", asked, want)
	}
}

// TestTypesOfAnEnvironmentDecideTheTargets: they are in the lock, and move no
// store path.
func TestTypesOfAnEnvironmentDecideTheTargets(t *testing.T) {
	m := &Memory{}
	for _, test := range []struct {
		types  []string
		forgot bool
	}{{nil, false}, {nil, false}, {[]string{"unit"}, true}, {[]string{"unit"}, false}} {
		m.whole = &plan.Plan{}
		m.checked(lockWith(t, "/nix/store/2", test.types...))
		if forgot := m.whole == nil; forgot != test.forgot || len(m.moved) > 0 {
			t.Errorf("types %q: the targets are forgotten: %v, moved: %q", test.types, forgot, m.moved)
		}
	}
}

// TestWhatWasSaid: what a pass was told of the lock, the targets and environments
// that cannot be made is in the report of each later pass that does not ask again.
func TestWhatWasSaid(t *testing.T) {
	dir := t.TempDir()
	problem := func(kind string) result.Problem { return result.Problem{Kind: kind, Message: "about the " + kind} }
	m := &Memory{whole: &plan.Plan{}, lockNotes: []result.Problem{problem("lock")}, targetNotes: []result.Problem{problem("targets")}}
	m.checked(lockWith(t, "/nix/store/1"))
	m.tried("py2", problem("environment"))
	pass := func() []result.Problem {
		p := newPass(request.Request{Workspace: dir, Dir: dir}, Tools{Now: time.Now, Memory: m}, &collector{})
		if err := p.environments(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := p.read(t.Context(), plan.Workspace{}); err != nil {
			t.Fatal(err)
		}
		p.plan = &plan.Plan{} // of other environments
		if err := p.realise(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p.unbuilt["py2"] == "" && len(p.problems) > 2 {
			t.Error("the environment is not said to be unbuilt")
		}
		return p.problems
	}
	if got := pass(); len(got) != 3 {
		t.Errorf("said: %v", got)
	}
	m.checked(lockWith(t, "/nix/store/2")) // another environment by that name
	m.whole = &plan.Plan{}
	if got := pass(); len(got) != 2 {
		t.Errorf("said: %v", got)
	}
}

// TestSuiteThatWasMended: what broke beside its cells is told until the suite has
// run again, and not for ever.
func TestSuiteThatWasMended(t *testing.T) {
	cells := []result.PlannedCell{
		{ID: "a.py unit py", File: "a.py", Type: "unit", Environment: "py", Suites: []string{"//:a.unit@py"}},
		{ID: "b.py unit py", File: "b.py", Type: "unit", Environment: "py", Suites: []string{"//:b.unit@py"}},
	}
	m := &Memory{whole: &plan.Plan{Cells: cells}}
	problem := result.Problem{Kind: "suite", Message: "//:a.unit@py failed although each cell that it reported passed"}
	for i, pass := range []struct {
		cell        int
		broken      bool
		interrupted bool
		told        int
	}{{0, true, false, 1}, {1, false, false, 1}, {0, false, true, 1}, {0, false, false, 0}, {1, false, false, 0}} {
		run := result.Run{Cells: []result.Cell{{ID: cells[pass.cell].ID, Verdict: result.Passed}}, Interrupted: pass.interrupted}
		if pass.broken {
			run.Problems = []result.Problem{problem}
		}
		whole := m.remember(run, &plan.Plan{Cells: cells[pass.cell : pass.cell+1]})
		if len(whole.Problems) != pass.told {
			t.Errorf("pass %d: problems %v", i+1, whole.Problems)
		}
	}
}

// TestNamesThatChangeAreForgotten: tests whose names are others in each run, as
// those with a time among their parameters, take no more memory with each pass.
func TestNamesThatChangeAreForgotten(t *testing.T) {
	const passes = 60
	m := &Memory{whole: &plan.Plan{}}
	for i := range 20 {
		file := fmt.Sprintf("test_%02d.py", i)
		m.whole.Cells = append(m.whole.Cells, result.PlannedCell{ID: plan.CellID(file, "unit", "py"), File: file, Type: "unit", Environment: "py"})
	}
	var size, most int
	for pass := range passes {
		run := result.Run{}
		for _, c := range m.whole.Cells {
			one := plainCell()
			one.ID, one.File, one.JSON.File = c.ID, c.File, c.File
			one.Cases[0].ID = fmt.Sprintf("%s::test_a[%s %d]", c.File, strings.Repeat("x", 1000), pass)
			run.Cells = append(run.Cells, one)
		}
		whole := m.remember(run, m.whole)
		if !reflect.DeepEqual(whole.Cells, run.Cells) {
			t.Fatalf("pass %d: the results are others", pass)
		}
		for _, c := range run.Cells {
			if got := m.results[c.ID].unpack(c.ID); !reflect.DeepEqual(got, c) {
				t.Fatalf("pass %d: remembered %+v, was %+v", pass, got, c)
			}
		}
		if size = m.common.size(); pass == 0 {
			most = 3*size + 2*texts.Chunk
		}
		if size > most {
			t.Fatalf("after %d passes %d bytes are kept, of %d", pass+1, size, most)
		}
	}
}

// TestResultsOfThePassUnderWayCount, and of those it did not come to the last.
func TestResultsOfThePassUnderWayCount(t *testing.T) {
	cells := []result.PlannedCell{{ID: "a.py unit py", File: "a.py", Type: "unit", Environment: "py"}, {ID: "b.py unit py", File: "b.py", Type: "unit", Environment: "py"}}
	m := &Memory{whole: &plan.Plan{Cells: cells}}
	for i, pass := range []struct {
		run  result.Run
		want []result.Verdict
	}{
		{result.Run{Cells: []result.Cell{plainCell()}}, []result.Verdict{result.Passed, result.NotRun}},
		{result.Run{Cells: []result.Cell{{ID: cells[1].ID, Verdict: result.Failed}}}, []result.Verdict{result.Passed, result.Failed}},
		{result.Run{Interrupted: true, Cells: []result.Cell{{ID: cells[0].ID, Verdict: result.NotRun}, {ID: cells[1].ID, Verdict: result.Passed}}}, []result.Verdict{result.Passed, result.Passed}},
		{result.Run{Cells: []result.Cell{{ID: cells[0].ID, Verdict: result.NotRun}}}, []result.Verdict{result.NotRun, result.Passed}},
	} {
		var got []result.Verdict
		for _, c := range m.remember(pass.run, m.whole).Cells {
			got = append(got, c.Verdict)
		}
		if !slices.Equal(got, pass.want) {
			t.Errorf("pass %d: %q, want %q", i+1, got, pass.want)
		}
	}
}

// TestTestsOfAChoice: a pass of some tests says so, waits for no whole cell, and
// one of the whole has no filter.
func TestTestsOfAChoice(t *testing.T) {
	for _, filter := range []string{"", "a.py::test_a[it's]\nb.py::TestB::test_b"} {
		m := &Memory{whole: &plan.Plan{}, Choose: func(Known) Choice { return Choice{All: true, Tests: filter} }}
		p := &pass{tools: Tools{Memory: m}}
		p.req.BazelFlags = []string{"--verbose_failures"}
		p.narrow(nil)
		want := []string{"--verbose_failures"}
		if filter != "" {
			want = append(want, "--test_filter="+filter, "--cache_test_results=no")
		}
		if !slices.Equal(p.req.BazelFlags, want) || p.filter != filter {
			t.Errorf("filter %q: %q, and it counts as %q", filter, p.req.BazelFlags, p.filter)
		}
	}
}
