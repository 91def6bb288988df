// Package pysource reads Python sources without running them and without a
// Python: what a file imports, which tests it defines and how they are marked,
// which strings in it could name files or modules.
//
// It is a tokenizer and a statement reader, not a parser of expressions: it
// takes every syntax from Python 3.6 to 3.14 in stride. What it cannot read it
// says in File.Problem, and everything before that point still stands.
package pysource

// File is what one source says.
type File struct {
	// Imports are all import statements, wherever they stand, in the order of
	// the file. An `import a, b` is two.
	Imports []Import
	// Dynamic are imports by call: importlib.import_module, __import__,
	// pytest.importorskip, pytest_plugins, runpy.run_module, pkgutil.iter_modules.
	Dynamic []Dynamic
	// Uses are dotted names that begin with an imported name, written out from
	// the module: after `import a.b as x`, `x.c.d` is {0, "a.b.c.d"}. Distinct.
	Uses []Reference
	// Definitions are the module's functions and classes, those within if, try,
	// with and for included, and names that `=` or an import gives to a module
	// whose name could be a test's (test…, Test…).
	Definitions []Definition
	// Markers are those of a module-level pytestmark, sorted.
	Markers []string
	// All are the strings of __all__.
	All []string
	// Strings are the values of string literals of one line that are no
	// docstrings and have 1 to 260 bytes, distinct, in order of appearance. The
	// literal parts of `a / "b" / "c"`, join(a, "b", "c") and joinpath("b", "c")
	// come as "b/c" besides.
	Strings []String
	// Mentions are those identifiers of the list `Interesting` that the code
	// uses as a name or an attribute, sorted.
	Mentions []string
	// Doctests is true when a docstring that doctest would find (module, class,
	// method, function) has a ">>>" prompt.
	Doctests bool
	// Problem is what could not be read; nil when all was.
	Problem *Problem
}

// Import is one imported module.
type Import struct {
	Line   int    // 1-based
	Level  int    // leading dots of a relative import
	Module string // "a.b"; empty in `from . import x`
	// Names are those of `from m import n, o`, "*" included; nil for `import m`.
	Names []string
	// Optional: within a try that handles ImportError, ModuleNotFoundError,
	// Exception, BaseException or everything, in such a handler, or within
	// contextlib.suppress of one of these.
	Optional bool
	// Typing: under `if TYPE_CHECKING`, so never run.
	Typing bool
	// Local: within a function, so run later or never.
	Local bool
}

// Dynamic is an import by call.
type Dynamic struct {
	Line int
	Call string // "import_module", "__import__", "importorskip", "pytest_plugins", "run_module", "iter_modules", "walk_packages"
	// Module is the literal argument, with leading dots if it is relative; empty
	// when it is not literal.
	Module string
	// Prefix is the literal beginning of an argument that is not wholly literal:
	// "plugins." of f"plugins.{name}" and "plugins." + name.
	Prefix string
}

// Reference is a dotted name, relative to the file's package by Level dots.
type Reference struct {
	Level int
	Name  string
}

// Definition is a function or a class, or a name that is given to a module and
// could be a test's.
type Definition struct {
	Kind    Kind
	Name    string
	Line    int
	Markers []string // pytest markers on it: decorators and, of a class, pytestmark; sorted
	// CaseMarkers are those of single cases: pytest.param(…, marks=…) in its
	// decorators, or in what the module gave to names in them; sorted.
	CaseMarkers []string
	Bases       []string     // of a class: dotted names, with what follows them left out
	Members     []Definition // of a class: methods, nested classes, and names as in a module
}

// Kind says what a definition is.
type Kind int

// The kinds of definitions.
const (
	Function Kind = iota // def or async def
	Class
	Name // assigned or imported
)

// String is a string literal.
type String struct {
	Line  int
	Value string
	// Joined: made of several, or only a part (of an f-string, of a path).
	Joined bool
}

// Problem says what could not be read, and where.
type Problem struct {
	Line int
	Text string // in lower case: "unterminated string"
}
