package ui

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/result"
)

// TestWatchKeys: what the keys ask for.
func TestWatchKeys(t *testing.T) {
	for _, c := range []struct {
		keys string
		want []loop.Command
	}{
		{"a", []loop.Command{loop.RunAll{}}},
		{"r", []loop.Command{loop.Rerun{}}},
		{"enter", []loop.Command{loop.Rerun{}}},
		{"f", []loop.Command{loop.OnlyFailed{On: true}}},
		{"f f", []loop.Command{loop.OnlyFailed{On: true}, loop.OnlyFailed{On: false}}},
		{"p l o a enter", []loop.Command{loop.Paths{Text: "loa"}}},
		{"p l o backspace left x enter", []loop.Command{loop.Paths{Text: "xl"}}},
		{"p l o esc", nil},
		{"p l enter p ctrl+u enter", []loop.Command{loop.Paths{Text: "l"}, loop.Paths{}}},
		{"p l enter p o enter", []loop.Command{loop.Paths{Text: "l"}, loop.Paths{Text: "lo"}}},
		{"t q a enter", []loop.Command{loop.Tests{Text: "qa"}}},
		{"e space enter", []loop.Command{loop.Environments{Names: []string{"python3.10", "python3.11", "octave"}}}},
		{"e down o enter", []loop.Command{loop.Environments{Names: []string{"python3.10"}}}},
		{"e down o a enter", []loop.Command{loop.Environments{}}},
		{"e space esc", nil},
		{"e space down space down space down space enter", nil},
		{"x", nil},
		{"h q a", []loop.Command{loop.RunAll{}}},
		{"s f", nil},
		{"z", nil},
	} {
		d := newDesk(t, 100, 30)
		d.tell(first()...)
		d.press(strings.Fields(c.keys)...)
		if !reflect.DeepEqual(d.asked, c.want) || d.quits != 0 {
			t.Errorf("%q asks for %#v, quits %d times; want %#v", c.keys, d.asked, d.quits, c.want)
		}
	}
	for _, keys := range []string{"q", "ctrl+c", "p ctrl+c", "h ctrl+c", "e ctrl+c"} {
		d := newDesk(t, 100, 30)
		d.tell(first()...)
		d.press(strings.Fields(keys)...)
		if d.quits != 1 || len(d.asked) != 0 {
			t.Errorf("%q quits %d times and asks for %#v", keys, d.quits, d.asked)
		}
		needs(t, d.frame(), "leaving")
	}
}

func TestWatchStopsWhatRuns(t *testing.T) {
	for _, key := range []string{"x", "esc"} {
		d := newDesk(t, 100, 30)
		d.tell(append(first(), second()...)...)
		if d.press(key); !reflect.DeepEqual(d.asked, []loop.Command{loop.Stop{}}) {
			t.Errorf("%s asks for %#v", key, d.asked)
		}
	}
}

func TestWatchSuspends(t *testing.T) {
	cmd := newDesk(t, 80, 24).key(tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl})
	if _, ok := cmd().(tea.SuspendMsg); !ok {
		t.Error("Ctrl-Z does not suspend")
	}
}

func TestWatchPaste(t *testing.T) {
	d := newDesk(t, 80, 24)
	d.Update(tea.PasteMsg{Content: "nowhere"})
	d.press("p")
	d.Update(tea.PasteMsg{Content: "tests/\x1b[31ma\n"})
	d.press("enter")
	if want := []loop.Command{loop.Paths{Text: "tests/[31ma"}}; !reflect.DeepEqual(d.asked, want) {
		t.Errorf("asked for %#v", d.asked)
	}
}

// TestWatchStaysAtTheChosenFailure: failures come and go above it.
func TestWatchStaysAtTheChosenFailure(t *testing.T) {
	cells := watchCells()
	d := newDesk(t, 100, 40)
	d.tell(first()...)
	d.tell(verdict(cells[8], result.Failed, noShape(cells[8].File)))
	d.tell(verdict(cells[24], result.Failed, noShape(cells[24].File)))
	if f := d.failure(); f.File != cells[24].File {
		t.Errorf("the first failure is not the chosen one: %+v", f)
	}
	d.press("j", "pgdown")
	chosen, scroll := d.failure().File, d.scroll
	d.tell(verdict(cells[16], result.Failed, noShape(cells[16].File)))
	if f := d.failure(); f.File != chosen || d.scroll != scroll || scroll == 0 {
		t.Errorf("chosen %s at %d, then %s at %d", chosen, scroll, f.File, d.scroll)
	}
	d.press("j", "j", "j", "j")
	if d.scroll != 0 || d.failure() == nil || d.chosen != len(d.failures)-1 {
		t.Errorf("chosen %d, scrolled %d", d.chosen, d.scroll)
	}
	for _, i := range []int{8, 16, 24} {
		d.tell(verdict(cells[i], result.Passed))
	}
	if d.failure() != nil {
		t.Errorf("nothing fails, and yet %+v", d.failure())
	}
	d.press("j", "k", "pgup", "s", "esc", "o")
	needs(t, d.frame(), "nothing fails")
}

func TestWatchOpensTheEditor(t *testing.T) {
	d := newDesk(t, 100, 30)
	d.tell(append(first(), ended2()...)...)
	d.press("o")
	if d.argv != nil {
		t.Errorf("without an editor %q is run", d.argv)
	}
	needs(t, d.frame(), "no editor is set")
	d.env["EDITOR"] = "nvim -p"
	d.press("o")
	if want := []string{"nvim", "-p", "+12", "/ws/tests/unit/test_load.py"}; !reflect.DeepEqual(d.argv, want) {
		t.Errorf("runs %q, want %q", d.argv, want)
	}
	d.Update(editedMsg{errors.New("exit status 1")})
	needs(t, d.frame(), "exit status 1")
}

// TestWatchOutput: while a pass runs what the tools say, then the failure's.
func TestWatchOutput(t *testing.T) {
	d := newDesk(t, 100, 30)
	d.tell(append(first(), second()...)...)
	d.press("s")
	needs(t, d.frame(), "output of the pass", "Testing tests/unit/test_save.py (integration @ python3.9)")
	for i := range 60 {
		d.tell(of1(pipeline.Talked{Line: fmt.Sprintf("line %d", i)}))
	}
	needs(t, d.frame(), "line 59")
	d.press("home")
	d.tell(of1(pipeline.Talked{Line: "line 60"}))
	needs(t, d.frame(), "Testing tests/unit/test_save.py")
	d.tell(loop.Ended{Number: 2, ExitCode: 1})
	needs(t, d.frame(), "tests/unit/test_load.py::test_shape", "── python3.9", "the log of the whole file")
	d.press("end")
	needs(t, d.frame(), "the log of python3.9")
}
