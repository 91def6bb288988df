package pyproject

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// table is a table of a TOML file. The methods of one that is not there say
// that nothing is there.
type table struct {
	doc    *document
	path   string
	values map[string]any
}

// document knows where the keys of a TOML file stand, which its values do not.
type document struct {
	file  string
	r     *reader
	lines map[string]int      // key path → line
	feeds []uint32            // where the lines end
	order map[string][]string // table path → keys in order
}

const (
	pathSeparator = "\x00"
	maxIndexed    = 20 // how deep keys are noted; no setting lies deeper
)

// readTOML reads a TOML file; one that does not parse is reported and empty.
func readTOML(file string, data []byte, r *reader) table {
	doc := &document{file: file, r: r, lines: map[string]int{}, order: map[string][]string{}}
	t := table{doc: doc}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := toml.Unmarshal(data, &t.values); err != nil {
		line := 0
		var decode *toml.DecodeError
		if errors.As(err, &decode) {
			line, _ = decode.Position()
		}
		r.unread(file, line, "reading TOML: %s", strings.TrimPrefix(err.Error(), "toml: "))
		t.values = nil
		return t
	}
	doc.index(data)
	return t
}

// index notes the keys' lines and order.
func (d *document) index(data []byte) {
	for i, c := range data {
		if c == '\n' {
			d.feeds = append(d.feeds, uint32(i))
		}
	}
	p := unstable.Parser{}
	p.Reset(data)
	base := ""
	for p.NextExpression() {
		e := p.Expression()
		key := d.note(base, e)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			base = d.note("", e)
		case unstable.KeyValue:
			d.inline(key, e.Value())
		}
	}
}

func (d *document) inline(base string, value *unstable.Node) {
	if value.Kind != unstable.InlineTable || strings.Count(base, pathSeparator) >= maxIndexed {
		return
	}
	for it := value.Children(); it.Next(); {
		if child := it.Node(); child.Kind == unstable.KeyValue {
			d.inline(d.note(base, child), child.Value())
		}
	}
}

func (d *document) note(base string, e *unstable.Node) string {
	if e.Kind == unstable.Table || e.Kind == unstable.ArrayTable {
		base = ""
	}
	for it := e.Key(); it.Next() && strings.Count(base, pathSeparator) < maxIndexed; {
		key := string(it.Node().Data)
		child := base + pathSeparator + key
		if _, known := d.lines[child]; !known {
			before, _ := slices.BinarySearch(d.feeds, it.Node().Raw.Offset)
			d.lines[child] = before + 1
			d.order[base] = append(d.order[base], key)
		}
		base = child
	}
	return base
}

func (t table) report(key, format string, args ...any) {
	line := t.doc.lines[t.path+pathSeparator+key]
	if key == "" {
		line = t.doc.lines[t.path]
	}
	t.doc.r.report(t.doc.file, line, format, args...)
}

// name is a key as people write it: tool.poetry.name.
func (t table) name(key string) string {
	return strings.ReplaceAll(strings.TrimPrefix(t.path+pathSeparator+key, pathSeparator), pathSeparator, ".")
}

// table is the table under one key after the other.
func (t table) table(keys ...string) table {
	for _, key := range keys {
		child := table{doc: t.doc, path: t.path + pathSeparator + key}
		switch v := t.values[key].(type) {
		case nil:
		case map[string]any:
			child.values = v
		default:
			t.report(key, "%s is not a table", t.name(key))
		}
		t = child
	}
	return t
}

func (t table) exists() bool { return t.values != nil }

func (t table) has(key string) bool {
	_, ok := t.values[key]
	return ok
}

// keys are the table's, in the order of the file.
func (t table) keys() []string {
	var keys []string
	if t.doc == nil {
		return nil
	}
	for _, key := range t.doc.order[t.path] {
		if t.has(key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// text is a string; anything else is reported and "".
func (t table) text(key string) string {
	switch v := t.values[key].(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	}
	t.report(key, "%s is not a string", t.name(key))
	return ""
}

// texts is a list of strings; what is none is reported and left out.
func (t table) texts(key string) []string {
	v, ok := t.values[key]
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		t.report(key, "%s is not a list of strings", t.name(key))
		return nil
	}
	var texts []string
	for _, item := range list {
		text, ok := item.(string)
		if !ok {
			t.report(key, "%s has something that is not a string", t.name(key))
			continue
		}
		texts = append(texts, text)
	}
	return texts
}

// textOrTexts is for settings that may be one string or a list.
func (t table) textOrTexts(key string) []string {
	if text, ok := t.values[key].(string); ok {
		return []string{text}
	}
	return t.texts(key)
}

func (t table) flag(key string) bool {
	b, ok := t.values[key].(bool)
	if !ok && t.has(key) {
		t.report(key, "%s is neither true nor false", t.name(key))
	}
	return b
}

// tables are the tables of a list.
func (t table) tables(key string) []table {
	list, _ := t.values[key].([]any)
	var all []table
	for _, item := range list {
		if values, ok := item.(map[string]any); ok {
			all = append(all, table{doc: t.doc, path: t.path + pathSeparator + key, values: values})
		}
	}
	return all
}

// line is where a key stands, 0 when that is not known.
func (t table) line(key string) int { return t.doc.lines[t.path+pathSeparator+key] }
