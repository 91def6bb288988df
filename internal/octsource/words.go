package octsource

import "strings"

// keywords are Octave's, of which `end` and its like close a block.
var keywords = set(`break case catch continue do else elseif end end_try_catch end_unwind_protect endclassdef
	endenumeration endevents endfor endfunction endif endmethods endparfor endproperties endswitch endwhile for function
	global if otherwise parfor persistent return switch try until unwind_protect unwind_protect_cleanup while`)

// parts are keywords in a class, at the beginning of a statement.
var parts = set("methods properties events enumeration")

// starters are keywords that a statement follows in the same row.
var starters = set("do else otherwise try unwind_protect unwind_protect_cleanup")

// openers are keywords that begin a block.
var openers = set("if for parfor while switch try do unwind_protect function classdef methods properties events enumeration")

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

// isKeyword says whether TEXT, followed by REST in its row, is one here.
func (l *lexer) isKeyword(text string, fresh bool, rest string) bool {
	if keywords[text] {
		return len(l.open) == 0 || text == "end"
	}
	switch {
	case text == "classdef":
		return fresh && len(l.open) == 0
	case parts[text]:
		rest = strings.TrimLeft(rest, " \t\r")
		return fresh && l.class && (rest == "" || strings.IndexByte("(%#", rest[0]) >= 0)
	}
	return false
}

// isCommand says whether a name that begins a statement and is followed by
// REST has words for arguments, as `hold on` and `pkg load x` have. As in
// Octave: a blank, and then no operator that another blank follows.
func isCommand(rest string) bool {
	if rest == "" || !isSpace(rest[0]) {
		return false
	}
	rest = strings.TrimLeft(rest, " \t\r\v\f")
	if rest == "" || strings.HasPrefix(rest, "...") || strings.IndexByte("(;,%#", rest[0]) >= 0 {
		return false
	}
	if isLetter(rest[0]) || isDigit(rest[0]) || strings.IndexByte("\"[{@$", rest[0]) >= 0 {
		return true
	}
	operator := rest[:operatorLength(rest)]
	after := rest[len(operator):]
	if strings.HasSuffix(operator, "=") && strings.IndexByte("=!~<>", operator[0]) < 0 || operator == "=" {
		return false
	}
	return after != "" && !isSpace(after[0]) && strings.IndexByte(";,=", after[0]) < 0
}

// command reads the arguments of a command up to the end of the statement.
func (l *lexer) command(r row, at int) int {
	s := r.text
	for at < len(s) {
		for at < len(s) && isSpace(s[at]) {
			at++
		}
		if at == len(s) || strings.IndexByte(";,%#", s[at]) >= 0 || strings.HasPrefix(s[at:], "...") {
			break
		}
		value, end := commandWord(s, at)
		l.add(word, value, r.line, true)
		at = end
	}
	return at
}

// commandWord reads one argument: quotes group, brackets keep separators.
func commandWord(s string, at int) (value string, end int) {
	var b strings.Builder
	depth := 0
	for at < len(s) {
		switch c := s[at]; {
		case c == '"' || c == '\'':
			text, end, _ := quoted(s, at)
			b.WriteString(text)
			at = end
			continue
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth <= 0 && (isSpace(c) || c == ';' || c == ','):
			return b.String(), at
		}
		b.WriteByte(s[at])
		at++
	}
	return b.String(), at
}

// quoted reads the string at AT; without its end it is the rest of the row.
func quoted(s string, at int) (value string, end int, ok bool) {
	quote := s[at]
	var b strings.Builder
	for at++; at < len(s); at++ {
		switch c := s[at]; {
		case c == quote && at+1 < len(s) && s[at+1] == quote:
			b.WriteByte(quote)
			at++
		case c == quote:
			return b.String(), at + 1, true
		case c == '\\' && quote == '"' && at+1 < len(s):
			at++
			b.WriteString(unescape(s[at]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), len(s), false
}

// unescape gives what a backslash and C mean; escapes by number, which no name
// of a file has, stay as they are.
func unescape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case '\\', '"', '\'':
		return string(c)
	}
	return `\` + string(rune(c))
}

func numberEnd(s string, at int) int {
	end := at
	if len(s) > at+1 && s[at] == '0' && strings.IndexByte("xXbB", s[at+1]) >= 0 {
		for end++; end < len(s) && (isDigit(s[end]) || isLetter(s[end])); end++ {
		}
		return end
	}
	digits := func() {
		for end < len(s) && (isDigit(s[end]) || s[end] == '_') {
			end++
		}
	}
	digits()
	if end < len(s) && s[end] == '.' && !(end+1 < len(s) && strings.IndexByte(`*/\^'.`, s[end+1]) >= 0) {
		end++
		digits()
	}
	if end < len(s) && strings.IndexByte("eEdD", s[end]) >= 0 {
		kept := end
		end++
		if end < len(s) && (s[end] == '+' || s[end] == '-') {
			end++
		}
		if end == len(s) || !isDigit(s[end]) {
			end = kept
		}
		digits()
	}
	if end < len(s) && strings.IndexByte("ijIJ", s[end]) >= 0 {
		end++
	}
	return end
}

// operators of more than one character, the longest first.
var operators = []string{
	".^'", ".**", "!==", "**=", ".^=", ".*=", "./=", `.\=`, "==", "~=", "!=", "<=", ">=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=",
	`\=`, "^=", "|=", "&=", "**", ".*", "./", `.\`, ".^", ".'",
}

func operatorLength(s string) int {
	for _, o := range operators {
		if strings.HasPrefix(s, o) {
			return len(o)
		}
	}
	return 1
}
