package pysource

import (
	"bytes"
	"slices"
	"strings"
)

// decorations are the pytest markers of the decorators that were passed.
type decorations struct{ markers, cases []string }

func (d decorations) none() decorations { return decorations{} }

func (r *reader) decorator() {
	if r.top().scope != functionScope {
		r.purpose = decorating
	}
	if l := r.looking; l != nil && l.decorates < 0 {
		l.decorates = len(l.calls)
	}
	r.next()
	r.walk(false)
}

// function reads from def on to the colon.
func (r *reader) function(on decorations) {
	r.next()
	outer := r.top()
	b := outer.inner(functionBlock)
	b.name = r.nameForCalls()
	if r.kind == word {
		r.seen.add(r.text())
		if outer.scope != functionScope {
			r.define(Definition{Kind: Function, Name: string(r.text()), Line: r.at,
				Markers: sorted(on.markers), CaseMarkers: sorted(on.cases)})
		}
		r.next()
	}
	b.scope = functionScope
	r.header = true
	r.openAtColon(b)
}

// class reads from class on to the colon.
func (r *reader) class(on decorations) {
	r.next()
	r.nameForCalls()
	b := r.top().inner(classBlock)
	if b.scope != functionScope && r.kind == word {
		b.scope = classScope
		r.classes = append(r.classes, Definition{Kind: Class, Name: string(r.text()), Line: r.at,
			Markers: on.markers, CaseMarkers: sorted(on.cases)})
	} else {
		b.scope = functionScope
	}
	if r.kind == word {
		r.seen.add(r.text())
		r.next()
	}
	r.header, r.purpose = true, deriving
	r.openAtColon(b)
	if b.scope != classScope {
		return
	}
	r.classes[len(r.classes)-1].Bases = r.bases
	if r.pending == nil {
		r.endClass()
	}
}

func (r *reader) endClass() {
	n := len(r.classes) - 1
	class := r.classes[n]
	r.classes = r.classes[:n]
	class.Markers = sorted(class.Markers)
	r.define(class)
}

// define adds to the class that is being read, or else to the module.
func (r *reader) define(d Definition) {
	if n := len(r.classes); n > 0 {
		r.classes[n-1].Members = append(r.classes[n-1].Members, d)
	} else {
		r.file.Definitions = append(r.file.Definitions, d)
	}
}

func couldBeTest(name string) bool {
	return strings.HasPrefix(name, "test") || strings.HasPrefix(name, "Test")
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

// simple reads a statement that begins with no keyword.
func (r *reader) simple() {
	if r.kind == text && r.top().first && r.docstring() {
		return
	}
	r.expectTargets()
	r.walk(false)
	r.assign()
}

// docstring reads a docstring, if this is one.
func (r *reader) docstring() bool {
	b := r.top()
	if len(r.blocks) > 1 && b.kind != functionBlock && b.kind != classBlock {
		return false
	}
	before := r.lexer
	prompt, constant := false, true
	for ; r.kind == text; r.next() {
		prompt = prompt || hasPrompt(r.data[r.first:r.last])
		constant = constant && !r.prefix.bytes
	}
	if !constant || r.kind != newline && r.kind != endOfFile && !(r.kind == operator && r.op == ';') {
		r.lexer = before
		return false
	}
	inFunction := b.scope == functionScope && (b.kind == classBlock || r.blocks[len(r.blocks)-2].scope == functionScope)
	if prompt && !inFunction {
		r.file.Doctests = true
	}
	return true
}

// hasPrompt says whether a line of a docstring begins an example.
func hasPrompt(doc []byte) bool {
	for {
		at := bytes.Index(doc, []byte(">>>"))
		if at < 0 {
			return false
		}
		if onlyBlank(doc[:at]) {
			return true
		}
		doc = doc[at+3:]
		// What comes before the next prompt on this line is not blank.
		next := bytes.IndexByte(doc, '\n')
		if next < 0 {
			return false
		}
		doc = doc[next:]
	}
}

// onlyBlank says whether the last line of the text so far is blank; the two
// characters \n end a line as well.
func onlyBlank(before []byte) bool {
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	if at := bytes.LastIndex(before, []byte(`\n`)); at >= 0 {
		before = before[at+2:]
	}
	return len(bytes.Trim(before, " \t\f")) == 0
}

// nameForCalls is the name of the definition that begins, when Calls wants it.
func (r *reader) nameForCalls() string {
	if r.looking == nil {
		return ""
	}
	name := string(r.text())
	r.looking.decorated(name)
	return name
}
