package octsource

import (
	"strings"
	"unicode/utf8"
)

// kind says what a token is.
type kind int

const (
	name    kind = iota // an identifier
	field               // an identifier behind a dot
	keyword             // in brackets, `end` is none of these but a number
	number
	literal // a string; its text is the value
	word    // an argument of a command: hold on
	mark    // an operator, a bracket
	stop    // the end of a statement
)

// token is a piece of code.
type token struct {
	kind kind
	text string
	line int
	// space: white space stands before it.
	space bool
	// match is the index of the other bracket of a pair, -1 without.
	match int
}

func (t token) is(text string) bool { return t.kind == mark && t.text == text }

// lexer cuts rows of code into tokens.
type lexer struct {
	rows   []row
	tokens []token
	// open are the indexes of the brackets that are open.
	open []int
	// fresh: the next token begins a statement.
	fresh bool
	class bool // in a classdef file
	// next is the index of the next row; carried: a string goes on there.
	next    int
	carried bool
	report  func(line int, text string)
}

func lex(rows []row, report func(int, string)) []token {
	l := &lexer{rows: rows, fresh: true, report: report}
	for i := 0; i < len(rows); {
		i = l.row(i)
	}
	if len(l.open) > 0 {
		t := l.tokens[l.open[0]]
		report(t.line, `"`+t.text+`" is never closed`)
	}
	l.stop(0)
	return l.tokens
}

// row reads row i and returns the index of the one to read next.
func (l *lexer) row(i int) int {
	r := l.rows[i]
	if blockOpen.MatchString(r.text) {
		return l.comment(i)
	}
	l.next = i + 1
	if l.text(r) || len(l.open) > 0 && l.closed(i) {
		return i + 1
	}
	l.stop(r.line)
	return i + 1
}

// comment skips a block comment, others in it included.
func (l *lexer) comment(i int) int {
	depth := 0
	for j := i; j < len(l.rows); j++ {
		switch {
		case blockOpen.MatchString(l.rows[j].text):
			depth++
		case blockClose.MatchString(l.rows[j].text):
			if depth--; depth == 0 {
				return j + 1
			}
		}
	}
	l.report(l.rows[i].line, "block comment is never closed")
	return len(l.rows)
}

// closed says that brackets may go on in the next row. When a function begins
// there, one was forgotten: it is reported, and the rest read nevertheless.
func (l *lexer) closed(i int) bool {
	if i+1 < len(l.rows) && functionRow.MatchString(l.rows[i+1].text) {
		t := l.tokens[l.open[0]]
		l.report(t.line, `"`+t.text+`" is never closed`)
		l.open = nil
		return false
	}
	if last := l.tokens[l.open[len(l.open)-1]]; !last.is("(") {
		l.add(mark, ",", l.rows[i].line, true)
	}
	return true
}

// stop ends a statement.
func (l *lexer) stop(line int) {
	if n := len(l.tokens); n > 0 && l.tokens[n-1].kind != stop {
		l.tokens = append(l.tokens, token{kind: stop, line: line, match: -1})
	}
	l.fresh = true
}

// text reads a row; true when the statement goes on in the next one.
func (l *lexer) text(r row) bool {
	s, at := r.text, 0
	for at < len(s) {
		begin := at
		for at < len(s) && isSpace(s[at]) {
			at++
		}
		if at == len(s) || s[at] == '%' || s[at] == '#' {
			return false
		}
		if strings.HasPrefix(s[at:], "...") || s[at] == '\\' && strings.TrimSpace(s[at+1:]) == "" {
			return true
		}
		at = l.token(r, at, at > begin || at == 0)
	}
	carried := l.carried
	l.carried = false
	return carried
}

// longestString over several rows.
const longestString = 1 << 14

// carry puts a string that a backslash carries over the end of its row before
// the next row.
func (l *lexer) carry(text string) bool {
	text, ok := strings.CutSuffix(strings.TrimRight(text, " \t\r"), `\`)
	if !ok || l.next >= len(l.rows) || len(text) > longestString {
		return false
	}
	l.rows[l.next].text = text + l.rows[l.next].text
	l.carried = true
	return true
}

// token reads the token at AT and returns what follows it.
func (l *lexer) token(r row, at int, space bool) int {
	s := r.text
	c := s[at]
	switch {
	case isLetter(c):
		return l.identifier(r, at, space)
	case isDigit(c) || c == '.' && at+1 < len(s) && isDigit(s[at+1]):
		end := numberEnd(s, at)
		l.add(number, s[at:end], r.line, space)
		return end
	case c == '"' || c == '\'' && !l.transposes(space):
		value, end, ok := quoted(s, at)
		if !ok && c == '"' && l.carry(s[at:]) {
			return end
		}
		if !ok {
			l.report(r.line, "unterminated string")
		}
		l.add(literal, value, r.line, space)
		return end
	case (c == ';' || c == ',') && len(l.open) == 0:
		l.stop(r.line)
		return at + 1
	case strings.IndexByte("([{", c) >= 0:
		l.add(mark, s[at:at+1], r.line, space)
		l.open = append(l.open, len(l.tokens)-1)
		return at + 1
	case strings.IndexByte(")]}", c) >= 0:
		l.close(r, at, space)
		return at + 1
	}
	end := at + operatorLength(s[at:])
	l.add(mark, s[at:end], r.line, space)
	return end
}

func (l *lexer) add(k kind, text string, line int, space bool) {
	l.tokens = append(l.tokens, token{k, text, line, space, -1})
	l.fresh = false
}

var opener = map[byte]string{')': "(", ']': "[", '}': "{"}

func (l *lexer) close(r row, at int, space bool) {
	n := len(l.open)
	if n == 0 || !l.tokens[l.open[n-1]].is(opener[r.text[at]]) {
		l.report(r.line, `"`+r.text[at:at+1]+`" closes nothing`)
		return
	}
	l.add(mark, r.text[at:at+1], r.line, space)
	last := len(l.tokens) - 1
	l.tokens[last].match, l.tokens[l.open[n-1]].match = l.open[n-1], last
	l.open = l.open[:n-1]
}

// transposes says whether a ' after the last token is an operator.
func (l *lexer) transposes(space bool) bool {
	n := len(l.tokens)
	if n == 0 || l.fresh {
		return false
	}
	if space && len(l.open) > 0 && !l.tokens[l.open[len(l.open)-1]].is("(") {
		return false
	}
	switch t := l.tokens[n-1]; t.kind {
	case name, field, number, literal:
		return true
	case mark:
		return t.is(")") || t.is("]") || t.is("}") || t.is("'") || t.is(".'")
	}
	return false
}

// identifier reads a name or a keyword and, of a command, its arguments.
func (l *lexer) identifier(r row, at int, space bool) int {
	end := at
	for end < len(r.text) && (isLetter(r.text[end]) || isDigit(r.text[end])) {
		end++
	}
	text := r.text[at:end]
	fresh, n := l.fresh, len(l.tokens)
	switch {
	case !space && n > 0 && l.tokens[n-1].is("."):
		l.add(field, text, r.line, space)
	case l.isKeyword(text, fresh, r.text[end:]):
		if len(l.open) > 0 {
			l.add(number, text, r.line, space)
			return end
		}
		l.add(keyword, text, r.line, space)
		l.class = l.class || text == "classdef"
		l.fresh = starters[text]
	default:
		l.add(name, text, r.line, space)
		if fresh && isCommand(r.text[end:]) {
			return l.command(r, end)
		}
	}
	return end
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isLetter takes every byte beyond ASCII for one, so that what is no language's
// stays in one piece.
func isLetter(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
}
