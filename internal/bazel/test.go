package bazel

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/event"
	"github.com/weft-build/weft/internal/proc"
)

// TestOptions are the settings of one `bazel test`.
type TestOptions struct {
	Patterns    []string
	TagFilters  []string
	Jobs        int
	Slots       int    // actions that may compute at once; 0 is Bazel's default, the cores
	DiskCache   string // folder; empty means none
	RemoteCache string // URL; empty means none
	Coverage    bool
	Guard       []string // see Guard
	Build       []string // flags that plain Bazel is given too, see WorkerFlags
	Flags       []string // the user's own, last
	// Folder receives the event file and, for what must not stand on a
	// command line, rc files. It must exist.
	Folder string
}

// The files in TestOptions.Folder that may hold a password.
const (
	eventFile = "events.bin"
	remoteRC  = "remote.bazelrc"
)

// longCommand is the length of patterns from which they go into a file.
const longCommand = 16 << 10

// Command is the command line that Test runs, for people to read and paste.
// A password in the remote cache's URL is left out.
func (c *Client) Command(o TestOptions) []string {
	o.RemoteCache = redact(o.RemoteCache)
	return append(c.flags(o), o.Patterns...)
}

func (c *Client) flags(o TestOptions) []string {
	args := append(c.base("test"), "--keep_going", "--build_tests_only", fmt.Sprintf("--jobs=%d", o.Jobs))
	if o.Slots > 0 {
		args = append(args, fmt.Sprintf("--local_cpu_resources=%d", o.Slots))
	}
	if len(o.TagFilters) > 0 {
		args = append(args, "--test_tag_filters="+strings.Join(o.TagFilters, ","))
	}
	if o.DiskCache != "" {
		args = append(args, "--disk_cache="+o.DiskCache)
	}
	if o.RemoteCache != "" {
		args = append(args, "--remote_cache="+o.RemoteCache)
	}
	if o.Coverage {
		args = append(args, "--@rules_weft//:coverage=true")
	}
	args = append(args, o.Guard...)
	args = append(args, o.Build...)
	return append(args, o.Flags...)
}

// Guard are the flags of a Bazel of this version that keep results out of the caches of others whose inputs
// were saved while they were made. From 8.3 on that is Bazel's default, without
// what it costs here: a look at each input of each action that ran.
func Guard(version string) []string {
	if !older(version, "8.3.0") {
		return nil
	}
	return []string{"--experimental_guard_against_concurrent_changes"}
}

// Exit is how `bazel test` ended.
type Exit struct {
	Code   int
	Stderr string // the end of what it printed
	// Complete says that the event stream has its last message.
	Complete bool
}

// Test runs the one `bazel test` and hands each event over as it arrives. The
// error says that Bazel could not be run at all; tests that failed are an Exit.
func (c *Client) Test(ctx context.Context, o TestOptions, on func(event.Event)) (Exit, error) {
	events := filepath.Join(o.Folder, eventFile)
	args, err := c.testArgs(o, events)
	if err != nil {
		return Exit{}, err
	}
	if err := os.WriteFile(events, nil, 0o600); err != nil {
		return Exit{}, fmt.Errorf("making the event file: %w", err)
	}
	tail := newTail(events)
	done := make(chan bool, 1)
	go func() { done <- decode(tail, on) }()

	cmd := c.command("running the tests", args)
	cmd.Redact = secrets(o.RemoteCache)
	cmd.OnStderr = func(line string) {
		if c.OnStderr != nil {
			c.OnStderr(proc.Redact(line, cmd.Redact))
		}
	}
	// The tests' own output, which is in test.xml as well: of any length.
	cmd.OnStdout = func(string) {}
	res, err := proc.Run(ctx, cmd)
	tail.finish()
	complete := <-done
	if len(cmd.Redact) > 0 {
		removeSecrets(o.Folder)
	}

	exit := Exit{Code: res.ExitCode, Stderr: proc.Redact(res.Stderr, cmd.Redact), Complete: complete}
	var failed *proc.ExitError
	if errors.As(err, &failed) {
		return exit, nil
	}
	if err != nil {
		return exit, c.explain(ctx, err)
	}
	return exit, nil
}

// testArgs is the real command line: with the event file, whose artifacts stay
// file URIs, and in which each executed cell is told as it ends; with long pattern lists in a file, and a URL that holds a password
// in an rc file that only the user can read.
func (c *Client) testArgs(o TestOptions, events string) ([]string, error) {
	secret := len(secrets(o.RemoteCache)) > 0
	url := o.RemoteCache
	if secret {
		o.RemoteCache = ""
	}
	args := c.flags(o)
	if secret {
		rc := filepath.Join(o.Folder, remoteRC)
		// Of all commands' options those of `test` count most, and a quote that
		// stands for itself is escaped in an rc file.
		if err := os.WriteFile(rc, []byte("test --remote_cache="+strings.ReplaceAll(url, "'", `\'`)+"\n"), 0o600); err != nil {
			return nil, fmt.Errorf("writing the remote cache's rc file: %w", err)
		}
		args = append([]string{args[0], "--bazelrc=" + rc}, args[1:]...)
	}
	args = append(args, "--build_event_binary_file="+events, "--nobuild_event_binary_file_path_conversion", "--build_event_publish_all_actions")
	if len(strings.Join(o.Patterns, " ")) < longCommand {
		return append(append(args, "--"), o.Patterns...), nil
	}
	file := filepath.Join(o.Folder, "targets.txt")
	if err := os.WriteFile(file, []byte(strings.Join(o.Patterns, "\n")+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("writing the target patterns: %w", err)
	}
	return append(args, "--target_pattern_file="+file), nil
}

// removeSecrets removes what a run with a password in its remote cache's URL
// has written: people keep and share the folders of runs, and Bazel repeats
// its options in the events.
func removeSecrets(folder string) {
	for _, name := range []string{eventFile, remoteRC} {
		_ = os.Remove(filepath.Join(folder, name)) // either may be missing
	}
}

// decode feeds events until the stream ends, and reports whether it was whole.
func decode(tail *tail, on func(event.Event)) bool {
	d := event.NewDecoder(tail)
	for {
		events, err := d.Next()
		if err != nil {
			return d.Complete()
		}
		for _, e := range events {
			on(e)
		}
	}
}

// CacheReachable dials the remote cache, so that one which is not there costs a
// moment and not a failed run.
func CacheReachable(ctx context.Context, cache string) error {
	u, err := url.Parse(cache)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is not the URL of a remote cache", redact(cache))
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "grpc": "80"}[u.Scheme]
		if port == "" {
			port = "443"
		}
	}
	dialer := net.Dialer{Timeout: 3 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return err
	}
	return conn.Close()
}

func secrets(cache string) []string {
	u, err := url.Parse(cache)
	if err != nil || u.User == nil {
		return nil
	}
	out := []string{u.User.String()}
	if password, ok := u.User.Password(); ok && password != "" {
		out = append(out, password)
	}
	return out
}

func redact(cache string) string {
	u, err := url.Parse(cache)
	if err != nil || u.User == nil {
		return cache
	}
	u.User = nil
	return u.String()
}
