package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/request"
)

// index is the target graph turned round: what reads a label.
type index struct {
	targets *bazel.Targets
	files   map[string]bazel.File
	readers map[string][]string // label → labels of the rules that read it
	perFile map[string][]bazel.Suite
}

func newIndex(t *bazel.Targets) *index {
	ix := &index{targets: t, files: map[string]bazel.File{}, readers: map[string][]string{}, perFile: map[string][]bazel.Suite{}}
	for _, f := range t.Files {
		ix.files[f.Label] = f
	}
	for label, rule := range t.Rules {
		for _, in := range rule.Inputs {
			ix.readers[in] = append(ix.readers[in], label)
		}
	}
	for _, s := range t.Suites {
		if s.PerFile {
			for _, f := range s.Files {
				ix.perFile[f] = append(ix.perFile[f], s)
			}
		}
	}
	return ix
}

// choice is the suites that a scope names, before environments and types.
type choice struct {
	suites  []bazel.Suite
	pattern string // the Bazel pattern that yields them, when there is one
	notes   []string
}

func (ix *index) choose(req request.Request, ws Workspace) (choice, error) {
	switch req.Scope.Kind {
	case request.ScopePath:
		return ix.choosePath(req.Scope, ws)
	case request.ScopePattern:
		return ix.choosePattern(req, ws.Package)
	}
	c := choice{suites: ix.inFolder(""), pattern: "//..."}
	c.notes = ix.unsuited()
	return c, nil
}

// choosePath: a test file means its own cells; a folder the suites below it,
// or, when it holds none, what depends on its files; any other file what
// depends on it.
func (ix *index) choosePath(scope request.Scope, ws Workspace) (choice, error) {
	if ws.IsDir {
		if suites := ix.inFolder(ws.Path); len(suites) > 0 {
			return choice{suites: suites, pattern: folderPattern(ws.Path)}, nil
		}
		affected := ix.affected(func(p string) bool { return ws.Path == "" || strings.HasPrefix(p, ws.Path+"/") })
		note := fmt.Sprintf("%s holds no tests: running the %d test files that depend on it", ws.Path, len(affected))
		return ix.suitesOf(affected, note), nil
	}
	var own []string // several, when its types need different deps
	for _, f := range ix.targets.Files {
		if bazel.Path(f.Src) == ws.Path {
			own = append(own, f.Label)
		}
	}
	if len(own) > 0 {
		return ix.suitesOf(own, ""), nil
	}
	affected := ix.affected(func(p string) bool { return p == ws.Path })
	if len(affected) == 0 {
		return choice{}, &NothingError{
			Msg:    fmt.Sprintf("no test depends on %q", scope.Text),
			Hinted: "name it in srcs, data or deps of a target that a test depends on, in the BUILD.bazel of its folder",
		}
	}
	return ix.suitesOf(affected, ""), nil
}

// inFolder returns the package suites at or below a folder.
func (ix *index) inFolder(folder string) []bazel.Suite {
	var out []bazel.Suite
	for _, s := range ix.targets.Suites {
		pkg := bazel.Package(s.Label)
		if !s.PerFile && (folder == "" || pkg == folder || strings.HasPrefix(pkg, folder+"/")) {
			out = append(out, s)
		}
	}
	return out
}

func folderPattern(folder string) string {
	if folder == "" {
		return "//..."
	}
	return "//" + folder + "/..."
}

// suitesOf returns the per-file suites of weft_file labels.
func (ix *index) suitesOf(files []string, note string) choice {
	var c choice
	for _, f := range files {
		c.suites = append(c.suites, ix.perFile[f]...)
	}
	if note != "" {
		c.notes = append(c.notes, note)
	}
	return c
}

// affected returns the weft_file targets that read a source file that
// matches, directly or not, in label order.
func (ix *index) affected(match func(path string) bool) []string {
	var start []string
	for label := range ix.readers {
		if p := bazel.Path(label); p != "" && match(p) {
			start = append(start, label)
		}
	}
	return ix.affectedBy(start...)
}

// affectedBy walks from labels to every weft_file that reads them.
func (ix *index) affectedBy(labels ...string) []string {
	seen := map[string]bool{}
	var files []string
	for todo := labels; len(todo) > 0; {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[next] {
			continue
		}
		seen[next] = true
		if _, ok := ix.files[next]; ok {
			files = append(files, next)
		}
		todo = append(todo, ix.readers[next]...)
	}
	slices.Sort(files)
	return files
}

// unsuited notes the test files that no matrix_suite names: `//...` does not
// run them, and nobody would notice.
func (ix *index) unsuited() []string {
	in := map[string]bool{}
	for _, s := range ix.targets.Suites {
		if !s.PerFile {
			for _, f := range s.Files {
				in[f] = true
			}
		}
	}
	var notes []string
	for _, f := range ix.targets.Files {
		if !in[f.Label] {
			notes = append(notes, fmt.Sprintf("%s is in no matrix_suite, so no suite runs it", bazel.Path(f.Src)))
		}
	}
	return notes
}

// choosePattern expands a Bazel target pattern over the known targets.
func (ix *index) choosePattern(req request.Request, pkg string) (choice, error) {
	text := req.Scope.Text
	if strings.HasPrefix(text, "@@//") || strings.HasPrefix(text, "@//") {
		text = strings.TrimLeft(text, "@")
	}
	if strings.HasPrefix(text, "@") {
		return choice{}, &request.UsageError{Msg: fmt.Sprintf("%q names another repository", text), Hinted: "Weft tests this workspace: " + req.Line("//...")}
	}
	if strings.HasPrefix(text, ":") {
		text = "//" + pkg + text
	}
	folder, name, colon := strings.Cut(strings.TrimPrefix(text, "//"), ":")
	if folder == "..." || strings.HasSuffix(folder, "/...") {
		if colon && name != "all" && name != "*" && name != "all-targets" {
			return choice{}, &request.UsageError{Msg: fmt.Sprintf("%q is not a Bazel target pattern", text), Hinted: req.Line(proc.Quote([]string{"//" + folder}))}
		}
		folder = strings.TrimSuffix(strings.TrimSuffix(folder, "..."), "/")
		return choice{suites: ix.inFolder(folder), pattern: folderPattern(folder)}, nil
	}
	if !colon {
		name = path.Base(folder)
	}
	if name == "all" || name == "*" || name == "all-targets" {
		return choice{suites: ix.inPackage(folder), pattern: "//" + folder + ":all"}, nil
	}
	return ix.chooseLabel("//" + folder + ":" + name)
}

func (ix *index) inPackage(pkg string) []bazel.Suite {
	return slices.DeleteFunc(ix.inFolder(pkg), func(s bazel.Suite) bool { return bazel.Package(s.Label) != pkg })
}

// chooseLabel takes a suite, a test_suite, a test file's target, or any other
// target, which means what depends on it.
func (ix *index) chooseLabel(label string) (choice, error) {
	rule, ok := ix.targets.Rules[label]
	if !ok {
		if readers := ix.readers[label]; len(readers) > 0 { // a source file
			return ix.suitesOf(ix.affected(func(p string) bool { return p == bazel.Path(label) }), ""), nil
		}
		return choice{}, ix.unknownLabel(label)
	}
	switch rule.Class {
	case "weft_suite_test":
		i := slices.IndexFunc(ix.targets.Suites, func(s bazel.Suite) bool { return s.Label == label })
		return choice{suites: ix.targets.Suites[i : i+1 : i+1]}, nil
	case "weft_file":
		return ix.suitesOf([]string{label}, ""), nil
	case "test_suite":
		in := map[string]bool{}
		ix.expand(label, in)
		return choice{suites: slices.DeleteFunc(slices.Clone(ix.targets.Suites), func(s bazel.Suite) bool { return !in[s.Label] })}, nil
	}
	return ix.suitesOf(ix.affectedBy(label), ""), nil
}

// expand enters the tests that a test_suite names, those of the suites in it
// included. One that names none stands for its package's.
func (ix *index) expand(label string, in map[string]bool) {
	if in[label] {
		return
	}
	in[label] = true
	rule := ix.targets.Rules[label]
	if rule.Class != "test_suite" {
		return
	}
	for _, test := range rule.Tests {
		ix.expand(test, in)
	}
	if len(rule.Tests) == 0 {
		for _, s := range ix.inPackage(bazel.Package(label)) {
			in[s.Label] = true
		}
	}
}

func (ix *index) unknownLabel(label string) error {
	var known []string
	for l := range ix.targets.Rules {
		known = append(known, l)
	}
	slices.Sort(known)
	hint := "see what there is: weft plan all"
	if near := request.Nearest(label, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return &NothingError{Msg: fmt.Sprintf("there is no target %q", label), Hinted: hint}
}
