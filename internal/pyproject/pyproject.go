// Package pyproject reads what a Python project says about itself in
// pyproject.toml, setup.cfg, setup.py, tox.ini, noxfile.py and requirements
// files: its distribution's metadata, where its sources lie, how pytest is set
// up, which environments it is tested in. Nothing of the project is run.
package pyproject

// Problem is something that could not be read or understood; the rest stands.
type Problem struct {
	File string // workspace-relative, with slashes
	Line int    // 0 when unknown
	Text string
	// Unread says that nothing of the file is known: it is half-written, say.
	Unread bool
}

// Distribution is one installable project: a folder with packaging metadata.
type Distribution struct {
	Dir     string // workspace-relative; "" is the root
	Name    string // as written; "" when the folder only has settings
	Version string // "0.0.0" when it is computed and no source tells it
	// VersionFrom says where the version is from: "pyproject.toml", "src/pkg/__init__.py",
	// or "" when it is a guess.
	VersionFrom string
	// Fields are further core metadata, in the order of the core metadata
	// specification: Summary, Requires-Python, Requires-Dist, Provides-Extra, …
	Fields []Field
	// RequiresPython is a version specifier: ">=3.9".
	RequiresPython string
	Requires       []Requirement
	// Extras are optional-dependencies and extras_require by name, sorted.
	Extras []Group
	// Groups are dependency-groups (PEP 735, includes resolved), poetry's groups
	// and uv's and pdm's dev-dependencies, sorted by name.
	Groups []Group
	// EntryPoints: group → "name = module:attribute" lines, in order; scripts are
	// in "console_scripts" and "gui_scripts", pytest's plugins in "pytest11".
	EntryPoints map[string][]string
	// Roots are the workspace-relative folders that installation puts on
	// sys.path: "src", "" or several. Never empty when Name is not.
	Roots []string
	// Pythons are the Python versions of "Programming Language :: Python :: 3.x", ascending.
	Pythons []string
}

// Field is one line of core metadata.
type Field struct{ Name, Value string }

// Group is a named list of requirements.
type Group struct {
	Name     string
	Requires []Requirement
}

// Requirement is a dependency as PEP 508 has it.
type Requirement struct {
	Name   string // normalized: lower case, runs of -_. are one "-"
	Extras []string
	Spec   string // ">=1.2,<2", or ""
	Marker string // "python_version < '3.11'", or ""
	URL    string // of "name @ url", or ""
	Text   string // as written
}

// Pytest is how pytest is set up for a folder.
type Pytest struct {
	// Root is pytest's rootdir and File its configuration file, both
	// workspace-relative; File is "" when there is none.
	Root, File string
	// TestPaths are workspace-relative, globs expanded; empty: the whole Root.
	TestPaths       []string
	PythonFiles     []string // globs, by default test_*.py and *_test.py
	PythonClasses   []string // prefixes or globs, by default Test
	PythonFunctions []string // prefixes or globs, by default test
	NoRecurse       []string // norecursedirs
	PythonPath      []string // workspace-relative, of the `pythonpath` setting
	ImportMode      string   // prepend, append or importlib
	DoctestModules  bool     // --doctest-modules
	DoctestGlobs    []string // --doctest-glob, by default test*.txt
	Plugins         []string // -p NAME, without no:…
	Ignore          []string // --ignore, workspace-relative; globs of --ignore-glob with a leading "glob:"
	Addopts         []string // split as a shell would
}

// Matrix is what a project says about the environments it is tested in.
type Matrix struct {
	Pythons []string // "3.9", "3.10", ascending: of tox's envlist, nox sessions, .python-version, CI is not read
	// Requires are what tox's deps, nox's session.install literals and
	// requirements*.txt files name for tests, distinct by name.
	Requires []Requirement
	// Sources say where each came from, for people: "tox.ini: envlist".
	Sources []string
}
