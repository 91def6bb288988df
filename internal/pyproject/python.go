package pyproject

import (
	"regexp"
	"strings"
)

// call is a call in a Python file, with what of its arguments is literal.
type call struct {
	line     int
	name     string
	args     []any
	keywords map[string]any
	within   string // the function it stands in
	// decorates is the function that it is a decorator of.
	decorates string
}

// calls are those of the named functions. Values that are not literal are of a
// type that no reader here takes.
func calls(data []byte, names ...string) []call { return nil }

var assignment = regexp.MustCompile(`(?m)^([A-Za-z_]\w*)(?:\s*:\s*\w+)?\s*=\s*["']([^"'\n]*)["']`)

// constants are the module's names that are given a literal.
func constants(data []byte) map[string]any {
	all := map[string]any{}
	for _, m := range assignment.FindAllStringSubmatch(string(data), -1) {
		all[m[1]] = m[2]
	}
	return all
}

// text is a literal string, "" when it is none.
func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}

// list is a literal list of strings, or a string of lines; ok is false when
// something in it is not literal.
func list(v any) (all []string, ok bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case string:
		return nonEmptyLines(v), true
	case []any:
		ok = true
		for _, item := range v {
			s, isText := item.(string)
			if ok = ok && isText; isText {
				all = append(all, s)
			}
		}
		return all, ok
	}
	return nil, false
}
