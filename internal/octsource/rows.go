package octsource

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// decode gives a source as UTF-8 with lines ended by "\n". As for the launcher,
// one that is not UTF-8 is ISO 8859-1.
func decode(data []byte) string {
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !utf8.ValidString(text) {
		var b strings.Builder
		for i := range len(text) {
			b.WriteRune(rune(text[i]))
		}
		text = b.String()
	}
	return strings.ReplaceAll(text, "\r\n", "\n")
}

func splitRows(text string) []row {
	lines := strings.Split(text, "\n")
	rows := make([]row, len(lines))
	for i, line := range lines {
		rows[i] = row{i + 1, line}
	}
	return rows
}

// row is a line of code and its number in the file.
type row struct {
	line int
	text string
}

var (
	mrstWord   = regexp.MustCompile(`(?i)\bmrst`)
	blockOpen  = regexp.MustCompile(`^\s*[%#]\{\s*$`)
	blockClose = regexp.MustCompile(`^\s*[%#]\}\s*$`)
	// functionRow is the launcher's own expression (weft_parse_functions.m).
	functionRow = regexp.MustCompile(`^\s*function\s+(?:[^=(%#]*=\s*)?([A-Za-z]\w*)`)
	functionAt  = regexp.MustCompile(`^function\b`)
)

// mentionsMRST is the question of weft_mrst.m.
func mentionsMRST(text string) bool { return mrstWord.MatchString(text) }

// firstThing says what the first code of a file is: blank when there is none.
func firstThing(rows []row) (script, blank bool) {
	depth := 0
	for _, r := range rows {
		text := strings.TrimSpace(r.text)
		switch {
		case text == "%{" || text == "#{":
			depth++
		case text == "%}" || text == "#}":
			depth--
		case depth == 0 && text != "" && text[0] != '%' && text[0] != '#':
			return !functionAt.MatchString(text), false
		}
	}
	return false, true
}

// functionRows are the functions that the launcher sees, with the index of
// their first row.
func functionRows(rows []row) (names []string, at []int) {
	depth := 0
	for i, r := range rows {
		switch {
		case blockOpen.MatchString(r.text):
			depth++
		case depth > 0 && blockClose.MatchString(r.text):
			depth--
		case depth == 0:
			if m := functionRow.FindStringSubmatch(r.text); m != nil {
				names, at = append(names, m[1]), append(at, i)
			}
		}
	}
	return names, at
}
