package pyproject

import (
	"strings"

	"github.com/weft-build/weft/internal/pysource"
)

// calls are those of the named functions in a Python file, their arguments
// filled in where they are names that the module gives a literal.
func calls(data []byte, names ...string) []pysource.Call {
	all := pysource.Calls(data, names...)
	if len(all) == 0 {
		return nil
	}
	known := pysource.Constants(data)
	for i := range all {
		args, _ := resolve(all[i].Args, known).([]any)
		all[i].Args = args
		keywords := map[string]any{}
		for key, v := range all[i].Keywords {
			keywords[key] = resolve(v, known)
		}
		if rest, ok := keywords["**"].(map[string]any); ok { // setup(**settings)
			for key, v := range rest {
				if _, given := keywords[key]; !given {
					keywords[key] = v
				}
			}
		}
		all[i].Keywords = keywords
	}
	return all
}

// resolve replaces names by what they are known to be.
func resolve(v any, known map[string]any) any {
	switch v := v.(type) {
	case pysource.Unknown:
		if value, ok := known[string(v)]; ok {
			return value
		}
	case []any:
		var all []any
		for _, item := range v {
			if name, isUnknown := item.(pysource.Unknown); isUnknown && strings.HasPrefix(string(name), "*") {
				if rest, isList := known[strings.TrimSpace(string(name[1:]))].([]any); isList {
					all = append(all, rest...)
					continue
				}
			}
			all = append(all, resolve(item, known))
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for key, item := range v {
			all[key] = resolve(item, known)
		}
		return all
	}
	return v
}

// text is a literal string, "" when it is none.
func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}

// list is a literal list of strings, or a string of lines; ok is false when
// something in it is not literal.
func list(v any) (all []string, ok bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case string:
		return nonEmptyLines(v), true
	case []any:
		ok = true
		for _, item := range v {
			s, isText := item.(string)
			if ok = ok && isText; isText {
				all = append(all, s)
			}
		}
		return all, ok
	}
	return nil, false
}
