package pysource

// What a byte can begin.
const (
	classOther = iota
	classBlank
	classLetter
	classDigit
	classQuote
	classNewline
	classComment
	classBackslash
	classBracket
)

var classes = func() (table [256]uint8) {
	for c := range table {
		if c >= 0x80 || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			table[c] = classLetter
		}
	}
	for class, characters := range map[uint8]string{
		classBlank: " \t\f", classDigit: "0123456789", classQuote: `"'`, classNewline: "\n",
		classComment: "#", classBackslash: "\\", classBracket: "()[]{}",
	} {
		for _, c := range []byte(characters) {
			table[c] = class
		}
	}
	return table
}()

func isDigit(c byte) bool { return classes[c] == classDigit }

// isWord says whether a byte can stand within an identifier; every byte of a
// character beyond ASCII can.
func isWord(c byte) bool { return classes[c] == classLetter || classes[c] == classDigit }

func wordLength(data []byte) int {
	n := 0
	for n < len(data) && isWord(data[n]) {
		n++
	}
	return n
}

// keyword says whether a word is reserved, so that a bracket after it is no call.
func keyword(word []byte) bool {
	switch string(word) {
	case "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
		"finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
		"return", "try", "while", "with", "yield":
		return true
	}
	return false
}
