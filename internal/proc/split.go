package proc

import (
	"errors"
	"strings"
)

// Split splits a line into words as a shell and Python's shlex.split do, at
// spaces, with quotes and backslashes and nothing else of a shell. With an error
// come the words that are whole.
func Split(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord := false
	var quote rune
	escaped := false
	for _, c := range text {
		switch {
		case escaped:
			if quote != 0 && c != '\\' && c != quote {
				word.WriteByte('\\')
			}
			word.WriteRune(c)
			escaped = false
		case c == '\\' && quote != '\'':
			escaped, inWord = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '"' || c == '\'':
			quote, inWord = c, true
		case strings.ContainsRune(" \t\r\n", c):
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(c)
			inWord = true
		}
	}
	if quote != 0 || escaped {
		return words, errors.New("a quotation or an escape is not finished")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}
