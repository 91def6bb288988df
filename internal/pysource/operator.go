package pysource

func (l *lexer) operator(c byte) {
	var next byte
	if l.pos+1 < len(l.data) {
		next = l.data[l.pos+1]
	}
	if c == '.' && isDigit(next) {
		l.number()
		return
	}
	l.kind, l.op, l.start, l.line = operator, c, l.pos, l.lineNo
	n := 1
	switch {
	case c == ':' && len(l.levels) > 0 && l.levels[len(l.levels)-1].kind == inField:
		of := l.levels[len(l.levels)-2]
		l.end = l.pos + 1
		l.pos++
		l.push(level{kind: inSpec, quote: of.quote, triple: of.triple, raw: of.raw, line: int32(l.lineNo)}, false)
		return
	case next == c && (c == '/' || c == '*' || c == '<' || c == '>'):
		l.op, n = opDouble, 2
		if l.pos+2 < len(l.data) && l.data[l.pos+2] == '=' {
			l.op, n = opInplace, 3
		}
	case c == '-' && next == '>':
		l.op, n = opArrow, 2
	case next == '=':
		n = 2
		switch c {
		case '=':
			l.op = opEqual
		case '!', '<', '>':
			l.op = opCompare
		case ':':
			l.op = opWalrus
		case '+', '-', '*', '/', '%', '&', '|', '^', '@':
			l.op = opInplace
		default:
			n = 1
		}
	}
	l.pos += n
	l.end = l.pos
}

func (l *lexer) number() {
	l.kind, l.start, l.line = number, l.pos, l.lineNo
	d, p := l.data, l.pos
	at := func(i int) byte {
		if i < len(d) {
			return d[i]
		}
		return 0
	}
	digits := func(hex bool) {
		for c := at(p); c >= '0' && c <= '9' || c == '_' || hex && (c|0x20 >= 'a' && c|0x20 <= 'f'); c = at(p) {
			p++
		}
	}
	if letter := at(p+1) | 0x20; d[p] == '0' && (letter == 'x' || letter == 'o' || letter == 'b') {
		p += 2
		digits(letter == 'x')
	} else {
		digits(false)
		if at(p) == '.' {
			p++
			digits(false)
		}
		sign := at(p+1) == '+' || at(p+1) == '-'
		if at(p)|0x20 == 'e' && (isDigit(at(p+1)) || sign && isDigit(at(p+2))) {
			p += 2
			digits(false)
		}
	}
	if c := at(p) | 0x20; c == 'j' || c == 'l' {
		p++
	}
	l.pos, l.end = p, p
}
