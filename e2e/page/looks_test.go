package page

import (
	"context"
	_ "embed"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/weft-build/weft/internal/loop"
)

//go:embed contrast.js
var contrast string

// TestContrast measures every text and mark against what it stands on.
func TestContrast(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			b := open(t, media("prefers-color-scheme", scheme))
			b.told(everyState()...)
			b.run(chromedp.Click(chromedp.CSS(`.failure summary`)))
			b.shot(scheme)
			b.measure(scheme, 40)
			b.told(loop.Ended{Number: 2, Err: &hinted{}}, loop.Set{Narrowing: loop.Narrowing{OnlyFailed: true}})
			b.measure(scheme+" with an error", 40)
			b.Close()
			b.wait(`!document.getElementById('gone').hidden`)
			b.shot(scheme + "-gone")
			b.measure(scheme+" without weft", 40)
		})
	}
}

// measure fails for what has less than 4.5 to 1, and when fewer texts than
// least were found: then the measure is what is wrong.
func (b *tab) measure(what string, least int) {
	b.Helper()
	found := eval[struct {
		Measured int
		Poor     []struct {
			Text, Front, Back string
			Ratio             float64
		}
	}](b, contrast)
	if found.Measured < least {
		b.Errorf("%s: only %d texts were measured", what, found.Measured)
	}
	for _, p := range found.Poor {
		b.Errorf("%s: %q has %s on %s, %.2f to 1", what, p.Text, p.Front, p.Back, p.Ratio)
	}
}

// media sets a media feature of the tab.
func media(name, value string) action {
	return emulate(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}})
}

func emulate(params emulation.SetEmulatedMediaParams) action {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, params)
		return err
	})
}

// TestMotion: nothing moves for those who do not want it.
func TestMotion(t *testing.T) {
	for _, c := range []struct{ wish, want string }{{"no-preference", "breathe"}, {"reduce", "none"}} {
		b := open(t, media("prefers-reduced-motion", c.wish))
		b.told(everyState()...)
		got := eval[string](b, `(() => { const e = document.querySelector('.cell'); e.dataset.state = 'running'; return getComputedStyle(e, '::before').animationName; })()`)
		if got != c.want {
			t.Errorf("with %s the animation is %q, want %q", c.wish, got, c.want)
		}
	}
}

// TestPrint: on paper nothing can be scrolled or opened.
func TestPrint(t *testing.T) {
	b := open(t)
	b.told(everyState()...)
	b.run(emulate(emulation.SetEmulatedMediaParams{Media: "print"}))
	b.wait(`document.querySelector('.failure:last-child pre').getBoundingClientRect().height > 40`)
	if got := eval[string](b, fmt.Sprintf(`[...document.querySelectorAll('#board, pre, #side')].filter((e) => e.scrollHeight > e.clientHeight + 1 && %s).map((e) => e.tagName).join()`, `getComputedStyle(e).overflowY !== 'visible'`)); got != "" {
		t.Errorf("cut off on paper: %s", got)
	}
	b.shot("print")
}
