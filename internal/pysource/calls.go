package pysource

import "slices"

// Call is a call of a function, with its arguments as far as they are literal:
// values are string, bool, int64, float64, nil, []any, map[string]any, and
// Unknown for what is none of these.
type Call struct {
	Line      int
	Name      string // the last part of Callee
	Callee    string // "nox.session"; only the last part after a call or a subscript
	Args      []any
	Keywords  map[string]any // those of **rest are under "**"
	Decorates string         // the function or class that the call decorates
	Within    string         // the innermost function around it
}

// looking is what Calls and Constants look for.
type looking struct {
	names     []string
	calls     []Call
	decorates int // how many calls were there before the decorators that are being read; -1 outside of them
	constants map[string]any
}

// Calls are the calls in the source whose callee is one of the names, or has it
// as the last part of its dotted name, in the order of the file.
func Calls(data []byte, names ...string) []Call {
	l := &looking{names: names, decorates: -1}
	look(data, l)
	return l.calls
}

// Constants are the names to which the module gives a literal. The last
// assignment counts; one under a condition only when its value is literal too.
func Constants(data []byte) map[string]any {
	l := &looking{constants: map[string]any{}}
	look(data, l)
	return l.constants
}

func look(data []byte, l *looking) {
	source, _ := decode(data)
	r := new(reader)
	r.prepare(source, 1)
	r.looking = l
	r.module()
}

// lookAtCall takes the call whose bracket was just reached.
func (r *reader) lookAtCall() {
	l := r.looking
	last := string(r.data[r.before.start:r.before.end])
	if !slices.Contains(l.names, last) {
		return
	}
	call := Call{Line: r.line, Name: last, Callee: last}
	if len(r.name) > 0 {
		call.Callee = string(r.name)
	}
	for _, b := range slices.Backward(r.blocks) {
		if b.kind == functionBlock {
			call.Within = b.name
			break
		}
	}
	v := r.valuesAt(r.start)
	call.Args, call.Keywords = v.arguments()
	l.calls = append(l.calls, call)
}

// valuesAt reads values from a place on.
func (r *reader) valuesAt(pos int) *values {
	v := new(values)
	v.data, v.pos, v.lineNo = r.data, pos, r.lineNo
	v.next()
	return v
}

// decorated says what the decorators that were read decorate.
func (l *looking) decorated(name string) {
	if l.decorates >= 0 {
		for i := l.decorates; i < len(l.calls); i++ {
			l.calls[i].Decorates = name
		}
	}
	l.decorates = -1
}

// lookAtValue takes the value that names are given.
func (r *reader) lookAtValue(names []string) {
	if len(names) == 0 || r.top().scope != moduleScope {
		return
	}
	v := r.valuesAt(r.sign.end)
	value := v.element()
	for v.is('=') { // after a target that is no name
		v.next()
		value = v.element()
	}
	if v.is(',') { // a tuple without parentheses
		value = Unknown("")
	}
	constants := r.looking.constants
	for _, name := range names {
		result := value
		if r.sign.op == opInplace {
			before, ok := constants[name]
			if !ok {
				continue
			}
			result = Unknown("")
			if r.data[r.sign.start] == '+' {
				result = added(before, value)
			}
		}
		if _, unknown := result.(Unknown); !unknown {
			constants[name] = result
		} else if len(r.blocks) == 1 {
			delete(constants, name)
		}
	}
}
