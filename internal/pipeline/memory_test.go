package pipeline

import (
	"slices"
	"testing"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/plan"
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
