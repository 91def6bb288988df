package loop

import (
	"time"

	"github.com/weft-build/weft/internal/result"
)

// Bazel runs the tests of one command in an order of its own, whatever the order
// of their labels is (seen with 7.7.1: the same 40 labels, forwards and
// backwards). So what most likely fails is a pass of its own, ahead of the rest,
// where the rest takes so long that the second command does not matter.
const (
	restFrom   = 3 * time.Second // the rest's predicted time
	aheadShare = 4               // one part of so many, at most, goes ahead
)

// ahead splits what is to run: first what failed last, what was edited itself and
// what failed before by history, each in the environment that is fastest; then,
// by their ids, the others. The second is empty when all shall run at once.
func (l *loop) ahead(chosen []result.PlannedCell) (first []result.PlannedCell, later []string) {
	speed := l.speeds(chosen)
	fastest := map[string]string{} // by file and type
	likely := func(c result.PlannedCell) bool {
		return l.failed(c.ID) || l.edited[c.File] || l.facts.Failures(c.ID) > 0
	}
	for _, c := range chosen {
		key := c.File + "\x00" + c.Type
		if best, ok := fastest[key]; likely(c) && (!ok || speed[c.Environment] < speed[best]) {
			fastest[key] = c.Environment
		}
	}
	var rest []result.PlannedCell
	for _, c := range chosen {
		if likely(c) && fastest[c.File+"\x00"+c.Type] == c.Environment {
			first = append(first, c)
		} else {
			rest = append(rest, c)
		}
	}
	if len(first) == 0 || len(first)*aheadShare > len(chosen) || l.facts.Predict(rest, l.o.Tools.Cores) < restFrom {
		return chosen, nil
	}
	for _, c := range rest {
		later = append(later, c.ID)
	}
	return first, later
}

// speeds are what a cell takes in each environment on average, in seconds, by
// the cells that are known.
func (l *loop) speeds(cells []result.PlannedCell) map[string]float64 {
	sum, n := map[string]float64{}, map[string]float64{}
	for _, c := range cells {
		if r, ok := l.facts.Result(c.ID); ok {
			sum[c.Environment] += r.Duration.Seconds()
			n[c.Environment]++
		}
	}
	for name := range sum {
		sum[name] /= n[name]
	}
	return sum
}
