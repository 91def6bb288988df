package nixenv

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// evaluation makes a lock from answers.
type evaluation struct {
	o      Options
	host   string
	causes map[string]error // "system name" → why it does not evaluate, where nix said so
	warned []Warning
}

func (e *evaluation) cause(system, name string) error { return e.causes[system+" "+name] }

// piecewise asks for one system at a time, and for one environment at a time
// where a system fails: for failures that Nix code cannot catch. whole is the
// error of the question that asked for everything; it stands when not even the
// names can be had.
func (e *evaluation) piecewise(ctx context.Context, which only, whole error) (answer, error) {
	var systems []string
	if err := e.o.eval(ctx, "envs: builtins.attrNames envs", &systems); err != nil {
		return answer{}, firstOf(ctx, err, whole)
	}
	all := answer{Systems: map[string]*systemAnswer{}}
	slices.SortFunc(systems, func(a, b string) int { return hostFirst(e.host, a, b) })
	for _, system := range systems {
		if _, wanted := which[system]; which != nil && !wanted {
			continue
		}
		got, err := e.system(ctx, system)
		if ctx.Err() != nil || err != nil && system == e.host {
			return answer{}, firstOf(ctx, err, whole)
		}
		if err != nil {
			e.warned = append(e.warned, Warning{Message: fmt.Sprintf("no environment evaluates for %s: %s", system, reason(err))})
			continue
		}
		all.Systems[system] = got
	}
	return all, nil
}

// system asks for a system's environments together, then one by one.
func (e *evaluation) system(ctx context.Context, system string) (*systemAnswer, error) {
	a, err := e.o.ask(ctx, only{system: nil})
	if err == nil {
		return a.Systems[system], nil
	}
	var names []string
	if err := e.o.eval(ctx, "envs: builtins.attrNames envs."+nixString(system), &names); err != nil {
		return nil, err
	}
	all := &systemAnswer{Environments: map[string]*environmentAnswer{}}
	for _, name := range names {
		a, err := e.o.ask(ctx, only{system: {name}})
		if ctx.Err() != nil {
			return nil, err
		}
		all.Environments[name] = nil
		if err != nil {
			e.causes[system+" "+name] = err
		} else if s := a.Systems[system]; s != nil {
			all.Environments[name] = s.Environments[name]
		}
	}
	return all, nil
}

// firstOf is the context's error before any other: nix was stopped.
func firstOf(ctx context.Context, err, whole error) error {
	if ctx.Err() != nil {
		return err
	}
	return whole
}

func hostFirst(host, a, b string) int {
	switch {
	case a == host && b != host:
		return -1
	case b == host && a != host:
		return 1
	}
	return strings.Compare(a, b)
}

// lock puts the systems' answers together, the host's first.
func (e *evaluation) lock(ctx context.Context, a answer) (Lock, []Warning, error) {
	l := Lock{Version: LockVersion, Environments: map[string]Environment{}}
	systems := sortedKeys(a.Systems)
	slices.SortFunc(systems, func(x, y string) int { return hostFirst(e.host, x, y) })
	missing := map[string][]string{} // name → systems
	for _, system := range systems {
		s := a.Systems[system]
		if s == nil {
			e.warned = append(e.warned, Warning{Message: fmt.Sprintf("no environment evaluates for %s", system)})
			continue
		}
		for _, name := range sortedKeys(s.Environments) {
			if !l.add(name, system, s.Environments[name]) {
				missing[name] = append(missing[name], system)
			}
		}
	}
	if err := e.judge(ctx, l, missing); err != nil {
		return Lock{}, nil, err
	}
	return l, e.warned, nil
}

// add takes in one system's answer about an environment; false when it has no paths.
func (l *Lock) add(name, system string, a *environmentAnswer) bool {
	if a == nil {
		return false
	}
	env, known := l.Environments[name]
	if kind, _ := text(a.Kind); !known && kind != "" {
		env.Kind = kind
		env.Version, _ = text(a.Version)
		env.Description, _ = text(a.Description)
		env.Types, _ = list(a.Types)
		env.StandIn, _ = list(a.StandIn)
		env.Systems = map[string]Paths{}
		l.Environments[name], known = env, true
	}
	if a.Paths == nil || !known {
		return false
	}
	env.Systems[system] = Paths{DrvPath: a.Paths.Drv, OutPath: a.Paths.Out}
	return true
}

// judge says what of the missing is an error and what a warning.
func (e *evaluation) judge(ctx context.Context, l Lock, missing map[string][]string) error {
	onHost := 0
	for _, env := range l.Environments {
		if _, ok := env.Systems[e.host]; ok {
			onHost++
		}
	}
	foreign := map[string][]string{} // system → names
	for _, name := range sortedKeys(missing) {
		for _, system := range missing[name] {
			_, known := l.Environments[name]
			if known && system != e.host {
				foreign[system] = append(foreign[system], name)
				continue
			}
			err := e.explain(ctx, system, name)
			if !known || onHost == 0 || ctx.Err() != nil {
				return err
			}
			e.warned = append(e.warned, Warning{Message: err.Error(), Hint: e.attribute(system, name)})
		}
	}
	for _, system := range sortedKeys(foreign) {
		e.warned = append(e.warned, Warning{Message: fmt.Sprintf("left out of the lock for %s, where evaluation fails: %s", system, strings.Join(foreign[system], ", "))})
	}
	if len(l.Environments) == 0 {
		return e.empty()
	}
	return nil
}

func (e *evaluation) empty() error {
	where := ""
	if len(e.o.Overrides) > 0 {
		where = " for " + e.host
	}
	return &FlakeError{Reason: "weftEnvironments has no environment" + where, Next: exampleOutput}
}

// explain asks for one environment alone and uncaught, to get nix's own words.
func (e *evaluation) explain(ctx context.Context, system, name string) error {
	err := e.cause(system, name)
	if err == nil {
		var path string
		err = e.o.eval(ctx, fmt.Sprintf("envs: envs.%s.%s.drvPath", nixString(system), nixString(name)), &path)
	}
	if ctx.Err() != nil {
		return err
	}
	f := &FlakeError{Environment: name, Next: e.attribute(system, name)}
	f.Reason = fmt.Sprintf("environment %q does not evaluate for %s: %s", name, system, reason(err))
	var flake *FlakeError
	if errors.As(err, &flake) {
		f.Stderr = flake.Stderr
	}
	return f
}

// reason is an evaluation's error without its opening words.
func reason(err error) string {
	if err == nil {
		return "it evaluates alone, but not with the others"
	}
	return strings.TrimPrefix(err.Error(), evaluating)
}

// attribute is the command that shows why one environment does not evaluate.
func (e *evaluation) attribute(system, name string) string {
	return e.o.evalCommand(fmt.Sprintf(".#weftEnvironments.%s.%q.drvPath", system, name))
}
