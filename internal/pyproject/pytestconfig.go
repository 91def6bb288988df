package pyproject

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/proc"
)

// pytestConfig is a root folder and the settings that pytest reads there.
type pytestConfig struct {
	r          *reader
	root, file string
	values     map[string]pytestValue
}

type pytestValue struct {
	text   string
	list   []string
	isList bool
	native bool // of TOML as pytest 9 reads it, where a list is a list
	line   int
}

// configNames are the files that pytest looks for in a folder, first one first.
var configNames = []string{"pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"}

// locate finds the configuration file upwards from a folder. Where there is
// none, the nearest pyproject.toml makes the root, or else the nearest setup.py.
func (r *reader) locate(folder string) *pytestConfig {
	fallback := ""
	for _, base := range parents(folder) {
		for _, name := range configNames {
			file := path.Join(base, name)
			data, ok := r.read(file)
			if !ok {
				continue
			}
			if name == "pyproject.toml" && fallback == "" {
				fallback = file
			}
			c := &pytestConfig{r: r, root: base, file: file, values: map[string]pytestValue{}}
			if c.load(name, data) {
				return c
			}
		}
	}
	c := &pytestConfig{r: r, root: folder}
	if fallback != "" {
		c.root, c.file = parent(fallback), fallback
		return c
	}
	for _, base := range parents(folder) {
		if r.isFile(path.Join(base, "setup.py")) {
			c.root = base
			break
		}
	}
	return c
}

// load reads a file's settings; false when it has none for pytest.
func (c *pytestConfig) load(name string, data []byte) bool {
	switch {
	case strings.HasSuffix(name, "pytest.toml"):
		return c.loadNative(readTOML(c.file, data, c.r).table("pytest"), true)
	case name == "pyproject.toml":
		return c.loadPyproject(readTOML(c.file, data, c.r).table("tool", "pytest"))
	case name == "setup.cfg":
		return c.loadSetupCfg(data)
	}
	f := readIniconfig(c.file, data, c.r)
	c.loadSection(f, "pytest")
	return f.has("pytest") || strings.HasSuffix(name, "pytest.ini")
}

func (c *pytestConfig) loadSetupCfg(data []byte) bool {
	quiet := &reader{} // what is wrong elsewhere in it is said where metadata is read
	f := readIniconfig(c.file, data, quiet)
	if !f.has("tool:pytest") && f.has("pytest") {
		c.r.report(c.file, f.sections["pytest"].line, "pytest refuses [pytest] in setup.cfg; name the section [tool:pytest]")
	}
	if f.has("tool:pytest") {
		c.r.problems = append(c.r.problems, quiet.problems...)
	}
	c.loadSection(f, "tool:pytest")
	return f.has("tool:pytest")
}

func (c *pytestConfig) loadSection(f *ini, section string) {
	for _, key := range f.keys(section) {
		s, _ := f.setting(section, key)
		c.values[key] = pytestValue{text: s.text, line: s.line}
	}
}

func (c *pytestConfig) loadPyproject(t table) bool {
	options := t.table("ini_options")
	native := t.exists() && (len(t.values) > 1 || !t.has("ini_options"))
	if native && options.exists() {
		t.report("", "pytest refuses [tool.pytest] beside [tool.pytest.ini_options]; keep one of them")
	}
	if !options.exists() {
		return len(t.values) > 0 && c.loadNative(t, false)
	}
	for _, key := range options.keys() {
		c.values[key] = options.iniValue(key, options.values[key])
	}
	return true
}

// iniValue is a value as pytest takes it for that of an ini file: lists stay
// lists, everything else becomes text.
func (t table) iniValue(key string, v any) pytestValue {
	value := pytestValue{line: t.doc.lines[t.path+pathSeparator+key]}
	switch v := v.(type) {
	case string:
		value.text = v
	case []any:
		value.isList, value.list = true, t.texts(key)
	case map[string]any:
		t.report(key, "%s is a table, not a string or a list", t.name(key))
	default:
		value.text = fmt.Sprint(v)
	}
	return value
}

func (c *pytestConfig) loadNative(t table, always bool) bool {
	for _, key := range t.keys() {
		if v := t.values[key]; key != "ini_options" {
			value := pytestValue{native: true, line: t.doc.lines[t.path+pathSeparator+key]}
			if _, isList := v.([]any); isList {
				value.isList, value.list = true, t.texts(key)
			}
			c.values[key] = value
		}
	}
	return always || len(c.values) > 0
}

// words is a setting that pytest splits as a shell does, and its line.
func (c *pytestConfig) words(key string, absent []string) ([]string, int) {
	v, ok := c.values[key]
	switch {
	case !ok:
		return slices.Clone(absent), 0
	case v.isList:
		return v.list, v.line
	case v.native:
		c.r.report(c.file, v.line, "%s is not a list of strings, as pytest wants it here", key)
		return slices.Clone(absent), v.line
	}
	words, err := proc.Split(v.text)
	if err != nil {
		c.r.report(c.file, v.line, "reading %s: splitting %q: %v", key, clip(v.text), err)
	}
	return words, v.line
}

// override takes the "key=value" of -o, which is always as in an ini file.
func (c *pytestConfig) override(text string, line int) {
	key, value, found := strings.Cut(text, "=")
	if !found {
		c.r.report(c.file, line, "-o %q in addopts is not of the form key=value", text)
		return
	}
	if c.values == nil {
		c.values = map[string]pytestValue{}
	}
	c.values[key] = pytestValue{text: value}
}
