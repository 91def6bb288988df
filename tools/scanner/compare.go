package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/weft-build/weft/internal/pysource"
)

// facts are a line of facts.py.
type facts struct {
	File        string
	Refused     *string
	Imports     []pysource.Import
	Definitions []definition
	Markers     []string
	All         []string
	Dynamic     [][3]string
	Doctests    bool
	Uses        [][2]any
	Strings     []string
	Parts       []string
	Identifiers []string
}

type definition struct {
	Kind, Name     string
	Line           int
	Markers, Cases []string
	Bases          []string // nil: not to be compared
	Members        []definition
}

// counts are what is printed in the end.
type counts struct {
	files, refused, foreign       int
	imports, definitions, markers int
	strings, uses, dynamic        int
	differences, differing        int
	bytes                         int64
	spent                         time.Duration
}

// shown is how many differences are printed.
const shown = 40

// run compares file by file, and fails when there is a difference or no file.
func run(name string, in io.Reader, out io.Writer) error {
	var c counts
	decoder := json.NewDecoder(bufio.NewReaderSize(in, 1<<20))
	for {
		var f facts
		if err := decoder.Decode(&f); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("reading facts: %w", err)
		}
		if err := c.file(&f, out); err != nil {
			return err
		}
	}
	c.print(name, out)
	switch {
	case c.files == 0:
		return errors.New("there were no files to compare")
	case c.imports == 0 || c.definitions == 0:
		return errors.New("the files have no imports or no definitions")
	case c.differences > 0:
		return fmt.Errorf("%d differences", c.differences)
	}
	return nil
}

func (c *counts) print(name string, out io.Writer) {
	fmt.Fprintf(out, "%s: %d files, %d imports, %d definitions, %d markers, %d dynamic imports, %d uses, %d strings: %d differences",
		name, c.files, c.imports, c.definitions, c.markers, c.dynamic, c.uses, c.strings, c.differences)
	if c.differing > 0 {
		fmt.Fprintf(out, " in %d files", c.differing)
	}
	fmt.Fprintf(out, "; CPython refuses %d more", c.refused)
	if c.foreign > 0 {
		fmt.Fprintf(out, "; %d declare an encoding that is not decoded", c.foreign)
	}
	fmt.Fprintf(out, " (read at %.0f MB/s)\n", float64(c.bytes)/1e6/max(c.spent.Seconds(), 1e-9))
}

func (c *counts) file(f *facts, out io.Writer) error {
	data, err := os.ReadFile(f.File)
	if err != nil {
		return fmt.Errorf("reading a source: %w", err)
	}
	began := time.Now()
	got := pysource.Read(data)
	c.spent += time.Since(began)
	c.bytes += int64(len(data))
	if f.Refused != nil {
		c.refused++
		return nil
	}
	c.files++
	c.imports += len(f.Imports)
	c.strings += len(f.Strings)
	c.uses += len(f.Uses)
	c.dynamic += len(f.Dynamic)
	c.markers += len(f.Markers)
	c.count(f.Definitions)
	foreign := got.Problem != nil && strings.HasPrefix(got.Problem.Text, "encoding ")
	if foreign {
		c.foreign++
	}
	found := differences(f, got, data, foreign)
	if len(found) > 0 {
		c.differing++
	}
	for _, difference := range found {
		if c.differences++; c.differences <= shown {
			fmt.Fprintf(out, "%s: %s\n", f.File, difference)
		}
	}
	return nil
}

func (c *counts) count(definitions []definition) {
	for _, d := range definitions {
		c.definitions++
		c.markers += len(d.Markers) + len(d.Cases)
		c.count(d.Members)
	}
}

// differences says in what pysource and CPython disagree. Of a source in a
// foreign encoding only what is ASCII is compared.
func differences(want *facts, got *pysource.File, data []byte, foreign bool) []string {
	var found []string
	differ := func(what string, want, got any) {
		if !reflect.DeepEqual(want, got) {
			found = append(found, fmt.Sprintf("%s:\n  CPython  %+v\n  pysource %+v", what, want, got))
		}
	}
	if got.Problem != nil && !foreign {
		differ("problem", nil, *got.Problem)
	}
	for i := range max(len(want.Imports), len(got.Imports)) {
		if i == len(want.Imports) || i == len(got.Imports) || !reflect.DeepEqual(want.Imports[i], got.Imports[i]) {
			differ("imports", want.Imports[i:min(i+3, len(want.Imports))], got.Imports[min(i, len(got.Imports)):min(i+3, len(got.Imports))])
			break
		}
	}
	definitions := defined(got.Definitions)
	for _, pair := range unequal(want.Definitions, definitions) {
		differ("definitions", pair[0], pair[1])
	}
	differ("markers", filled(want.Markers), filled(got.Markers))
	differ("doctests", want.Doctests, got.Doctests)
	if foreign {
		return found
	}
	all := slices.Clone(got.All)
	sort.Strings(all)
	differ("__all__", filled(want.All), filled(all))
	differ("dynamic imports", want.Dynamic, dynamics(got.Dynamic))
	missing, more := compare(uses(want.Uses), references(got.Uses))
	differ("uses", missing, more)
	differ("mentions", mentioned(want.Identifiers), filled(got.Mentions))
	if !strings.Contains(string(data), `\N{`) { // a name of Unicode's database
		missing, more = literals(want, got)
		differ("strings", missing, more)
	}
	return found
}

// unequal are the first definitions that differ, as they are.
func unequal(want, got []definition) [][2]any {
	for i := range max(len(want), len(got)) {
		if i == len(want) || i == len(got) {
			return [][2]any{{names(want), names(got)}}
		}
		w, g := want[i], got[i]
		if pairs := unequal(w.Members, g.Members); pairs != nil {
			return pairs
		}
		if w.Bases == nil {
			g.Bases = nil
		}
		w.Members, g.Members = nil, nil
		if !reflect.DeepEqual(w, g) {
			return [][2]any{{w, g}}
		}
	}
	return nil
}

func names(definitions []definition) (list []string) {
	for _, d := range definitions {
		list = append(list, fmt.Sprintf("%s:%d", d.Name, d.Line))
	}
	return list
}

func defined(definitions []pysource.Definition) []definition {
	list := []definition{}
	for _, d := range definitions {
		list = append(list, definition{
			Kind: [...]string{"function", "class", "name"}[d.Kind], Name: d.Name, Line: d.Line,
			Markers: filled(d.Markers), Cases: filled(d.CaseMarkers), Bases: filled(d.Bases), Members: defined(d.Members),
		})
	}
	return list
}

// filled is never nil, as JSON's lists are.
func filled(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func dynamics(list []pysource.Dynamic) [][3]string {
	all := [][3]string{}
	for _, d := range list {
		all = append(all, [3]string{d.Call, d.Module, d.Prefix})
	}
	slices.SortFunc(all, func(a, b [3]string) int { return slices.Compare(a[:], b[:]) })
	return all
}

func uses(list [][2]any) (all []string) {
	for _, use := range list {
		all = append(all, fmt.Sprintf("%v %v", use[0], use[1]))
	}
	return all
}

func references(list []pysource.Reference) (all []string) {
	for _, use := range list {
		all = append(all, fmt.Sprintf("%d %s", use.Level, use.Name))
	}
	return all
}

// compare says what one has and the other has not. A name in parentheses goes
// on for CPython: (a.b).c; so a beginning will do.
func compare(want, got []string) (missing, more []string) {
	has := map[string]bool{}
	for _, w := range want {
		for i := range w {
			if w[i] == '.' {
				has[w[:i]] = true
			}
		}
		has[w] = true
	}
	gets := map[string]bool{}
	for _, g := range got {
		gets[g] = true
		if !has[g] {
			more = append(more, g)
		}
	}
	for _, w := range want {
		begins := gets[w]
		for i := range w {
			begins = begins || w[i] == '.' && gets[w[:i]]
		}
		if !begins {
			missing = append(missing, w)
		}
	}
	return missing, more
}

func mentioned(identifiers []string) []string {
	list := []string{}
	for _, word := range identifiers {
		if slices.Contains(pysource.Interesting, word) {
			list = append(list, word)
		}
	}
	return list
}

// literals compares strings: what is whole for pysource has to be a string for
// CPython, and all that CPython has has to be there.
func literals(want *facts, got *pysource.File) (missing, more []string) {
	whole, any := map[string]bool{}, map[string]bool{}
	for _, s := range want.Strings {
		whole[s] = true
	}
	for _, s := range want.Parts {
		whole[s] = true // f"text", which has no field
	}
	for _, s := range got.Strings {
		any[s.Value] = true
		if !s.Joined && !whole[s.Value] && !strings.ContainsRune(s.Value, utf8.RuneError) {
			more = append(more, s.Value)
		}
	}
	for _, s := range want.Strings {
		if !any[s] {
			missing = append(missing, s)
		}
	}
	for _, s := range want.Parts {
		if !any[s] && !strings.HasSuffix(strings.TrimRight(s, " "), "=") { // f"{x=}" says x= before Python 3.12
			missing = append(missing, s)
		}
	}
	return missing, more
}
