package gazelle

import (
	"log"
	"path"
	"slices"
	"strings"

	"github.com/bazelbuild/bazel-gazelle/rule"
	"github.com/bazelbuild/buildtools/build"
	"github.com/bazelbuild/buildtools/tables"

	"github.com/weft-build/weft/internal/repository"
)

// labelLists are the attributes whose lists are written in buildifier's order.
// In the others (search paths) the order says something.
var labelLists = set([]string{"srcs", "deps", "data", "files"})

// value is what an attribute is set to: a scalar as it is, the rest with an
// opinion on how to merge, because Gazelle's merger knows lists only.
func value(attr repository.Attr, file string) any {
	switch v := attr.Value.(type) {
	case []string:
		if labelLists[attr.Name] {
			v = shorten(v)
		}
		return collection{file: file, attr: attr.Name, list: list(v)}
	case repository.Glob:
		return collection{file: file, attr: attr.Name, glob: glob(v)}
	case map[string][]string:
		return dict{file: file, entries: v}
	default:
		return v
	}
}

// shorten writes labels as buildifier does, "//a/b" for "//a/b:b", so that
// they are found again.
func shorten(labels []string) []string {
	out := make([]string, len(labels))
	for i, label := range labels {
		out[i] = label
		if pkg, name, ok := strings.Cut(label, ":"); ok && strings.HasPrefix(pkg, "//") && path.Base(pkg) == name {
			out[i] = pkg
		}
	}
	return out
}

func list(values []string) *build.ListExpr {
	return rule.ExprFromValue(values).(*build.ListExpr)
}

func glob(g repository.Glob) *build.CallExpr {
	return rule.GlobValue{Patterns: g.Include, Excludes: g.Exclude}.BzlExpr().(*build.CallExpr)
}

// collection is a list of strings or a glob, one of which is set.
type collection struct {
	file string // for messages
	attr string
	list *build.ListExpr
	glob *build.CallExpr
}

// BzlExpr is how it is written anew.
func (c collection) BzlExpr() build.Expr {
	if c.glob != nil {
		return c.glob
	}
	return c.order(c.list)
}

// Merge is the collection with what a person marked "# keep" in the old value,
// and the comments of items that stay. An old value that is not made of lists
// and globs is a person's, and is left as it is.
func (c collection) Merge(old build.Expr) build.Expr {
	if old == nil {
		return c.BzlExpr()
	}
	lists, globs, kept, ok := parts(old)
	if !ok {
		complain(c.file, old)
		return old
	}
	var out []build.Expr
	if c.glob != nil {
		out = append(out, mergeGlob(c.glob, globs))
		if rest := mergeList(nil, lists); len(rest.List) > 0 {
			out = append(out, c.order(rest))
		}
	} else {
		out = append(out, c.order(mergeList(c.list, lists)))
	}
	return sum(append(out, kept...))
}

// order sorts a list as buildifier does. When its order says something, it
// keeps buildifier from sorting it.
func (c collection) order(l *build.ListExpr) *build.ListExpr {
	var values []string
	items := map[string]build.Expr{}
	for _, item := range l.List {
		text, ok := item.(*build.StringExpr)
		if !ok {
			return l
		}
		values = append(values, text.Value)
		items[text.Value] = item
	}
	slices.Sort(values)
	sorted := rule.SortedStrings(slices.Compact(values)).BzlExpr().(*build.ListExpr).List
	for i, item := range sorted {
		sorted[i] = items[item.(*build.StringExpr).Value]
	}
	out := *l
	if labelLists[c.attr] {
		out.List = sorted
	} else if tables.IsSortableListArg[c.attr] {
		out.List = unsorted(l.List, !slices.Equal(l.List, sorted))
	}
	return &out
}

// doNotSort is buildifier's, on the first item of a list.
const doNotSort = "# do not sort"

func unsorted(items []build.Expr, say bool) []build.Expr {
	out := make([]build.Expr, len(items))
	for i, item := range items {
		text := *item.(*build.StringExpr)
		text.Comments.Before = slices.DeleteFunc(slices.Clone(text.Comments.Before), func(c build.Comment) bool { return c.Token == doNotSort })
		if i == 0 && say {
			text.Comments.Before = append(text.Comments.Before, build.Comment{Token: doNotSort})
		}
		out[i] = &text
	}
	return out
}

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

// dict is a dictionary of lists of strings.
type dict struct {
	file    string
	entries map[string][]string
}

// BzlExpr is how it is written anew, its keys sorted.
func (d dict) BzlExpr() build.Expr { return rule.ExprFromValue(d.entries) }

// Merge is the dictionary with the comments of the old one, and the entries
// and items of it that are marked "# keep".
func (d dict) Merge(old build.Expr) build.Expr {
	out := d.BzlExpr().(*build.DictExpr)
	if old == nil {
		return out
	}
	was, ok := old.(*build.DictExpr)
	if !ok {
		complain(d.file, old)
		return old
	}
	entries := map[string]*build.KeyValueExpr{}
	for _, entry := range was.List {
		key, ok := entry.Key.(*build.StringExpr)
		if !ok {
			complain(d.file, old)
			return old
		}
		entries[key.Value] = entry
	}
	for i, entry := range out.List {
		key := entry.Key.(*build.StringExpr).Value
		before := entries[key]
		if before == nil {
			continue
		}
		merged := *before
		if l, ok := before.Value.(*build.ListExpr); ok && !rule.ShouldKeep(before) {
			merged.Value = mergeList(entry.Value.(*build.ListExpr), []*build.ListExpr{l})
		} else if !rule.ShouldKeep(before) {
			merged.Value = entry.Value
		}
		out.List[i] = &merged
	}
	for _, entry := range was.List {
		if _, wanted := d.entries[entry.Key.(*build.StringExpr).Value]; !wanted && rule.ShouldKeep(entry) {
			out.List = append(out.List, entry)
		}
	}
	out.Comments = was.Comments
	out.End = was.End
	return out
}

// complain says that a value cannot be kept up to date, in the words of
// Gazelle's merger, which says so of values that are to go.
func complain(file string, e build.Expr) {
	start, end := e.Span()
	log.Printf("%s:%d.%d-%d.%d: could not merge expression", file, start.Line, start.LineRune, end.Line, end.LineRune)
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
