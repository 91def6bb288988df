package page

import (
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/result"
)

// TestSave is the page's reason: a save turns a square red, another turns it back.
func TestSave(t *testing.T) {
	b := open(t)
	all := cells([]string{"tests/test_a.py", "tests/test_b.py"}, environments)
	b.tell(known(all, environments))
	b.tell(pass(1, "the first pass", all)...)
	for _, c := range all {
		b.tell(passes(c))
	}
	b.told(ended(1, 0))
	b.check("the first pass", view{Label: "tests/test_a.py, python3.9: passed", State: "passed", Verdict: "8 cells passed", Title: "✓ 8 cells passed – all in reservoir", Icon: "passed.svg"})

	b.tell(saved("src/load.py"))
	b.told(pass(2, "src/load.py was saved", all[:1])...)
	b.check("a save", view{Label: "tests/test_a.py, python3.9: waiting, passed before", State: "waiting", Verdict: "running 0/1", Title: "… running 0/1 – all in reservoir", Icon: "running.svg"})
	b.told(fails(all[0], "assert 4 == 3"), ended(2, 1))
	b.check("a failure", view{Label: "tests/test_a.py, python3.9: failed", State: "failed", Verdict: "1 cell failed", Title: "✗ 1 cell failed – all in reservoir", Icon: "failed.svg",
		Failures: []string{"tests/test_a.py::test_sum|assert 4 == 3|tests/test_a.py:12 unit python3.9"}})
	if got := eval[string](b, `document.getElementById('pass').textContent`); got != "Pass 2: src/load.py was saved · first verdict after 0.31 s · last after 0.87 s · 1 cell" {
		t.Errorf("the pass is told as %q", got)
	}

	b.tell(pass(3, "src/load.py was saved", all[:1])...)
	b.told(passes(all[0]), ended(3, 0))
	b.check("mended", view{Label: "tests/test_a.py, python3.9: passed", State: "passed", Verdict: "8 cells passed", Title: "✓ 8 cells passed – all in reservoir", Icon: "passed.svg"})
}

// view is what the page shows of the first cell and of the whole.
type view struct {
	Label, State, Verdict, Title, Icon string
	Failures                           []string
}

func (b *tab) check(when string, want view) {
	b.Helper()
	got := eval[view](b, `(() => {
		const square = document.querySelector('.cell');
		const text = (e, name) => e.querySelector(name).textContent;
		return {
			Label: square.getAttribute('aria-label'), State: square.dataset.state, Verdict: document.getElementById('verdict').textContent,
			Title: document.title, Icon: document.getElementById('icon').getAttribute('href'),
			Failures: [...document.querySelectorAll('.failure')].map((e) => text(e, '.test') + '|' + text(e, '.message') + '|' + text(e, '.where')),
		};
	})()`)
	if got.Label != want.Label || got.State != want.State || got.Verdict != want.Verdict || got.Title != want.Title || got.Icon != want.Icon || !slices.Equal(got.Failures, want.Failures) {
		b.Errorf("after %s: got\n%+v, want\n%+v", when, got, want)
	}
}

// TestWhatCouldNotRun: a pass that could not be carried out, a gate that failed
// and a cell without a result are none of them a pass.
func TestWhatCouldNotRun(t *testing.T) {
	b := open(t)
	all := cells([]string{"tests/test_a.py"}, environments)
	b.tell(known(all, environments))
	b.tell(pass(1, "the first pass", all)...)
	for _, c := range all {
		b.tell(passes(c))
	}
	for _, c := range []struct {
		updates []loop.Update
		verdict string
		failed  bool
	}{
		{[]loop.Update{ended(1, 1)}, "not passed, exit code 1", true},
		{append(pass(2, "x", nil), loop.Ended{Number: 2, Err: &hinted{}, ExitCode: 3}), "could not run", true},
		{append(pass(3, "x", all[:1]), changed(result.Cell{ID: all[0].ID, Verdict: result.NotRun, Reason: "no xml"}), ended(3, 1)), "1 cell not run", true},
		{append(pass(4, "x", all[:1]), passes(all[0]), ended(4, 0)), "4 cells passed", false},
	} {
		b.told(c.updates...)
		if got := eval[string](b, `document.getElementById('verdict').textContent`); got != c.verdict {
			t.Errorf("the verdict is %q, want %q", got, c.verdict)
		}
		if got := eval[bool](b, `document.title.startsWith('✗')`); got != c.failed {
			t.Errorf("with the verdict %q the title says failed: %t", c.verdict, got)
		}
		shown := eval[string](b, `document.getElementById('error').innerText.replace(/\s+/g, ' ')`)
		if want := "reading the targets: tests/BUILD.bazel:3: syntax error"; (c.verdict == "could not run") != (len(shown) >= len(want) && shown[:len(want)] == want) {
			t.Errorf("with the verdict %q the error shown is %q", c.verdict, shown)
		}
	}
}

type hinted struct{}

func (*hinted) Error() string { return "reading the targets: tests/BUILD.bazel:3: syntax error" }
func (*hinted) Hint() string  { return "weft gen" }

// TestSelect selects text with the mouse, as a person does who wants to copy it.
func TestSelect(t *testing.T) {
	b := open(t)
	b.told(everyState()...)
	b.run(chromedp.Click(chromedp.CSS(`.failure:last-child summary`)))
	for _, c := range []struct{ selector, want string }{
		{".failure:last-child .message", "assert 4 == 3"},
		{".failure:last-child .test", "tests/test_report.py::test_sum"},
		{".failure:last-child pre", "    def test_sum():"},
	} {
		b.tripleClick(c.selector)
		if got := eval[string](b, `getSelection().toString().trimEnd()`); got != c.want {
			t.Errorf("in %s %q was selected, want %q", c.selector, got, c.want)
		}
	}
	// What is told afterwards leaves the selection.
	b.told(loop.Noted{Problem: result.Problem{Message: "a fact"}}, fails(cells([]string{"tests/loading/test_report.py"}, environments)[0], "assert 0"))
	b.wait(`document.querySelectorAll('.failure').length === 3`)
	if got := eval[string](b, `getSelection().toString().trimEnd()`); got != "    def test_sum():" {
		t.Errorf("after an update %q is selected", got)
	}
}

func (b *tab) tripleClick(selector string) {
	b.Helper()
	at := eval[[]float64](b, `(() => { const e = document.querySelector(`+quote(selector)+`); e.scrollIntoView({block: 'center'});
		const r = e.getBoundingClientRect(); return [r.x + 30, r.y + Math.min(r.height / 2, 18)]; })()`)
	for n := 1; n <= 3; n++ {
		b.run(chromedp.MouseClickXY(at[0], at[1], chromedp.ClickCount(n)))
	}
}

// TestPhone: nothing of the page is wider than a phone, and of a board with
// many environments the files' names stay in view.
func TestPhone(t *testing.T) {
	b := open(t, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateScale(2)))
	b.told(everyState()...)
	b.do(`document.querySelectorAll('details').forEach((e) => { e.open = true; })`)
	b.fits("a project")
	b.shot("phone")
	b.do(`document.getElementById('side').scrollIntoView()`)
	b.shot("phone-failures")

	many := append(slices.Clone(environments), "full", "octave", "octave-mrst", "python3.12", "python3.13", "python3.14", "numpy1", "numpy2")
	all := cells(project(), many)
	b.told(known(all, many), fails(all[0], "assert 4 == 3"))
	b.fits("many environments")
	moved := eval[[]float64](b, `(() => {
		const board = document.getElementById('board'), name = document.querySelector('.group .name'), cell = document.querySelector('.cell');
		const before = [name.getBoundingClientRect().x, cell.getBoundingClientRect().x];
		board.scrollLeft = 10000;
		return [name.getBoundingClientRect().x - before[0], cell.getBoundingClientRect().x - before[1]];
	})()`)
	if moved[0] != 0 || moved[1] >= -50 {
		t.Errorf("scrolled to its right end, the board moved the names by %v and the squares by %v", moved[0], moved[1])
	}
	b.do(`document.getElementById('cells').scrollIntoView()`)
	b.shot("phone-many")
}

func (b *tab) fits(what string) {
	b.Helper()
	if got := eval[[]int](b, `[document.scrollingElement.scrollWidth, innerWidth]`); got[0] > got[1] {
		b.Errorf("%s: the page is %d wide, the window %d", what, got[0], got[1])
	}
	// What is wider than the window may hide instead of scrolling.
	if got := eval[[]string](b, `[...document.querySelectorAll('header *, #side > *, .failure, .failure > *, h2')].filter((e) => e.id !== 'progress' && e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML.slice(0, 80))`); len(got) > 0 {
		b.Errorf("%s: cut off at the window's edge: %q", what, got)
	}
}

// TestKeyboard goes to the board, about in it, and to a failure, without a mouse.
func TestKeyboard(t *testing.T) {
	b := open(t)
	b.told(everyState()...)
	reached := func(key string, want string) {
		t.Helper()
		b.run(chromedp.KeyEvent(key))
		if got := eval[string](b, `(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent || document.activeElement.id)`); got != want {
			t.Errorf("the key %q leads to %q, want %q", key, got, want)
		}
	}
	for _, want := range []string{"Run all", "Rerun", "Stop", "Only failed", "paths", "Filter"} {
		reached(kb.Tab, want)
	}
	reached(kb.Tab, "tests/test_calibration.py, python3.9: passed")
	reached(kb.ArrowRight, "tests/test_calibration.py, python3.10: passed")
	reached(kb.ArrowDown, "tests/test_grid.py, python3.10: passed")
	reached(kb.ArrowLeft, "tests/test_grid.py, python3.9: passed")
	reached(kb.ArrowLeft, "tests/test_grid.py, python3.9: passed")
	reached(kb.End, "tests/test_grid.py, minimal: failed (timeout)")
	b.run(chromedp.KeyEvent(kb.Enter))
	if got := eval[string](b, `document.getElementById('square').textContent`); got != "tests/test_grid.py, minimal: failed (timeout) · stopped after 60 s" {
		t.Errorf("the square is described as %q", got)
	}
	if got := eval[string](b, `document.querySelector('.failure.shown details[open] pre').textContent`); got != "no end in sight" {
		t.Errorf("Enter on a red square shows %q", got)
	}
	reached(kb.Tab, "Details")
}

// TestCommands presses every button; the loop gets what was asked for.
func TestCommands(t *testing.T) {
	b := open(t)
	all := cells(project(), environments)
	b.told(known(all, environments))
	if !eval[bool](b, `document.querySelector('[data-command=stop]').disabled`) {
		t.Error("without a pass there is something to stop")
	}
	b.told(pass(1, "the first pass", all)...)
	press := func(selector string, want loop.Command) {
		t.Helper()
		b.run(chromedp.Click(chromedp.CSS(selector)))
		b.expect(want)
	}
	press(`[data-command=all]`, loop.RunAll{})
	press(`[data-command=rerun]`, loop.Rerun{})
	press(`[data-command=stop]`, loop.Stop{})
	press(`[data-command=onlyFailed]`, loop.OnlyFailed{On: true})
	b.run(chromedp.SendKeys(chromedp.CSS(`#paths`), "loading/*"+kb.Enter))
	b.expect(loop.Paths{Text: "loading/*"})
	b.told(loop.Set{Narrowing: loop.Narrowing{OnlyFailed: true, Paths: "loading/*", Environments: []string{"minimal"}}})
	if got := eval[string](b, `document.getElementById('scope').textContent`); got != "all in reservoir, only paths with “loading/*”, 1 environment: minimal, what fails" {
		t.Errorf("the narrowing is told as %q", got)
	}
	press(`[data-command=onlyFailed]`, loop.OnlyFailed{On: false})
	filter := `document.getElementById('paths').value`
	b.told(loop.Set{})
	if got := eval[string](b, filter); got != "" {
		t.Errorf("after the filter was taken back elsewhere %q is in its place", got)
	}
	b.run(chromedp.SendKeys(chromedp.CSS(`#paths`), "unfinis"))
	b.told(loop.Set{Narrowing: loop.Narrowing{Paths: "other"}})
	if got := eval[string](b, filter); got != "unfinis" {
		t.Errorf("what is being typed was changed to %q", got)
	}
}

func (b *tab) expect(want loop.Command) {
	b.Helper()
	select {
	case got := <-b.commands:
		if got != want {
			b.Errorf("the loop was asked %#v, want %#v", got, want)
		}
	case <-time.After(patience):
		b.Fatalf("the loop was not asked %#v", want)
	}
}
