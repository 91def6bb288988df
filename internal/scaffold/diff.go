package scaffold

import (
	"bytes"
	"fmt"

	"github.com/rogpeppe/go-internal/diff"
)

// Diff is a change as `git apply` takes it.
func (c Change) Diff() []byte {
	before, after, mode := "a/"+c.Path, "b/"+c.Path, ""
	switch {
	case c.Old == nil:
		before, mode = "/dev/null", "new file mode 100644\n"
	case c.New == nil:
		after, mode = "/dev/null", "deleted file mode 100644\n"
	}
	head := fmt.Appendf(nil, "diff --git a/%s b/%s\n%s", c.Path, c.Path, mode)
	text := diff.Diff(before, c.Old, after, c.New)
	_, rest, ok := bytes.Cut(text, []byte("\n"))
	if !ok {
		return head // an empty file
	}
	return append(head, rest...)
}
