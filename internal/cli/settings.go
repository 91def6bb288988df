package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/ui"
)

// setting is one row of the table that feeds flags, environment variables,
// weft.toml, help and docs/settings.md.
type setting struct {
	Flag    string // without dashes; its variable is WEFT_ and the flag in capitals
	Short   string
	Kind    kind
	Default string
	Key     string // in weft.toml, with dots; empty when it has none
	Arg     string // what help calls its value
	Help    string
	Values  []string // all that it may be, for completion; empty: anything
	Command string   // the one command that has it; empty: those that name it, and weft test
	apply   func(r *request.Request, s *session, values []string) error
}

type kind int

const (
	text kind = iota
	number
	ratio
	truth
	list // repeatable; its variable holds several, separated by spaces
)

// settings is the table. Order is that of the help.
var settings = []setting{
	{Flag: "jobs", Short: "j", Kind: number, Default: "10", Key: "jobs", Arg: "N", Help: "cells to run at a time",
		apply: numberInto(func(r *request.Request) *int { return &r.Jobs }, 1)},
	{Flag: "remote-cache", Kind: text, Key: "remote_cache", Arg: "URL", Help: "shared cache (http, https, grpc, grpcs)",
		apply: func(r *request.Request, _ *session, v []string) error { r.RemoteCache = v[0]; return nil }},
	{Flag: "disk-cache", Kind: text, Default: "auto", Key: "disk_cache", Arg: "PATH", Help: "this machine's cache; auto is the user's cache folder, none is off",
		apply: applyDiskCache},
	{Flag: "workers", Kind: text, Default: "auto", Key: "workers", Arg: "WAY", Values: request.WorkersWays, Help: "auto runs cells in persistent workers where they can be sandboxed; off starts each anew",
		apply: func(r *request.Request, _ *session, v []string) error { r.Workers = v[0]; return nil }},
	{Flag: "isolation", Kind: text, Default: "cell", Key: "test.isolation", Arg: "WAY", Values: request.Isolations, Help: "cell gives each cell a process of its own; batch lets unit and compatibility cells of Python share one, in which only a pass counts",
		apply: func(r *request.Request, _ *session, v []string) error { r.Isolation = v[0]; return nil }},
	{Flag: "override-input", Kind: list, Arg: "NAME=FLAKEREF", Help: "replace a flake input in every nix call",
		apply: applyOverrides},
	{Flag: "locked", Kind: truth, Default: "false", Help: "a stale environments lock is an error",
		apply: truthInto(func(r *request.Request) *bool { return &r.Locked })},
	{Flag: "coverage", Kind: truth, Default: "false", Key: "coverage", Help: "measure the coverage of unit tests",
		apply: truthInto(func(r *request.Request) *bool { return &r.Coverage })},
	{Flag: "min-coverage", Kind: ratio, Default: "0", Key: "unit.min_coverage", Arg: "PERCENT", Help: "least unit coverage; 0 is no gate",
		apply: ratioInto(func(r *request.Request) *float64 { return &r.Gates.Coverage }, 0, 100)},
	{Flag: "fail-on", Kind: text, Default: "high", Key: "security.fail_on", Arg: "LEVEL", Values: request.SecurityLevels, Help: "least security finding that fails the run: low, medium, high, never",
		apply: func(r *request.Request, _ *session, v []string) error { r.Gates.SecurityFailOn = v[0]; return nil }},
	{Flag: "max-regression", Kind: ratio, Default: "0", Key: "performance.regression", Arg: "RATIO", Help: "largest slowdown of a benchmark (0.10 is 10 %); 0 is no gate",
		apply: ratioInto(func(r *request.Request) *float64 { return &r.Gates.Regression }, 0, 1000)},
	{Flag: "report", Kind: list, Arg: "FORMAT=PATH", Help: "write a report too: markdown, json or junit",
		apply: applyReports},
	{Flag: "check-build-files", Kind: truth, Default: "false", Key: "gen.check", Help: "say when BUILD files are stale",
		apply: truthInto(func(r *request.Request) *bool { return &r.CheckBuildFiles })},
	{Flag: "dry-run", Short: "n", Kind: truth, Default: "false", Help: "show the plan, or what weft init would write, and do nothing",
		apply: truthInto(func(r *request.Request) *bool { return &r.DryRun })},
	{Flag: "no-wait", Kind: truth, Default: "false", Help: "fail when another weft is running here",
		apply: truthInto(func(r *request.Request) *bool { return &r.NoWait })},
	{Flag: "keep-runs", Kind: number, Default: "50", Key: "runs.keep", Arg: "N", Help: "runs to keep in .weft/runs; 0 keeps all",
		apply: numberInto(func(r *request.Request) *int { return &r.KeepRuns }, 0)},
	{Flag: "keep-days", Kind: number, Default: "90", Key: "runs.max_age_days", Arg: "DAYS", Help: "age at which a run is dropped; 0 keeps all",
		apply: numberInto(func(r *request.Request) *int { return &r.KeepDays }, 0)},
	{Flag: "yes", Short: "y", Kind: truth, Default: "false", Command: "init", Help: "write without asking, but never over what weft init did not write",
		apply: func(_ *request.Request, s *session, v []string) (err error) {
			s.yes, err = strconv.ParseBool(v[0])
			return err
		}},
	{Flag: "upgrade", Kind: truth, Default: "false", Command: "init", Help: "bring the vendored rules to this weft's, and nothing else",
		apply: func(_ *request.Request, s *session, v []string) (err error) {
			s.upgrade, err = strconv.ParseBool(v[0])
			return err
		}},
	{Flag: "environments", Kind: list, Command: "init", Arg: "E,E", Help: "the environments to set up, in place of those proposed",
		apply: applyEnvironments},
	{Flag: "generate", Kind: truth, Default: "true", Key: "watch.generate", Command: "watch", Help: "bring BUILD files up to date, as weft gen does, when a test is new, renamed or gone",
		apply: func(_ *request.Request, s *session, v []string) (err error) {
			s.generate, err = strconv.ParseBool(v[0])
			return err
		}},
	{Flag: "bell", Kind: text, Default: ui.BellOff, Key: "watch.bell", Arg: "WAY", Values: bells, Command: "watch", Help: "when the verdict changes: off, bell, or notify for a desktop notice",
		apply: applyBell},
	{Flag: "serve", Kind: text, Arg: "ADDRESS", Command: "watch", Help: "show a live page too, at a loopback address: 127.0.0.1:0 takes a free port",
		apply: func(_ *request.Request, s *session, v []string) error { s.serve = v[0]; return nil }},
	{Flag: "json", Kind: truth, Default: "false", Command: "watch", Help: "one event a line, for editors",
		apply: func(_ *request.Request, s *session, v []string) (err error) {
			s.json, err = strconv.ParseBool(v[0])
			return err
		}},
	{Flag: "bazel", Kind: text, Default: "bazel", Arg: "PATH", Help: "the Bazel to run",
		apply: func(_ *request.Request, s *session, v []string) error { s.bazel = s.program(v[0]); return nil }},
	{Flag: "nix", Kind: text, Default: "nix", Arg: "PATH", Help: "the Nix to run",
		apply: func(_ *request.Request, s *session, v []string) error { s.nix = s.program(v[0]); return nil }},
}

// program is an executable by its name or its path; a path counts from where
// the user stands, while Bazel and Nix are started in the workspace.
func (s *session) program(name string) string {
	if !strings.ContainsRune(name, filepath.Separator) || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.dir, name)
}

// Variable is the environment variable of a flag.
func variable(flag string) string {
	return "WEFT_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func truthInto(field func(*request.Request) *bool) func(*request.Request, *session, []string) error {
	return func(r *request.Request, _ *session, v []string) error {
		b, err := strconv.ParseBool(v[0])
		*field(r) = b
		return err
	}
}

func numberInto(field func(*request.Request) *int, least int) func(*request.Request, *session, []string) error {
	return func(r *request.Request, _ *session, v []string) error {
		n, err := strconv.Atoi(v[0])
		if err == nil && n < least {
			err = fmt.Errorf("must be at least %d", least)
		}
		*field(r) = n
		return err
	}
}

func ratioInto(field func(*request.Request) *float64, least, most float64) func(*request.Request, *session, []string) error {
	return func(r *request.Request, _ *session, v []string) error {
		f, err := strconv.ParseFloat(v[0], 64)
		if err == nil && !(f >= least && f <= most) {
			err = fmt.Errorf("must lie between %g and %g", least, most)
		}
		*field(r) = f
		return err
	}
}

func applyDiskCache(r *request.Request, s *session, v []string) error {
	switch v[0] {
	case "none", "":
		r.DiskCache = ""
	case "auto":
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil // no home, no cache: a container of CI's
		}
		r.DiskCache = filepath.Join(dir, "weft", "disk-cache")
	default:
		r.DiskCache = v[0]
		if !filepath.IsAbs(r.DiskCache) {
			r.DiskCache = filepath.Join(s.dir, r.DiskCache)
		}
	}
	return nil
}

func applyOverrides(r *request.Request, s *session, v []string) error {
	for _, word := range v {
		o, err := nixenv.ParseOverride(word, s.dir)
		if err != nil {
			return err
		}
		r.Overrides = append(r.Overrides, request.Override{Name: o.Name, Ref: o.Ref})
	}
	return nil
}

func applyReports(r *request.Request, _ *session, v []string) error {
	for _, word := range v {
		format, path, ok := strings.Cut(word, "=")
		if !ok {
			return fmt.Errorf("%q is not FORMAT=PATH", word)
		}
		r.Reports = append(r.Reports, request.ReportFile{Format: format, Path: path})
	}
	return nil
}
