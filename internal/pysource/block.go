package pysource

import "bytes"

// block is a suite of statements.
type block struct {
	kind   blockKind
	scope  scope
	column int  // where its statements begin
	inline bool // on the line of its header
	first  bool // no statement of it was read yet

	optional, typing bool // see Import
	otherwise        bool // of an if: typing of its else
	elseTyping       bool // otherwise, of the last if among the statements
	// attempt is the last try among the statements of this block.
	attempt attempt
	name    string // of a function, for Calls
	from    int    // of a try: how many imports there were before it
}

type attempt struct {
	from, to int  // its imports
	handled  bool // a handler before caught failed imports
}

type blockKind uint8

const (
	plainBlock blockKind = iota
	functionBlock
	classBlock
	tryBlock
	matchBlock
)

// scope is what the names of a block belong to.
type scope uint8

const (
	moduleScope scope = iota
	classScope
	functionScope
)

// maxBlocks is how deep blocks may be nested; Python's own limit is 100.
const maxBlocks = 200

func (r *reader) top() *block { return &r.blocks[len(r.blocks)-1] }

// inner is a block within this one.
func (b *block) inner(kind blockKind) block {
	return block{kind: kind, scope: b.scope, optional: b.optional, typing: b.typing}
}

// open reads the rest of a header; at its colon the block begins.
func (r *reader) open(b block) {
	r.next()
	r.openAtColon(b)
}

func (r *reader) openAtColon(b block) {
	if r.walk(true) {
		r.next()
		if len(r.blocks) > maxBlocks {
			r.report(r.line, "blocks are nested more than %d deep", maxBlocks)
			return
		}
		b.from = len(r.file.Imports)
		b.first = true
		r.pending = &b
	}
}

// enterPending enters the block that the statement opened, if it did.
func (r *reader) enterPending() {
	if r.pending == nil {
		return
	}
	b := *r.pending
	r.pending = nil
	b.inline = r.kind != newline
	b.column = -1 // until its first line
	r.blocks = append(r.blocks, b)
}

// settle leaves and enters blocks by where the logical line begins.
func (r *reader) settle() {
	if b := r.top(); b.column < 0 {
		outer := r.blocks[len(r.blocks)-2].column
		if r.column > outer {
			b.column = r.column
			return
		}
		r.report(r.line, "an indented block is missing")
		r.leave()
	}
	for len(r.blocks) > 1 && (r.column < r.top().column || r.top().inline) {
		r.leave()
	}
	if r.column != r.top().column {
		r.report(r.line, "the indentation fits no block")
	}
}

// leave closes the innermost block.
func (r *reader) leave() {
	b := *r.top()
	r.blocks = r.blocks[:len(r.blocks)-1]
	switch b.kind {
	case tryBlock:
		r.top().attempt = attempt{from: b.from, to: len(r.file.Imports)}
	case classBlock:
		if b.scope == classScope {
			r.endClass()
		}
	}
	r.top().elseTyping = b.otherwise
}

// condition reads if, elif and else.
func (r *reader) condition() {
	word := string(r.text())
	outer := r.top()
	b := outer.inner(plainBlock)
	if word == "else" {
		b.typing = b.typing || outer.elseTyping
	} else {
		when, unless := r.typeChecking()
		before := word == "elif" && outer.elseTyping
		b.typing = b.typing || when || before
		b.otherwise = unless || before
	}
	outer.elseTyping = false
	r.open(b)
}

// typeChecking says of the condition that begins after the present token
// whether it is TYPE_CHECKING, alone or with `and`, or the opposite.
func (r *reader) typeChecking() (when, unless bool) {
	rest := bytes.TrimLeft(r.data[r.pos:], " \t(")
	n := wordLength(rest)
	not := string(rest[:n]) == "not"
	if not {
		rest = bytes.TrimLeft(rest[n:], " \t(")
	}
	start := rest
	n = wordLength(rest)
	for n < len(rest) && rest[n] == '.' {
		start = rest[n+1:]
		rest = start
		n = wordLength(rest)
	}
	if string(start[:n]) != "TYPE_CHECKING" {
		return false, false
	}
	rest = bytes.TrimLeft(rest[n:], " \t)")
	if len(rest) > 0 && rest[0] == ':' {
		return !not, not
	}
	return !not && string(rest[:wordLength(rest)]) == "and", false
}

// attempt reads try, except and finally.
func (r *reader) attempt() {
	outer := r.top()
	switch string(r.text()) {
	case "try":
		outer.attempt = attempt{}
		r.open(outer.inner(tryBlock))
	case "except":
		r.purpose = catching
		r.next()
		r.caught = r.kind == operator && r.op == ':'
		try := &r.top().attempt
		b := r.top().inner(plainBlock)
		r.openAtColon(b)
		if r.caught && !try.handled {
			try.handled = true
			for i := try.from; i < try.to && i < len(r.file.Imports); i++ {
				r.file.Imports[i].Optional = true
			}
		}
		if r.pending != nil {
			r.pending.optional = b.optional || r.caught
		}
	default:
		r.open(outer.inner(plainBlock))
	}
}

// catches says whether an except clause of this name catches a failed import.
func catches(name []byte) bool {
	switch string(name) {
	case "ImportError", "ModuleNotFoundError", "Exception", "BaseException":
		return true
	}
	return false
}

// with reads a with statement; contextlib.suppress is a try.
func (r *reader) with() {
	r.purpose = suppressing
	b := r.top().inner(plainBlock)
	r.open(b)
	if r.pending != nil {
		r.pending.optional = b.optional || r.caught
	}
}

// match reads what begins with the words match and case, which are keywords
// only in some places.
func (r *reader) match() {
	outer := r.top()
	if string(r.text()) == "case" {
		if outer.kind == matchBlock {
			r.open(outer.inner(plainBlock))
			return
		}
		r.simple()
		return
	}
	r.expectTargets()
	b := outer.inner(matchBlock)
	for r.walk(true) {
		r.targets = targetsOver
		r.next()
		if r.kind == newline {
			b.first = true
			r.pending = &b
			return
		}
	}
	r.assign()
}
