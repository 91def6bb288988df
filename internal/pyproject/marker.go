package pyproject

import (
	"fmt"
	"regexp"
	"strings"
)

// marker is an environment marker: a comparison, or two markers joined by
// "and" or "or".
type marker struct {
	op          string // "and", "or", or a comparison's operator
	left, right *marker
	a, b        operand
}

type operand struct {
	text    string
	literal bool
}

var (
	markerToken = regexp.MustCompile(`^(?:\(|\)|===|~=|==|!=|<=|>=|<|>|"[^"]*"|'[^']*'|[A-Za-z_][A-Za-z0-9_.]*)`)
	// variables maps what PEP 508 and its predecessors call a variable to its name.
	variables = map[string]string{
		"python_version": "python_version", "python_full_version": "python_full_version",
		"os_name": "os_name", "os.name": "os_name",
		"sys_platform": "sys_platform", "sys.platform": "sys_platform",
		"platform_release": "platform_release", "platform_system": "platform_system",
		"platform_version": "platform_version", "platform.version": "platform_version",
		"platform_machine": "platform_machine", "platform.machine": "platform_machine",
		"platform_python_implementation": "platform_python_implementation",
		"platform.python_implementation": "platform_python_implementation",
		"python_implementation":          "platform_python_implementation",
		"implementation_name":            "implementation_name",
		"implementation_version":         "implementation_version",
		"extra":                          "extra", "extras": "extras", "dependency_groups": "dependency_groups",
	}
)

type markerParser struct {
	tokens []string
	depth  int
}

func parseMarker(text string) (*marker, error) {
	p := &markerParser{}
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		token := markerToken.FindString(rest)
		if token == "" {
			return nil, fmt.Errorf("reading marker %q: unexpected %q", text, rest)
		}
		p.tokens = append(p.tokens, token)
		rest = rest[len(token):]
	}
	m, err := p.or()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("unexpected %q", p.tokens[0])
	}
	if err != nil {
		return nil, fmt.Errorf("reading marker %q: %w", text, err)
	}
	return m, nil
}

func (p *markerParser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *markerParser) next() string {
	token := p.peek()
	if token != "" {
		p.tokens = p.tokens[1:]
	}
	return token
}

func (p *markerParser) or() (*marker, error)  { return p.joined("or", p.and) }
func (p *markerParser) and() (*marker, error) { return p.joined("and", p.term) }

func (p *markerParser) joined(op string, part func() (*marker, error)) (*marker, error) {
	left, err := part()
	for err == nil && p.peek() == op {
		p.next()
		var right *marker
		right, err = part()
		left = &marker{op: op, left: left, right: right}
	}
	return left, err
}

func (p *markerParser) term() (*marker, error) {
	if p.peek() != "(" {
		return p.comparison()
	}
	if p.depth++; p.depth > 100 {
		return nil, fmt.Errorf("parentheses are nested too deep")
	}
	defer func() { p.depth-- }()
	p.next()
	m, err := p.or()
	if err == nil && p.next() != ")" {
		err = fmt.Errorf("`(` is not closed")
	}
	return m, err
}

func (p *markerParser) comparison() (*marker, error) {
	a, err := p.operand()
	if err != nil {
		return nil, err
	}
	op, err := p.operator()
	if err != nil {
		return nil, err
	}
	b, err := p.operand()
	return &marker{op: op, a: a, b: b}, err
}

func (p *markerParser) operator() (string, error) {
	switch op := p.next(); op {
	case "===", "~=", "==", "!=", "<=", ">=", "<", ">", "in":
		return op, nil
	case "not":
		if p.next() == "in" {
			return "not in", nil
		}
		return "", fmt.Errorf("`not` is not followed by `in`")
	default:
		return "", fmt.Errorf("%q is not a comparison", op)
	}
}

func (p *markerParser) operand() (operand, error) {
	token := p.next()
	if len(token) >= 2 && (token[0] == '"' || token[0] == '\'') {
		return operand{text: token[1 : len(token)-1], literal: true}, nil
	}
	if name, known := variables[token]; known {
		return operand{text: name}, nil
	}
	return operand{}, fmt.Errorf("%q is neither a string nor a variable", token)
}
