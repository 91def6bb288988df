// Package scaffold is what `weft init` knows: it looks at a repository, proposes
// the environments that its tests should run in, renders the files of a Weft
// workspace and says what writing them would change. Everything up to Apply is
// pure: no process is started and nothing is written.
//
//  1. Look reads what the repository says about itself.
//  2. Propose turns that and the user's wishes into environments.
//  3. Files renders them; the vendored rules come along.
//  4. Compare holds the files against those on disk and against the manifest of
//     what an earlier init wrote.
//  5. Apply writes, each file in one step.
package scaffold

// Note is something to tell the user; it stops nothing.
type Note struct {
	Text string // lower case, no full stop
	Hint string // what to type or to write; may be empty
	Info bool   // good to know, and nothing to worry about
}

// The kinds of environments, as the environments lock has them.
const (
	KindPython = "python"
	KindOctave = "octave"
)

// Environment is one that the project's tests should run in.
type Environment struct {
	Name        string // "python3.11", "minimal", "full", "octave"
	Kind        string
	Python      string   // "3.11"; empty for Octave
	Types       []string // the test types that it takes; nil is all
	Description string
	Packages    []Package
	MRST        bool // Octave's: with the MATLAB Reservoir Simulation Toolbox
}

// Package is a requirement under the names that nixpkgs may have it by.
type Package struct {
	Name        string   // normalized: "pyyaml"
	Requirement string   // as written: "PyYAML>=6"
	Attrs       []string // candidates, best first; Packages' answer leaves one
	Group       string   // one of the group constants
	Spec        string   // ">=6"
	Version     string   // the one that nixpkgs has; empty when that is not known
	Missing     bool     // nixpkgs was asked and does not have it
}

// The groups that flake.nix lists packages in.
const (
	groupRuntime = "requirements"     // what the project needs to run
	groupTests   = "testRequirements" // what its tests need besides
	groupExtras  = "optional"         // its optional features
)

// Attr is the attribute that the flake names.
func (p Package) Attr() string { return p.Attrs[0] }

// Proposal is what init would set up.
type Proposal struct {
	Environments []Environment
	Notes        []Note
	// Chosen says that nothing in the project names a Python, so that these are
	// the newest; others would do as well.
	Chosen bool
	// Overridden says that the inputs which were asked for packages stand in for
	// those that flake.nix names.
	Overridden bool
}

// Digest tells proposals apart.
func (p Proposal) Digest() string { return digest([]byte(p.Flake(""))) }
