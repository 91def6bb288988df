package repository

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bazelbuild/buildtools/build"
)

// buildFile is what a BUILD file says that matters here.
type buildFile struct {
	name       string
	directives []directive
	rules      []builtRule
	broken     bool // does not parse: the folder is left alone
}

type directive struct {
	key, value string
	line       int
}

// builtRule is a rule that a BUILD file has.
type builtRule struct {
	kind, name string
	src        string   // pytest_file, octave_file
	srcs       []string // the literal ones
	globs      []string // patterns of glob() in srcs
	files      []string // matrix_suite
	keep       bool     // "# keep" stands above it
}

// BuildNames are a BUILD file's names, the preferred one first.
var BuildNames = []string{"BUILD.bazel", "BUILD"}

func (t *tree) readBuild(f *folder, entries []fs.DirEntry) *buildFile {
	for _, name := range BuildNames {
		i := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name && !e.IsDir() })
		if i < 0 {
			continue
		}
		rel := path.Join(f.path, name)
		b := &buildFile{name: name}
		s := stampOf(entries[i])
		if t.cache.fillBuild(rel, s, b) {
			return b
		}
		data, err := os.ReadFile(filepath.Join(t.root, filepath.FromSlash(rel)))
		if err != nil {
			b.broken = true
			t.problem(Problem{File: rel, Text: "the file cannot be read: " + plain(err), Hint: "chmod +r " + rel})
			return b
		}
		parsed, err := build.ParseBuild(rel, data)
		if err != nil {
			b.broken = true
			t.problem(parseProblem(rel, err))
			return b
		}
		b.directives = readDirectives(parsed)
		b.rules = readRules(parsed)
		t.cache.learn(rel, s, b)
		return b
	}
	return nil
}

func parseProblem(rel string, err error) Problem {
	p := Problem{File: rel, Text: err.Error(), Hint: "mend it and run weft gen again; the folder was left as it is"}
	if e, ok := err.(build.ParseError); ok {
		p.Line, p.Text = e.Pos.Line, e.Message
	}
	return p
}

// readDirectives takes "# gazelle:key value" from the comments of a file's
// top-level statements.
func readDirectives(f *build.File) []directive {
	var out []directive
	take := func(comments []build.Comment) {
		for _, c := range comments {
			text, ok := strings.CutPrefix(strings.TrimSpace(strings.TrimLeft(c.Token, "#")), "gazelle:")
			if !ok {
				continue
			}
			key, value, _ := strings.Cut(text, " ")
			out = append(out, directive{key, strings.TrimSpace(value), c.Start.Line})
		}
	}
	for _, s := range f.Stmt {
		take(s.Comment().Before)
		take(s.Comment().After)
	}
	take(f.Comments.After)
	return out
}

func readRules(f *build.File) []builtRule {
	var out []builtRule
	for _, r := range f.Rules("") {
		// Name would make one up for a rule that has none.
		b := builtRule{kind: r.Kind(), name: r.ExplicitName(), src: strings.TrimPrefix(r.AttrString("src"), ":")}
		b.srcs, b.globs = sources(r.Attr("srcs"))
		for _, name := range r.AttrStrings("files") {
			b.files = append(b.files, strings.TrimPrefix(name, ":"))
		}
		for _, c := range r.Call.Comment().Before {
			word, _, _ := strings.Cut(strings.TrimSpace(strings.TrimLeft(c.Token, "#")), ":")
			b.keep = b.keep || word == "keep"
		}
		out = append(out, b)
	}
	return out
}

// sources reads a list, a glob, or a sum of these.
func sources(e build.Expr) (names, globs []string) {
	switch e := e.(type) {
	case *build.ListExpr:
		return build.Strings(e), nil
	case *build.BinaryExpr:
		names, globs = sources(e.X)
		more, moreGlobs := sources(e.Y)
		return append(names, more...), append(globs, moreGlobs...)
	case *build.CallExpr:
		if id, ok := e.X.(*build.Ident); ok && id.Name == "glob" && len(e.List) > 0 {
			return nil, build.Strings(e.List[0])
		}
	}
	return nil, nil
}

// directives are the settings in force in a folder: its own and those of the
// folders above.
type directives struct {
	off          bool
	exclude      []string // workspace-relative globs
	types        []string
	environments []string
	isolation    string
	data         []dataDirective
	// kinds are Weft's by the names that alias_kind and map_kind give them.
	kinds map[string]string
}

// dataDirective is weft_data: a glob below its folder, or a label.
type dataDirective struct {
	in    *folder
	value string
	line  int
}

// TestTypes are the test types, in the rules' order.
var TestTypes = []string{"unit", "integration", "performance", "security", "compatibility"}

func (t *tree) directivesOf(f *folder) directives {
	var d directives
	if f.parent != nil {
		d = f.parent.d
	}
	if f.build == nil {
		return d
	}
	for _, set := range f.build.directives {
		if err := d.set(f, set); err != "" {
			t.problem(Problem{File: path.Join(f.path, f.build.name), Line: set.line, Text: err, Hint: "weft gen --help lists the directives"})
		}
	}
	for i, r := range f.build.rules {
		if kind := d.kinds[r.kind]; kind != "" {
			f.build.rules[i].kind = kind
		}
	}
	return d
}

// set applies one directive; it returns what is wrong with it. Gazelle's own
// other directives mean nothing to the map.
func (d *directives) set(f *folder, set directive) string {
	switch set.key {
	case "exclude":
		d.exclude = append(slices.Clone(d.exclude), path.Join(f.path, set.value))
	case "alias_kind", "map_kind":
		d.name(words(set.value), set.key == "map_kind")
	case "weft":
		if set.value != "on" && set.value != "off" {
			return fmt.Sprintf("weft is %q; it is on or off", set.value)
		}
		d.off = set.value == "off"
	case "weft_types":
		types := words(set.value)
		for _, w := range types {
			if !slices.Contains(TestTypes, w) {
				return fmt.Sprintf("weft_types names %q; types are %s", w, strings.Join(TestTypes, ", "))
			}
		}
		d.types = types
	case "weft_environments":
		d.environments = words(set.value)
	case "weft_isolation":
		if !slices.Contains([]string{"cell", "suite", "package"}, set.value) {
			return fmt.Sprintf("weft_isolation is %q; it is cell, suite or package", set.value)
		}
		d.isolation = set.value
	case "weft_data":
		if set.value == "" {
			return "weft_data names no file; give it a glob or a label"
		}
		d.data = append(slices.Clone(d.data), dataDirective{f, set.value, set.line})
	default:
		if strings.HasPrefix(set.key, "weft_") {
			return fmt.Sprintf("there is no directive %q; there are weft, weft_data, weft_types, weft_environments and weft_isolation", set.key)
		}
	}
	return ""
}

// name notes another name of a kind; what is wrong with it is Gazelle's to say.
func (d *directives) name(args []string, mapped bool) {
	if len(args) < 2 {
		return
	}
	other, kind := args[0], args[1]
	if mapped {
		other, kind = kind, other
	}
	d.kinds = maps.Clone(d.kinds)
	if d.kinds == nil {
		d.kinds = map[string]string{}
	}
	d.kinds[other] = kind
}

// words splits at commas and spaces; nothing means: as if never set.
func words(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}

// ours reports whether weft gen may have written the rule: its name is the one
// that weft gen would give it, and nobody said to keep it.
func (b builtRule) ours(f *folder) bool {
	if b.keep || len(b.globs) > 0 && b.kind == "python_sources" {
		return false
	}
	switch b.kind {
	case "python_sources", "octave_sources":
		for _, src := range b.srcs {
			stem := strings.TrimSuffix(path.Base(src), path.Ext(src))
			if b.name == stem || b.name == stem+"_source" || b.name == stem+"_sources" {
				return true
			}
		}
		base := baseName(f)
		return len(b.srcs) > 0 && slices.Contains([]string{base, base + "_package", base + "_octave"}, b.name) ||
			b.name == "modules" || b.name == base+"_modules"
	case "filegroup":
		return b.name == "sources" || b.name == "files" || b.name == "weft_data" || strings.HasSuffix(b.name, "_files") ||
			len(b.srcs) == 1 && b.name == fileRule(b.srcs[0])
	case "pytest_file", "octave_file", "matrix_suite", "python_dist_info":
		return true
	}
	return false
}

// underscored is a file's name as the name of a rule.
func underscored(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
}

// fileRule is the name of the filegroup of one file.
func fileRule(rel string) string {
	if name := underscored(rel); name != rel {
		return name
	}
	return rel + "_file" // LICENSE itself is the file's label
}
