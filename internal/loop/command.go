package loop

// Command is what a person asks of the loop: one of the types below. A command
// that narrows ends a pass under way which runs what it leaves out.
type Command interface{ command() }

// RunAll takes all narrowing back and runs the whole scope.
type RunAll struct{}

// Rerun runs again what the last pass ran.
type Rerun struct{}

// OnlyFailed narrows passes to what fails, or widens them again. Of a cell that
// takes long it runs the failing tests alone, and the whole when they pass. It
// stays until it is taken back.
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

// none says that nothing is narrowed.
func (n Narrowing) none() bool {
	return !n.OnlyFailed && n.Paths == "" && n.Tests == "" && len(n.Environments) == 0
}
