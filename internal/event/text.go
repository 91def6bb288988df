package event

import (
	"strings"
	"unicode/utf8"
)

// Text is a name as the file system has it. Bazel before 8 keeps the bytes of
// names as characters of ISO-8859-1, and writes those in UTF-8: a name outside
// ASCII comes encoded twice. One that is not so is left as it is.
func Text(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return name
	}
	once := make([]byte, 0, len(name))
	for _, r := range name {
		if r > 0xff {
			return name
		}
		once = append(once, byte(r))
	}
	if !utf8.Valid(once) {
		return name
	}
	return string(once)
}
