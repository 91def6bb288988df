package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/scaffold"
	"github.com/weft-build/weft/internal/ui"
)

// propose makes the proposal and has nixpkgs look at it. asked says that this
// very one was looked at in an earlier run, whose flake.nix stands; digest is
// for the next run, and empty when nixpkgs could not be asked.
func (i *initialiser) propose(ctx context.Context, survey scaffold.Survey) (p scaffold.Proposal, asked bool, digest string, err error) {
	wishes := scaffold.Wishes{Environments: i.environments}
	if p, err = scaffold.Propose(survey, wishes); err != nil {
		return p, false, "", err
	}
	digest = p.Digest()
	if isThere(i.root, "flake.nix") && i.before.Proposal == digest {
		return p, true, digest, nil
	}
	settled, err := i.ask(ctx, survey, wishes)
	switch {
	case ctx.Err() != nil:
		return p, false, "", err
	case err != nil:
		digest = ""
		i.sayUnasked(err)
	default:
		p = settled
	}
	for _, n := range p.Notes {
		i.sayNote(n)
	}
	if len(p.Environments) == 0 {
		return p, false, "", &request.UsageError{Msg: "no environment can be proposed for this project",
			Hinted: "name some: weft init --environments python3.11,minimal"}
	}
	return p, false, digest, nil
}

// sayUnasked says that the packages are written as they are.
func (i *initialiser) sayUnasked(err error) {
	var missing *nixenv.NixError
	n := scaffold.Note{Text: "whether nixpkgs has the packages is not known: " + err.Error(), Hint: "weft env lock"}
	if errors.As(err, &missing) {
		n.Hint = missing.Hint()
	}
	i.sayNote(n)
}

// ask has nixpkgs say what it has, and proposes again without the Pythons that
// it has not.
func (i *initialiser) ask(ctx context.Context, survey scaffold.Survey, wishes scaffold.Wishes) (scaffold.Proposal, error) {
	for {
		p, err := scaffold.Propose(survey, wishes)
		if err != nil || len(p.Environments) == 0 {
			return p, err
		}
		p.Overridden = len(i.request.Overrides) > 0
		questions := p.Questions()
		answers, err := i.askNix(ctx, p, questions)
		if err != nil {
			return p, err
		}
		settled, gone := p.Settle(questions, answers)
		if len(gone) == 0 {
			return settled, nil
		}
		wishes.Gone = append(wishes.Gone, gone...)
	}
}

// askNix asks a flake of the proposal's inputs, in a folder of its own: nothing
// is written to the project before the user has agreed.
func (i *initialiser) askNix(ctx context.Context, p scaffold.Proposal, questions []scaffold.Question) ([]scaffold.Answer, error) {
	dir, err := os.MkdirTemp("", "weft-init-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	for name, data := range p.Probe() {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return nil, err
		}
	}
	o := nixenv.Options{Workspace: dir, Nix: i.nix, Progress: func(line string) { fmt.Fprintln(i.stderr, "weft: "+ui.Clean(line)) }}
	for _, v := range i.request.Overrides {
		o.Overrides = append(o.Overrides, nixenv.Override{Name: v.Name, Ref: v.Ref})
	}
	o.Progress("asking nixpkgs which of the packages it has")
	var asked []nixenv.PackageQuestion
	for _, q := range questions {
		asked = append(asked, nixenv.PackageQuestion{Input: q.Input, Interpreter: q.Interpreter, Attrs: slices.Concat([]string{}, q.Attrs)})
	}
	got, err := nixenv.Packages(ctx, o, asked)
	var answers []scaffold.Answer
	for _, a := range got {
		answers = append(answers, scaffold.Answer{Exists: a.Exists, Has: a.Has})
	}
	return answers, err
}
