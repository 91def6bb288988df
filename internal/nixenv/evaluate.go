package nixenv

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
)

//go:embed environments.nix
var environmentsNix string

// answer is what environments.nix gives.
type answer struct {
	NotSet  string                   `json:"notSet"` // what weftEnvironments is instead of a set
	Systems map[string]*systemAnswer `json:"systems"`
}

type systemAnswer struct {
	NotSet       string                        `json:"notSet"`
	Environments map[string]*environmentAnswer `json:"environments"` // nil value: it throws
}

type environmentAnswer struct {
	NotDerivation string          `json:"notDerivation"`
	Paths         *pathsAnswer    `json:"paths"` // nil: it throws
	Kind          json.RawMessage `json:"kind"`
	Version       json.RawMessage `json:"version"`
	Description   json.RawMessage `json:"description"`
	Types         json.RawMessage `json:"types"`
	StandIn       json.RawMessage `json:"standIn"`
}

type pathsAnswer struct{ Drv, Out string }

// only restricts a question to systems, and there to names; nil names are all.
type only map[string][]string

// Evaluate asks nix for all environments: of all systems, or of the host's alone
// under overrides, whose lock never leaves this machine. An environment that
// does not evaluate for a system is missing there and comes as a warning; one of
// which not even the kind is known is an error, because a lock without it would
// hide it. Lock.Source is left empty. Most callers want Ensure.
func Evaluate(ctx context.Context, o Options) (Lock, []Warning, error) {
	host, err := o.system()
	if err != nil {
		return Lock{}, nil, err
	}
	if err := o.checkNix(ctx); err != nil {
		return Lock{}, nil, err
	}
	var which only
	if len(o.Overrides) > 0 {
		which = only{host: nil}
	}
	e := evaluation{o: o, host: host, causes: map[string]error{}}
	a, err := o.ask(ctx, which)
	var flake *FlakeError
	if errors.As(err, &flake) && flake.apart {
		a, err = e.piecewise(ctx, which, err)
	}
	if err == nil {
		err = shapeError(a)
	}
	if err != nil {
		return Lock{}, nil, err
	}
	return e.lock(ctx, a)
}

// ask runs environments.nix over the flake.
func (o Options) ask(ctx context.Context, which only) (a answer, err error) {
	err = o.eval(ctx, fmt.Sprintf("(%s) %s", environmentsNix, which.nix()), &a)
	return a, err
}

// nix is the restriction as a Nix expression.
func (w only) nix() string {
	if w == nil {
		return "null"
	}
	text, _ := json.Marshal(map[string][]string(w)) // of strings: cannot fail
	return "(builtins.fromJSON " + nixString(string(text)) + ")"
}

func nixString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\${`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + `"`
}

// eval applies an expression to weftEnvironments and reads the answer. It asks
// for the whole trace, because the short one may leave out the only place in the
// flake itself.
func (o Options) eval(ctx context.Context, expr string, into any) error {
	res, err := o.run(ctx, "evaluating the environments", "eval", "--json", "--show-trace", ".#weftEnvironments", "--apply", expr)
	if err != nil {
		return o.flakeError(err)
	}
	if err := json.Unmarshal(res.Stdout, into); err != nil {
		return &FlakeError{Reason: fmt.Sprintf("nix eval printed something unexpected: %v", err), Stderr: res.Stderr,
			Next: "nix --version # weft knows 2.18 and newer"}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
