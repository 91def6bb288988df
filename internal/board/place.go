package board

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/weft-build/weft/internal/result"
)

// placeRE is the last line of an entry of pytest's traceback: "tests/test_a.py:12: AssertionError".
var placeRE = regexp.MustCompile(`(?m)^([^\s:][^:\n]*):(\d+): `)

// Place is the file and line where a test of a file failed; line 0 is unknown.
func Place(k result.Case, file string) (string, int) {
	if at, line, ok := place(k.Text, file); ok {
		return at, line
	}
	return file, k.Line
}

// place is where a test failed: the last entry of the traceback that lies in
// its own file, else the last that lies in the workspace.
func place(text, file string) (string, int, bool) {
	found, line := "", 0
	for _, m := range placeRE.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[2])
		if err != nil || strings.HasPrefix(m[1], "/") || found == file && m[1] != file {
			continue
		}
		found, line = m[1], n
	}
	return found, line, found != ""
}
