package pyproject

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// readTox reads tox.ini, or tox's section of setup.cfg, or [tool.tox] of
// pyproject.toml, or tox.toml: the first that there is, as tox does.
func (m *matrixReader) readTox() {
	if file := m.file("tox.ini"); m.isFile(file) {
		if data, ok := m.read(file); ok {
			m.readToxIni(file, readConfigparser(file, data, m.reader), "tox")
		}
		return
	}
	if file := m.file("setup.cfg"); m.isFile(file) {
		data, _ := m.read(file)
		if f := readConfigparser(file, data, &reader{}); f.has("tox:tox") {
			m.readToxIni(file, f, "tox:tox")
			return
		}
	}
	if data, ok := m.read(m.file("pyproject.toml")); ok {
		t := readTOML(m.file("pyproject.toml"), data, &reader{}).table("tool", "tox")
		if legacy := t.text("legacy_tox_ini"); legacy != "" {
			m.readToxIni(t.doc.file, readConfigparser(t.doc.file, []byte(legacy), &reader{}), "tox")
			return
		}
		m.readToxTOML(m.file("pyproject.toml"), t)
	}
	if data, ok := m.read(m.file("tox.toml")); ok {
		m.readToxTOML(m.file("tox.toml"), readTOML(m.file("tox.toml"), data, m.reader))
	}
}

func (m *matrixReader) readToxIni(file string, f *ini, main string) {
	list := f.get(main, "envlist")
	if list == "" {
		list = f.get(main, "env_list")
	}
	for _, env := range expandFactors(list) {
		m.addPythons(file+": envlist", pythonsOfFactors(env)...)
	}
	for _, name := range f.names {
		env, isEnv := strings.CutPrefix(name, "testenv:")
		if name != "testenv" && !(isEnv && runsTests(env)) {
			continue
		}
		s, _ := f.setting(name, "deps")
		for i, line := range strings.Split(s.text, "\n") {
			m.toxDep(file, s.line+i, file+": deps of "+name, f, line, 0)
		}
		for _, one := range expandFactors(env) {
			m.addPythons(file+": "+name, pythonsOfFactors(one)...)
		}
	}
}

// factorCondition is what tox puts before a line that is not for every
// environment: "py39,py310-!lint: pytest".
var (
	factorCondition = regexp.MustCompile(`^[\w.!,{}\- ]+:\s+|^[\w.!,\-][\w.!,{}\-]*:`)
	toxDefault      = regexp.MustCompile(`\{env:\w+:([^{}]*)\}`)
	toxReference    = regexp.MustCompile(`^\{\[([^\]]+)\](\w+)\}$`)
)

func (m *matrixReader) toxDep(file string, line int, source string, f *ini, text string, depth int) {
	text = strings.TrimSpace(text)
	if text == "" || text[0] == '#' {
		return
	}
	text = toxDefault.ReplaceAllString(text, "$1")
	if condition := factorCondition.FindString(text); condition != "" && !strings.HasPrefix(text[len(condition):], "//") {
		if !isForTests(condition) {
			return
		}
		text = strings.TrimSpace(text[len(condition):])
	}
	if ref := toxReference.FindStringSubmatch(text); ref != nil && depth < 10 {
		for _, other := range strings.Split(f.get(ref[1], ref[2]), "\n") {
			m.toxDep(file, line, source, f, other, depth+1)
		}
		return
	}
	text = strings.NewReplacer("{toxinidir}/", "", "{tox_root}/", "", "{toxinidir}", ".", "{tox_root}", ".").Replace(text)
	m.requirementLine(file, line, source, m.dir, text)
}

func (m *matrixReader) readToxTOML(file string, t table) {
	envs := t.texts("env_list")
	if !t.has("env_list") {
		envs = t.texts("envlist")
	}
	for _, env := range envs {
		m.addPythons(file+": env_list", pythonsOfFactors(env)...)
	}
	base := t.table("env_run_base")
	m.toxTOMLDeps(file, "env_run_base", base)
	for _, name := range t.table("env").keys() {
		m.addPythons(file+": env "+name, pythonsOfFactors(name)...)
		if runsTests(name) {
			m.toxTOMLDeps(file, "env "+name, t.table("env", name))
		}
	}
}

func (m *matrixReader) toxTOMLDeps(file, name string, env table) {
	items, _ := env.values["deps"].([]any)
	for _, item := range items {
		if text, isText := item.(string); isText {
			m.requirementLine(file, env.line("deps"), file+": deps of "+name, m.dir, text)
		}
	}
}

const maxExpanded = 10000 // environments that one envlist may name

// expandFactors expands tox's generative lists: "py{39,310}-{a,b}, lint".
func expandFactors(list string) []string {
	var all []string
	for _, line := range strings.Split(list, "\n") {
		if isComment(line) {
			continue
		}
		for _, item := range splitOutsideBraces(line) {
			if len(all) < maxExpanded {
				all = append(all, expandBraces(item, maxExpanded-len(all))...)
			}
		}
	}
	return all
}

// splitOutsideBraces splits at commas and spaces that are not within braces.
func splitOutsideBraces(line string) []string {
	depth := 0
	return strings.FieldsFunc(line, func(c rune) bool {
		switch c {
		case '{':
			depth++
		case '}':
			depth--
		case ',', ' ', '\t':
			return depth <= 0
		}
		return false
	})
}

var (
	braces      = regexp.MustCompile(`\{([^{}]*)\}`)
	numberRange = regexp.MustCompile(`^(\d+)-(\d+)$`)
)

func expandBraces(item string, limit int) []string {
	all := []string{item}
	for i := 0; i < len(all) && len(all) <= limit; {
		at := braces.FindStringSubmatchIndex(all[i])
		if at == nil {
			i++
			continue
		}
		var expanded []string
		for _, choice := range strings.Split(all[i][at[2]:at[3]], ",") {
			for _, one := range numbers(strings.TrimSpace(choice)) {
				expanded = append(expanded, all[i][:at[0]]+one+all[i][at[1]:])
			}
		}
		all = slices.Replace(all, i, i+1, expanded...)
	}
	if len(all) > limit {
		all = all[:limit]
	}
	return all
}

// numbers expands the range of tox 4.25: "39-311" is 39 … 311 in steps of the
// minor version, "9-11" is 9, 10, 11.
func numbers(choice string) []string {
	m := numberRange.FindStringSubmatch(choice)
	if m == nil {
		return []string{choice}
	}
	prefix, from, to := "", m[1], m[2]
	if len(from) > 1 && from[0] == to[0] && from[0] == '3' {
		prefix, from, to = "3", from[1:], to[1:]
	}
	var all []string
	for n := number(from); n <= number(to) && len(all) < 100; n++ {
		all = append(all, prefix+itoa(n))
	}
	if len(all) == 0 {
		return []string{choice}
	}
	return all
}

// pythonsOfFactors are the Pythons that an environment's factors name.
func pythonsOfFactors(env string) []string {
	var all []string
	for _, factor := range strings.Split(env, "-") {
		if v := pythonOf(factor); v != "" {
			all = append(all, v)
		}
	}
	return all
}

// namedURL is how a requirement gives a URL; a bare one does not say what it is.
var namedURL = regexp.MustCompile(`^[\w.\-]+\s*(?:\[[^\]]*\])?\s*@`)

// requirementLine is a line of deps or of a requirements file.
func (m *matrixReader) requirementLine(file string, line int, source, folder, text string) {
	for _, option := range []string{"-r", "--requirement", "-c", "--constraint"} {
		if rest, ok := strings.CutPrefix(text, option); ok {
			name := strings.TrimSpace(strings.TrimPrefix(rest, "="))
			if strings.HasSuffix(option, "r") || option == "--requirement" {
				m.requirementsFile(file, line, folder, name)
			} else {
				m.constraintsFile(file, line, folder, name)
			}
			return
		}
	}
	if text == "" || text[0] == '-' || text[0] == '.' || strings.ContainsAny(text[:1], "/{") {
		return // an option, a folder, or something that only tox can fill in
	}
	if strings.Contains(text, "{") || strings.Contains(text, "://") && !namedURL.MatchString(text) || path.Ext(text) == ".whl" {
		return
	}
	m.add(source, m.requirements(file, line, []string{text})...)
}
