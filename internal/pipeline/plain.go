package pipeline

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

// end is the end of a text among packed ones.
const end = "\x00"

// isPlain says that a cell passed and that there is nothing to say of it that
// only it has: no log, no measurement, no case with more than a name and a place.
func isPlain(c result.Cell) bool {
	j := c.JSON
	if c.Verdict != result.Passed || c.ID != plan.CellID(c.File, c.Type, c.Environment) || c.File != j.File || c.Log != "" || c.First != nil || c.Reason != "" || j.CPUSeconds == nil ||
		j.Coverage != nil || j.Security != nil || len(j.Benchmarks) > 0 || len(j.Notes) > 0 || len(j.Leftovers) > 0 {
		return false
	}
	for _, k := range c.Cases {
		if !reflect.DeepEqual(k, result.Case{ID: k.ID, Name: k.Name, Class: k.Class, Outcome: k.Outcome, Line: k.Line, Duration: k.Duration}) ||
			strings.Contains(k.ID+k.Name+k.Class+string(k.Outcome), end) {
			return false
		}
	}
	return len(c.Cases) > 0
}

// packCases writes what cases have beside their durations into one string, each
// text with an end that XML cannot hold.
func packCases(cases []result.Case) string {
	texts := make([]string, 0, 5*len(cases))
	for _, k := range cases {
		texts = append(texts, k.ID, k.Name, k.Class, string(k.Outcome), strconv.Itoa(k.Line))
	}
	return strings.Join(texts, end) + end
}

// unpackCases reads them again, a case for each duration. Their texts are parts
// of the packed one, and take no memory of their own.
func unpackCases(packed string, durations []time.Duration) []result.Case {
	cases := make([]result.Case, len(durations))
	next := func() (text string) {
		text, packed, _ = strings.Cut(packed, end)
		return text
	}
	for i := range cases {
		k := &cases[i]
		k.ID, k.Name, k.Class, k.Outcome, k.Duration = next(), next(), next(), result.Outcome(next()), durations[i]
		k.Line, _ = strconv.Atoi(next())
	}
	return cases
}
