package loop

import (
	"maps"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/result"
)

// complain says what is wrong with a thing that was looked at, such as
// weft.toml, by topic; what was said of the same thing before and is not wrong
// any more is taken back.
func (l *loop) complain(topic string, problems ...result.Problem) {
	before := l.complaints[topic]
	mended := slices.DeleteFunc(slices.Clone(before), func(p result.Problem) bool { return slices.Contains(problems, p) })
	if len(mended) > 0 {
		l.tell(Mended{mended})
	}
	for _, p := range problems {
		if !slices.Contains(before, p) {
			l.tell(Noted{p})
		}
	}
	if l.complaints == nil {
		l.complaints = map[string][]result.Problem{}
	}
	l.complaints[topic] = problems
}

// topics are those of complaints that begin with a text.
func (l *loop) topics(prefix string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(l.complaints)), func(topic string) bool { return !strings.HasPrefix(topic, prefix) })
}
