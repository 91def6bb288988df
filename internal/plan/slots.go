package plan

import (
	"cmp"
	"slices"

	"github.com/weft-build/weft/internal/result"
)

// Slots is how many cells may run at once: as many as keep the cores computing,
// never fewer than the cores and never more than jobs. computing gives the share
// of its time in which a cell computes, by the history; a cell of which nothing
// is known computes all the time. Performance cells run alone and do not count.
func Slots(cells []result.PlannedCell, computing func(cellID string) (share float64, ok bool), cores, jobs int) int {
	var shares []float64
	for _, c := range cells {
		if c.Type == "performance" {
			continue
		}
		share, ok := computing(c.ID)
		if !ok {
			share = 1
		}
		shares = append(shares, min(1, max(0, share)))
	}
	slots := float64(cores)
	if len(shares) > 0 {
		slots = max(slots, slots/max(busiest(shares), 0.001))
	}
	return max(1, int(min(slots, float64(jobs))))
}

// busiest is the average share of the busier half: its cells may come to run
// together.
func busiest(shares []float64) float64 {
	slices.SortFunc(shares, func(a, b float64) int { return cmp.Compare(b, a) })
	half := shares[:(len(shares)+1)/2]
	sum := 0.0
	for _, s := range half {
		sum += s
	}
	return sum / float64(max(1, len(half)))
}
