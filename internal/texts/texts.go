// Package texts keeps one copy of each text, and many of them in one piece of
// memory: small texts that outlive those made beside them would each hold a page.
package texts

import "strings"

// Chunk is the size of a piece of memory, in bytes.
const Chunk = 1 << 18

// Table holds texts. Its zero value is empty and ready; it is for one goroutine
// at a time.
type Table struct {
	known map[string]string
	room  strings.Builder
	size  int
}

// One is the table's copy of a text.
func (t *Table) One(text string) string {
	if kept, ok := t.known[text]; ok || text == "" {
		return kept
	}
	if t.known == nil {
		t.known = map[string]string{}
	}
	kept := t.Keep(text)
	t.known[kept] = kept
	return kept
}

// Keep copies a text that is not looked for again.
func (t *Table) Keep(text string) string {
	if len(text) > t.room.Cap()-t.room.Len() {
		t.room = strings.Builder{} // texts are parts of the one before
		t.room.Grow(max(Chunk, len(text)))
	}
	from := t.room.Len()
	t.room.WriteString(text)
	t.size += len(text)
	return t.room.String()[from:]
}

// Size is how many bytes the texts have that were put in.
func (t *Table) Size() int { return t.size }
