package pysource

import "bytes"

// literal is a string literal, with those that follow it without an operator.
type literal struct {
	active bool
	fields bool // it had a field
	long   bool // longer than anything that matters
	parts  int
	line   int
	before token // the token before it
	value  []byte
}

// longest literal that is looked at, quoted and unquoted.
const (
	maxQuoted = 4096
	maxString = 260
)

func (r *reader) literalToken() {
	switch r.kind {
	case stringEnd:
		if r.depth < len(r.frames) { // the string was cut short in a field
			f := r.frames[r.depth]
			f.literal.value = r.literal.value[:0]
			r.literal, r.frames = f.literal, r.frames[:r.depth]
		}
		return
	case stringText:
		if r.spec {
			return
		}
	}
	l := &r.literal
	if !l.active {
		*l = literal{active: true, line: r.line, before: r.before, value: l.value[:0]}
	}
	if r.kind == text || r.kind == stringStart {
		l.parts++
	}
	if r.kind == stringStart {
		return
	}
	if r.last-r.first > maxQuoted || len(l.value) > maxQuoted {
		l.long = true
		return
	}
	l.value = r.unquote(l.value)
}

// openField begins a field: what was read of the string so far is a string.
func (r *reader) openField() {
	n := len(r.frames)
	f := frame{opaque: true, owner: int32(n)}
	if l := &r.literal; !r.spec && l.active {
		if !l.fields && n > 0 && r.frames[n-1].dynamic > 0 && l.beginsArgument() && r.frames[n-1].takesModule() {
			r.file.Dynamic[r.frames[n-1].dynamic-1].Prefix = string(l.value)
		}
		r.keep(l.value, l.line, true)
		l.fields = true
		f.literal = *l
	}
	r.literal.active = false
	r.endPath()
	r.frames = append(r.frames, f)
}

func (f *frame) takesModule() bool {
	return f.keyword == keywordModule || f.keyword == keywordNone && f.arg == 0 && !f.callee.lists()
}

func (l *literal) beginsArgument() bool {
	return l.before.is('(') || l.before.is(',') || l.before.is('=')
}

// endLiteral takes a string at the token after it.
func (r *reader) endLiteral() {
	l := &r.literal
	l.active = false
	if l.long {
		return
	}
	r.keep(l.value, l.line, l.parts > 1 || l.fields)
	if !l.fields {
		r.listed(l)
	}
	if n := len(r.frames); n > 0 && l.beginsArgument() {
		f := &r.frames[n-1]
		if f.dynamic > 0 {
			r.dynamicArgument(f, l.value)
		}
		if f.callee == calleeJoin && !l.fields && !l.before.is('=') && r.kind == operator && (r.op == ',' || r.op == ')') {
			r.joinArgument(f, l.value)
		}
	}
	if l.before.is('/') && !l.fields {
		r.pathPart(l)
	}
}

// listed takes a string of __all__ or pytest_plugins.
func (r *reader) listed(l *literal) {
	if !r.all && !r.plugins {
		return
	}
	if owner := r.owner(); owner != nil && owner.callee != calleeCollection {
		return
	}
	if r.all {
		r.file.All = append(r.file.All, string(l.value))
	}
	if r.plugins {
		r.file.Dynamic = append(r.file.Dynamic, Dynamic{Line: l.line, Call: "pytest_plugins", Module: string(l.value)})
	}
}

// keep adds to the file's strings.
func (r *reader) keep(value []byte, line int, joined bool) {
	if len(value) == 0 || len(value) > maxString || bytes.IndexByte(value, '\n') >= 0 {
		return
	}
	if at, ok := r.strings[string(value)]; ok {
		if s := &r.file.Strings[at]; s.Joined && !joined {
			s.Joined = false
		}
		return
	}
	if len(r.file.Strings) >= maxDistinct {
		r.report(line, "more than %d distinct strings; those from here on are left out", maxDistinct)
		return
	}
	text := string(value)
	r.strings[text] = len(r.file.Strings)
	r.file.Strings = append(r.file.Strings, String{line, text, joined})
}
