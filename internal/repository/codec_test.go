package repository

import (
	"reflect"
	"testing"

	"github.com/weft-build/weft/internal/pysource"
)

var everything = &pysource.File{
	Imports:     []pysource.Import{{Line: 3, Level: 1, Module: "a.b", Names: []string{"c", "*"}, Optional: true}, {Line: 4, Module: "os", Typing: true, Local: true}},
	Dynamic:     []pysource.Dynamic{{Line: 9, Call: "import_module", Prefix: "plugins."}},
	Uses:        []pysource.Reference{{Level: 2, Name: "x.y"}},
	Definitions: []pysource.Definition{{Kind: pysource.Class, Name: "TestA", Line: 12, Markers: []string{"slow"}, Bases: []string{"Base"}, Members: []pysource.Definition{{Name: "test_b", Line: 13, CaseMarkers: []string{"integration"}}}}},
	Markers:     []string{"unit"}, All: []string{"one"},
	Strings:  []pysource.String{{Line: 1, Value: "data/ä.csv", Joined: true}},
	Mentions: []string{"__file__"}, Doctests: true, Problem: &pysource.Problem{Line: 70000, Text: "unterminated string"},
}

func TestCodecKeepsEveryField(t *testing.T) {
	for name, f := range map[string]*pysource.File{"everything": everything, "nothing": {}} {
		e := &encoder{}
		e.file(f)
		d := &decoder{text: string(e.buf)}
		if got := d.file(); d.err != nil || d.at != len(d.text) || !reflect.DeepEqual(got, f) {
			t.Errorf("%s: %v, %d of %d bytes read:\n%+v\nwant\n%+v", name, d.err, d.at, len(d.text), got, f)
		}
	}
	// Every field of the facts is in the example above, so that a new one is not
	// forgotten here.
	v := reflect.ValueOf(*everything)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("the example has no %s", v.Type().Field(i).Name)
		}
	}
}

func FuzzDecoder(f *testing.F) {
	e := &encoder{}
	e.file(everything)
	f.Add(string(e.buf))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		d := &decoder{text: text}
		d.file() // a corrupt cache is an error, never a panic nor a flood of memory
	})
}
