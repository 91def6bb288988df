package pysource

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// quoted reads a string from its quotes on; one with fields comes in parts.
func (l *lexer) quoted(prefix prefix) {
	d, p := l.data, l.pos
	quote := d[p]
	triple := p+2 < len(d) && d[p+1] == quote && d[p+2] == quote
	l.prefix = prefix
	p++
	if triple {
		p += 2
	}
	l.pos = p
	if prefix.fields {
		l.kind, l.end = stringStart, p
		l.push(level{kind: inString, quote: quote, triple: triple, raw: prefix.raw, line: int32(l.line)}, false)
		return
	}
	l.kind, l.first, l.escaped, l.multiline = text, p, false, false
	if triple {
		l.untilTriple(quote)
	} else {
		l.untilQuote(quote)
	}
	l.end = l.pos
}

func (l *lexer) untilQuote(quote byte) {
	d := l.data
	for p := l.pos; p < len(d); p++ {
		switch d[p] {
		case quote:
			l.last, l.pos = p, p+1
			return
		case '\\':
			l.escaped = true
			p++
			if p < len(d) && d[p] == '\n' {
				l.lineNo++
			}
		case '\n':
			l.report(l.line, "a string is not closed")
			l.last, l.pos = p, p
			return
		}
	}
	l.report(l.line, "a string is not closed")
	l.last, l.pos = len(d), len(d)
}

func (l *lexer) untilTriple(quote byte) {
	d, p := l.data, l.pos
	for {
		n := bytes.IndexByte(d[p:], quote)
		if n < 0 {
			l.report(l.line, "a string is not closed")
			l.last, l.pos = len(d), len(d)
			break
		}
		p += n
		if l.escapes(p) {
			p++
			continue
		}
		if p+2 < len(d) && d[p+1] == quote && d[p+2] == quote {
			l.last, l.pos = p, p+3
			break
		}
		p++
	}
	body := d[l.first:l.last]
	l.escaped = bytes.IndexByte(body, '\\') >= 0
	lines := bytes.Count(body, []byte{'\n'})
	l.multiline = lines > 0
	l.lineNo += lines
}

// escapes says whether an odd number of backslashes stands before p.
func (l *lexer) escapes(p int) bool {
	n := 0
	for p-1-n >= l.first && l.data[p-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// stringPart reads the next part of a string with fields: text, the opening or
// the end of a field, the end of the string.
func (l *lexer) stringPart() {
	top := l.levels[len(l.levels)-1]
	l.spec = top.kind == inSpec
	l.start, l.line = l.pos, l.lineNo
	l.first, l.escaped, l.multiline, l.prefix = l.pos, false, false, prefix{raw: top.raw, fields: true}
	d, p := l.data, l.pos
	for p < len(d) {
		switch c := d[p]; {
		case c == '\\':
			p = l.escape(p, top.raw)
		case c == '{' && !l.spec && p+1 < len(d) && d[p+1] == '{', c == '}' && !l.spec && p+1 < len(d) && d[p+1] == '}':
			l.escaped = true
			p += 2
		case c == '{' || c == '}' && l.spec:
			if l.part(p) {
				return
			}
			l.field(c)
			return
		case c == '\n':
			if !top.triple {
				l.cutShort(p)
				return
			}
			l.multiline = true
			l.lineNo++
			p++
		case c == top.quote && (!top.triple || bytes.HasPrefix(d[p:], []byte{c, c, c})):
			if l.spec {
				l.cutShort(p)
				return
			}
			if l.part(p) {
				return
			}
			l.pos++
			if top.triple {
				l.pos += 2
			}
			l.kind, l.end = stringEnd, l.pos
			l.levels = l.levels[:len(l.levels)-1]
			return
		default:
			p++
		}
	}
	l.cutShort(len(d))
}

// escape passes a backslash and what it escapes.
func (l *lexer) escape(p int, raw bool) int {
	d := l.data
	l.escaped = true
	p++
	switch {
	case p == len(d), d[p] == '{', d[p] == '}':
		return p
	case d[p] == '\n':
		l.lineNo++
		l.multiline = true
	case d[p] == 'N' && !raw && p+1 < len(d) && d[p+1] == '{':
		n := wordOrBlank(d[p+2:])
		if p+2+n < len(d) && d[p+2+n] == '}' {
			return p + 3 + n
		}
	}
	return p + 1
}

func wordOrBlank(data []byte) int {
	n := 0
	for n < len(data) && (isWord(data[n]) || data[n] == ' ' || data[n] == '-') {
		n++
	}
	return n
}

// part makes what was passed up to p a token, when that is anything.
func (l *lexer) part(p int) bool {
	l.pos = p
	if p == l.start {
		return false
	}
	l.kind, l.last, l.end = stringText, p, p
	return true
}

func (l *lexer) field(c byte) {
	l.pos++
	l.end = l.pos
	if c == '{' {
		l.kind = fieldOpen
		l.push(level{kind: inField, line: int32(l.lineNo)}, true)
		return
	}
	l.kind = fieldClose
	l.levels, l.depth = l.levels[:len(l.levels)-2], l.depth-1
}

// cutShort ends a string with fields that is not closed.
func (l *lexer) cutShort(p int) {
	for n := len(l.levels); ; n-- {
		top := l.levels[n-1]
		if top.kind == inString {
			l.report(int(top.line), "a string is not closed")
			l.levels = l.levels[:n-1]
			break
		}
		if top.kind != inSpec {
			l.depth--
		}
	}
	l.kind, l.pos, l.end = stringEnd, p, p
}

// unquote appends the value of the literal text that lies between first and last.
func (l *lexer) unquote(to []byte) []byte {
	body := l.data[l.first:l.last]
	if !l.escaped || l.prefix.raw && !l.prefix.fields {
		return append(to, body...)
	}
	for i := 0; i < len(body); {
		c := body[i]
		switch {
		case c == '\\' && !l.prefix.raw && i+1 < len(body):
			var n int
			to, n = unescape(to, body[i+1:])
			i += 1 + n
			continue
		case l.prefix.fields && (c == '{' || c == '}'):
			i++
		}
		to = append(to, c)
		i++
	}
	return to
}

// unescape appends the character that a backslash before body stands for, and
// says how many bytes of body that takes.
func unescape(to, body []byte) ([]byte, int) {
	c := body[0]
	if i := bytes.IndexByte([]byte(`\'"abfnrtv`), c); i >= 0 {
		return append(to, "\\'\"\a\b\f\n\r\t\v"[i]), 1
	}
	switch c {
	case '\n':
		return to, 1
	case 'x':
		return unescapeNumber(to, body, 1, 2, 16)
	case 'u':
		return unescapeNumber(to, body, 1, 4, 16)
	case 'U':
		return unescapeNumber(to, body, 1, 8, 16)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		n := 1
		for n < 3 && n < len(body) && body[n] >= '0' && body[n] <= '7' {
			n++
		}
		return unescapeNumber(to, body, 0, n, 8)
	}
	return append(to, '\\', c), 1
}

func unescapeNumber(to, body []byte, skip, digits, base int) ([]byte, int) {
	if len(body) >= skip+digits {
		if v, err := strconv.ParseUint(string(body[skip:skip+digits]), base, 32); err == nil {
			return utf8.AppendRune(to, rune(v)), skip + digits
		}
	}
	return append(to, '\\', body[0]), 1
}
