package analysis

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// span is a closed range of line numbers.
type span struct{ from, to int }

// maxLine bounds what a range may claim; no source file is longer.
const maxLine = 10_000_000

// parseLines reads compact ranges, "1-4,7".
func parseLines(text string) ([]span, error) {
	var out []span
	for _, field := range strings.Split(text, ",") {
		field = strings.TrimSpace(field)
		if field == "" {
			continue
		}
		a, b, isRange := strings.Cut(field, "-")
		from, err := strconv.Atoi(a)
		to := from
		if err == nil && isRange {
			to, err = strconv.Atoi(b)
		}
		if err != nil || from < 1 || to < from || to > maxLine {
			return nil, fmt.Errorf("%q is no range of lines", field)
		}
		out = append(out, span{from, to})
	}
	return union(out), nil
}

// union sorts spans and joins those that touch.
func union(spans ...[]span) []span {
	var all []span
	for _, s := range spans {
		all = append(all, s...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].from < all[j].from })
	var out []span
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= out[n-1].to+1 {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// minus is what of a does not lie in b; both are unions.
func minus(a, b []span) []span {
	var out []span
	for _, s := range a {
		for _, t := range b {
			if t.to < s.from || t.from > s.to {
				continue
			}
			if t.from > s.from {
				out = append(out, span{s.from, t.from - 1})
			}
			s.from = t.to + 1
			if s.from > s.to {
				break
			}
		}
		if s.from <= s.to {
			out = append(out, s)
		}
	}
	return out
}

func size(spans []span) int {
	n := 0
	for _, s := range spans {
		n += s.to - s.from + 1
	}
	return n
}

func format(spans []span) string {
	var out []string
	for _, s := range spans {
		if s.from == s.to {
			out = append(out, strconv.Itoa(s.from))
		} else {
			out = append(out, fmt.Sprintf("%d-%d", s.from, s.to))
		}
	}
	return strings.Join(out, ",")
}
