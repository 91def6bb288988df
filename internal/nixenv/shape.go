package nixenv

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// shapeError is an answer that is no set of sets of derivations.
func shapeError(a answer) error {
	if a.NotSet != "" {
		return &FlakeError{Reason: fmt.Sprintf("weftEnvironments is of type %s: it must be a set, weftEnvironments.<system>.<name>", a.NotSet), Next: exampleOutput}
	}
	for _, system := range sortedKeys(a.Systems) {
		s := a.Systems[system]
		if s == nil {
			continue
		}
		if s.NotSet != "" {
			return &FlakeError{Reason: fmt.Sprintf("weftEnvironments.%s is of type %s: it must be a set of environments, weftEnvironments.<system>.<name>", system, s.NotSet), Next: exampleOutput}
		}
		for _, name := range sortedKeys(s.Environments) {
			if err := environmentError(system, name, s.Environments[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func environmentError(system, name string, e *environmentAnswer) error {
	fault := func(format string, args ...any) error {
		return &FlakeError{Environment: name, Reason: fmt.Sprintf("environment %q: ", name) + fmt.Sprintf(format, args...),
			Next: "make it with weft.lib.pythonEnvironment or weft.lib.octaveEnvironment"}
	}
	if !nameRule.MatchString(name) {
		return &FlakeError{Environment: name, Reason: fmt.Sprintf("%q cannot be an environment's name", name),
			Next: "use letters, digits and . _ + -, a letter or digit first"}
	}
	switch {
	case e == nil:
		return nil
	case e.NotDerivation != "":
		return fault("weftEnvironments.%s.%q is no derivation but a %s", system, name, e.NotDerivation)
	}
	kind, ok := text(e.Kind)
	switch {
	case !ok:
		return fault("kind is not a string but %s", e.Kind)
	case kind == "" && e.Paths != nil:
		return fault("it has no kind: the attribute says which rules run its tests, %s", strings.Join(Kinds(), " or "))
	case kind != "" && !slices.Contains(Kinds(), kind):
		return fault("kind %q is not %s", kind, strings.Join(Kinds(), " or "))
	}
	for label, raw := range map[string]json.RawMessage{"version": e.Version, "description": e.Description} {
		if _, ok := text(raw); !ok {
			return fault("%s is not a string but %s", label, raw)
		}
	}
	for label, raw := range map[string]json.RawMessage{"types": e.Types, "standIn": e.StandIn} {
		if _, ok := list(raw); !ok {
			return fault("%s is not a list of strings but %s", label, raw)
		}
	}
	if e.Paths != nil && (!isStorePath(e.Paths.Out) || !isStorePath(e.Paths.Drv)) {
		return fault("%s is no store path", e.Paths.Out)
	}
	return nil
}

// text reads a string or null.
func text(raw json.RawMessage) (string, bool) {
	var s string
	return s, len(raw) == 0 || json.Unmarshal(raw, &s) == nil
}

// list reads a list of strings or null.
func list(raw json.RawMessage) ([]string, bool) {
	var l []string
	return l, len(raw) == 0 || json.Unmarshal(raw, &l) == nil
}
