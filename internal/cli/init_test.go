package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestAskIsInterrupted: a question must not outlive Ctrl-C, though nothing
// comes from the terminal any more.
func TestAskIsInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	in, keep := io.Pipe()
	defer func() { _ = keep.Close() }()
	a := newAnswers(ctx, in, io.Discard)
	go stop() // while the question waits, or just before it
	if yes, quit := a.ask("go on?", nil); yes || !quit {
		t.Errorf("got %v, %v", yes, quit)
	}
	if _, err := a.line(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAsk(t *testing.T) {
	for typed, want := range map[string][2]bool{
		"y\n": {true, false}, " YES \n": {true, false}, "\n": {false, false}, "n\n": {false, false}, "what\n": {false, false},
		"q\n": {false, true}, "d\ny\n": {true, false}, "": {false, true}, "d": {false, true},
	} {
		var out strings.Builder
		a := newAnswers(t.Context(), strings.NewReader(typed), &out)
		if yes, quit := a.ask("write?", []byte("-a\n+b\n")); yes != want[0] || quit != want[1] {
			t.Errorf("%q: got %v, %v", typed, yes, quit)
		}
		if strings.HasPrefix(typed, "d") != strings.Contains(out.String(), "+b") {
			t.Errorf("%q: printed %q", typed, out.String())
		}
	}
	if a := newAnswers(t.Context(), strings.NewReader(""), io.Discard); a.terminal {
		t.Error("a reader is no terminal")
	}
}
