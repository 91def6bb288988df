package gazelle

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bazelbuild/bazel-gazelle/config"
	"github.com/bazelbuild/bazel-gazelle/language"
	"github.com/bazelbuild/bazel-gazelle/merger"
	"github.com/bazelbuild/bazel-gazelle/rule"
	"github.com/bazelbuild/buildtools/build"

	"github.com/weft-build/weft/internal/repository"
)

// Workspace brings BUILD files up to date without a gazelle_binary. It is safe
// for use by several goroutines.
type Workspace struct {
	language language.Language
	config   *config.Config
	loads    []rule.LoadInfo
}

// Open prepares the BUILD files of a workspace for what m says. A MODULE.bazel
// that cannot be read is a problem; rules_weft then goes by its usual name.
func Open(root string, m *repository.Map) (*Workspace, []repository.Problem) {
	w := &Workspace{
		language: &extension{read: func(string) (*repository.Map, error) { return &repository.Map{Folders: m.Folders}, nil }},
		config:   config.New(),
	}
	var problems []repository.Problem
	common, flags := &config.CommonConfigurer{}, flag.NewFlagSet("gazelle", flag.ContinueOnError)
	common.RegisterFlags(flags, "update", w.config)
	err := flags.Parse([]string{"-repo_root", root})
	if err == nil {
		err = common.CheckFlags(flags, w.config)
	}
	if err != nil {
		p := place("MODULE.bazel", err)
		p.Text = "cannot be read, so rules_weft is taken to go by this name: " + p.Text
		problems = append(problems, p)
		w.config.RepoRoot, w.config.ModuleToApparentName = root, func(string) string { return "" }
	}
	w.loads = w.language.(language.ModuleAwareLanguage).ApparentLoads(w.config.ModuleToApparentName)
	return w, problems
}

// RulesWeft is the .bzl file that rules are loaded from, as MODULE.bazel has it.
func (w *Workspace) RulesWeft() string { return w.loads[0].Name }

// Update is the text of a folder's BUILD file with what the map says merged
// into it; nil when nothing is left of it, except in the root, where Bazel needs
// the file to find others. content is the file's now, nil when there is none. mappings are the Mappings of the
// folders above, outermost first, and of the file itself. The error is for a
// file that cannot be understood.
func (w *Workspace) Update(folder *repository.Folder, content []byte, mappings []string) ([]byte, error) {
	c := w.config.Clone()
	c.AliasMap = maps.Clone(c.AliasMap)
	(&config.CommonConfigurer{}).Configure(c, folder.Path, &rule.File{Directives: directives(mappings)})
	args := language.GenerateArgs{Config: c, Rel: folder.Path}
	name := path.Join(folder.Path, folder.Build)
	file := rule.EmptyFile(name, folder.Path)
	if content != nil {
		var err error
		if file, err = rule.LoadData(name, folder.Path, content); err != nil {
			return nil, err
		}
	}
	args.File = file
	had := len(file.File.Stmt)
	rules := w.language.GenerateRules(args)
	mapped := mapKinds(c, kinds(), slices.Concat(rules.Gen, rules.Empty, file.Rules))
	merger.MergeFile(file, rules.Empty, rules.Gen, merger.PreResolve, mapped.kinds, c.AliasMap)
	fixLoads(file, mapped.loads(w.loads))
	if len(file.File.Stmt) == 0 && folder.Path != "" && (content == nil || had > 0) {
		return nil, nil
	}
	out := file.Format()
	if was, err := build.ParseBuild(name, content); err == nil && bytes.Equal(build.Format(was), out) {
		return content, nil // how a person formats a file is no reason to write it
	}
	return out, nil
}

// fixLoads adds and removes loads. Gazelle puts a new one first; here a comment
// or a docstring at the top of the file stays at the top.
func fixLoads(file *rule.File, known []rule.LoadInfo) {
	had := file.Loads
	merger.FixLoads(file, known)
	file.Sync()
	stmts := file.File.Stmt
	isNew := func(l *rule.Load) bool { return l.Index() == 0 && !slices.Contains(had, l) }
	if !slices.ContainsFunc(file.Loads, isNew) {
		return
	}
	for i := 0; i+1 < len(stmts) && heading(stmts[i+1]); i++ {
		stmts[i], stmts[i+1] = stmts[i+1], stmts[i]
	}
}

func heading(e build.Expr) bool {
	switch e.(type) {
	case *build.CommentBlock, *build.StringExpr:
		return true
	}
	return false
}

var mapping = regexp.MustCompile(`(?m)^[ \t]*#\s*gazelle:(map_kind|alias_kind)[ \t]+(.*?)[ \t\r]*$`)

// Mappings are the directives of a BUILD file that give kinds other names.
func Mappings(content []byte) []string {
	return mapping.FindAllString(string(content), -1)
}

func directives(mappings []string) []rule.Directive {
	var out []rule.Directive
	for _, text := range mappings {
		if m := mapping.FindStringSubmatch(text); m != nil {
			out = append(out, rule.Directive{Key: m[1], Value: m[2]})
		}
	}
	return out
}

// Parses says that a BUILD file can be understood.
func Parses(content []byte) bool {
	_, err := rule.LoadData("BUILD", "", content)
	return err == nil
}

// Bare says that a BUILD file can be understood, and calls nothing.
func Bare(content []byte) bool {
	file, err := rule.LoadData("BUILD", "", content)
	return err == nil && len(file.Rules) == 0
}

// parserError is "FILE:LINE:COLUMN: TEXT", which Gazelle wraps as text.
var parserError = regexp.MustCompile(`:(\d+):\d+: (.*)$`)

// place finds the line in an error of the parser's.
func place(file string, err error) repository.Problem {
	if m := parserError.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		return repository.Problem{File: file, Line: line, Text: m[2]}
	}
	return repository.Problem{File: file, Text: strings.TrimPrefix(err.Error(), file+": ")}
}

// Unreadable says why the BUILD file that an error of Update's is about is
// left alone.
func Unreadable(file string, err error) repository.Problem {
	p := place(file, err)
	p.Text = fmt.Sprintf("is left alone, because it cannot be understood: %s", p.Text)
	return p
}
