package loop

// Command is what a person asks of the loop: one of the types below. A command
// that narrows counts from the next pass on: the one under way goes on.
type Command interface{ command() }

// RunAll runs the whole scope, within the narrowing.
type RunAll struct{}

// Rerun runs again what the last pass ran.
type Rerun struct{}

// OnlyFailed narrows passes to the cells that have failing tests, or widens
// them again. It stays until it is taken back.
type OnlyFailed struct{ On bool }

// Paths narrows passes to test files whose path holds the text, or matches it
// as a glob; empty widens them again.
type Paths struct{ Text string }

// Tests narrows passes to tests by name, as bazel test --test_filter does;
// empty widens them again. What such a pass says of a cell is about those tests only.
type Tests struct{ Text string }

// Environments narrows passes to environments; empty is all.
type Environments struct{ Names []string }

// Stop ends the pass under way, and begins none.
type Stop struct{}

func (RunAll) command()       {}
func (Rerun) command()        {}
func (OnlyFailed) command()   {}
func (Paths) command()        {}
func (Tests) command()        {}
func (Environments) command() {}
func (Stop) command()         {}

// Narrowing is what passes are narrowed to; its zero value is the whole scope.
type Narrowing struct {
	OnlyFailed   bool     `json:"onlyFailed"`
	Paths        string   `json:"paths"`
	Tests        string   `json:"tests"`
	Environments []string `json:"environments"`
}
