package pyproject

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// matrixReader gathers what the files of one folder say.
type matrixReader struct {
	*reader
	dir    string
	matrix Matrix
	seen   map[string]bool // requirements by name, files by path
}

// ReadMatrix reads the environments of the distribution in folder: what tox,
// nox, hatch, .python-version and requirements files name.
func ReadMatrix(workspace fs.FS, folder string) (Matrix, []Problem) {
	r := &reader{workspace: workspace}
	dir, ok := within("", folder)
	if !ok {
		r.report(folder, 0, "the folder lies outside of the workspace")
		return Matrix{}, r.problems
	}
	m := &matrixReader{reader: r, dir: dir, seen: map[string]bool{}}
	m.readTox()
	m.readNox()
	m.readHatch()
	m.readPythonVersion()
	m.readRequirementsFiles()
	m.matrix.Pythons = ascending(m.matrix.Pythons)
	m.matrix.Sources = distinct(m.matrix.Sources)
	return m.matrix, r.problems
}

func (m *matrixReader) file(name string) string { return path.Join(m.dir, name) }

func (m *matrixReader) addPythons(source string, versions ...string) {
	for _, v := range versions {
		if v != "" {
			m.matrix.Pythons = append(m.matrix.Pythons, v)
			m.matrix.Sources = append(m.matrix.Sources, source)
		}
	}
}

// add keeps the first requirement of each name.
func (m *matrixReader) add(source string, requires ...Requirement) {
	for _, r := range requires {
		if !m.seen[r.Name] {
			m.seen[r.Name] = true
			m.matrix.Requires = append(m.matrix.Requires, r)
			m.matrix.Sources = append(m.matrix.Sources, source)
		}
	}
}

var (
	dottedPython = regexp.MustCompile(`^(?:python|cpython-?)?(\d+\.\d+)(?:\.\d+)?$`)
	factorPython = regexp.MustCompile(`^(?:py|python|cpython)-?(\d)(\d+)t?$|^(?:py|python|cpython)?-?(\d)\.(\d+)t?$`)
)

// pythonOf is the version that a name stands for: py39, 3.9, python3.9, cpython-3.9.
func pythonOf(name string) string {
	name = strings.TrimSpace(name)
	if m := dottedPython.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	if m := factorPython.FindStringSubmatch(name); m != nil {
		return m[1] + m[3] + "." + m[2] + m[4]
	}
	return ""
}

func (m *matrixReader) readPythonVersion() {
	file := m.file(".python-version")
	data, _ := m.read(file)
	for _, line := range nonEmptyLines(string(data)) {
		if line[0] != '#' {
			m.addPythons(file, pythonOf(line))
		}
	}
}

// readHatch reads the environments of hatch: their Pythons and dependencies.
func (m *matrixReader) readHatch() {
	for _, name := range []string{"pyproject.toml", "hatch.toml"} {
		file := m.file(name)
		data, ok := m.read(file)
		if !ok {
			continue
		}
		envs := readTOML(file, data, &reader{}).table("tool", "hatch", "envs")
		if name == "hatch.toml" {
			envs = readTOML(file, data, m.reader).table("envs")
		}
		for _, env := range envs.keys() {
			m.readHatchEnvironment(file, env, envs.table(env))
		}
	}
}

func (m *matrixReader) readHatchEnvironment(file, name string, env table) {
	source := file + ": hatch environment " + name
	for _, row := range env.tables("matrix") {
		for _, key := range []string{"python", "py"} {
			for _, v := range row.texts(key) {
				m.addPythons(source, pythonOf(v))
			}
		}
	}
	if !runsTests(name) && name != "default" {
		return
	}
	for _, key := range []string{"dependencies", "extra-dependencies"} {
		m.add(source, m.requirements(file, env.line(key), env.texts(key))...)
	}
}

// runsTests says of an environment or a session, by its name, that tests run in it.
func runsTests(name string) bool {
	for _, word := range []string{"test", "unit", "integration", "cov", "bench", "pypy"} {
		if strings.Contains(strings.ToLower(name), word) {
			return true
		}
	}
	for _, one := range expandFactors(name) {
		if len(pythonsOfFactors(one)) > 0 {
			return true
		}
	}
	return false
}

// isForTests says of a file or of a factor, by its name, that it could serve
// tests: it does not say that it is for something else.
func isForTests(name string) bool {
	name = strings.ToLower(name)
	for _, other := range []string{"packaging", "example", "benchmark", "check", "cover-report", "doc", "lint", "typ", "mypy", "flake", "format", "release", "build", "publish", "style", "deploy", "pre-commit", "ruff"} {
		if strings.Contains(name, other) {
			return strings.Contains(name, "test")
		}
	}
	return true
}
