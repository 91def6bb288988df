package gazelle

import (
	"slices"

	"github.com/bazelbuild/bazel-gazelle/rule"
	"github.com/bazelbuild/buildtools/build"
)

// parts takes a sum of lists, globs and whatever is marked "# keep" apart;
// false when there is something else in it.
func parts(e build.Expr) (lists []*build.ListExpr, globs []*build.CallExpr, kept []build.Expr, ok bool) {
	if rule.ShouldKeep(e) {
		return nil, nil, []build.Expr{e}, true
	}
	switch e := e.(type) {
	case *build.ListExpr:
		return []*build.ListExpr{e}, nil, nil, true
	case *build.CallExpr:
		name, isIdent := e.X.(*build.Ident)
		return nil, []*build.CallExpr{e}, nil, isIdent && name.Name == "glob"
	case *build.BinaryExpr:
		lists, globs, kept, ok = parts(e.X)
		moreLists, moreGlobs, moreKept, alright := parts(e.Y)
		return append(lists, moreLists...), append(globs, moreGlobs...), append(kept, moreKept...), ok && alright && e.Op == "+"
	}
	return nil, nil, nil, false
}

func sum(terms []build.Expr) build.Expr {
	out := terms[0]
	for _, term := range terms[1:] {
		out = &build.BinaryExpr{X: out, Op: "+", Y: term}
	}
	return out
}

// mergeList is the wanted list with the comments of the old ones, and what is
// marked "# keep" in them.
func mergeList(wanted *build.ListExpr, old []*build.ListExpr) *build.ListExpr {
	out := &build.ListExpr{}
	if len(old) > 0 {
		first := *old[0]
		out = &first
		out.List = nil
	}
	known := map[string]build.Expr{}
	var kept []build.Expr
	for _, l := range old {
		for _, item := range l.List {
			if text, ok := item.(*build.StringExpr); ok {
				known[text.Value] = item
			}
			if rule.ShouldKeep(item) {
				kept = append(kept, item)
			}
		}
	}
	if wanted != nil {
		for _, item := range wanted.List {
			if was := known[item.(*build.StringExpr).Value]; was != nil {
				item = was
			}
			out.List = append(out.List, item)
		}
	}
	for _, item := range kept {
		if !slices.Contains(out.List, item) {
			out.List = append(out.List, item)
		}
	}
	out.ForceMultiLine = out.ForceMultiLine || len(kept) > 0
	return out
}

// mergeGlob is the wanted glob, with the comments and further arguments of the
// first of the old ones.
func mergeGlob(wanted *build.CallExpr, old []*build.CallExpr) build.Expr {
	if len(old) == 0 {
		return wanted
	}
	include, exclude := globLists(wanted)
	oldInclude, oldExclude := globLists(old[0])
	out := *old[0]
	out.List = []build.Expr{mergeList(include, some(oldInclude))}
	if merged := mergeList(exclude, some(oldExclude)); len(merged.List) > 0 {
		out.List = append(out.List, &build.AssignExpr{LHS: &build.Ident{Name: "exclude"}, Op: "=", RHS: merged})
	}
	for _, arg := range old[0].List {
		if name := argument(arg); name != "" && name != "include" && name != "exclude" {
			out.List = append(out.List, arg)
		}
	}
	return &out
}

func some(l *build.ListExpr) []*build.ListExpr {
	if l == nil {
		return nil
	}
	return []*build.ListExpr{l}
}

// globLists are the two lists of a glob, by position or by name.
func globLists(call *build.CallExpr) (include, exclude *build.ListExpr) {
	for i, arg := range call.List {
		name, expr := argument(arg), arg
		if name != "" {
			expr = arg.(*build.AssignExpr).RHS
		}
		l, _ := expr.(*build.ListExpr)
		switch {
		case name == "include", name == "" && i == 0:
			include = l
		case name == "exclude", name == "" && i == 1:
			exclude = l
		}
	}
	return include, exclude
}

// argument is the name of a named argument, or empty.
func argument(e build.Expr) string {
	assign, ok := e.(*build.AssignExpr)
	if !ok {
		return ""
	}
	name, _ := assign.LHS.(*build.Ident)
	return name.Name
}

// remains is what a person marked "# keep" in a value that shall go, nil when
// that is nothing. It is false for values that Gazelle's merger takes out, and
// for those that nobody can.
func remains(e build.Expr) (rest build.Expr, ok bool) {
	switch e := e.(type) {
	case *build.DictExpr:
		out := *e
		out.List = slices.DeleteFunc(slices.Clone(e.List), func(entry *build.KeyValueExpr) bool { return !rule.ShouldKeep(entry) })
		if len(out.List) == 0 {
			return nil, true
		}
		return &out, true
	case *build.CallExpr, *build.BinaryExpr:
		lists, globs, terms, ok := parts(e)
		if !ok {
			return nil, false
		}
		for _, g := range globs {
			include, _ := globLists(g)
			if merged := mergeList(nil, some(include)); len(merged.List) > 0 {
				terms = append(terms, mergeGlob(&build.CallExpr{}, []*build.CallExpr{g}))
			}
		}
		if merged := mergeList(nil, lists); len(merged.List) > 0 {
			terms = append(terms, merged)
		}
		if len(terms) == 0 {
			return nil, true
		}
		return sum(terms), true
	}
	return nil, false
}
