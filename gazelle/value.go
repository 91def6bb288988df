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
