package result

import "time"

// CellVersion is the version of cell.json that this code reads.
const CellVersion = 1

// CellJSON is cell.json, version 1, as the launcher writes it; docs/formats.md
// describes each key. An absent key was not measured.
type CellJSON struct {
	Version         int             `json:"version"`
	Label           string          `json:"label"`
	File            string          `json:"file"`
	Type            string          `json:"type"`
	Attempt         int             `json:"attempt"`
	Environment     CellEnvironment `json:"environment"`
	Interpreter     Interpreter     `json:"interpreter"`
	Verdict         Verdict         `json:"verdict"`
	Reason          string          `json:"reason,omitempty"`
	ExitCode        *int            `json:"exitCode"`
	Signal          *int            `json:"signal"`
	Start           time.Time       `json:"start"`
	DurationSeconds float64         `json:"durationSeconds"`
	// CPUSeconds is what the cell's processes computed, in user and system
	// time; nil in results of launchers that did not measure it.
	CPUSeconds     *float64    `json:"cpuSeconds,omitempty"`
	TimeoutSeconds float64     `json:"timeoutSeconds"`
	Counts         Counts      `json:"counts"`
	Sandbox        Sandbox     `json:"sandbox"`
	Notes          []string    `json:"notes,omitempty"`
	Leftovers      []string    `json:"leftovers,omitempty"`
	MRST           *MRST       `json:"mrst,omitempty"`
	Coverage       *Coverage   `json:"coverage,omitempty"`
	Benchmarks     []Benchmark `json:"benchmarks,omitempty"`
	Security       *Security   `json:"security,omitempty"`
}

// CellEnvironment names the environment that the cell ran in.
type CellEnvironment struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"`
	Version   string `json:"version"`
	StorePath string `json:"storePath"`
}

// Interpreter is the one that the launcher found itself running under.
type Interpreter struct {
	Executable string `json:"executable"`
	Version    string `json:"version"`
}

// Counts are the cell's cases by outcome.
type Counts struct {
	Tests   int `json:"tests"`
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Errors  int `json:"errors"`
	Skipped int `json:"skipped"`
	XFailed int `json:"xfailed"`
	XPassed int `json:"xpassed"`
}

// Sandbox is what the launcher saw around itself.
type Sandbox struct {
	Network    string   `json:"network"` // "loopback" or "host"
	Interfaces []string `json:"interfaces,omitempty"`
}

// MRST is the MATLAB Reservoir Simulation Toolbox of an Octave environment.
type MRST struct {
	Version string `json:"version"`
	StandIn bool   `json:"standIn"`
}

// Coverage is line coverage: workspace-relative file → compact line ranges
// ("1-4,7").
type Coverage struct {
	Files map[string]CoverageLines `json:"files"`
}

// CoverageLines are one file's lines, 1-based.
type CoverageLines struct {
	Executed string `json:"executed"`
	Missing  string `json:"missing"`
}

// Benchmark is one benchmark's statistics; times in seconds.
type Benchmark struct {
	Name       string    `json:"name"`
	Min        float64   `json:"min"`
	Max        float64   `json:"max"`
	Mean       float64   `json:"mean"`
	Median     float64   `json:"median"`
	StdDev     float64   `json:"stddev"`
	IQR        float64   `json:"iqr"`
	Rounds     int       `json:"rounds"`
	Iterations int       `json:"iterations"`
	Samples    []float64 `json:"samples,omitempty"`
}

// Security is what bandit and the advisory check found.
type Security struct {
	Bandit             []BanditFinding `json:"bandit"`
	BanditMissing      bool            `json:"banditMissing,omitempty"`
	Advisories         []Advisory      `json:"advisories"`
	AdvisoriesMeasured bool            `json:"advisoriesMeasured"`
}

// BanditFinding is one of bandit's results.
type BanditFinding struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Test       string `json:"test"`     // "B105"
	Severity   string `json:"severity"` // LOW, MEDIUM, HIGH
	Confidence string `json:"confidence"`
	Message    string `json:"message"`
}

// Advisory is a published advisory (OSV) that an installed package matches.
type Advisory struct {
	Package  string `json:"package"`
	Version  string `json:"version"`
	ID       string `json:"id"`
	Summary  string `json:"summary"`
	Fixed    string `json:"fixed,omitempty"`
	Severity string `json:"severity,omitempty"`
}
