package analysis

// Kind says what sort of cause a finding has.
type Kind string

// The kinds of findings.
const (
	Assertion      Kind = "assertion"
	Exception      Kind = "exception"
	MissingPackage Kind = "missing package"
	MissingPlugin  Kind = "missing plugin"
	// UndeclaredDependency is a module of the project's own that the test does
	// not declare.
	UndeclaredDependency Kind = "undeclared dependency"
	// UnimportedModule is a module that only another file's imports had brought.
	UnimportedModule Kind = "unimported module"
	MissingMetadata  Kind = "missing metadata"
	MissingProgram   Kind = "missing program"
	MissingLibrary   Kind = "missing library"
	// Repository is what asks git about the workspace.
	Repository       Kind = "git repository"
	Undefined        Kind = "undefined name"
	Syntax           Kind = "syntax"
	UndeclaredFile   Kind = "undeclared file"
	UndeclaredFolder Kind = "undeclared folder"
	// UnsharedFile is one that another test, or an earlier run, has written.
	UnsharedFile Kind = "unshared file"
	// MissingFolder is one to write into: a tree has the folders of its files.
	MissingFolder Kind = "missing folder"
	Network       Kind = "network"
	// Service is what should listen on this machine, and does not.
	Service      Kind = "service"
	Variable     Kind = "environment variable"
	Terminal     Kind = "terminal"
	Locale       Kind = "locale"
	Home         Kind = "home"
	HostFile     Kind = "host file"
	ReadOnly     Kind = "read-only"
	TimedOut     Kind = "timeout"
	Crash        Kind = "crash"
	Memory       Kind = "out of memory"
	NothingFound Kind = "no tests"
	Launcher     Kind = "infrastructure"
	NotBuilt     Kind = "environment not built"
	NoResult     Kind = "not run"
	SuiteBroken  Kind = "suite"
	CacheDied    Kind = "remote cache"
)

// Spread says in how many of the environments that ran the tests it shows.
type Spread string

// The spreads of a finding.
const (
	InAll  Spread = "all"   // in every environment that ran these tests
	InSome Spread = "some"  // in some, not in others
	Flaky  Spread = "flaky" // the same code both failed and passed
)

// Finding is a cause and what it did.
type Finding struct {
	ID           string   `json:"id"`
	Kind         Kind     `json:"kind"`
	Title        string   `json:"title"`
	Spread       Spread   `json:"spread"`
	Environments []string `json:"environments"`
	Passing      []string `json:"passing,omitempty"`
	Why          string   `json:"why,omitempty"`
	Location     string   `json:"location,omitempty"`
	Tests        []Test   `json:"tests,omitempty"`
	Evidence     string   `json:"evidence,omitempty"`
	Rerun        string   `json:"rerun,omitempty"`

	subject string // what it is about: a module, a path, a fixture
	needs   string // the version that a syntax or a module needs
	removed bool   // needs is the version that took the subject away
}

// Test is a test, or a whole file, that a finding is about.
type Test struct {
	File         string   `json:"file"`
	Type         string   `json:"type"`
	Label        string   `json:"label,omitempty"`
	Case         string   `json:"case,omitempty"`
	Environments []string `json:"environments"`
	Message      string   `json:"message,omitempty"`
	History      string   `json:"history,omitempty"`
}
