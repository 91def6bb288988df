package loop

import (
	"slices"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/result"
)

// A pass of the failing tests alone costs what one whole cell of an ordinary file
// costs several times: it starts a Bazel test and a fresh interpreter, 0.5 to 1 s,
// where a warm one runs the cell in 0.25 s. It pays where the rest of a cell takes
// longer than that.
const (
	aloneFrom = 2 * time.Second // that the other tests of a cell took
	mostAlone = 32 << 10        // bytes of a filter; an argument can have 128 KiB
)

// alone are the failing tests of a cell, if they are to run without the others;
// nil says that the whole of it runs: where it did not come to single tests, as
// a file that does not import or a test that hangs, and where that is quicker.
func (l *loop) alone(id string) []string {
	if !l.narrow.OnlyFailed || l.narrow.Tests != "" || l.cleared[id] {
		return nil
	}
	c, ok := l.facts.Result(id)
	if !ok || c.Verdict != result.Failed && c.Verdict != result.Error {
		return nil
	}
	var ids []string
	others := c.Duration
	for _, k := range c.Cases {
		if k.Outcome != result.CaseFailed && k.Outcome != result.CaseError {
			continue
		}
		if k.Synthetic || !strings.Contains(k.ID, "::") || strings.Contains(k.ID, "\n") {
			return nil
		}
		ids = append(ids, k.ID)
		others -= k.Duration
	}
	if others < aloneFrom {
		return nil
	}
	return ids
}

// split takes the cells whose failing tests run alone, ahead of the others; the
// filter names those tests, one a line. Where there are none, filter is empty.
func (l *loop) split(chosen []result.PlannedCell) (first, rest []result.PlannedCell, filter string) {
	named := map[string]bool{}
	var lines []string
	size := 0
	for _, c := range chosen {
		ids := l.alone(c.ID)
		for _, id := range ids {
			if !named[id] && size+len(id) < mostAlone {
				named[id] = true
				lines = append(lines, id)
				size += len(id) + 1
			}
		}
		if len(ids) == 0 || slices.ContainsFunc(ids, func(id string) bool { return !named[id] }) {
			rest = append(rest, c)
		} else {
			first = append(first, c)
		}
	}
	if len(first) == 0 {
		return nil, chosen, ""
	}
	return first, rest, strings.Join(lines, "\n")
}

// some says that a pass would run only some tests of a cell.
func (l *loop) some(id string) bool { return l.narrow.Tests != "" || l.alone(id) != nil }
