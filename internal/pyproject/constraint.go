package pyproject

import (
	"regexp"
	"strconv"
	"strings"
)

var poetryClause = regexp.MustCompile(`(\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*(v?\d[\w.!+*-]*|\*)`)

// poetrySpec writes a constraint of poetry as a specifier of PEP 440: "^1.2" is
// ">=1.2,<2.0". Of alternatives ("^1 || ^2"), which a specifier cannot have, it
// is the range from the lowest to the highest.
func poetrySpec(constraint string) string {
	alternatives := strings.Split(strings.ReplaceAll(constraint, "||", "|"), "|")
	var clauses []string
	for i, alternative := range alternatives {
		for _, m := range poetryClause.FindAllStringSubmatch(alternative, -1) {
			for _, c := range poetryClauses(m[1], m[2]) {
				isFirst, isLast := i == 0, i == len(alternatives)-1
				if isFirst && isLast || isFirst && isLower(c) || isLast && isUpper(c) {
					clauses = append(clauses, c)
				}
			}
		}
	}
	return strings.Join(clauses, ",")
}

func isLower(clause string) bool { return strings.HasPrefix(clause, ">") }
func isUpper(clause string) bool { return strings.HasPrefix(clause, "<") }

func poetryClauses(op, version string) []string {
	version = strings.TrimPrefix(version, "v")
	switch {
	case version == "*":
		return nil
	case op == "^":
		return []string{">=" + version, "<" + caret(version)}
	case op == "~":
		return []string{">=" + version, "<" + raised(version, min(1, len(release(version))-1))}
	case op == "" || op == "=":
		return []string{"==" + version}
	}
	return []string{op + version}
}

// caret is the first version that "^version" does not allow: the leftmost
// number that is not 0 is raised.
func caret(version string) string {
	parts := release(version)
	at := 0
	for at < len(parts)-1 && parts[at] == 0 {
		at++
	}
	return raised(version, at)
}

// raised is a version with one of its numbers one higher and 0 after it.
func raised(version string, at int) string {
	parts := release(version)
	var text []string
	for i, n := range parts {
		switch {
		case i == at:
			n++
		case i > at:
			n = 0
		}
		text = append(text, strconv.Itoa(n))
	}
	return strings.Join(text, ".")
}

// release are the numbers at a version's beginning; at least one.
func release(text string) []int {
	if v, ok := parseVersion(text); ok {
		return v.release
	}
	var parts []int
	for _, part := range strings.Split(text, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			break
		}
		parts = append(parts, n)
	}
	if len(parts) == 0 {
		return []int{0}
	}
	return parts
}
