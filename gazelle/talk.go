package gazelle

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/weft-build/weft/internal/repository"
)

// sentence is a problem as Gazelle's extensions log it: "file:line: text; hint".
func sentence(p repository.Problem) string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ":")
		if p.Line > 0 {
			fmt.Fprintf(&b, "%d:", p.Line)
		}
		b.WriteByte(' ')
	}
	b.WriteString(p.Text)
	if p.Hint != "" {
		b.WriteString(hintMark + p.Hint)
	}
	return b.String()
}

const hintMark = "; hint: "

// Listen collects what Gazelle says, which it does by the log package of the
// standard library, as problems. It takes that log until stop is called.
func Listen() (stop func() []repository.Problem) {
	t := &talk{}
	writer, flags := log.Writer(), log.Flags()
	log.SetOutput(t)
	log.SetFlags(0)
	return func() []repository.Problem {
		log.SetOutput(writer)
		log.SetFlags(flags)
		return t.problems()
	}
}

type talk struct {
	mu    sync.Mutex
	lines []string
}

var _ io.Writer = (*talk)(nil)

func (t *talk) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, string(bytes.TrimSpace(data)))
	return len(data), nil
}

// problems are sorted, as folders are done in no certain order, and distinct.
func (t *talk) problems() []repository.Problem {
	slices.Sort(t.lines)
	var out []repository.Problem
	for _, line := range slices.Compact(t.lines) {
		out = append(out, parse(line))
	}
	slices.SortStableFunc(out, func(a, b repository.Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return out
}

var placed = regexp.MustCompile(`^([^:]+):(\d+)(?:\.[\d.-]+)?: (.*)$`)

// parse reads a logged line: sentence's, or one of Gazelle's merger's.
func parse(line string) repository.Problem {
	m := placed.FindStringSubmatch(line)
	if m == nil {
		return repository.Problem{Text: line}
	}
	number, _ := strconv.Atoi(m[2])
	p := repository.Problem{File: path.Clean(m[1]), Line: number}
	p.Text, p.Hint, _ = strings.Cut(m[3], hintMark)
	if p.Text == "could not merge expression" {
		p.Text = "this value is more than lists, globs and what is marked \"# keep\", so it is left as it is"
		p.Hint = "mark the attribute \"# keep\", or add to the list in place of computing it"
	}
	return p
}
