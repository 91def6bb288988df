package page

import (
	"fmt"
	"slices"
	"testing"

	"github.com/weft-build/weft/internal/result"
)

// thousands are 5,000 cells.
func thousands() []result.PlannedCell {
	var files []string
	for i := range 1250 {
		files = append(files, fmt.Sprintf("tests/part_%02d/test_module_%04d.py", i/50, i))
	}
	return cells(files, environments)
}

// watch counts what of the board is touched from now on, and keeps the long
// tasks of the page.
const watch = `(() => {
	window.touched = { elements: new Set(), added: 0, removed: 0, outside: 0 };
	window.tasks ??= [];
	window.observer?.disconnect();
	window.observer = new MutationObserver((list) => list.forEach((m) => {
		touched.elements.add(m.target);
		touched.added += m.addedNodes.length;
		touched.removed += m.removedNodes.length;
		if (!m.target.classList?.contains('cell')) touched.outside++;
	}));
	observer.observe(document.getElementById('board'), { subtree: true, childList: true, attributes: true, characterData: true });
	new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => Math.round(e.duration)))).observe({ type: 'longtask' });
})()`

// TestThousands holds 5,000 cells: of a change only what changed is touched,
// and the page answers meanwhile. How long that took is logged, not judged.
func TestThousands(t *testing.T) {
	b := open(t)
	all := thousands()
	b.do(watch)
	b.told(known(all, environments))
	if got := eval[int](b, `document.querySelectorAll('#board [role=gridcell][aria-label]').length`); got != len(all) {
		t.Fatalf("the board has %d squares, want %d", got, len(all))
	}
	b.told(pass(1, "the first pass", all)...)
	for i, c := range all {
		if i%100 == 0 {
			b.Update(fails(c, fmt.Sprint("assert 4 == ", i)))
		} else {
			b.Update(passes(c))
		}
	}
	b.told(ended(1, 1))
	t.Log("long tasks (ms) while 5,000 squares were made, began to wait and ended:", eval[[]int](b, `tasks.splice(0)`))
	b.shot("thousands")

	// The same shape again, as after each reading of the targets, touches nothing.
	b.do(watch)
	b.told(known(all, environments))
	b.touched("the same cells again", 0)

	changing := slices.Clone(all[2000:3000])
	b.told(pass(2, "src/load.py was saved", changing)...)
	b.touched("1,000 that wait", len(changing))
	b.do(watch)
	answers := 0
	for i, c := range changing {
		b.Update(fails(c, "assert 4 == 3"))
		if i%50 == 0 { // a click is handled while they come
			b.do(`document.querySelectorAll('#board .cell')[` + fmt.Sprint(i) + `].click()`)
			if eval[string](b, `document.getElementById('square').textContent`) != "" {
				answers++
			}
		}
	}
	b.told(ended(2, 1))
	if answers != 20 {
		t.Errorf("of 20 clicks %d were answered while 1,000 squares changed", answers)
	}
	// The squares that were clicked have another tabindex.
	if got := eval[int](b, `touched.elements.size`); got < len(changing) || got > len(changing)+21 {
		t.Errorf("1,000 that ended: %d elements were touched", got)
	}
	if got := eval[int](b, `touched.added + touched.removed + touched.outside`); got != 0 {
		t.Errorf("1,000 that ended: %d changes were not of squares", got)
	}
	b.do(watch)
	b.told(passes(changing[0]))
	b.touched("one", 1)
	t.Log("long tasks (ms) while 1,000 squares began to wait and ended:", eval[[]int](b, `tasks.splice(0)`))

	b.do(`document.getElementById('board').scrollTo(0, 1e6)`)
	b.wait(`document.getElementById('board').scrollTop > 30000`)
	b.shot("thousands-end")
	last := square(all[len(all)-1].ID)
	if !eval[bool](b, fmt.Sprintf(`document.elementFromPoint(%[1]s.getBoundingClientRect().x + 5, %[1]s.getBoundingClientRect().y + 5) === %[1]s`, last)) {
		t.Error("scrolled to its end, the board does not show its last square")
	}
}

// touched fails unless so many squares were touched, and nothing else.
func (b *tab) touched(what string, want int) {
	b.Helper()
	if got := eval[[]int](b, `[touched.elements.size, touched.added + touched.removed, touched.outside]`); got[0] != want || got[1] != 0 || got[2] != 0 {
		b.Errorf("%s: %d elements of the board were touched, want %d; %d were added or removed, %d changes were not of squares", what, got[0], want, got[1], got[2])
	}
}
