package pyproject

import (
	"strings"

	"github.com/weft-build/weft/internal/pysource"
)

// readNox reads the literals of noxfile.py: the Pythons of sessions, and what
// they install by name.
func (m *matrixReader) readNox() {
	file := m.file("noxfile.py")
	data, ok := m.read(file)
	if !ok {
		return
	}
	for _, c := range calls(data, "session", "nox_session") {
		if c.Decorates == "" || !runsTests(c.Decorates) {
			continue
		}
		for _, version := range noxPythons(c) {
			m.addPythons(file+": session "+c.Decorates, pythonOf(version))
		}
	}
	for _, c := range calls(data, "install") {
		if runsTests(c.Within) {
			m.noxInstall(file, c)
		}
	}
}

// noxPythons is `python` of a session, its first argument.
func noxPythons(c pysource.Call) []string {
	python, ok := c.Keywords["python"]
	if !ok && len(c.Args) > 0 {
		python = c.Args[0]
	}
	if s, isText := python.(string); isText {
		return []string{s}
	}
	all, _ := list(python)
	return all
}

// noxInstall reads session.install("pytest", "-r", "requirements.txt", ".[test]").
func (m *matrixReader) noxInstall(file string, c pysource.Call) {
	source := file + ": session.install"
	for i := 0; i < len(c.Args); i++ {
		word := text(c.Args[i])
		if strings.HasPrefix(word, "-") && i+1 < len(c.Args) && !strings.Contains(word, "=") {
			switch word {
			case "-r", "--requirement", "-c", "--constraint":
				word += " " + text(c.Args[i+1])
				i++
			case "-e", "--editable", "--group", "--extra-index-url", "--index-url", "-i", "--find-links", "-f":
				i++
				continue
			}
		}
		m.requirementLine(file, c.Line, source, m.dir, word)
	}
}
