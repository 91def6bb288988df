package ui

import "github.com/weft-build/weft/internal/loop"

// bell rings when the whole verdict turns from pass to fail or back.
type bell struct {
	kind    string
	known   bool
	failing bool
}

// rung is what makes the terminal ring after a pass, "" when nothing turned.
func (b *bell) rung(u loop.Ended) string {
	if u.Stopped || u.Partial {
		return ""
	}
	failing := u.Err != nil || u.ExitCode != 0
	turned := b.known && failing != b.failing
	b.known, b.failing = true, failing
	if !turned || b.kind == "" || b.kind == BellOff {
		return ""
	}
	if b.kind == BellRing {
		return "\a"
	}
	word := "weft: all tests pass again"
	if failing {
		word = "weft: tests fail"
	}
	return "\x1b]9;" + word + "\a\a"
}
