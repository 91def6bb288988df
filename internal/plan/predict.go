package plan

import (
	"time"

	"github.com/weft-build/weft/internal/result"
)

// usual is what a cell takes of which nothing is known.
const usual = 500 * time.Millisecond

// Predict guesses how long cells take when none comes from a cache: performance
// cells one after the other, the rest spread over slots, and no shorter than
// the longest. known gives a cell's usual duration; 0 comes back when nothing
// is known of any cell.
func Predict(cells []result.PlannedCell, known func(cellID string) (time.Duration, bool), slots int) time.Duration {
	var alone, shared, longest time.Duration
	seen := false
	for _, c := range cells {
		d, ok := known(c.ID)
		if ok {
			seen = true
		} else {
			d = usual
		}
		if c.Type == "performance" {
			alone += d
			continue
		}
		shared += d
		longest = max(longest, d)
	}
	if !seen {
		return 0
	}
	return alone + max(longest, shared/time.Duration(max(1, slots)))
}
