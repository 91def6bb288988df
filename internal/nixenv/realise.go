package nixenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/weft-build/weft/internal/proc"
)

// Realised is what became of one environment.
type Realised struct {
	Name    string
	OutPath string // the lock's; it exists when Err is nil
	Fresh   bool   // it was built, fetched or rooted now, not found rooted
	Err     error  // a *BuildError; nil when the environment can be used
}

// Realise makes the named environments exist on this machine and roots them as
// .weft/roots/NAME. Results come in the order of names, each with its own
// error: one that cannot be built does not keep the others from being used.
// The error besides them is one that stopped everything: no nix, an ended
// context. When all of them are rooted already, no process is started.
func Realise(ctx context.Context, o Options, l Lock, names []string) ([]Realised, error) {
	system, err := o.system()
	if err != nil {
		return nil, err
	}
	if err := o.markRoots(); err != nil {
		return nil, err
	}
	r := realisation{o: o, system: system, built: make([]Realised, len(names)), drvs: map[string]string{}}
	var todo []*Realised
	for i, name := range names {
		b := &r.built[i]
		paths, ok := l.Paths(name, system)
		b.Name, b.OutPath = name, paths.OutPath
		r.drvs[name] = paths.DrvPath
		switch {
		case !ok:
			b.Err = notThere(l, name, system)
		case !o.rooted(name, paths.OutPath):
			todo = append(todo, b)
		}
	}
	if len(todo) == 0 {
		return r.built, nil
	}
	if err := o.checkNix(ctx); err != nil {
		return nil, err
	}
	return r.built, r.realise(ctx, todo)
}

func notThere(l Lock, name, system string) error {
	e := &BuildError{Environment: name, Reason: "the environments lock does not have it", Next: "weft env list"}
	if _, ok := l.Environments[name]; ok {
		e.Reason, e.Next = "the environments lock does not have it for "+system+": it does not evaluate there", "weft env lock"
	}
	return e
}

// realisation is one call of Realise.
type realisation struct {
	o      Options
	system string
	built  []Realised
	drvs   map[string]string // environment → .drv
}

// realise builds what is to do in one command, then roots what came of it.
// The roots are made one by one, because nix build names a second out-link by
// its number and makes none at all when anything failed.
func (r *realisation) realise(ctx context.Context, todo []*Realised) error {
	todo, err := r.instantiate(ctx, todo)
	if err != nil {
		return err
	}
	var stderr string
	if toBuild := slices.DeleteFunc(slices.Clone(todo), func(b *Realised) bool { return exists(b.OutPath) }); len(toBuild) > 0 {
		if stderr, err = r.build(ctx, toBuild); err != nil {
			return err
		}
	}
	failures := parseFailures(stderr)
	for _, b := range todo {
		b.Fresh = true
		if !exists(b.OutPath) {
			b.Err = r.blame(ctx, b.Name, failures, stderr)
		} else if err := r.root(ctx, b); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("realising the environments: %w", context.Cause(ctx))
		}
	}
	return nil
}

// build runs the one nix build. What it builds is read from the store
// afterwards, not from its exit code: --keep-going builds what can be built.
func (r *realisation) build(ctx context.Context, todo []*Realised) (stderr string, err error) {
	args := []string{"build", "--json", "--no-link", "--keep-going", "--log-lines", "20"}
	for _, b := range todo {
		args = append(args, r.drvs[b.Name]+"^out")
	}
	res, err := r.o.run(ctx, "building the environments", args...)
	var exit *proc.ExitError
	if errors.As(err, &exit) && exit.Cause == nil {
		return res.Stderr, nil
	}
	return res.Stderr, err
}

// instantiate makes sure that the derivations are in the store: on a fresh
// clone the lock names them, but nobody has evaluated the flake here yet. It
// gives back what can be built.
func (r *realisation) instantiate(ctx context.Context, todo []*Realised) ([]*Realised, error) {
	absent := only{}
	for _, b := range todo {
		if !exists(b.OutPath) && !exists(r.drvs[b.Name]) {
			absent[r.system] = append(absent[r.system], b.Name)
		}
	}
	if len(absent) == 0 {
		return todo, nil
	}
	r.o.say("evaluating the flake's environments")
	e := evaluation{o: r.o, host: r.system, causes: map[string]error{}}
	a, err := r.o.ask(ctx, absent)
	var flake *FlakeError
	if errors.As(err, &flake) && flake.apart {
		a, err = e.piecewise(ctx, absent, err)
	}
	if err != nil {
		return nil, err
	}
	got := a.Systems[r.system]
	return slices.DeleteFunc(todo, func(b *Realised) bool {
		if !slices.Contains(absent[r.system], b.Name) {
			return false
		}
		b.Err = r.compare(ctx, e, b, got)
		return b.Err != nil
	}), nil
}

// compare holds what the flake evaluates to against the lock.
func (r *realisation) compare(ctx context.Context, e evaluation, b *Realised, got *systemAnswer) error {
	var a *environmentAnswer
	if got != nil {
		a = got.Environments[b.Name]
	}
	if a == nil || a.Paths == nil {
		err := e.explain(ctx, r.system, b.Name)
		return &BuildError{Environment: b.Name, Reason: reason(err), Next: e.attribute(r.system, b.Name)}
	}
	if a.Paths.Out != b.OutPath {
		return &BuildError{Environment: b.Name, Next: "weft env lock" + flags(r.o.Overrides),
			Reason: fmt.Sprintf("the lock says %s, but the flake evaluates to %s", b.OutPath, a.Paths.Out)}
	}
	r.drvs[b.Name] = a.Paths.Drv
	return nil
}

func exists(path string) bool { _, err := os.Lstat(path); return err == nil }
