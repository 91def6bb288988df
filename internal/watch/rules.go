package watch

import (
	"os"
	"strings"

	"github.com/git-pkgs/gitignore"
)

// rules are those of one .gitignore; nil has none.
type rules = *gitignore.Matcher

// last ends the last name of a path, and of a rule's pattern. The library takes
// what is below a matched folder for matched, which with a later negation is
// not git's answer; so marked, a rule matches the path itself alone. That is
// enough, as folders are looked at from above.
const last = "\x01"

// readRules reads a file of rules; none when it cannot be read.
func readRules(file string) rules {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return parseRules(string(data))
}

func parseRules(text string) rules {
	m := &gitignore.Matcher{}
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
			line = line[:len(line)-1]
		}
		if line == "" || line[0] == '#' {
			continue
		}
		pattern, folder := strings.CutSuffix(line, "/")
		if !strings.HasSuffix("/"+strings.TrimPrefix(pattern, "!"), "/**") {
			pattern += last
		}
		if folder {
			pattern += "/"
		}
		m.AddPatterns([]byte(pattern), "") // what cannot be understood is left out, as git does
	}
	return m
}

// matchRules says whether a path from the rules' folder is ignored, and whether
// any rule is about it.
func matchRules(r rules, rel string, dir bool) (ignored, decided bool) {
	if r == nil {
		return false, false
	}
	rel += last
	if dir {
		rel += "/"
	}
	d := r.MatchDetail(rel)
	return d.Ignored, d.Matched
}
