package pyproject

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

const maxGlobbed = 10000 // files and folders that one glob may name

// glob expands a pattern relative to a folder as Python's glob does: `*` and
// `**` match no name that begins with a dot. The result is sorted.
func (r *reader) glob(folder, pattern string) []string {
	start, ok := within(folder, "")
	if !ok || path.IsAbs(pattern) {
		return nil
	}
	mustBeFolder := strings.HasSuffix(pattern, "/")
	found := map[string]bool{}
	r.expand(start, strings.Split(path.Clean(pattern), "/"), found)
	var names []string
	for name := range found {
		if !mustBeFolder || r.isFolder(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (r *reader) expand(folder string, parts []string, found map[string]bool) {
	if len(found) >= maxGlobbed {
		return
	}
	if len(parts) == 0 {
		found[folder] = true
		return
	}
	part, rest := parts[0], parts[1:]
	switch {
	case part == "**":
		r.expand(folder, rest, found)
		for _, e := range r.entries(folder) {
			name := path.Join(folder, e.Name())
			switch {
			case strings.HasPrefix(e.Name(), "."):
			case e.IsDir():
				r.expand(name, parts, found)
			case len(rest) == 0:
				found[name] = true
			}
		}
	case !strings.ContainsAny(part, "*?["):
		if name, ok := within(folder, part); ok && (r.isFolder(name) || len(rest) == 0 && r.isFile(name)) {
			r.expand(name, rest, found)
		}
	default:
		match := fnmatch(part)
		for _, e := range r.entries(folder) {
			hidden := strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(part, ".")
			name := path.Join(folder, e.Name())
			if !hidden && match.MatchString(e.Name()) && (len(rest) == 0 || r.isFolder(name)) {
				r.expand(name, rest, found)
			}
		}
	}
}

// fnmatch is the expression of a pattern of Python's fnmatch: * ? [seq] [!seq].
func fnmatch(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			b.WriteString(`.*`)
		case '?':
			b.WriteString(`.`)
		case '[':
			if end := strings.IndexByte(pattern[min(i+2, len(pattern)):], ']'); end >= 0 {
				set := pattern[i+1 : i+2+end]
				b.WriteString(characterSet(set))
				i += 2 + end
				continue
			}
			b.WriteString(`\[`)
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	b.WriteString(`$`)
	re, err := regexp.Compile(b.String())
	if err != nil { // a range that runs backwards matches nothing
		return regexp.MustCompile(`$^x`)
	}
	return re
}

func characterSet(set string) string {
	negated := strings.HasPrefix(set, "!")
	set = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`).Replace(strings.TrimPrefix(set, "!"))
	if negated {
		return "[^" + set + "]"
	}
	return "[" + set + "]"
}
