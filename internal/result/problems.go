package result

import (
	"fmt"
	"sort"
	"strings"
)

// problems collects problems, each once, and bounds a flood of one kind.
type problems struct {
	all     []Problem
	seen    map[string]bool
	perKind map[string]int
}

// maxPerKind is how many problems of one kind are listed one by one.
const maxPerKind = 20

func (p *problems) add(kind, message, hint string) {
	if p.seen == nil {
		p.seen, p.perKind = map[string]bool{}, map[string]int{}
	}
	if key := kind + "\x00" + message; p.seen[key] {
		return
	} else {
		p.seen[key] = true
	}
	if p.perKind[kind]++; p.perKind[kind] <= maxPerKind {
		p.all = append(p.all, Problem{Kind: kind, Message: message, Hint: hint})
	}
}

func (p *problems) list() []Problem {
	out := append([]Problem(nil), p.all...)
	var kinds []string
	for kind := range p.perKind {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		if more := p.perKind[kind] - maxPerKind; more > 0 {
			out = append(out, Problem{Kind: kind, Message: fmt.Sprintf("%d more problems of this kind", more)})
		}
	}
	return out
}

// sandboxFacts gathers what weakens the proof that a cell was isolated.
type sandboxFacts struct {
	host       map[string]bool // environments whose cells saw the host's network
	silent     map[string]bool // environments whose cells did not say
	strategies map[string]bool // strategies of suites that isolate nothing
	actions    map[string]int64
}

func newSandboxFacts() sandboxFacts {
	return sandboxFacts{host: map[string]bool{}, silent: map[string]bool{}, strategies: map[string]bool{}, actions: map[string]int64{}}
}

// weak are Bazel's ways of running an action that do not keep the network and
// undeclared files away.
var weak = map[string]bool{"processwrapper-sandbox": true, "local": true, "standalone": true}

func (s *sandboxFacts) cell(j CellJSON) {
	switch j.Sandbox.Network {
	case "loopback":
	case "":
		s.silent[j.Environment.Name] = true
	default:
		s.host[j.Environment.Name] = true
	}
}

func (s *sandboxFacts) strategy(name string) {
	if weak[name] {
		s.strategies[name] = true
	}
}

func (s *sandboxFacts) runners(counts map[string]int64) {
	for name, n := range counts {
		if weak[name] && n > 0 {
			s.actions[name] += n
		}
	}
}

func (s *sandboxFacts) problems() []Problem {
	var out []Problem
	if len(s.host) > 0 {
		out = append(out, Problem{
			Kind:    "sandbox",
			Message: "cells saw the host's network in " + sortedKeys(s.host) + ": that they need none is not proved",
			Hint:    "put `build --sandbox_default_allow_network=false` into .bazelrc",
		})
	}
	if len(s.silent) > 0 {
		out = append(out, Problem{Kind: "sandbox", Message: "cells did not say what network they saw in " + sortedKeys(s.silent)})
	}
	var ways []string
	for name, n := range s.actions {
		ways = append(ways, fmt.Sprintf("%d with %s", n, name))
	}
	for name := range s.strategies {
		if s.actions[name] == 0 {
			ways = append(ways, "suites with "+name)
		}
	}
	if len(ways) > 0 {
		sort.Strings(ways)
		out = append(out, Problem{
			Kind:    "sandbox",
			Message: "actions ran outside linux-sandbox (" + strings.Join(ways, ", ") + "): their isolation is not proved",
			Hint:    "allow unprivileged user namespaces on this machine; linux-sandbox needs them",
		})
	}
	return out
}

func sortedKeys(m map[string]bool) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return strings.Join(keys, ", ")
}
