package board

import (
	"slices"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/result"
)

// note keeps a fact. One that is said again is the newest, and still one.
func (b *Board) note(p result.Problem, pass int) {
	if i := slices.Index(b.Notes, p); i >= 0 {
		b.drop(i)
	}
	b.Notes, b.noted = last(append(b.Notes, p), kept), last(append(b.noted, pass), kept)
}

// forget drops what earlier passes said and this one, which has ended, did not:
// a warning is there as long as its cause. What the loop said stays.
func (b *Board) forget(pass int) {
	for i := len(b.Notes) - 1; i >= 0; i-- {
		if n := b.noted[i]; n != 0 && n != pass {
			b.drop(i)
		}
	}
}

// drop makes new lists: a view may still hold the old ones.
func (b *Board) drop(i int) {
	b.Notes, b.noted = slices.Delete(slices.Clone(b.Notes), i, i+1), slices.Delete(slices.Clone(b.noted), i, i+1)
}

// mended drops what the loop complained of and holds no longer.
func (b *Board) mended(m loop.Mended) {
	for i := len(b.Notes) - 1; i >= 0; i-- {
		if b.noted[i] == 0 && slices.Contains(m.Problems, b.Notes[i]) {
			b.drop(i)
		}
	}
}
