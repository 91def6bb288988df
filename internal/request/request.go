// Package request holds what the user asked for: a scope, the environments and
// test types to run it in, and the settings of the run. It imports the
// standard library only and knows no workspace: whether an environment exists
// is for later stages to say.
package request

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Types are the test types, in the order of the report.
var Types = []string{"unit", "integration", "performance", "security", "compatibility"}

// ScopeKind tells the forms of a scope apart.
type ScopeKind int

// The forms of a scope.
const (
	ScopeAll     ScopeKind = iota // every test of the workspace
	ScopeType                     // one test type
	ScopePath                     // a test file, a source file or a folder
	ScopePattern                  // a Bazel target pattern
)

// Scope is what to test.
type Scope struct {
	Kind ScopeKind
	Text string // as the user typed it
}

// Request is one validated wish. The zero value of a setting is its default,
// unless its comment says otherwise.
type Request struct {
	Command      string // the command that was typed, for hints: "test", "watch", "plan"; empty is "test"
	Workspace    string // absolute path of the folder that holds MODULE.bazel
	Dir          string // absolute path of the folder the user stands in; paths are relative to it
	Scope        Scope
	Environments []string // names and globs; empty means all
	Types        []string // test types; empty means all

	Jobs        int          // cells at a time, at least 1
	RemoteCache string       // URL of a remote cache; empty means none
	DiskCache   string       // folder of the disk cache; empty means none
	Overrides   []Override   // flake inputs to replace
	Locked      bool         // a stale environments lock is an error
	Workers     string       // "auto" or "off"; empty is auto
	Isolation   string       // "cell" or "batch"; empty is cell
	NoWait      bool         // do not wait for another weft in this workspace
	DryRun      bool         // plan, but run nothing
	Coverage    bool         // measure coverage even when .bazelrc does not ask for it
	Reports     []ReportFile // further report files
	Gates       Gates        // limits that fail the run
	KeepRuns    int          // runs to keep under .weft/runs; 0 keeps all
	KeepDays    int          // age at which a run is dropped; 0 keeps all
	// CheckBuildFiles says when BUILD files are not what weft gen would write.
	CheckBuildFiles bool
	BazelFlags      []string // what stands after --, for bazel test
}

// Override replaces the flake input Name by the flake reference Ref.
type Override struct{ Name, Ref string }

// ReportFile is one --report FORMAT=PATH.
type ReportFile struct{ Format, Path string }

// Gates are the limits whose violation makes the run fail beside its tests.
type Gates struct {
	SecurityFailOn string  // "low", "medium", "high" or "never"
	Coverage       float64 // least unit coverage in percent; 0 means no gate
	Regression     float64 // largest slowdown of a benchmark as a ratio; 0 means no gate
}

// WorkersWays are the values of --workers.
var WorkersWays = []string{"auto", "off"}

// IsolationBatch lets Python cells of one worker share a process.
const IsolationBatch = "batch"

// Isolations are the values of --isolation.
var Isolations = []string{"cell", IsolationBatch}

// ReportFormats are the formats that --report knows.
var ReportFormats = []string{"markdown", "json", "junit"}

// SecurityLevels are the values of the security gate, from the strictest.
var SecurityLevels = []string{"low", "medium", "high", "never"}

// Line is a command line for a hint: the command that was typed and these
// words, which the caller quotes.
func (r *Request) Line(words string) string {
	return "weft " + cmp.Or(r.Command, "test") + " " + words
}

// ParseScope reads the first argument of a command. It does not look at the
// file system: anything that is no word of Weft's and no Bazel pattern is a
// path.
func (r *Request) ParseScope(text string) (Scope, error) {
	switch {
	case text == "":
		return Scope{}, &UsageError{Msg: "the scope is empty", Hinted: r.Line("all")}
	case text == "all":
		return Scope{Kind: ScopeAll, Text: text}, nil
	case isType(text):
		return Scope{Kind: ScopeType, Text: text}, nil
	case strings.HasPrefix(text, "//"), strings.HasPrefix(text, "@"), strings.HasPrefix(text, ":"):
		return Scope{Kind: ScopePattern, Text: text}, nil
	case strings.ContainsRune(text, 0):
		return Scope{}, &UsageError{Msg: "the scope holds a NUL byte"}
	}
	return Scope{Kind: ScopePath, Text: text}, nil
}

// Words returns what a scope may be, for suggestions and completion.
func Words() []string { return append([]string{"all"}, Types...) }

// ParseSelection splits the arguments after the scope into environments and
// test types. A word is a type when it is one; everything else names
// environments, globs allowed.
func (r *Request) ParseSelection(args []string) (environments, types []string, err error) {
	for _, arg := range args {
		for word := range strings.SplitSeq(arg, ",") {
			word = strings.TrimSpace(word)
			switch {
			case word == "":
				return nil, nil, &UsageError{Msg: fmt.Sprintf("%q holds an empty name", arg), Hinted: r.Line("all python3.11,unit")}
			case isType(word):
				types = append(types, word)
			case word == "all":
			default:
				if _, err := path.Match(word, ""); err != nil {
					return nil, nil, &UsageError{Msg: fmt.Sprintf("%q is not a valid glob", word), Hinted: r.Line("all 'python3.*'")}
				}
				environments = append(environments, word)
			}
		}
	}
	return environments, types, nil
}

// Validate checks a request's settings.
func (r *Request) Validate() error {
	if r.Jobs < 1 {
		return &UsageError{Msg: fmt.Sprintf("--jobs must be at least 1, not %d", r.Jobs), Hinted: r.Line("all --jobs=10")}
	}
	if err := validCache(r.RemoteCache); err != nil {
		return err
	}
	if r.Workers != "" && !slices.Contains(WorkersWays, r.Workers) {
		return &UsageError{Msg: fmt.Sprintf("--workers is auto or off, not %q", r.Workers), Hinted: suggestion(r.Workers, WorkersWays)}
	}
	if r.Isolation != "" && !slices.Contains(Isolations, r.Isolation) {
		return &UsageError{Msg: fmt.Sprintf("--isolation is cell or batch, not %q", r.Isolation), Hinted: suggestion(r.Isolation, Isolations)}
	}
	if r.Gates.SecurityFailOn != "" && !slices.Contains(SecurityLevels, r.Gates.SecurityFailOn) {
		return &UsageError{Msg: fmt.Sprintf("unknown level %q for security.fail_on", r.Gates.SecurityFailOn),
			Hinted: "use one of " + strings.Join(SecurityLevels, ", ")}
	}
	for _, f := range r.Reports {
		if !slices.Contains(ReportFormats, f.Format) {
			return &UsageError{Msg: fmt.Sprintf("unknown report format %q", f.Format), Hinted: suggestion(f.Format, ReportFormats)}
		}
		if f.Path == "" {
			return &UsageError{Msg: fmt.Sprintf("--report %s= names no file", f.Format), Hinted: r.Line("all --report " + f.Format + "=report.out")}
		}
	}
	for _, o := range r.Overrides {
		if o.Name == "" || o.Ref == "" {
			return &UsageError{Msg: fmt.Sprintf("override %q is not NAME=FLAKEREF", o.Name+"="+o.Ref), Hinted: r.Line("all --override-input nixpkgs=path:/some/flake")}
		}
	}
	return nil
}

// cacheSchemes are the protocols that Bazel speaks with a remote cache.
var cacheSchemes = []string{"http", "https", "grpc", "grpcs"}

func validCache(text string) error {
	u, err := url.Parse(text)
	if text == "" || err == nil && slices.Contains(cacheSchemes, u.Scheme) && u.Host != "" {
		return nil
	}
	// Neither a user nor a password is repeated.
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		text = scheme + "://" + rest[strings.LastIndex(rest, "@")+1:]
	} else {
		text = text[strings.LastIndex(text, "@")+1:]
	}
	return &UsageError{Msg: fmt.Sprintf("--remote-cache: %q is not the URL of a remote cache", text),
		Hinted: "begin it with one of " + strings.Join(cacheSchemes, ", ") + ": --remote-cache grpc://localhost:9092"}
}

func isType(word string) bool { return slices.Contains(Types, word) }

func suggestion(word string, known []string) string {
	if near := Nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "use one of " + strings.Join(known, ", ")
}

// UsageError is a wish that cannot be understood.
type UsageError struct{ Msg, Hinted string }

func (e *UsageError) Error() string { return e.Msg }

// Hint says what to type next.
func (e *UsageError) Hint() string { return e.Hinted }
