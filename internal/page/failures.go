package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/board"
)

// Bounds of what a browser is given: the report has the rest.
const (
	maxFailures = 300
	maxHead     = 4 << 10 // bytes of a failure's text from its beginning
	maxTail     = 16 << 10
)

// failures are those that were told, with a digest of each by its key.
type failures struct {
	keys    []string
	digests map[string]string
	more    int
}

// toldFailures is what the page gets: the keys of all in order, and those that
// it does not have as they are now.
type toldFailures struct {
	Keys    []string                 `json:"keys"`
	Changed map[string]board.Failure `json:"changed"`
	More    int                      `json:"more"` // that are left out
}

// tell is what changed, or nil.
func (f *failures) tell(all []board.Failure) *toldFailures {
	shown := all[:min(maxFailures, len(all))]
	told := toldFailures{Keys: make([]string, 0, len(shown)), Changed: map[string]board.Failure{}, More: len(all) - len(shown)}
	digests := make(map[string]string, len(shown))
	for _, failure := range shown {
		// The board has one failure for each of these.
		key := digest(failure.ID, failure.Type, failure.Message)
		digests[key] = digest(failure.File, fmt.Sprint(failure.Line), strings.Join(failure.Environments, "\x00"), failure.Text)
		told.Keys = append(told.Keys, key)
		if f.digests[key] != digests[key] {
			failure.Text, failure.Message = bounded(failure.Text), bounded(failure.Message)
			told.Changed[key] = failure
		}
	}
	same := f.digests != nil && len(told.Changed) == 0 && told.More == f.more && slices.Equal(told.Keys, f.keys)
	*f = failures{told.Keys, digests, told.More}
	if same {
		return nil
	}
	return &told
}

func digest(parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d %s", len(part), part)
	}
	return hex.EncodeToString(hash.Sum(nil)[:12])
}

// bounded keeps a text's beginning and its end, which says what went wrong.
func bounded(text string) string {
	if len(text) <= maxHead+maxTail {
		return text
	}
	head := strings.ToValidUTF8(text[:maxHead], "")
	tail := strings.ToValidUTF8(text[len(text)-maxTail:], "")
	return fmt.Sprintf("%s\n… %d bytes are left out here; the report has them …\n%s", head, len(text)-len(head)-len(tail), tail)
}
