package pipeline

import (
	"slices"
	"testing"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
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
