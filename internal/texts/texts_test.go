package texts

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// TestOneCopy: texts stay what they are while more come, are kept once, and are
// parts of few pieces of memory.
func TestOneCopy(t *testing.T) {
	var table Table
	var kept []string
	text := func(i int) string { return fmt.Sprintf("//project/area:test_%06d", i) }
	for i := range 20_000 {
		kept = append(kept, table.One(text(i)))
	}
	long := strings.Repeat("x", 2*Chunk)
	if table.One(long) != long || table.One("") != "" {
		t.Error("a long text, or none, is another")
	}
	size := table.Size()
	apart := 0
	for i, k := range kept {
		if k != text(i) {
			t.Fatalf("%d became %q", i, k)
		}
		if again := table.One(text(i)); unsafe.StringData(again) != unsafe.StringData(k) {
			t.Fatalf("%q is kept twice", k)
		}
		if i > 0 && uintptr(unsafe.Pointer(unsafe.StringData(k))) != uintptr(unsafe.Pointer(unsafe.StringData(kept[i-1])))+uintptr(len(kept[i-1])) {
			apart++
		}
	}
	if table.Size() != size {
		t.Errorf("texts that are known take %d bytes more", table.Size()-size)
	}
	if apart > 4 {
		t.Errorf("the texts lie in %d pieces", apart+1)
	}
}
