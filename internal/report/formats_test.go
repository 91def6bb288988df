package report_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/ui"
)

// TestFormats holds docs/formats.md against the code: each key of report.json,
// cell.json and weft watch --json with its type, both ways.
func TestFormats(t *testing.T) {
	doc, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	for heading, value := range map[string]any{"## report.json": report.Report{}, "## cell.json": result.CellJSON{}, "## weft watch --json": ui.WatchEvent{}} {
		documented := rows(t, string(doc), heading)
		inCode := map[string]string{}
		keys("", reflect.TypeOf(value), inCode)
		for key, kind := range inCode {
			if documented[key] != kind {
				t.Errorf("%s: %s is %q in the code and %q in docs/formats.md", heading, key, kind, documented[key])
			}
		}
		for key := range documented {
			if inCode[key] == "" {
				t.Errorf("%s: docs/formats.md has %s, the code has not", heading, key)
			}
		}
	}
}

var rowRE = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\|")

// rows are the keys and types in the tables of a section.
func rows(t *testing.T, doc, heading string) map[string]string {
	t.Helper()
	_, section, ok := strings.Cut(doc, "\n"+heading+"\n")
	if !ok {
		t.Fatalf("docs/formats.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	out := map[string]string{}
	for _, m := range rowRE.FindAllStringSubmatch(section, -1) {
		if out[m[1]] != "" {
			t.Errorf("%s: %s is documented twice", heading, m[1])
		}
		out[m[1]] = strings.TrimSpace(m[2])
	}
	return out
}

// shared are the types that many objects have; each is documented once, under
// its own name.
var shared = map[reflect.Type]string{
	reflect.TypeFor[report.Tests](): "Tests", reflect.TypeFor[report.CellTally](): "Cells", reflect.TypeFor[report.Tally](): "Tally",
}

// keys lists a type's JSON keys as paths: a list's items are [], a map's *.
func keys(path string, typ reflect.Type, out map[string]string) {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch {
	case typ == reflect.TypeFor[time.Time]():
		out[path] = "time"
	case shared[typ] != "":
		out[path] = shared[typ]
		fields(shared[typ], typ, out)
	case typ.Kind() == reflect.Struct:
		if path != "" && !strings.HasSuffix(path, "]") && !strings.HasSuffix(path, "*") {
			out[path] = "object"
		}
		fields(path, typ, out)
	case typ.Kind() == reflect.Slice:
		out[path] = "list"
		if typ.Elem().Kind() == reflect.Struct {
			keys(path+"[]", typ.Elem(), out)
		}
	case typ.Kind() == reflect.Map:
		out[path] = "object"
		if typ.Elem().Kind() == reflect.Struct {
			keys(path+".*", typ.Elem(), out)
		}
	default:
		kind := typ.Kind().String()
		switch {
		case slices.Contains([]string{"int", "int64", "float64"}, kind):
			kind = "number"
		case kind == "bool":
			kind = "boolean"
		}
		out[path] = kind
	}
}

func fields(path string, typ reflect.Type, out map[string]string) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported():
		case f.Anonymous && shared[f.Type] != "":
			keys(path, f.Type, out)
		case f.Anonymous && name == "":
			fields(path, f.Type, out)
		default:
			keys(strings.TrimPrefix(path+"."+name, "."), f.Type, out)
		}
	}
}
