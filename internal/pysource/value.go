package pysource

import (
	"bytes"
	"strconv"
	"strings"
)

// Unknown is an expression that is no literal, as it is written.
type Unknown string

// maxValueDepth is how deep literals may be nested.
const maxValueDepth = 100

// values reads literals. Anything else it passes as Unknown.
type values struct {
	lexer
	depth int
	over  bool // given up: nested too deep
}

// element reads an expression up to the comma, colon, `=`, closing bracket or
// line end after it.
func (v *values) element() any {
	start := v.start
	value := v.operand()
	for v.is('+') {
		v.next()
		value = added(value, v.operand())
	}
	if v.ends() {
		if _, unknown := value.(Unknown); !unknown {
			return value
		}
		return Unknown(bytes.TrimSpace(v.data[start:v.start]))
	}
	v.skip()
	return Unknown(bytes.TrimSpace(v.data[start:v.start]))
}

func (v *values) is(op byte) bool { return v.kind == operator && v.op == op }

// ends says whether the token ends an element.
func (v *values) ends() bool {
	switch v.kind {
	case endOfFile, newline, fieldClose:
		return true
	case operator:
		switch v.op {
		case ',', ':', '=', ')', ']', '}', ';':
			return true
		}
	}
	return v.over
}

// skip passes the rest of an element that is no literal.
func (v *values) skip() {
	level, lambdas := 0, 0
	for v.kind != endOfFile && !v.over {
		if v.kind == newline || level == 0 && v.ends() && !(lambdas > 0 && (v.is(':') || v.is(',') || v.is('='))) {
			return
		}
		switch {
		case v.is('('), v.is('['), v.is('{'), v.kind == fieldOpen:
			level++
		case v.is(')'), v.is(']'), v.is('}'), v.kind == fieldClose:
			level--
		case level == 0 && v.is(':'):
			lambdas--
		case level == 0 && v.kind == word && string(v.text()) == "lambda":
			lambdas++
		}
		v.next()
	}
}

// operand reads what an operator can follow.
func (v *values) operand() any {
	switch v.kind {
	case text, stringStart:
		return v.string()
	case number:
		return v.number(1)
	case word:
		return v.word()
	case operator:
		switch v.op {
		case '-', '+':
			sign := 1
			if v.op == '-' {
				sign = -1
			}
			v.next()
			if v.kind == number {
				return v.number(sign)
			}
		case '(', '[', '{':
			return v.container()
		}
	}
	return Unknown("")
}

func (v *values) word() any {
	w := string(v.text())
	if w == "lambda" {
		return Unknown(w) // not passed: skip counts its colon
	}
	v.next()
	switch w {
	case "True":
		return true
	case "False":
		return false
	case "None":
		return nil
	case "dict":
		if v.is('(') {
			if args, keywords := v.arguments(); len(args) == 0 {
				return keywords
			}
		}
	}
	return Unknown(w)
}

func (v *values) number(sign int) any {
	digits := strings.ReplaceAll(string(v.text()), "_", "")
	v.next()
	if sign < 0 {
		digits = "-" + digits
	}
	if n, err := strconv.ParseInt(digits, 0, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(digits, 64); err == nil {
		return f
	}
	return Unknown(digits)
}

// string reads a string literal, with those that follow it, and a method that
// takes blanks away or splits.
func (v *values) string() any {
	var value []byte
	known := true
	for ; v.kind.ofString(); v.next() {
		switch v.kind {
		case text:
			value = v.unquote(value)
		case stringText:
			if !v.spec {
				value = v.unquote(value)
			}
		case fieldOpen:
			known = false
			v.field()
		}
	}
	if !known {
		return Unknown("")
	}
	return v.method(string(value))
}

// field passes a field of a string, up to its end.
func (v *values) field() {
	for level := 1; v.kind != endOfFile; {
		v.next()
		switch v.kind {
		case fieldOpen:
			level++
		case fieldClose:
			if level--; level == 0 {
				return
			}
		case stringEnd, newline:
			if len(v.levels) == 0 {
				return
			}
		}
	}
}

func (v *values) method(text string) any {
	if !v.is('.') {
		return text
	}
	before := v.lexer // what it opens is above len(levels)
	v.next()
	name := string(v.text())
	v.next()
	if v.is('(') {
		v.next()
		if v.is(')') {
			v.next()
			switch name {
			case "split":
				return list(strings.Fields(text))
			case "splitlines":
				return list(strings.Split(strings.TrimSuffix(text, "\n"), "\n"))
			case "strip":
				return strings.TrimSpace(text)
			}
		}
	}
	v.lexer = before
	return text
}

func list(items []string) []any {
	all := make([]any, len(items))
	for i, item := range items {
		all[i] = item
	}
	return all
}

// container reads what is in brackets.
func (v *values) container() any {
	if v.depth++; v.depth > maxValueDepth {
		v.over = true
		return Unknown("")
	}
	defer func() { v.depth-- }()
	open := v.op
	v.next()
	items, pairs := []any{}, map[string]any{}
	isDict, comma := open == '{', false
	for !v.closed() {
		if v.is(opDouble) { // **other
			v.next()
			pairs["**"] = v.element()
		} else if item := v.element(); open == '{' && v.is(':') {
			v.next()
			value := v.element()
			if key, ok := item.(string); ok {
				pairs[key] = value
			}
		} else {
			items, isDict = append(items, item), false
		}
		if !v.is(',') {
			break
		}
		comma = true
		v.next()
	}
	v.pass()
	switch {
	case isDict:
		return pairs
	case open == '(' && !comma && len(items) == 1:
		return items[0]
	}
	return items
}

func (v *values) closed() bool {
	return v.over || v.is(')') || v.is(']') || v.is('}') || v.kind == endOfFile || v.kind == newline || v.kind == fieldClose
}

// pass passes up to and over the closing bracket.
func (v *values) pass() {
	for !v.closed() {
		v.next()
		v.skip()
	}
	if v.kind == operator {
		v.next()
	}
}

// arguments reads those of a call, from the bracket on.
func (v *values) arguments() (args []any, keywords map[string]any) {
	keywords = map[string]any{}
	if v.depth++; v.depth > maxValueDepth {
		v.over = true
		return []any{Unknown("")}, keywords
	}
	defer func() { v.depth-- }()
	v.next()
	for !v.closed() {
		switch {
		case v.is(opDouble):
			v.next()
			keywords["**"] = v.element()
		case v.is('*'):
			start := v.start
			v.next()
			v.element()
			args = append(args, Unknown(bytes.TrimSpace(v.data[start:v.start])))
		default:
			item := v.element()
			if name, ok := item.(Unknown); ok && v.is('=') {
				v.next()
				keywords[string(name)] = v.element()
			} else {
				args = append(args, item)
			}
		}
		if !v.is(',') {
			break
		}
		v.next()
	}
	v.pass()
	return args, keywords
}

// added is a + b.
func added(a, b any) any {
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return a + b
		}
	case []any:
		if b, ok := b.([]any); ok {
			return append(append([]any{}, a...), b...)
		}
	}
	return Unknown("")
}
