package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/git"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/repository"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/scaffold"
	"github.com/weft-build/weft/internal/ui"
)

// carryOut shows the plan, asks, writes, and says what to type next.
func (i *initialiser) carryOut(ctx context.Context, plan scaffold.Plan, p scaffold.Proposal) error {
	build, err := i.generate(ctx, p, true)
	if err != nil {
		return err
	}
	if i.request.DryRun {
		if len(plan.Changes) > 0 || build.Stale() {
			i.show(plan, p, build)
		}
		return i.printDiff(plan, build)
	}
	manifest, changed := plan.Manifest()
	if len(plan.Changes) == 0 && !build.Stale() {
		return i.nothing(ctx, p, manifest, changed)
	}
	i.show(plan, p, build)
	left, err := i.consent(&plan, build)
	if err != nil {
		return err
	}
	if len(plan.Changes) == 0 && !build.Stale() {
		manifest, changed = plan.Manifest()
		i.sayLeft(left)
		return i.nothing(ctx, p, manifest, changed)
	}
	if err := i.write(ctx, plan); err != nil {
		return err
	}
	i.sayLeft(left)
	return i.finish(ctx, plan, p)
}

// nothing ends a run that changes no file, but for what init remembers.
func (i *initialiser) nothing(ctx context.Context, p scaffold.Proposal, manifest scaffold.Change, changed bool) error {
	if changed {
		if err := scaffold.Apply(ctx, i.root, []scaffold.Change{manifest}); err != nil {
			return err
		}
	}
	i.sayFlake(p)
	fmt.Fprintln(i.stderr, "weft: nothing to do: "+i.root+" is a Weft workspace")
	return nil
}

// write applies the changes, what init remembers last.
func (i *initialiser) write(ctx context.Context, plan scaffold.Plan) error {
	changes := plan.Changes
	if manifest, changed := plan.Manifest(); changed {
		changes = append(changes, manifest)
	}
	return scaffold.Apply(ctx, i.root, changes)
}

// generate writes the BUILD files, or says what they would be. An upgrade
// leaves them to weft gen.
func (i *initialiser) generate(ctx context.Context, p scaffold.Proposal, check bool) (generate.Result, error) {
	if i.upgrade {
		return generate.Result{}, nil
	}
	o := generate.Options{Root: i.root, Check: check, Version: version()}
	if !check {
		o.Cache = filepath.Join(i.root, filepath.FromSlash(generate.CacheDir))
	}
	environments, err := repository.ReadEnvironments(pipeline.LockPath(i.request))
	if err != nil || environments == nil {
		for _, e := range p.Environments {
			environments = append(environments, repository.Environment{Name: e.Name, Kind: e.Kind, Version: e.Python})
		}
	}
	o.Environments = environments
	r, err := generate.Run(ctx, o)
	var state *nixenv.StateError
	if errors.As(err, &state) {
		err = nil // the cache is for the next run
	}
	return r, err
}

// printDiff is the product of a dry run.
func (i *initialiser) printDiff(plan scaffold.Plan, build generate.Result) error {
	var out bytes.Buffer
	for _, c := range plan.Changes {
		switch {
		case c.Vendored && !c.Ask && c.Old == nil: // a line of the summary stands for their thousands
		case c.Ask && !c.Adds:
			i.say("warning", fmt.Sprintf("%s was not written by weft init, or changed since: it is left as it is unless you say so", c.Path))
			out.Write(c.Diff())
		case c.Path != "BUILD.bazel" || !bytes.Contains(build.Diff, []byte("diff --git a/BUILD.bazel b/BUILD.bazel\n")):
			out.Write(c.Diff())
		}
	}
	if manifest, changed := plan.Manifest(); changed && manifest.Old != nil {
		out.Write(manifest.Diff())
	}
	out.Write(build.Diff)
	for _, p := range build.Problems {
		i.sayProblem("warning", p)
	}
	if out.Len() == 0 && len(plan.Changes) == 0 {
		fmt.Fprintln(i.stderr, "weft: nothing to do: "+i.root+" is a Weft workspace")
	}
	if _, err := i.stdout.Write(out.Bytes()); err != nil {
		return fmt.Errorf("writing the diff: %w", err)
	}
	return nil
}

// finish writes the BUILD files, tells git, and names the next commands.
func (i *initialiser) finish(ctx context.Context, plan scaffold.Plan, p scaffold.Proposal) error {
	if i.upgrade {
		fmt.Fprintf(i.stderr, "weft: %s is of weft %s now\n", scaffold.RulesDir, version())
		i.tellGit(ctx, plan)
		return nil
	}
	r, err := i.generate(ctx, p, false)
	if err != nil {
		return err
	}
	if err := i.sayGenerated(r, generate.Options{}, nil); err != nil {
		return err
	}
	i.tellGit(ctx, plan)
	i.sayFlake(p)
	if i.code == 0 { // what went wrong has said what to do
		i.next()
	}
	return nil
}

// tellGit makes git know the files that Nix reads: it sees no others.
func (i *initialiser) tellGit(ctx context.Context, plan scaffold.Plan) {
	if !i.inGit {
		return
	}
	var paths []string
	for _, c := range plan.Changes {
		if c.New != nil && c.Old == nil && (strings.HasPrefix(c.Path, "flake.") || strings.HasPrefix(c.Path, scaffold.RulesDir+"/nix/")) {
			paths = append(paths, c.Path)
		}
	}
	unknown, err := git.Untracked(ctx, i.root, paths)
	if err == nil {
		err = git.IntendToAdd(ctx, i.root, unknown)
	}
	switch {
	case err != nil:
		i.say("warning", "git does not know the new files, and Nix sees no others: "+err.Error())
		i.say("hint", "git add --intent-to-add --force flake.nix flake.lock "+scaffold.RulesDir+"/nix")
	case len(unknown) > 0:
		fmt.Fprintf(i.stderr, "weft: git knows of flake.nix, flake.lock and %s/nix now (git add --intent-to-add): Nix sees no other files\n", scaffold.RulesDir)
	}
}

// sayFlake says what a flake of the user's own still needs, and that the
// workspace is not complete without.
func (i *initialiser) sayFlake(p scaffold.Proposal) {
	data, err := os.ReadFile(filepath.Join(i.root, "flake.nix"))
	if i.upgrade || err != nil || bytes.Contains(data, []byte("weftEnvironments")) {
		return
	}
	i.say("error", "flake.nix has no output weftEnvironments, and is not weft init's to change")
	i.say("hint", "add to its inputs and outputs:\n"+p.Addition())
	i.code = exitUsage
}

func (i *initialiser) next() {
	out := "weft: next:\n  weft test all                         # in every environment\n"
	if i.root != i.start {
		out = fmt.Sprintf("weft: next, in %s:\n  weft test all                         # in every environment\n", i.root)
	}
	if i.inGit {
		out += "  git add --all && git commit           # environments.lock.json too, which the first run writes\n"
	} else {
		out += "  git init && git add --all             # without git, Nix copies the whole folder each time it changes\n"
	}
	fmt.Fprint(i.stderr, out+"  weft gen                              # after tests, modules or imports have changed\n")
}

// sayLeft names what was declined.
func (i *initialiser) sayLeft(left []scaffold.Change) {
	for _, c := range left {
		i.say("warning", fmt.Sprintf("%s is left as it is: it was not written by weft init, or changed since", c.Path))
		if c.Vendored {
			i.say("hint", fmt.Sprintf("to take the new one: rm %s && weft init --upgrade", c.Path))
			i.code = exitUsage
		}
	}
}

// consent asks about each file that is not init's, then about the whole.
func (i *initialiser) consent(plan *scaffold.Plan, build generate.Result) ([]scaffold.Change, error) {
	if i.yes {
		return plan.Leave(func(c scaffold.Change) bool { return c.Ask && !c.Adds }), nil
	}
	if !i.answers.terminal {
		return nil, &request.UsageError{Msg: "weft init asks before it writes, and stdin is no terminal", Hinted: "weft init --yes, or look first: weft init --dry-run"}
	}
	quit := false
	left := plan.Leave(func(c scaffold.Change) bool {
		if quit || !c.Ask {
			return quit
		}
		verb := "write over"
		if c.Adds {
			verb = "add to"
		} else if c.New == nil {
			verb = "remove"
		}
		yes, stop := i.answers.ask(fmt.Sprintf("%s %s, which weft init did not write, or which changed since?", verb, c.Path), c.Diff())
		quit = quit || stop
		return !yes
	})
	if quit {
		return nil, errDeclined
	}
	if len(plan.Changes) == 0 && !build.Stale() {
		return left, nil
	}
	var whole bytes.Buffer
	for _, c := range plan.Changes {
		whole.Write(c.Diff())
	}
	whole.Write(build.Diff)
	yes, _ := i.answers.ask(fmt.Sprintf("write these %s?", ui.Plural(len(plan.Changes)+len(build.Written), "file")), whole.Bytes())
	if !yes {
		return nil, errDeclined
	}
	return left, nil
}

// errDeclined ends a run that the user did not want to go on.
var errDeclined = &request.UsageError{Msg: "nothing was written", Hinted: "weft init --environments E,E chooses the environments; weft init --dry-run shows the files"}
