package nixenv

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/weft-build/weft/internal/proc"
)

//go:embed packages.nix
var packagesNix string

// PackageQuestion asks which packages an interpreter of a flake input has.
type PackageQuestion struct {
	Input       string   `json:"input"`       // "nixpkgs-python39"
	Interpreter string   `json:"interpreter"` // "python39", "octave"
	Attrs       []string `json:"attrs"`       // "numpy"
}

// PackageAnswer is what the input has for the system at hand.
type PackageAnswer struct {
	Exists bool `json:"exists"` // the interpreter does
	// Has are the attributes that are there and evaluate, with their versions; a
	// version may be empty.
	Has map[string]string `json:"has"`
}

// Packages asks the inputs of a flake, which has to have them as its output
// `inputs`. All is asked in one nix command; only where nix fails on something
// that Nix code cannot catch, it is asked piece by piece, and what fails alone
// counts as not there.
func Packages(ctx context.Context, o Options, questions []PackageQuestion) ([]PackageAnswer, error) {
	if err := o.checkNix(ctx); err != nil {
		return nil, err
	}
	answers, err := o.askPackages(ctx, questions)
	if err == nil || ctx.Err() != nil || !isEvaluation(err) {
		return answers, err
	}
	answers = make([]PackageAnswer, len(questions))
	for i, q := range questions {
		if answers[i], err = o.piecemeal(ctx, q); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// isEvaluation says that nix got as far as evaluating: inputs that cannot be
// had fail every question alike.
func isEvaluation(err error) bool {
	var flake *FlakeError
	return errors.As(err, &flake) && shorten(flake.Stderr, "").input == ""
}

// piecemeal asks for the interpreter alone, then for each package.
func (o Options) piecemeal(ctx context.Context, q PackageQuestion) (PackageAnswer, error) {
	bare := PackageQuestion{Input: q.Input, Interpreter: q.Interpreter, Attrs: []string{}}
	got, err := o.askPackages(ctx, []PackageQuestion{bare})
	if err != nil {
		return PackageAnswer{}, err
	}
	a := PackageAnswer{Exists: got[0].Exists, Has: map[string]string{}}
	for _, attr := range q.Attrs {
		bare.Attrs = []string{attr}
		got, err := o.askPackages(ctx, []PackageQuestion{bare})
		if ctx.Err() != nil {
			return PackageAnswer{}, err
		}
		if err != nil {
			continue
		}
		if version, ok := got[0].Has[attr]; ok {
			a.Has[attr] = version
		}
	}
	return a, nil
}

func (o Options) askPackages(ctx context.Context, questions []PackageQuestion) (answers []PackageAnswer, err error) {
	system, err := o.system()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(questions)
	if err != nil {
		return nil, err
	}
	expr := fmt.Sprintf("(%s) %s (builtins.fromJSON %s)", packagesNix, nixString(system), nixString(string(text)))
	res, err := o.run(ctx, "asking nixpkgs for packages", "eval", "--json", "--show-trace", "path:.#inputs", "--apply", expr)
	if err != nil {
		return nil, o.packagesError(err)
	}
	if err := json.Unmarshal(res.Stdout, &answers); err != nil || len(answers) != len(questions) {
		return nil, &FlakeError{Reason: fmt.Sprintf("nix eval printed something unexpected: %v", err), Stderr: res.Stderr}
	}
	return answers, nil
}

// packagesError keeps the first words of what nix said.
func (o Options) packagesError(err error) error {
	var exit *proc.ExitError
	if !errors.As(err, &exit) || exit.Cause != nil {
		return err
	}
	return &FlakeError{Reason: shorten(exit.Stderr, o.Workspace).String(), Stderr: exit.Stderr}
}
