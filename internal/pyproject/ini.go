package pyproject

import (
	"regexp"
	"strings"
)

// ini is a configuration file of sections and keys.
type ini struct {
	file     string
	names    []string // sections in order
	sections map[string]*section
}

type section struct {
	line   int
	keys   []string // in order
	values map[string]setting
}

type setting struct {
	text string // lines joined with "\n"
	line int
}

func (f *ini) has(section string) bool { return f != nil && f.sections[section] != nil }

// get is a setting's text, "" when there is none.
func (f *ini) get(section, key string) string {
	s, _ := f.setting(section, key)
	return s.text
}

func (f *ini) setting(section, key string) (setting, bool) {
	if !f.has(section) {
		return setting{}, false
	}
	s, ok := f.sections[section].values[key]
	return s, ok
}

// keys are those of a section, in order.
func (f *ini) keys(section string) []string {
	if !f.has(section) {
		return nil
	}
	return f.sections[section].keys
}

// iniBuilder fills an ini. What is there twice is reported; the first stands.
type iniBuilder struct {
	*ini
	report  func(line int, format string, args ...any)
	current *section
	key     string // the setting that continuation lines belong to
}

func newIniBuilder(file string, r *reader) *iniBuilder {
	return &iniBuilder{
		ini:    &ini{file: file, sections: map[string]*section{}},
		report: func(line int, format string, args ...any) { r.report(file, line, format, args...) },
	}
}

func (b *iniBuilder) begin(name string, line int) {
	b.key = ""
	if b.sections[name] != nil {
		b.report(line, "section [%s] is there twice", name)
		b.current = b.sections[name]
		return
	}
	b.current = &section{line: line, values: map[string]setting{}}
	b.sections[name] = b.current
	b.names = append(b.names, name)
}

func (b *iniBuilder) set(key, value string, line int) {
	b.key = key
	if b.current == nil {
		b.report(line, "%q stands before the first section", key)
		return
	}
	if _, twice := b.current.values[key]; twice {
		b.report(line, "%q is there twice", key)
		b.key = ""
		return
	}
	b.current.keys = append(b.current.keys, key)
	b.current.values[key] = setting{text: value, line: line}
}

// extend adds a continuation line; ok is false when there is nothing to continue.
func (b *iniBuilder) extend(line string) bool {
	if b.current == nil || b.key == "" {
		return false
	}
	s := b.current.values[b.key]
	s.text += "\n" + line
	b.current.values[b.key] = s
	return true
}

func lines(data []byte) []string {
	text := strings.TrimPrefix(string(data), "\ufeff")
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
}

// readIniconfig reads a file as iniconfig does, which pytest uses: a key begins
// in the first column, an indented line continues, comments fill a line.
func readIniconfig(file string, data []byte, r *reader) *ini {
	b := newIniBuilder(file, r)
	for i, line := range lines(data) {
		if line = strings.TrimRight(line, " \t\f\v"); line == "" || isComment(line) {
			continue
		}
		switch {
		case line[0] == '[':
			if header := beforeComment(line); strings.HasSuffix(header, "]") {
				b.begin(header[1:len(header)-1], i+1)
				continue
			}
			fallthrough
		case strings.ContainsRune(" \t\f\v", rune(line[0])):
			if !b.extend(strings.TrimSpace(line)) {
				b.report(i+1, "unexpected continuation %q", clip(strings.TrimSpace(line)))
			}
		default:
			key, value, found := cutSetting(line)
			if !found {
				b.report(i+1, "unexpected line %q", clip(line))
				continue
			}
			b.set(key, value, i+1)
		}
	}
	for _, s := range b.sections {
		for key, value := range s.values { // an empty first line is none
			value.text = strings.TrimPrefix(value.text, "\n")
			s.values[key] = value
		}
	}
	return b.ini
}

func isComment(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && (line[0] == '#' || line[0] == ';')
}

func beforeComment(line string) string {
	if at := strings.IndexAny(line, "#;"); at >= 0 {
		line = line[:at]
	}
	return strings.TrimSpace(line)
}

// cutSetting cuts at "=", or at ":" when that comes first or alone.
func cutSetting(line string) (key, value string, found bool) {
	key, value, found = strings.Cut(line, "=")
	if !found || strings.Contains(key, ":") {
		key, value, found = strings.Cut(line, ":")
	}
	return strings.TrimSpace(key), strings.TrimSpace(value), found
}

var (
	headerPattern  = regexp.MustCompile(`^\[(.+)\]`)
	settingPattern = regexp.MustCompile(`^(.*?)\s*[=:]\s*(.*)$`)
)

// readConfigparser reads a file as Python's configparser does, which setuptools
// and tox use: what is indented deeper than its key continues, keys are lower
// case. Nothing is interpolated.
func readConfigparser(file string, data []byte, r *reader) *ini {
	b := newIniBuilder(file, r)
	level := 0
	for i, raw := range lines(data) {
		line := strings.TrimSpace(raw)
		if line == "" || isComment(line) {
			if line == "" {
				b.extend("")
			}
			continue
		}
		indent := len(raw) - len(strings.TrimLeft(raw, " \t\f\v"))
		if indent > level && b.extend(line) {
			continue
		}
		level = indent
		if m := headerPattern.FindStringSubmatch(line); m != nil {
			b.begin(m[1], i+1)
		} else if m := settingPattern.FindStringSubmatch(line); m != nil {
			b.set(strings.ToLower(m[1]), m[2], i+1)
		} else {
			b.report(i+1, "unexpected line %q", clip(line))
		}
	}
	for _, s := range b.sections {
		for key, value := range s.values {
			value.text = strings.TrimRight(value.text, "\n")
			s.values[key] = value
		}
	}
	return b.ini
}

// clip shortens what is quoted in a problem.
func clip(text string) string {
	if len(text) > 60 {
		return strings.ToValidUTF8(text[:60], "") + "…"
	}
	return text
}
