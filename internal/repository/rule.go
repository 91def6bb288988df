package repository

// Rule is a rule that a BUILD file should have.
type Rule struct {
	Kind string
	Name string
	// Attrs are in the order in which they are written.
	Attrs []Attr
}

// Attr is an attribute; its Value is a string, a bool, a []string, a Glob, or
// a map[string][]string.
type Attr struct {
	Name  string
	Value any
}

// Glob is glob(include, exclude = …).
type Glob struct{ Include, Exclude []string }

// Kind describes a rule that weft gen writes.
type Kind struct {
	Name string
	// Load is the .bzl file that it is loaded from; empty for Bazel's own.
	Load string
	// NonEmpty are attributes one of which a rule needs so as not to be deleted.
	NonEmpty []string
	// Mergeable are the attributes that weft gen keeps up to date; what a person
	// wrote in others stays.
	Mergeable []string
	// MatchAttrs find the rule of another name that declares the same file.
	MatchAttrs []string
}

const defs = "@rules_weft//:defs.bzl"

// Kinds are the rules that weft gen writes, by name.
var Kinds = []Kind{
	{Name: "filegroup", NonEmpty: []string{"srcs"}, Mergeable: []string{"srcs"}},
	{Name: "matrix_suite", Load: defs, NonEmpty: []string{"files"}, Mergeable: []string{"files"}},
	{Name: "octave_file", Load: defs, NonEmpty: []string{"src"}, Mergeable: []string{"src", "types", "environments", "isolation", "data", "deps"}, MatchAttrs: []string{"src"}},
	{Name: "octave_sources", Load: defs, NonEmpty: []string{"srcs", "deps", "data"}, Mergeable: []string{"srcs", "paths", "data", "deps"}},
	{Name: "pytest_file", Load: defs, NonEmpty: []string{"src"}, Mergeable: []string{"src", "types", "types_at_collection", "environments", "isolation", "data", "deps"}, MatchAttrs: []string{"src"}},
	{Name: "python_dist_info", Load: defs, NonEmpty: []string{"distribution"}, Mergeable: []string{"distribution", "version", "fields", "entry_points", "imports"}},
	{Name: "python_sources", Load: defs, NonEmpty: []string{"srcs", "deps", "data"}, Mergeable: []string{"srcs", "testonly", "imports", "data", "deps"}},
}
