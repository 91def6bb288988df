package pyproject

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

var requirementsName = regexp.MustCompile(`(?i)^(?:requirements.*|.*requirements)\.txt$`)

// readRequirementsFiles reads the requirements files that lie where people
// put them, but for those of documentation and the like.
func (m *matrixReader) readRequirementsFiles() {
	for _, folder := range []string{m.dir, m.file("requirements"), m.file("tests"), m.file("test")} {
		var names []string
		for _, e := range m.entries(folder) {
			isNamed := requirementsName.MatchString(e.Name()) || folder == m.file("requirements") && path.Ext(e.Name()) == ".txt"
			if isNamed && isForTests(e.Name()) {
				names = append(names, e.Name())
			}
		}
		slices.Sort(names)
		for _, name := range names {
			m.requirementsFile("", 0, folder, name)
		}
	}
}

// requirementsFile reads a file, named relative to a folder by a line of
// another, and the files that it names.
func (m *matrixReader) requirementsFile(from string, line int, folder, name string) {
	m.eachLine(from, line, folder, name, func(file string, n int, text string) {
		m.requirementLine(file, n, file, parent(file), text)
	})
}

// constraintsFile says nothing of what is needed, only of versions; it is read
// for the problems in it.
func (m *matrixReader) constraintsFile(from string, line int, folder, name string) {
	m.eachLine(from, line, folder, name, func(string, int, string) {})
}

func (m *matrixReader) eachLine(from string, line int, folder, name string, take func(file string, n int, text string)) {
	file, ok := within(folder, name)
	if !ok || strings.Contains(name, "://") || m.seen["file "+file] {
		return
	}
	m.seen["file "+file] = true
	data, ok := m.read(file)
	if !ok {
		if from != "" {
			m.report(from, line, "the requirements file %q, which it names, cannot be read", name)
		}
		return
	}
	for i, text := range joinedLines(lines(data)) {
		if text = withoutOptions(text); text != "" {
			take(file, i+1, text)
		}
	}
}

// joinedLines joins lines that end in a backslash, leaving empty ones in place.
func joinedLines(all []string) []string {
	for i := 0; i < len(all); i++ {
		first := i
		for strings.HasSuffix(all[i], `\`) && i+1 < len(all) {
			all[first] = strings.TrimSuffix(all[first], `\`) + " " + strings.TrimSpace(all[i+1])
			if i++; i > first {
				next := all[i]
				all[i] = ""
				if !strings.HasSuffix(next, `\`) {
					break
				}
				all[i] = `\`
			}
		}
	}
	for i := range all {
		if all[i] == `\` {
			all[i] = ""
		}
	}
	return all
}

// withoutOptions drops comments, and options of a line: --hash=….
func withoutOptions(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "#") {
		return ""
	}
	text, _, _ = strings.Cut(text, " #")
	if !strings.HasPrefix(text, "-") {
		text, _, _ = strings.Cut(text, " --")
	}
	return strings.TrimSpace(text)
}
