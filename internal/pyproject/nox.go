package pyproject

import "strings"

// readNox reads the literals of noxfile.py: the Pythons of sessions, and what
// they install by name.
func (m *matrixReader) readNox() {
	file := m.file("noxfile.py")
	data, ok := m.read(file)
	if !ok {
		return
	}
	values := constants(data)
	for _, c := range calls(data, "session", "nox.session", "nox_session") {
		if c.decorates == "" || !isForTests(c.decorates) {
			continue
		}
		for _, version := range noxPythons(c, values) {
			m.addPythons(file+": session "+c.decorates, pythonOf(version))
		}
	}
	for _, c := range calls(data, "session.install") {
		if isForTests(c.within) {
			m.noxInstall(file, c)
		}
	}
}

// noxPythons is `python` of a session: a literal, or a name that has one.
func noxPythons(c call, values map[string]any) []string {
	python, ok := c.keywords["python"]
	if !ok && len(c.args) > 0 {
		python = c.args[0]
	}
	_ = values
	if s, isText := python.(string); isText {
		return []string{s}
	}
	all, _ := list(python)
	return all
}

// noxInstall reads session.install("pytest", "-r", "requirements.txt", ".[test]").
func (m *matrixReader) noxInstall(file string, c call) {
	source := file + ": session.install"
	for i := 0; i < len(c.args); i++ {
		word := text(c.args[i])
		if strings.HasPrefix(word, "-") && i+1 < len(c.args) && !strings.Contains(word, "=") {
			switch word {
			case "-r", "--requirement", "-c", "--constraint":
				word += " " + text(c.args[i+1])
				i++
			case "-e", "--editable", "--group", "--extra-index-url", "--index-url", "-i", "--find-links", "-f":
				i++
				continue
			}
		}
		m.requirementLine(file, c.line, source, m.dir, word)
	}
}
