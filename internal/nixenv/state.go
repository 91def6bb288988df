package nixenv

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/weft-build/weft/internal/proc"
)

// StateError says that Weft's folder in the workspace cannot be written.
type StateError struct {
	Folder string
	Cause  error
}

func (e *StateError) Error() string {
	cause := e.Cause
	var path *fs.PathError
	if errors.As(cause, &path) {
		cause = path.Err
	}
	return fmt.Sprintf("writing Weft's folder %q: %v", e.Folder, cause)
}

// Hint says what to type next.
func (e *StateError) Hint() string {
	return "Weft keeps its lock and its runs there, so it must be a folder that you can write: ls -ld " + proc.Quote([]string{e.Folder})
}

func (e *StateError) Unwrap() error { return e.Cause }
