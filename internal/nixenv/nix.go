package nixenv

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/proc"
)

// oldest is the first Nix whose commands and messages this package knows.
var oldest = [2]int{2, 18}

func (o Options) nix() string {
	if o.Nix == "" {
		return "nix"
	}
	return o.Nix
}

// run calls nix in the workspace, with the features and the overrides that
// every call has. The flake is named "." there, so that no character of the
// workspace's path can be read as part of a flake reference.
func (o Options) run(ctx context.Context, purpose string, args ...string) (proc.Result, error) {
	argv := []string{o.nix(), "--extra-experimental-features", "nix-command flakes"}
	argv = append(argv, args...)
	for _, override := range o.Overrides {
		argv = append(argv, "--override-input", override.Name, override.Ref)
	}
	c := proc.Command{Purpose: purpose, Argv: argv, Dir: o.Workspace, Redact: o.secrets(),
		// nix hands SIGINT on to its builders and tidies up after them.
		Stop: proc.Stop{Interrupt: 10 * time.Second, Terminate: 5 * time.Second}}
	if o.Progress != nil {
		c.OnStderr = func(line string) {
			if talk := progressLine(proc.Redact(line, c.Redact)); talk != "" {
				o.Progress(talk)
			}
		}
	}
	res, err := proc.Run(ctx, c)
	res.Stderr = proc.Redact(res.Stderr, c.Redact)
	return res, o.nixMissing(err)
}

func (o Options) nixMissing(err error) error {
	var missing *proc.NotFoundError
	if errors.As(err, &missing) {
		return &NixError{Executable: o.nix()}
	}
	return err
}

// secrets are the passwords in override URLs.
func (o Options) secrets() []string {
	var all []string
	for _, override := range o.Overrides {
		u, err := url.Parse(override.Ref)
		if err != nil || u.User == nil {
			continue
		}
		if password, ok := u.User.Password(); ok && password != "" {
			all = append(all, password, url.QueryEscape(password))
		} else if name := u.User.Username(); len(name) > 8 { // a bare token
			all = append(all, name)
		}
	}
	return all
}

// versionRule is the last number of "nix (Nix) 2.34.8", which is also where
// Determinate Nix and Lix say which Nix they are.
var versionRule = regexp.MustCompile(`(\d+)\.(\d+)\S*\s*$`)

// checkNix finds out whether nix is there and new enough.
func (o Options) checkNix(ctx context.Context) error {
	c := proc.Command{Purpose: "asking nix for its version", Argv: []string{o.nix(), "--version"}, Dir: o.Workspace}
	res, err := proc.Run(ctx, c)
	if err != nil {
		return o.nixMissing(err)
	}
	said := strings.TrimSpace(string(res.Stdout))
	m := versionRule.FindStringSubmatch(said)
	if m == nil {
		return nil // an unusual build; what it cannot do will be said by its own errors
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	if major < oldest[0] || major == oldest[0] && minor < oldest[1] {
		return &NixError{Executable: o.nix(), Version: said}
	}
	return nil
}

// progressRule picks what nix says about work that takes time.
var progressRule = regexp.MustCompile(`^(?:(building|copying path|fetching|unpacking|downloading|querying) (.*?)(?:\.\.\.)?|warning: (.*; retrying.*))$`)

// storeHash is what makes store paths hard to read.
var storeHash = regexp.MustCompile(`/nix/store/[0-9a-z]{32}-`)

// progressLine is a line of nix's stderr as Options.Progress gets it; empty when
// it says nothing about progress.
func progressLine(line string) string {
	m := progressRule.FindStringSubmatch(stripControls(line))
	switch {
	case m == nil:
		return ""
	case m[3] != "":
		return m[3]
	}
	what := storeHash.ReplaceAllString(m[2], "")
	what, from, _ := strings.Cut(what, " from '")
	what = strings.TrimSuffix(strings.Trim(what, "'"), ".drv")
	if from = strings.Trim(from, "'"); from != "" {
		what += " from " + from
	}
	return m[1] + " " + what
}

var ansi = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x08\x0b-\x1f\x7f]`)

// stripControls drops colours and all control characters but tab and newline.
func stripControls(s string) string { return ansi.ReplaceAllString(s, "") }
