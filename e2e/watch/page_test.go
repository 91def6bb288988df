package watch

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestPage looks at the live page in a Chromium while files are saved: a save
// turns a square red, another turns it back, a button runs everything again.
func TestPage(t *testing.T) {
	ctx := browser(t)
	dir := workspace(t, "py311")
	w := start(t, dir, nil, "--serve", "127.0.0.1:0")
	address := w.until("the page's address", func(e event) bool { return e.Event == "page" }).Address
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	square := func(state string) string {
		return `document.querySelector('.cell[data-id="test_lib.py unit python3.11"]')?.dataset.state === '` + state + `'`
	}
	shows(t, ctx, square("passed"))
	w.idle()
	write(t, filepath.Join(dir, "lib.py"), "VALUE = 5\n")
	shows(t, ctx, square("failed"))
	shows(t, ctx, `document.body.innerText.includes('assert 5 == 1') && document.body.innerText.includes('test_lib.py:5')`)
	w.idle()
	write(t, filepath.Join(dir, "lib.py"), "VALUE = 1\n")
	shows(t, ctx, square("passed"))
	w.idle()
	shows(t, ctx, `([...document.querySelectorAll('button')].find((b) => b.dataset.command === 'all').click(), true)`)
	if e := w.until("the pass that the button asks for", func(e event) bool { return e.Event == "pass.begin" }); e.Why != "asked for" {
		t.Errorf("after the button begins %+v", e)
	}
	w.idle()
	if code := w.stop(syscall.SIGTERM); code != 130 {
		t.Errorf("it ends with %d", code)
	}
	shows(t, ctx, `/ended|gone/.test(document.body.innerText)`)
}

// browser is a tab of a Chromium.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("WEFT_CHROMIUM")
	if path == "" {
		t.Fatal("WEFT_CHROMIUM names no Chromium: run make test-e2e")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium's own needs a user that is not root
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(end)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) })
	return ctx
}

// shows waits until an expression is true in the page.
func shows(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		seen, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if err != nil {
			t.Fatal(err)
		}
		if seen {
			return
		}
	}
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	t.Fatalf("waited in vain for %s; the page says:\n%s", expression, strings.TrimSpace(text))
}
