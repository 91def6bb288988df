package nixenv

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorded is what Nix 2.34.8 printed, with the workspace's folder called /ws.
func recorded(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "stderr", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// repo is a workspace in a git repository with the files.
func repo(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, file := range append(files, ".git/HEAD") {
		write(t, filepath.Join(dir, file), "")
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestShorten(t *testing.T) {
	dir := repo(t, "flake.nix", "pkgs.nix", "late.nix")
	for _, test := range []struct{ name, stderr, want string }{
		{"abort", "", "evaluation aborted with the following error message: 'no way', at flake.nix:2:59"},
		{"assertion", "", "an integer with value '1' is not equal to an integer with value '2', at flake.nix:2:59"},
		{"extra", "", "function 'anonymous lambda' called without required argument 'python', at flake.nix:1:58"},
		{"missing", "", "attribute 'g' missing, at flake.nix:3:39\nDid you mean f?"},
		{"netinput", "", "fetching the flake input github:NixOS/nixpkgs/nixos-24.11: unable to download 'https://api.example.org/repos/NixOS/nixpkgs/commits/nixos-24.11': Could not resolve hostname (6) Could not resolve host: api.example.org"},
		{"nofile", "", "path 'nix/envs.nix' does not exist, at flake.nix:2:44"},
		{"noinput", "", "fetching the flake input path:/nonexistent/nixpkgs: path '//nonexistent/nixpkgs' does not exist"},
		{"noout", "", "flake 'path:/ws' lacks attribute 'outputs'"},
		{"purity", "", "access to absolute path '/etc/hosts.nix' is forbidden in pure evaluation mode (use '--impure' to override), at flake.nix:2:44"},
		{"recursion", "", "infinite recursion encountered, at flake.nix:2:52"},
		{"syntax", "", "syntax error, unexpected ';', expecting 'inherit', at flake.nix:4:31"},
		{"throw", "", "python39 was removed from nixpkgs, at pkgs.nix:1:12\nuse python310"},
		{"unexpected", "", "attribute 'y' missing, at flake.nix:1:75\nDid you mean z?"},
		{"untracked", "", "git does not know flake.nix yet, and nix sees only what git knows"},
		{"untracked-import", "", "git does not know nix/e.nix yet, and nix sees only what git knows"},
		{"untracked, 2.18", "error: getting status of '/nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source/late.nix': No such file or directory",
			"git does not know late.nix yet, and nix sees only what git knows"},
		{"missing, 2.18", "error: getting status of '/nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source/x.nix': No such file or directory",
			"getting status of 'x.nix': No such file or directory"},
		{"no flake.nix, 2.18", "error: source tree referenced by 'git+file:///ws' does not contain a '/flake.nix' file",
			"git does not know flake.nix yet, and nix sees only what git knows"},
		{"colours", "\x1b[31;1merror:\x1b[0m cannot connect to \x1b[35;1m'/x'\x1b[0m\r\n", "cannot connect to '/x'"},
		{"place in another source", "error: boom\n       at /nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source/lib/not-here.nix:1:2:\n",
			"boom, at /nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source/lib/not-here.nix:1:2"},
		{"place in the workspace", "error: boom\n       at " + dir + "/pkgs.nix:1:2:\n", "boom, at pkgs.nix:1:2"},
		{"no error at all", "Segmentation fault", "Segmentation fault"},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.stderr == "" && test.want != "" {
				test.stderr = recorded(t, test.name)
			}
			if got := shorten(test.stderr, dir).String(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func FuzzShorten(f *testing.F) {
	names, _ := filepath.Glob("testdata/stderr/*.txt")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("error: error: \n at :1:1:")
	f.Fuzz(func(t *testing.T, stderr string) {
		text := shorten(stderr, "/nonexistent").String()
		if strings.TrimSpace(stripControls(stderr)) != "" && text == "" {
			t.Error("nothing is left")
		}
		if strings.ContainsAny(text, "\x1b\x00") {
			t.Errorf("control characters in %q", text)
		}
		for _, failed := range parseFailures(stderr) {
			if failed.drv == "" {
				t.Errorf("a failure of nothing: %+v", failed)
			}
		}
	})
}

func TestParseFailures(t *testing.T) {
	want := map[string]failure{
		"bad-dep":     {reason: "builder failed with exit code 3", log: "line one\nline two"},
		"dep-env":     {reason: "1 dependency failed", needs: true},
		"dep2-env":    {reason: "1 dependency failed", needs: true},
		"own-env":     {reason: "builder failed with exit code 1", log: "own failure"},
		"noout-env":   {reason: "builder failed to produce output path for output 'out'"},
		"sig-env":     {reason: "builder failed to produce output path for output 'out'"},
		"hash-env":    {reason: "hash mismatch: specified: sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=, got: sha256-q1wkaxntsnwvv8bg+o9j1foou5ngappj7pvkj0yn2gu="},
		"foreign-env": {reason: "platform mismatch: required system: 'aarch64-darwin', current system: 'x86_64-linux'"},
	}
	checkFailures(t, recorded(t, "build"), want)
}

// TestParseFailuresOfOldNix has the words of Nix 2.18's source, not a recording.
func TestParseFailuresOfOldNix(t *testing.T) {
	const store = "/nix/store/5i3hbi08hfib9kkkk4lm4aprx4iqpkc0-"
	checkFailures(t, `building '`+store+`bad-dep.drv'...
error: builder for '`+store+`bad-dep.drv' failed with exit code 3;
       last 2 log lines:
       > line one
       > line two
       For full logs, run 'nix log `+store+`bad-dep.drv'.
error: 1 dependencies of derivation '`+store+`dep-env.drv' failed to build
error: builder for '`+store+`sig-env.drv' failed due to signal 9 (Killed)
error: build of '`+store+`dep-env.drv^out', '`+store+`sig-env.drv^out' failed
`, map[string]failure{
		"bad-dep": {reason: "builder failed with exit code 3", log: "line one\nline two"},
		"dep-env": {reason: "1 dependencies of derivation it failed to build", needs: true},
		"sig-env": {reason: "builder failed due to signal 9 (Killed)"},
	})
}

func checkFailures(t *testing.T, stderr string, want map[string]failure) {
	t.Helper()
	got := parseFailures(stderr)
	if len(got) != len(want) {
		t.Errorf("got %d failures, want %d", len(got), len(want))
	}
	for _, g := range got {
		w := want[drvName(g.drv)]
		if w.drv = g.drv; g != w {
			t.Errorf("%s\ngot  %+v\nwant %+v", drvName(g.drv), g, w)
		}
	}
}

func TestProgressLine(t *testing.T) {
	const store = "/nix/store/5i3hbi08hfib9kkkk4lm4aprx4iqpkc0-"
	for line, want := range map[string]string{
		"building '" + store + "python3-3.9-env.drv'...":                "building python3-3.9-env",
		"copying path '" + store + "x' from 'https://cache.example'...": "copying path x from https://cache.example",
		"unpacking 'github:a/b' into the Git cache...":                  "unpacking github:a/b' into the Git cache",
		"warning: unable to download 'x'; retrying in 268 ms":           "unable to download 'x'; retrying in 268 ms",
		"warning: Git tree '/ws' is dirty":                              "",
		"these 2 derivations will be built:":                            "",
		"error: boom":                                                   "",
		"":                                                              "",
	} {
		if got := progressLine(line); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}
