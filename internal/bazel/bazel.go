// Package bazel knows Bazel's command lines: one query that yields the target
// facts, one test invocation, and the stream of events that it writes. It
// decides nothing about tests.
package bazel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/proc"
)

// MinVersion is the oldest Bazel that rules_weft works with.
const MinVersion = "7.4.0"

// Client runs Bazel in one workspace.
type Client struct {
	Workspace string // absolute
	Binary    string // "bazel", or a path
	Env       []string
	// Lock is the environments lock that rules_weft shall read in place of the
	// checked-in one; empty means that one.
	Lock string
	// State is the folder that keeps Bazel's answers for the next time; empty
	// keeps none.
	State string
	// Fresh has Query ask Bazel and keep nothing: for who knows that the answer of
	// the last time does not hold, and will know when this one does not.
	Fresh bool
	// Settled is how long a file must have stood still for an answer that
	// depends on it to be kept; 0 means two seconds.
	Settled time.Duration
	// OnStderr receives Bazel's talk, line by line.
	OnStderr func(line string)
}

// grace is how long Bazel may take to end an interrupted command: it waits
// for running actions to be killed and writes its last events.
var grace = proc.Stop{Interrupt: 20 * time.Second, Terminate: 5 * time.Second}

// Query loads the whole workspace's targets in one `bazel query`, or takes its
// answer of the last time when it would be the same.
func (c *Client) Query(ctx context.Context) (*Targets, error) {
	c.settleLocale(ctx)
	if c.Fresh {
		return c.stream(ctx)
	}
	data, err := c.remembered(ctx, keptTargets, c.targetsKey, func(ctx context.Context) ([]byte, error) { return c.query(ctx, nil) })
	if err != nil {
		return nil, err
	}
	return parseTargets(bytes.NewReader(data))
}

// stream reads the answer while Bazel writes it.
func (c *Client) stream(ctx context.Context) (*Targets, error) {
	type parsed struct {
		targets *Targets
		err     error
	}
	in, out := io.Pipe()
	done := make(chan parsed, 1)
	go func() {
		targets, err := parseTargets(in)
		_, _ = io.Copy(io.Discard, in) // of an answer that cannot be read, Bazel still has to write the rest
		done <- parsed{targets, err}
	}()
	_, err := c.query(ctx, out)
	_ = out.Close()
	if got := <-done; err == nil {
		return got.targets, got.err
	}
	return nil, err
}

// QueryCommand is the command line of Query, whose answer is on stdout.
func (c *Client) QueryCommand() []string { return c.queryArgs() }

func (c *Client) queryArgs() []string {
	return append(c.base("query"),
		"--output=streamed_proto", "--order_output=no", "--noproto:locations", "--proto:output_rule_attrs="+strings.Join(queryAttributes, ","),
		"kind(rule, //...)")
}

// maxAnswer bounds a query's answer, which has a KB for each cell.
const maxAnswer = 2 << 30

// query asks Bazel; the answer is returned, or written to where that is said.
func (c *Client) query(ctx context.Context, to io.Writer) ([]byte, error) {
	command := c.command("reading the workspace's targets", c.queryArgs())
	command.StdoutLimit, command.Stdout = maxAnswer, to
	res, err := proc.Run(ctx, command)
	if c.pathLost(err) { // a server that another locale started may be in the way
		c.endServer(ctx)
		res, err = proc.Run(ctx, command)
	}
	if c.pathLost(err) {
		c.endServer(ctx)
		return nil, c.pathError(ctx, err)
	}
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	return res.Stdout, nil
}

// base is a command with the flags that every command has: the same for all,
// so that Bazel never throws its state away between two of them.
func (c *Client) base(command string) []string {
	args := []string{c.Binary, command, "--color=no", "--curses=no"}
	if c.Lock != "" {
		args = append(args, "--repo_env=WEFT_ENVIRONMENTS_LOCK="+c.Lock)
	}
	return args
}

func (c *Client) command(purpose string, args []string) proc.Command {
	return proc.Command{Purpose: purpose, Argv: args, Dir: c.Workspace, Env: c.Env, Stop: grace, OnStderr: c.OnStderr}
}

// Error is a Bazel command that could not do its work: a BUILD file with an
// error, a Bazel that is missing or too old.
type Error struct {
	Msg, Hinted string
	Cause       error
}

func (e *Error) Error() string { return e.Msg }

// Hint says what to type next.
func (e *Error) Hint() string { return e.Hinted }

func (e *Error) Unwrap() error { return e.Cause }

// explain turns a failed command into the cause that a person can mend.
func (c *Client) explain(ctx context.Context, err error) error {
	var missing *proc.NotFoundError
	if errors.As(err, &missing) {
		return &Error{Msg: c.absent(), Cause: err,
			Hinted: "install Bazel " + MinVersion + " or newer (bazelisk, or: nix develop), or name it with --bazel PATH"}
	}
	var exit *proc.ExitError
	if !errors.As(err, &exit) || ctx.Err() != nil {
		return err
	}
	if version := c.Version(ctx); TooOld(version) {
		return &Error{Msg: fmt.Sprintf("Bazel %s is too old", version), Cause: err, Hinted: "Weft needs Bazel " + MinVersion + " or newer"}
	}
	if cause := Causes(exit.Stderr); cause != "" {
		return &Error{Msg: exit.Purpose + ": " + cause, Cause: err, Hinted: hintFor(cause)}
	}
	return &Error{Msg: err.Error(), Cause: err}
}

func (c *Client) absent() string {
	if strings.ContainsRune(c.Binary, filepath.Separator) {
		return fmt.Sprintf("there is no bazel at %q", c.Binary)
	}
	return fmt.Sprintf("there is no bazel: %q is not on PATH", c.Binary)
}

// Version asks Bazel for its version, which starts no server; "" when it does
// not say. Events carry it too, but not those of a distribution's own build.
func (c *Client) Version(ctx context.Context) string {
	res, err := proc.Run(ctx, proc.Command{Purpose: "asking for Bazel's version", Argv: []string{c.Binary, "--version"}, Dir: c.Workspace, Env: c.Env, Stop: grace})
	if err != nil {
		return ""
	}
	_, version, _ := strings.Cut(strings.TrimSpace(string(res.Stdout)), " ")
	return version
}

// KnownVersion is Version, asked for once per Bazel.
func (c *Client) KnownVersion(ctx context.Context) string {
	data, _ := c.remembered(ctx, keptVersion, c.versionKey, func(ctx context.Context) ([]byte, error) {
		version := c.Version(ctx)
		if version == "" {
			return nil, errors.New("the version is not said")
		}
		return []byte(version), nil
	})
	return string(data)
}

// TooOld compares the leading numbers of a Bazel version with MinVersion. A
// version that has none (a development build) is taken for new.
func TooOld(version string) bool { return older(version, MinVersion) }

// older says that a version is before another; not of one without numbers.
func older(version, than string) bool {
	have, want := numbers(version), numbers(than)
	return have != [3]int{} && slices.Compare(have[:], want[:]) < 0
}

func numbers(version string) (n [3]int) {
	version = strings.TrimPrefix(version, "release ")
	_, _ = fmt.Sscanf(version, "%d.%d.%d", &n[0], &n[1], &n[2])
	return n
}

func hintFor(cause string) string {
	switch {
	case strings.Contains(cause, "rules_weft") && strings.Contains(cause, "weft env lock"):
		return "weft env lock"
	case strings.Contains(cause, "syntax error"), strings.Contains(cause, "BUILD"):
		return "mend the BUILD file; bazel query //... shows whether it loads"
	}
	return ""
}

// FindWorkspace walks up from dir to the folder with MODULE.bazel.
func FindWorkspace(dir string) (string, error) {
	for d := dir; ; d = filepath.Dir(d) {
		if info, err := os.Stat(filepath.Join(d, "MODULE.bazel")); err == nil && info.Mode().IsRegular() {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", &NoWorkspaceError{Dir: dir}
		}
	}
}

// NoWorkspaceError is a folder that is in no Bazel workspace.
type NoWorkspaceError struct{ Dir string }

func (e *NoWorkspaceError) Error() string {
	return fmt.Sprintf("there is no MODULE.bazel in %q or above it", e.Dir)
}

// Hint says what to type next.
func (e *NoWorkspaceError) Hint() string {
	return "weft init makes a workspace of a repository; weft -C PATH test all names one"
}
