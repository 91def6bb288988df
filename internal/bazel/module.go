package bazel

import (
	"path/filepath"
	"strings"

	"github.com/bazelbuild/buildtools/build"
)

// module enters what a MODULE.bazel leads to: the folders of modules on this
// disk and the environments lock. Anything else that it could read from the
// disk, or fetch anew, cannot be followed; a call that is not known could.
func (k *key) module(folder string) {
	name := filepath.Join(folder, "MODULE.bazel")
	parsed, err := build.ParseModule(name, []byte(k.content(name)))
	if err != nil {
		k.giveUp("%v", err)
		return
	}
	own := map[string]bool{} // variables that hold rules_weft's extension
	for _, statement := range parsed.Stmt {
		switch s := statement.(type) {
		case *build.CallExpr:
			k.moduleCall(folder, &build.Rule{Call: s}, own)
		case *build.AssignExpr:
			call, isCall := s.RHS.(*build.CallExpr)
			variable, isName := s.LHS.(*build.Ident)
			if !isCall || !isName || !weftExtension(call) {
				k.giveUp("%s: %s", name, build.FormatString(statement))
				return
			}
			own[variable.Name] = true
		case *build.CommentBlock, *build.StringExpr:
		default:
			k.giveUp("%s: %s", name, build.FormatString(statement))
		}
	}
}

// weftExtension recognises use_extension("@rules_weft//:extensions.bzl", "weft").
func weftExtension(call *build.CallExpr) bool {
	if f, ok := call.X.(*build.Ident); !ok || f.Name != "use_extension" || len(call.List) < 2 {
		return false
	}
	file, _ := call.List[0].(*build.StringExpr)
	return file != nil && (file.Value == "@rules_weft//:extensions.bzl" || file.Value == "//:extensions.bzl")
}

func (k *key) moduleCall(folder string, call *build.Rule, own map[string]bool) {
	switch f := call.Call.X.(type) {
	case *build.DotExpr:
		if variable, ok := f.X.(*build.Ident); ok && own[variable.Name] {
			k.environmentsLock(folder, call.AttrString("lock"))
			return
		}
	case *build.Ident:
		if k.known(folder, f.Name, call) {
			return
		}
	}
	k.giveUp("%s/MODULE.bazel: %s", folder, build.FormatString(call.Call))
}

// known says that a call names nothing that could change while MODULE.bazel
// stays as it is, or that it has been followed.
func (k *key) known(folder, function string, call *build.Rule) bool {
	switch function {
	case "module", "bazel_dep", "use_repo", "register_toolchains", "register_execution_platforms":
		return true
	case "single_version_override", "archive_override":
		return call.Attr("patches") == nil
	case "git_override":
		return call.Attr("patches") == nil && call.AttrString("commit") != ""
	case "local_path_override":
		path := localPath(folder, call)
		if path == "" {
			return false
		}
		k.tree(path)
		k.module(path)
		return true
	}
	return false
}

// localPath is the folder of a local_path_override in the MODULE.bazel of a
// folder; "" when it is not said as text.
func localPath(folder string, call *build.Rule) string {
	path := call.AttrString("path")
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

// environmentsLock enters the lock that a label of the root module names.
func (k *key) environmentsLock(folder, label string) {
	rest, ok := strings.CutPrefix(label, "//")
	if !ok {
		k.giveUp("%s/MODULE.bazel: lock = %q", folder, label)
		return
	}
	pkg, name, _ := strings.Cut(rest, ":")
	k.content(filepath.Join(folder, pkg, name))
}
