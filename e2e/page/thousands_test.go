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

// watch counts what of the board is touched from now on.
const watch = `(() => {
	window.touched = { elements: new Set(), added: 0, removed: 0, outside: 0 };
	window.observer?.disconnect();
	window.observer = new MutationObserver((list) => list.forEach((m) => {
		touched.elements.add(m.target);
		touched.added += m.addedNodes.length;
		touched.removed += m.removedNodes.length;
		if (!m.target.classList?.contains('cell')) touched.outside++;
	}));
	observer.observe(document.getElementById('board'), { subtree: true, childList: true, attributes: true, characterData: true });
})()`

// TestThousands holds 5,000 cells: of a change only what changed is touched,
// and the page answers meanwhile. How long that took is logged, not judged.
func TestThousands(t *testing.T) {
	b := open(t)
	all := thousands()
	b.traced("making 5,000 squares", func() {
		b.told(known(all, environments))
		b.wait(fmt.Sprintf(`document.querySelectorAll('#board [role=gridcell][aria-label]').length === %d`, len(all)))
	})
	// What is out of view has its height all the same: else it would come into view all at once.
	if got := eval[int](b, `document.getElementById('board').scrollHeight`); got < 1250*28 {
		t.Errorf("the board is %d high", got)
	}
	b.traced("5,000 that end, 50 of them fail", func() {
		b.told(pass(1, "the first pass", all)...)
		for i, c := range all {
			if i%100 == 0 {
				b.Update(fails(c, fmt.Sprint("assert 4 == ", i)))
			} else {
				b.Update(passes(c))
			}
		}
		b.told(ended(1, 1))
	})
	b.shot("thousands")

	// The same shape again, as after each reading of the targets, touches nothing.
	b.do(watch)
	b.told(known(all, environments))
	b.touched("the same cells again", 0)

	changing := slices.Clone(all[2000:3000])
	b.traced("1,000 that wait", func() { b.told(pass(2, "src/load.py was saved", changing)...) })
	b.touched("1,000 that wait", len(changing))
	b.do(watch)
	b.traced("1,000 that fail, with 20 clicks", func() { b.clicked(changing) })
	// The squares that were clicked have another tabindex.
	if got := eval[int](b, `touched.elements.size`); got < len(changing) || got > len(changing)+21 {
		t.Errorf("1,000 that ended: %d elements were touched", got)
	}
	if got := eval[int](b, `touched.added + touched.removed + touched.outside`); got != 0 {
		t.Errorf("1,000 that ended: %d changes were not of squares", got)
	}
	b.do(watch)
	b.traced("one that passes", func() { b.told(passes(changing[0])) })
	b.touched("one", 1)

	b.do(`document.getElementById('board').scrollTo(0, 1e6)`)
	b.wait(`document.getElementById('board').scrollTop > 30000`)
	b.shot("thousands-end")
	last := square(all[len(all)-1].ID)
	if !eval[bool](b, fmt.Sprintf(`document.elementFromPoint(%[1]s.getBoundingClientRect().x + 5, %[1]s.getBoundingClientRect().y + 5) === %[1]s`, last)) {
		t.Error("scrolled to its end, the board does not show its last square")
	}
}

// clicked has squares fail, and clicks some while they come: the page answers.
func (b *tab) clicked(changing []result.PlannedCell) {
	b.Helper()
	for i, c := range changing {
		b.Update(fails(c, "assert 4 == 3"))
		if i%50 != 0 {
			continue
		}
		if got := eval[bool](b, fmt.Sprintf(`(() => {
			const cell = document.querySelectorAll('#board .cell')[%d];
			cell.click();
			return document.activeElement === cell && document.getElementById('square').textContent.startsWith(cell.ariaLabel);
		})()`, i)); !got {
			b.Errorf("a click on square %d was not answered while others changed", i)
		}
	}
	b.told(ended(2, 1))
}

// touched fails unless so many squares were touched, and nothing else.
func (b *tab) touched(what string, want int) {
	b.Helper()
	if got := eval[[]int](b, `[touched.elements.size, touched.added + touched.removed, touched.outside]`); got[0] != want || got[1] != 0 || got[2] != 0 {
		b.Errorf("%s: %d elements of the board were touched, want %d; %d were added or removed, %d changes were not of squares", what, got[0], want, got[1], got[2])
	}
}
