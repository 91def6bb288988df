// Package page holds the tests of the live page in a real Chromium, which
// WEFT_CHROMIUM names: `make test-page` has one ready. What the loop would tell
// the page is told here by the tests.
package page

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/page"
)

// rebound is a name that the browser takes for this machine's, as a hostile
// name server would have it.
const rebound = "rebound.example"

var browser context.Context

type action = chromedp.Action[chromedp.Void]

func TestMain(m *testing.M) {
	path := os.Getenv("WEFT_CHROMIUM")
	if path == "" {
		if os.Getenv("CI") != "" {
			fmt.Println("the page was not tested: WEFT_CHROMIUM names no Chromium; make test-page does")
			os.Exit(1)
		}
		fmt.Println("skipped: WEFT_CHROMIUM names no Chromium; make test-page does")
		os.Exit(0)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1280, 900),
		chromedp.Flag("host-resolver-rules", "MAP "+rebound+" 127.0.0.1"))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium's own needs a user that is not root
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), opts...)
	browser, _ = chromedp.NewContext(allocator)
	if err := chromedp.Do(browser); err != nil {
		fmt.Println("starting Chromium:", err)
		os.Exit(1)
	}
	code := m.Run()
	_ = chromedp.Cancel(browser)
	end()
	os.Exit(code)
}

// patience is how long a test waits for what must come.
const patience = time.Minute

// tab is a page that is served and looked at.
type tab struct {
	*testing.T
	*page.Page
	commands chan loop.Command
	ctx      context.Context

	mu       sync.Mutex
	troubles []string // what the browser's console says
}

// serve serves a page and opens an empty tab.
func serve(t *testing.T) *tab {
	t.Helper()
	b := &tab{T: t, commands: make(chan loop.Command, 8)}
	p, err := page.Serve(t.Context(), page.Options{Address: "127.0.0.1:0", Title: "all in reservoir", Commands: b.commands})
	if err != nil {
		t.Fatal(err)
	}
	b.Page = p
	t.Cleanup(p.Close)
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	ctx, end := context.WithTimeout(ctx, 2*patience)
	t.Cleanup(end)
	b.ctx = ctx
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

// open serves a page and opens it; it must leave the console empty.
func open(t *testing.T, actions ...action) *tab {
	t.Helper()
	b := serve(t)
	b.run(actions...)
	b.run(chromedp.Navigate(b.URL()))
	b.wait(`document.getElementById('verdict').textContent !== 'connecting'`)
	t.Cleanup(func() {
		if troubles := b.heard(); len(troubles) > 0 {
			t.Errorf("the console says:\n%s", strings.Join(troubles, "\n"))
		}
	})
	return b
}

func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.troubles = append(b.troubles, exception(e.ExceptionDetails))
	case *log.EventEntryAdded:
		b.troubles = append(b.troubles, e.Entry.Text+" "+e.Entry.URL)
	}
}

// heard is what the console said since it was asked last.
func (b *tab) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.troubles
	b.troubles = nil
	return out
}

func (b *tab) run(actions ...action) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// do evaluates an expression for what it does.
func (b *tab) do(expression string) {
	b.Helper()
	eval[bool](b, "("+expression+", true)")
}

func get[T any](b *tab, a chromedp.Action[T]) T {
	b.Helper()
	out, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// eval is an expression's value, of a promise what it resolves to.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	return get(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// wait waits until an expression is true.
func (b *tab) wait(expression string) {
	b.Helper()
	for end := time.Now().Add(patience); !eval[bool](b, "Boolean("+expression+")"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.shot("given-up")
			b.Fatalf("never true: %s; the page says:\n%s", expression, eval[string](b, "document.body.innerText.slice(0, 2000)"))
		}
	}
}

// told waits until the page shows what it was told before.
func (b *tab) told(updates ...loop.Update) {
	b.Helper()
	mark := fmt.Sprintf("mark-%d", time.Now().UnixNano())
	b.tell(append(updates, saved(mark))...)
	b.wait(`document.getElementById('saves').textContent.includes(` + quote(mark) + `)`)
}

func (b *tab) tell(updates ...loop.Update) {
	for _, u := range updates {
		b.Update(u)
	}
}

// shot keeps a picture of what is seen when WEFT_SCREENSHOTS names a folder.
func (b *tab) shot(name string) {
	b.Helper()
	folder := os.Getenv("WEFT_SCREENSHOTS")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), get(b, chromedp.CaptureScreenshot()), 0o644); err != nil {
		b.Fatal(err)
	}
}

// quote is text as JavaScript has it.
func quote(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// square selects the square of a cell.
func square(id string) string {
	return `document.querySelector('.cell[data-id="' + CSS.escape(` + quote(id) + `) + '"]')`
}

func exception(e *runtime.ExceptionDetails) string {
	if e.Exception != nil && e.Exception.Description != "" {
		return e.Text + " " + e.Exception.Description
	}
	return e.Text
}
