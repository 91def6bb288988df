package page

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

// TestHostile shows names and texts that would like to be something else.
func TestHostile(t *testing.T) {
	names := []string{
		`<script>window.hacked = 1</script>`, `"><img src=x onerror="window.hacked = 1">`, `javascript:window.hacked=1`,
		"שלום_test.py", "\u202egnp.yp_tset", "a\u2066b\u200bc", "\x1b[31mred\x00", strings.Repeat("long", 2500), "a b\tc\nd", "${window.hacked=1}", "__proto__", "constructor",
	}
	for _, width := range []int64{1280, 360} {
		b := open(t, chromedp.EmulateViewport(width, 900))
		strange := []string{"python3.9", `<b>bold</b>`, "\u202e9.3nohtyp", strings.Repeat("e", 10000)}
		all := cells(names, strange)
		b.tell(known(all, strange))
		b.tell(pass(1, names[0]+names[7], all)...)
		b.tell(loop.Of{Update: pipeline.Staged{Text: names[1]}}, loop.Noted{Problem: result.Problem{Message: names[0] + names[7], Hint: names[1]}},
			loop.Saved{Paths: names, Effect: names[0], Why: map[string]string{names[0]: names[1], names[7]: names[7]}, At: time.Now()})
		for _, c := range all {
			b.tell(fails(c, c.File+" "+names[7]))
		}
		b.told(loop.Ended{Number: 1, Err: fmt.Errorf("%s %s", names[0], names[7])}, loop.Set{Narrowing: loop.Narrowing{Paths: names[0] + names[7]}})
		b.run(chromedp.Click(chromedp.CSS(`#board .cell`)))
		b.do(`document.querySelectorAll('details').forEach((e) => { e.open = true; })`)
		if eval[bool](b, `'hacked' in window`) {
			t.Fatal("a name was run")
		}
		if got := eval[int](b, `document.querySelectorAll('body script, img, b, iframe').length`); got != 0 {
			t.Errorf("%d elements came from names", got)
		}
		b.wait(fmt.Sprintf(`document.querySelectorAll('#board [role=gridcell][aria-label]').length === %d`, len(all)))
		label := eval[string](b, square(all[0].ID)+`.getAttribute('aria-label')`)
		if want := names[0] + ", python3.9: failed"; label != want {
			t.Errorf("the square's name is %q, want %q", label, want)
		}
		if eval[bool](b, `/[\u0000-\u0008\u000b-\u001f\u200b\u202a-\u202e\u2066-\u2069]/.test(document.body.textContent + [...document.querySelectorAll('[title], [aria-label]')].map((e) => e.title + e.ariaLabel))`) {
			t.Error("a character that reorders or hides what is around it came through")
		}
		if !eval[bool](b, `document.body.textContent.includes('⟨U+202E⟩gnp.yp_tset')`) {
			t.Error("such a character is not shown by its number")
		}
		b.fits("hostile names")
		b.shot(fmt.Sprintf("hostile-%d", width))
	}
}

// TestReconnect breaks the connection: the page says so, connects again by
// itself, and shows what it missed. The proxy stands for the break only.
func TestReconnect(t *testing.T) {
	b := serve(t)
	target, err := url.Parse(b.URL())
	if err != nil {
		t.Fatal(err)
	}
	var down atomic.Bool
	proxy := &httputil.ReverseProxy{FlushInterval: -1, ErrorLog: nil, Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", target.Host, target.Host
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	defer server.Close()
	all := cells([]string{"tests/test_a.py"}, environments)
	b.tell(known(all, environments))
	b.run(chromedp.Navigate(server.URL + target.Path))
	b.told(passes(all[0]))

	down.Store(true)
	server.CloseClientConnections()
	b.wait(`document.getElementById('gone').textContent.startsWith('weft has ended, or the connection is gone')`)
	b.tell(fails(all[0], "assert 4 == 3"))
	down.Store(false)
	b.wait(`document.getElementById('gone').hidden`)
	b.wait(square(all[0].ID) + `.dataset.state === 'failed'`)
	b.wait(`document.querySelectorAll('.failure').length === 1`)

	b.Close()
	b.wait(`document.getElementById('gone').textContent.startsWith('weft has ended. ')`)
}

// TestOtherSites: neither a page of another origin nor a name that leads here
// gets anything done.
func TestOtherSites(t *testing.T) {
	b := open(t)
	command := b.URL() + "command"
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!doctype html><title>other</title>")
	}))
	defer other.Close()
	if got := eval[int](b, `fetch('command', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"command":"rerun"}'}).then((r) => r.status)`); got != http.StatusNoContent {
		t.Fatalf("from the page itself the status is %d", got)
	}
	b.expect(loop.Rerun{})

	b.run(chromedp.Navigate(other.URL))
	for _, options := range []string{
		`{method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"command":"stop"}'}`,
		`{method: 'POST', mode: 'no-cors', headers: {'Content-Type': 'text/plain'}, body: '{"command":"stop"}'}`,
	} {
		got := eval[string](b, `fetch(`+quote(command)+`, `+options+`).then((r) => r.type + ' ' + r.status, (e) => 'refused')`)
		if got != "refused" && got != "opaque 0" {
			t.Errorf("with %s another origin is answered %q", options, got)
		}
	}
	if got := eval[string](b, `new Promise((done) => { const s = new EventSource(`+quote(b.URL()+"events")+`); s.onopen = () => done('open'); s.onerror = () => done('refused'); })`); got != "refused" {
		t.Errorf("to another origin the stream is %s", got)
	}
	if got := eval[string](b, `new Promise((done) => { const f = document.createElement('iframe'); f.src = `+quote(b.URL())+`; f.onload = () => { try { done(f.contentDocument ? 'empty' : 'refused'); } catch { done('refused'); } }; document.body.append(f); setTimeout(() => done('refused'), 3000); })`); got != "refused" {
		t.Errorf("in another origin's frame the page is %s", got)
	}
	b.asked("by another origin")

	rebind := strings.Replace(b.URL(), "127.0.0.1", rebound, 1)
	response, err := chromedp.RunResponse(b.ctx, chromedp.Navigate(rebind))
	if err != nil {
		t.Fatal(err)
	}
	if response.Status != http.StatusForbidden {
		t.Errorf("as %s the page is answered with %d", rebound, response.Status)
	}
	b.heard() // the refusals are in the console
}

// asked fails when the loop was asked anything.
func (b *tab) asked(how string) {
	b.Helper()
	ctx, end := context.WithTimeout(b.ctx, 200*time.Millisecond)
	defer end()
	select {
	case got := <-b.commands:
		b.Errorf("the loop was asked %#v %s", got, how)
	case <-ctx.Done():
	}
}
