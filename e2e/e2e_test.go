package e2e

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain keeps the workspaces out of /tmp, below which cells have no workers.
func TestMain(m *testing.M) {
	for _, name := range []string{"TMPDIR", "GOTMPDIR"} { // testscript takes the second
		if err := os.Setenv(name, "/var/tmp"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

var update = flag.Bool("update", false, "rewrite the scripts' expected output")

// TestCases runs the scripts. They need bazel, nix and the stand-in's overrides,
// which `make test-e2e` provides; without them the test fails and says so.
func TestCases(t *testing.T) {
	repo, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	weft := binary(t, repo)
	testscript.Run(t, testscript.Params{
		Dir: "cases", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error { return setup(env, repo, weft) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"workspace": workspace, "exits": exits, "jq": jq, "replace": replace, "example": example,
			"remote-cache": remoteCache, "interrupts": interrupts, "junit": junit, "process": process, "bothways": bothWays,
		},
	})
}

// binary is the weft under test: the coverage build of make test-e2e, or one
// made here.
func binary(t *testing.T, repo string) string {
	t.Helper()
	if path := os.Getenv("WEFT_BINARY"); path != "" {
		return path
	}
	for _, tool := range []string{"bazel", "nix"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is not on the PATH: run make test-e2e", tool)
		}
	}
	path := filepath.Join(t.TempDir(), "weft")
	build := exec.Command("go", "build", "-o", path, "./cmd/weft")
	build.Dir = repo
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building weft: %v\n%s", err, out)
	}
	return path
}

// passed on are the variables of the machine that scripts need.
var passedOn = []string{"GOCOVERDIR", "NIX_CONFIG", "WEFT_CLOSED_NETWORK", "USER", "XDG_CACHE_HOME", "WEFT_OVERRIDE_INPUT"}

func setup(env *testscript.Env, repo, weft string) error {
	for _, name := range passedOn {
		if v, ok := os.LookupEnv(name); ok {
			env.Setenv(name, v)
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	env.Setenv("HOME", home)
	env.Setenv("NO_COLOR", "1")
	env.Setenv("CI", "1")
	env.Setenv("REPO", repo)
	env.Setenv("PATH", filepath.Dir(weft)+string(filepath.ListSeparator)+env.Getenv("PATH"))
	// Results of other cases and of earlier runs must not answer for this one.
	env.Setenv("WEFT_DISK_CACHE", filepath.Join(env.WorkDir, ".disk-cache"))
	env.Defer(func() { shutdown(env.WorkDir) })
	return nil
}

// shutdown ends the Bazel servers of the case's workspaces and removes their
// output bases, which lie in the user's cache and serve no other run.
func shutdown(work string) {
	modules, _ := filepath.Glob(filepath.Join(work, "*", "MODULE.bazel"))
	for _, m := range modules {
		cmd := exec.Command("bazel", "clean", "--expunge")
		cmd.Dir = filepath.Dir(m)
		_ = cmd.Run()
	}
}

const bazelrc = `startup --max_idle_secs=60
common --enable_bzlmod
build --build_tag_filters=-weft
test --build_tag_filters=
build --incompatible_strict_action_env
build --sandbox_default_allow_network=false
build --nobuild_runfile_links
test --test_output=errors
test --nozip_undeclared_test_outputs
try-import %workspace%/.weft/bazelrc
`

// mount makes a folder under /tmp visible in Bazel's sandbox, which has a /tmp of
// its own: this repository may be cloned there, outside the script's workspaces.
func mount(dir string) string {
	if !strings.HasPrefix(dir, "/tmp/") {
		return ""
	}
	return "build --sandbox_add_mount_pair=" + dir + "\n"
}

const module = `module(name = "ws")
bazel_dep(name = "rules_weft", version = "0.1.0")
local_path_override(module_name = "rules_weft", path = %q)
weft = use_extension("@rules_weft//:extensions.bzl", "weft")
weft.environments(lock = "//:environments.lock.json")
use_repo(weft, "environments")
`

// workspace makes a folder of the archive a Weft workspace: MODULE.bazel,
// .bazelrc, and the flake.nix of e2e/flake.nix unless the folder has its own.
// Flakes see only what git knows, so the folder becomes a git repository.
//
//	workspace FOLDER
func workspace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: workspace FOLDER")
	}
	dir := ts.MkAbs(args[0])
	repo := ts.Getenv("REPO")
	flake, err := os.ReadFile(filepath.Join(repo, "e2e", "flake.nix"))
	ts.Check(err)
	files := map[string]string{
		"MODULE.bazel": fmt.Sprintf(module, filepath.Join(repo, "rules")), ".bazelrc": bazelrc + mount(filepath.Join(repo, "rules")), "BUILD.bazel": "",
		"flake.nix": strings.ReplaceAll(string(flake), "@weft@", repo), ".gitignore": ".weft/\nbazel-*\n",
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			ts.Check(os.MkdirAll(dir, 0o755))
			ts.Check(os.WriteFile(path, []byte(text), 0o644))
		}
	}
	git(ts, dir)
}

func git(ts *testscript.TestScript, dir string) {
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			ts.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
}

// example copies a folder of examples/ into the script's folder and points it
// at this repository.
//
//	example NAME FOLDER
func example(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: example NAME FOLDER")
	}
	repo, dir := ts.Getenv("REPO"), ts.MkAbs(args[1])
	from := filepath.Join(repo, "examples", args[0])
	out, err := exec.Command("git", "-C", from, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	ts.Check(err)
	for _, name := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join(from, name))
		ts.Check(err)
		path := filepath.Join(dir, name)
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		text := strings.ReplaceAll(string(data), `"../../rules"`, strconv.Quote(filepath.Join(repo, "rules")))
		text = strings.ReplaceAll(text, "path:../..", "path:"+repo)
		if name == ".bazelrc" {
			text += mount(filepath.Join(repo, "rules"))
		}
		ts.Check(os.WriteFile(path, []byte(text), 0o644))
	}
	ts.Check(os.RemoveAll(filepath.Join(dir, "flake.lock")))
	git(ts, dir)
}

// exits runs a command that must end with the exit code given.
//
//	exits CODE COMMAND [ARGUMENT...]
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// replace puts one text in the place of another in a file, which must hold it.
//
//	replace OLD NEW FILE
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace OLD NEW FILE")
	}
	path := ts.MkAbs(args[2])
	text := ts.ReadFile(args[2])
	if !strings.Contains(text, args[0]) {
		ts.Fatalf("%s does not hold %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(path, []byte(strings.ReplaceAll(text, args[0], args[1])), 0o644))
}

// jq compares what a jq filter makes of a JSON file, its results joined by
// newlines, with a regular expression, which must match all of it.
//
//	[!] jq FILTER FILE REGEXP
func jq(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: [!] jq FILTER FILE REGEXP")
	}
	query, err := gojq.Parse(args[0])
	ts.Check(err)
	data, err := values(ts.ReadFile(args[1]))
	ts.Check(err)
	var lines []string
	for results := query.Run(data); ; {
		v, ok := results.Next()
		if !ok {
			break
		}
		if err, failed := v.(error); failed {
			ts.Fatalf("jq %s: %v", args[0], err)
		}
		lines = append(lines, text(v))
	}
	got := strings.Join(lines, "\n")
	matched, err := regexp.MatchString(`(?s)\A(?:`+args[2]+`)\z`, got)
	ts.Check(err)
	if matched == neg {
		ts.Fatalf("jq %s gives\n%s", args[0], got)
	}
}

// values reads JSON; several values one after the other (Bazel's execution log)
// are an array.
func values(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	all := []any{}
	for {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

// text is a value as jq -r prints it.
func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	data, _ := gojq.Marshal(v)
	return string(data)
}
