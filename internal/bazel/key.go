package bazel

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// settled is how long a file must have stood still before its time of change
// tells it from its next state: file systems round times, some to 2 s.
const settled = 2 * time.Second

// key gathers what an answer of Bazel's depends on. Where something cannot be
// told from a later state of it, the key has a reason why it must not be used.
type key struct {
	sum       hash.Hash
	newest    time.Time // when the last of the files changed
	untracked string    // why the answer must not be kept; empty when it may be
}

func newKey() *key { return &key{sum: sha256.New()} }

// add enters words; what one of them holds cannot look like another's end.
func (k *key) add(words ...string) {
	for _, w := range words {
		fmt.Fprintf(k.sum, "%d:%s", len(w), w)
	}
}

// giveUp says why there is no key; the first reason stays.
func (k *key) giveUp(format string, args ...any) {
	if k.untracked == "" {
		k.untracked = fmt.Sprintf(format, args...)
	}
}

// file enters which state of a file there is, links followed, or that there is
// none. Times can be set and sizes kept, but not the time of the change itself.
func (k *key) file(path string) {
	var s unix.Stat_t
	switch err := unix.Stat(path, &s); {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ENOTDIR), errors.Is(err, unix.ELOOP):
		k.add(path, "none")
		return
	case err != nil:
		k.giveUp("%s: %v", path, err)
		return
	}
	changed := time.Unix(s.Ctim.Unix())
	if changed.After(k.newest) {
		k.newest = changed
	}
	k.add(path, fmt.Sprint(s.Dev, s.Ino, s.Mode, s.Size, s.Mtim.Nano(), changed.UnixNano()))
}

// content reads a file and enters it; "" when there is none.
func (k *key) content(path string) string {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ENOTDIR) {
		k.giveUp("%v", err)
	}
	k.add(path, string(data), fmt.Sprint(err == nil))
	return string(data)
}

// String is the key in hexadecimal digits, "" when there is none.
func (k *key) String() string {
	if k.untracked != "" {
		return ""
	}
	return hex.EncodeToString(k.sum.Sum(nil))
}

// restless says that a file changed so shortly before `at` that it may change
// again and look the same.
func (k *key) restless(at time.Time, settled time.Duration) bool {
	return k.newest.After(at.Add(-settled))
}
