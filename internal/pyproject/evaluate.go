package pyproject

import "strings"

// truth is a marker's value: a marker that asks for something that is not
// known has none.
type truth int

const (
	unknown truth = iota
	no
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// Evaluate says whether a marker holds in an environment, whose keys are PEP
// 508's variables: python_version, sys_platform, extra, …. What cannot be
// told, because env does not name the variable or the marker is not
// understood, holds: it says false only when it is sure.
func Evaluate(text string, env map[string]string) bool {
	if strings.TrimSpace(text) == "" {
		return true
	}
	m, err := parseMarker(text)
	return err != nil || m.in(env) != no
}

func (m *marker) in(env map[string]string) truth {
	switch m.op {
	case "and":
		a, b := m.left.in(env), m.right.in(env)
		if a == no || b == no {
			return no
		}
		return min(a, b) // unknown before yes
	case "or":
		a, b := m.left.in(env), m.right.in(env)
		if a == yes || b == yes {
			return yes
		}
		if a == no && b == no {
			return no
		}
		return unknown
	}
	return m.compare(env)
}

func (m *marker) compare(env map[string]string) truth {
	a, aKnown := m.a.value(env)
	b, bKnown := m.b.value(env)
	if !aKnown || !bKnown {
		return unknown
	}
	if m.names("extra") {
		a, b = Normalize(a), Normalize(b)
	}
	switch m.op {
	case "in":
		return truthOf(strings.Contains(b, a))
	case "not in":
		return truthOf(!strings.Contains(b, a))
	}
	if m.names("python_version", "python_full_version", "implementation_version", "platform_release") {
		if t := clause(m.op, b, a); t != unknown {
			return t
		}
	}
	switch m.op {
	case "==", "===":
		return truthOf(a == b)
	case "!=":
		return truthOf(a != b)
	}
	return unknown
}

func (o operand) value(env map[string]string) (string, bool) {
	if o.literal {
		return o.text, true
	}
	v, known := env[o.text]
	return v, known
}

func (m *marker) names(variables ...string) bool {
	for _, v := range variables {
		if !m.a.literal && m.a.text == v || !m.b.literal && m.b.text == v {
			return true
		}
	}
	return false
}
