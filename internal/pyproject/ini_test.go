package pyproject

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// flat writes an ini for comparing: "section.key=value".
func flat(f *ini) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(f.sections)) {
		all = append(all, "["+name+"]")
		for _, key := range f.keys(name) {
			all = append(all, fmt.Sprintf("%s=%q", key, f.get(name, key)))
		}
	}
	return all
}

func problemLines(problems []Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text))
	}
	return all
}

func TestReadIni(t *testing.T) {
	const sample = "\ufeff# comment\r\n[A]\r\nKey : v=1 # kept\r\nlist=\r\n  one\r\n  ; left out\r\n\r\n\ttwo\r\nurl = http://x\n[b] ; comment\nkey=%(no)s\n"
	for _, c := range []struct {
		name, text              string
		iniconfig, configparser []string
		inProblems, cfgProblems []string
	}{
		{"all forms", sample,
			[]string{"[A]", `Key="v=1 # kept"`, `list="one\ntwo"`, `url="http://x"`, "[b]", `key="%(no)s"`},
			[]string{"[A]", `key="v=1 # kept"`, `list="\none\n\ntwo"`, `url="http://x"`, "[b]", `key="%(no)s"`}, nil, nil},
		{"indented keys", "[a]\n  x = 1\n  y = 2\n    3\n",
			[]string{"[a]"}, []string{"[a]", `x="1"`, `y="2\n3"`},
			[]string{`f:2: unexpected continuation "x = 1"`, `f:3: unexpected continuation "y = 2"`, `f:4: unexpected continuation "3"`}, nil},
		{"twice", "[a]\nx=1\nx=2\n  3\n[a]\ny=1\n",
			[]string{"[a]", `x="1"`, `y="1"`}, []string{"[a]", `x="1"`, `y="1"`},
			[]string{`f:3: "x" is there twice`, `f:4: unexpected continuation "3"`, "f:5: section [a] is there twice"},
			[]string{`f:3: "x" is there twice`, `f:4: unexpected line "3"`, "f:5: section [a] is there twice"}},
		{"no section", "x=1\nnonsense\n[a]\n", []string{"[a]"}, []string{"[a]"},
			[]string{`f:1: "x" stands before the first section`, `f:2: unexpected line "nonsense"`},
			[]string{`f:1: "x" stands before the first section`, `f:2: unexpected line "nonsense"`}},
		{"empty", "", nil, nil, nil, nil},
	} {
		for _, kind := range []struct {
			name           string
			read           func(string, []byte, *reader) *ini
			want, problems []string
		}{{"iniconfig", readIniconfig, c.iniconfig, c.inProblems}, {"configparser", readConfigparser, c.configparser, c.cfgProblems}} {
			r := &reader{}
			got := flat(kind.read("f", []byte(c.text), r))
			if !reflect.DeepEqual(got, kind.want) {
				t.Errorf("%s, %s:\n got %s\nwant %s", c.name, kind.name, strings.Join(got, " | "), strings.Join(kind.want, " | "))
			}
			if p := problemLines(r.problems); !reflect.DeepEqual(p, kind.problems) {
				t.Errorf("%s, %s: problems\n got %q\nwant %q", c.name, kind.name, p, kind.problems)
			}
		}
	}
}
