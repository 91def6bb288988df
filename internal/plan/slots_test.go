package plan_test

import (
	"fmt"
	"testing"

	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

func TestSlots(t *testing.T) {
	const unknown = -1.0
	for _, c := range []struct {
		name        string
		shares      []float64
		cores, jobs int
		want        int
	}{
		{"nothing planned", nil, 4, 10, 4},
		{"nothing known", []float64{unknown, unknown}, 4, 10, 4},
		{"all compute", []float64{1, 0.9, 1}, 2, 10, 2},
		{"all compute in two threads", []float64{2, 2}, 2, 10, 2},
		{"all sleep", []float64{0.01, 0, 0.02}, 2, 10, 10},
		{"half of the time each", []float64{0.5, 0.5}, 2, 10, 4},
		{"a little less", []float64{0.49, 0.49}, 2, 10, 4},
		{"a little more", []float64{0.51, 0.51}, 2, 10, 3},
		{"a quarter", []float64{0.25, 0.2, 0.25}, 2, 16, 8},
		{"half of them compute", []float64{1, 0, 1, 0}, 2, 10, 2},
		{"one of many computes", []float64{1, 0, 0, 0, 0, 0, 0, 0}, 2, 10, 8},
		{"one of two is unknown", []float64{0, unknown}, 2, 10, 2},
		{"never above jobs", []float64{0, 0}, 2, 3, 3},
		{"jobs below the cores", []float64{1, 1}, 8, 3, 3},
		{"cores not known", []float64{1}, 0, 10, 1},
	} {
		var cells []result.PlannedCell
		for i := range c.shares {
			cells = append(cells, result.PlannedCell{ID: fmt.Sprint(i), Type: "unit"})
		}
		cells = append(cells, result.PlannedCell{ID: "alone", Type: "performance"})
		known := func(id string) (float64, bool) {
			var i int
			if n, _ := fmt.Sscan(id, &i); n == 0 {
				return 1, true // alone
			}
			return c.shares[i], c.shares[i] != unknown
		}
		if got := plan.Slots(cells, known, c.cores, c.jobs); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
