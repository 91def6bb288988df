// Package event decodes Bazel's Build Event Protocol into the few typed
// records that the later stages read. It is pure: an io.Reader goes in, events
// come out, and a record that cannot be read is an event too.
package event

import "time"

// Event is one of the types below.
type Event interface{ event() }

// Started is the build's first event.
type Started struct {
	Time  time.Time
	Bazel string // version
	PID   int64
}

// Progress is a piece of Bazel's own stderr and stdout.
type Progress struct{ Stderr, Stdout string }

// Pattern reports target patterns that could not be loaded.
type Pattern struct {
	Patterns []string
	Problem  string
}

// Configured announces a test target of the build.
type Configured struct {
	Label string
	Tags  []string
}

// Action is an executed (not cached) action, when Bazel publishes them.
type Action struct {
	Label, Mnemonic string
	PrimaryOutput   string // path or URI of its first output
	Success         bool
	Start, End      time.Time
	Stderr          string // URI of its stderr, when it failed
	FailureDetail   string
}

// TestStatus is Bazel's TestStatus in lower case: "passed", "flaky", "timeout",
// "failed", "incomplete", "remote failure", "failed to build", "tool halted
// before testing", "no status".
type TestStatus string

// TestResult is one run × shard × attempt of a suite.
type TestResult struct {
	Label               string
	Run, Shard, Attempt int
	Status              TestStatus
	Details             string
	CachedLocally       bool
	CachedRemotely      bool
	Strategy            string // "linux-sandbox", "remote cache hit", …
	Start               time.Time
	Duration            time.Duration
	Outputs             map[string]string // "test.xml" → URI, "test.log" → URI
}

// TestSummary is a suite's last word.
type TestSummary struct {
	Label  string
	Status TestStatus
	Runs   int
}

// TargetComplete says whether a target could be built.
type TargetComplete struct {
	Label         string
	Success       bool
	FailureDetail string
	Causes        []string // labels of failed actions
}

// Aborted is an event that Bazel announced and could not deliver.
type Aborted struct {
	Label, Reason, Description string
}

// Finished carries Bazel's exit code.
type Finished struct {
	ExitName string
	ExitCode int
	Time     time.Time
}

// Metrics are the counters at the end of the build.
type Metrics struct {
	ActionsExecuted, ActionsCreated int64
	RemoteCacheHits, DiskCacheHits  int64
	Analysis, Execution, Wall       time.Duration
	Runners                         map[string]int64 // runner name → actions: "linux-sandbox" → 12
}

// Bad is a record that could not be decoded.
type Bad struct {
	Offset int64
	Err    error
}

func (Started) event()        {}
func (Progress) event()       {}
func (Pattern) event()        {}
func (Configured) event()     {}
func (Action) event()         {}
func (TestResult) event()     {}
func (TestSummary) event()    {}
func (TargetComplete) event() {}
func (Aborted) event()        {}
func (Finished) event()       {}
func (Metrics) event()        {}
func (Bad) event()            {}
