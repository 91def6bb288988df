package pysource

import (
	"bytes"
	"fmt"
)

// kind is a token's kind.
type kind uint8

const (
	endOfFile kind = iota
	newline        // the end of a logical line
	word           // an identifier or a keyword
	number
	operator    // see lexer.op
	text        // a string literal without fields
	stringStart // of a string with fields: f"" or t""
	stringText  // its literal text
	fieldOpen
	fieldClose
	stringEnd
)

// ofString says whether a token is a string, or belongs to one with fields.
func (k kind) ofString() bool { return k >= text && k <= stringEnd && k != fieldClose }

// Operators of more than one character; those of one are that character.
const (
	opEqual   = iota + 1 // ==
	opInplace            // += and the like
	opCompare            // != <= >=
	opWalrus             // :=
	opArrow              // ->
	opDouble             // // ** << >>
)

// maxDepth is how deep brackets may be nested; Python's own limit is 200.
const maxDepth = 1000

// level is an open bracket, or a string with fields, a field or the format
// specification of a field that is not closed yet.
type level struct {
	kind        byte // '(' '[' '{', or one of the following
	quote       byte
	triple, raw bool
	line        int32
}

const (
	inString = 's'
	inField  = 'f'
	inSpec   = ':'
)

// lexer makes tokens of a source, one at a time: the fields from kind on are
// the present one's.
type lexer struct {
	data    []byte
	pos     int
	lineNo  int
	levels  []level
	depth   int  // how many of levels are brackets and fields
	fresh   bool // a logical line begins here
	problem *Problem

	kind        kind
	op          byte
	start, end  int
	line        int // of the token's first character
	column      int // of the logical line's first token
	first, last int // the text between the quotes, of text and stringText
	prefix      prefix
	escaped     bool // there may be a backslash between first and last
	multiline   bool // there is a line end between first and last
	spec        bool // stringText in a format specification
}

// prefix is what stands before a string's quotes.
type prefix struct{ raw, bytes, fields bool }

func (l *lexer) reset(data []byte, line int) {
	*l = lexer{data: data, lineNo: line, levels: l.levels[:0], fresh: true}
}

func (l *lexer) report(line int, format string, args ...any) {
	if l.problem == nil {
		l.problem = &Problem{line, fmt.Sprintf(format, args...)}
	}
}

func (l *lexer) text() []byte { return l.data[l.start:l.end] }

// next goes to the next token.
func (l *lexer) next() {
	if n := len(l.levels); n > 0 {
		if k := l.levels[n-1].kind; k == inString || k == inSpec {
			l.stringPart()
			return
		}
	}
	if l.fresh {
		l.indentation()
	}
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		switch classes[c] {
		case classBlank:
			l.pos++
		case classLetter:
			l.wordOrString()
			return
		case classDigit:
			l.number()
			return
		case classQuote:
			l.start, l.line = l.pos, l.lineNo
			l.quoted(prefix{})
			return
		case classNewline:
			if l.lineEnd() {
				return
			}
		case classComment:
			l.skipComment()
		case classBackslash:
			l.joinLine()
		case classBracket:
			if l.bracket(c) {
				return
			}
		default:
			l.operator(c)
			return
		}
	}
	l.start, l.end, l.line = l.pos, l.pos, l.lineNo
	l.kind = endOfFile
	if n := len(l.levels); n > 0 {
		l.unclosed()
		l.levels, l.depth = l.levels[:0], 0
	}
}

func (l *lexer) unclosed() {
	top := l.levels[0]
	if top.kind == inString {
		l.report(int(top.line), "a string is not closed")
		return
	}
	l.report(int(top.line), "%q is not closed", string(top.kind))
}

// indentation skips blank lines and comments and measures the next line's.
func (l *lexer) indentation() {
	l.fresh = false
	column, joined := 0, -1
	for l.pos < len(l.data) {
		switch l.data[l.pos] {
		case ' ':
			column++
		case '\t':
			column = (column/8 + 1) * 8
		case '\f':
			column = 0
		case '\\':
			if l.pos+1 == len(l.data) || l.data[l.pos+1] != '\n' {
				l.column = column
				return
			}
			if joined < 0 {
				joined = column
			}
			l.pos++
			l.lineNo++
			column = 0
		case '\n':
			l.lineNo++
			column, joined = 0, -1
		case '#':
			l.skipComment()
			continue
		default:
			l.column = column
			if joined >= 0 {
				l.column = joined
			}
			return
		}
		l.pos++
	}
	l.column = 0
}

func (l *lexer) skipComment() {
	if n := bytes.IndexByte(l.data[l.pos:], '\n'); n >= 0 {
		l.pos += n
	} else {
		l.pos = len(l.data)
	}
}

// lineEnd passes a line end, and says whether it is a token: not in brackets.
func (l *lexer) lineEnd() bool {
	l.start, l.end, l.line = l.pos, l.pos, l.lineNo
	l.pos++
	l.lineNo++
	if len(l.levels) > 0 {
		if !l.statementBegins() {
			return false
		}
		l.unclosed()
		l.levels, l.depth = l.levels[:0], 0
	}
	l.kind, l.fresh = newline, true
	return true
}

// statementBegins says whether what stands here, at the beginning of a line in
// brackets, can only be a statement: then the brackets were never closed.
func (l *lexer) statementBegins() bool {
	rest := l.data[l.pos:]
	i := 0
	for i < len(rest) && (rest[i] == ' ' || rest[i] == '\t') {
		i++
	}
	rest = rest[i:]
	n := wordLength(rest)
	switch string(rest[:n]) {
	case "import", "def", "class", "return", "raise", "try", "while", "del", "pass", "break", "continue",
		"assert", "global", "nonlocal", "except", "finally", "with":
		return true
	case "from":
		rest = bytes.TrimLeft(rest[n:], " \t")
		n = 0
		for n < len(rest) && (isWord(rest[n]) || rest[n] == '.') {
			n++
		}
		rest = bytes.TrimLeft(rest[n:], " \t")
		return n > 0 && string(rest[:wordLength(rest)]) == "import"
	}
	return false
}

func (l *lexer) joinLine() {
	if l.pos+1 < len(l.data) && l.data[l.pos+1] == '\n' {
		l.pos += 2
		l.lineNo++
		return
	}
	l.report(l.lineNo, "a backslash that does not end its line")
	l.pos++
}

// wordOrString reads an identifier, or a string that has a prefix.
func (l *lexer) wordOrString() {
	l.start, l.line = l.pos, l.lineNo
	p := l.pos + 1
	for p < len(l.data) && isWord(l.data[p]) {
		p++
	}
	if n := p - l.pos; n <= 2 && p < len(l.data) && (l.data[p] == '"' || l.data[p] == '\'') {
		if prefix, ok := prefixOf(l.data[l.pos:p]); ok {
			l.pos = p
			l.quoted(prefix)
			return
		}
	}
	l.kind, l.pos, l.end = word, p, p
}

func prefixOf(letters []byte) (p prefix, ok bool) {
	for _, c := range letters {
		switch c | 0x20 {
		case 'r':
			p.raw = true
		case 'b':
			p.bytes = true
		case 'f', 't':
			p.fields = true
		case 'u':
		default:
			return prefix{}, false
		}
	}
	return p, true
}

// bracket passes a bracket, and says whether it is a token.
func (l *lexer) bracket(c byte) bool {
	l.kind, l.op, l.start, l.end, l.line = operator, c, l.pos, l.pos+1, l.lineNo
	l.pos++
	if c == '(' || c == '[' || c == '{' {
		return l.push(level{kind: c, line: int32(l.lineNo)}, true)
	}
	n := len(l.levels)
	if n == 0 || l.levels[n-1].kind == inField && c != '}' {
		l.report(l.line, "%q closes nothing", string(c))
		return false
	}
	top := l.levels[n-1].kind
	l.levels, l.depth = l.levels[:n-1], l.depth-1
	switch {
	case top == inField:
		l.kind = fieldClose
	case top == '(' && c != ')', top == '[' && c != ']', top == '{' && c != '}':
		l.report(l.line, "%q does not close %q", string(c), string(top))
	}
	return true
}

// push opens a level; always true. Past all sense it gives the line up.
func (l *lexer) push(level level, counts bool) bool {
	if len(l.levels) >= maxDepth {
		l.report(l.lineNo, "brackets are nested more than %d deep", maxDepth)
		l.levels, l.depth = l.levels[:0], 0
		l.skipComment()
		l.kind, l.fresh = newline, true
		return true
	}
	l.levels = append(l.levels, level)
	if counts {
		l.depth++
	}
	return true
}
