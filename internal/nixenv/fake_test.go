package nixenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeNix is a nix that logs how it was called and then runs a script.
func fakeNix(t *testing.T, version, script string) (path, log string) {
	t.Helper()
	dir := t.TempDir()
	path, log = filepath.Join(dir, "nix"), filepath.Join(dir, "log")
	text := fmt.Sprintf("#!/bin/sh\necho \"$@\" | head -1 >> %s\nif [ \"$1\" = --version ]; then echo '%s'; exit; fi\n%s\n", log, version, script)
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path, log
}

func workspace(t *testing.T) Options {
	t.Helper()
	return Options{Workspace: tree(t, map[string]string{"flake.nix": "{ }"}), System: "x86_64-linux"}
}

const current = "nix (Nix) 2.34.8"

// hintOf fails when an error has no hint.
func hintOf(t *testing.T, err error) string {
	t.Helper()
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) || hinted.Hint() == "" {
		t.Fatalf("no hint: %v", err)
	}
	return hinted.Hint()
}

func TestNixVersions(t *testing.T) {
	for said, old := range map[string]bool{
		"nix (Nix) 2.3.16": true, "nix (Nix) 2.17.1": true, "nix (Nix) 1.11": true,
		"nix (Nix) 2.18.0": false, "nix (Nix) 2.34.8": false, "nix (Nix) 3.0": false, "nix (Nix) 2.25.0pre20240920_dirty": false,
		"nix (Lix, like Nix) 2.91.1": false, "nix (Determinate Nix 3.0.0) 2.26.3": false, "homemade": false,
	} {
		o := workspace(t)
		o.Nix, _ = fakeNix(t, said, "")
		err := o.checkNix(t.Context())
		var e *NixError
		if errors.As(err, &e) != old || old && (e.Error() != said+" is too old: weft needs Nix 2.18 or newer" || hintOf(t, err) == "") || !old && err != nil {
			t.Errorf("%s: got %v", said, err)
		}
	}
}

func TestNixMissing(t *testing.T) {
	o := workspace(t)
	for nix, want := range map[string]string{
		"no-such-nix":  `there is no nix: "no-such-nix" is not on PATH`,
		"/no/such/nix": `there is no nix at "/no/such/nix"`,
	} {
		o.Nix = nix
		_, _, err := Ensure(t.Context(), o)
		if err == nil || err.Error() != want || !strings.Contains(hintOf(t, err), "apt-get install nix-bin") {
			t.Errorf("got %v", err)
		}
		l := Lock{Environments: map[string]Environment{"a": {Kind: "python", Systems: map[string]Paths{"x86_64-linux": {OutPath: "/nix/store/gone"}}}}}
		var missing *NixError
		if _, err := Realise(t.Context(), o, l, []string{"a"}); !errors.As(err, &missing) {
			t.Errorf("got %v", err)
		}
	}
}

// anAnswer is what environments.nix says of one environment.
const anAnswer = `{"systems":{"x86_64-linux":{"environments":{"a":{"paths":{"drv":"/nix/store/00000000000000000000000000000000-a.drv","out":"/nix/store/00000000000000000000000000000000-a"},
"kind":"python","version":"3.9","description":null,"types":null,"standIn":["nixpkgs"]}}}}}`

func TestEnsureCallsNixOnlyWhenTheFlakeChanged(t *testing.T) {
	o := workspace(t)
	var log string
	o.Nix, log = fakeNix(t, current, "echo '"+anAnswer+"'")
	var said []string
	o.Progress = func(line string) { said = append(said, line) }
	ensure := func() Lock {
		l, warnings, err := Ensure(t.Context(), o)
		if err != nil || len(warnings) > 0 {
			t.Fatal(warnings, err)
		}
		return l
	}
	calls := func() int {
		data, _ := os.ReadFile(log)
		return strings.Count(string(data), "\n")
	}
	first := ensure()
	if calls() != 2 || first.Environments["a"].StandIn[0] != "nixpkgs" || first.Path != filepath.Join(o.Workspace, LockName) {
		t.Fatalf("%d calls, %+v", calls(), first)
	}
	if ensure(); calls() != 2 {
		t.Errorf("a current lock cost %d calls", calls()-2)
	}
	write(t, filepath.Join(o.Workspace, "flake.nix"), "{ /* new */ }")
	locked := o
	locked.Locked = true
	_, _, err := Ensure(t.Context(), locked)
	var stale *LockStaleError
	if !errors.As(err, &stale) || calls() != 2 || hintOf(t, err) != "weft env lock" {
		t.Errorf("locked: %v, %d calls", err, calls())
	}
	if second := ensure(); calls() != 4 || second.Source == first.Source {
		t.Errorf("a stale lock: %d calls", calls())
	}
	want := "evaluating the flake's environments|the flake has changed: evaluating its environments"
	if got := strings.Join(said, "|"); got != want {
		t.Errorf("said %s", got)
	}
}

func TestEnsureLockedWithoutLock(t *testing.T) {
	o := workspace(t)
	o.Locked = true
	if _, _, err := Ensure(t.Context(), o); !isMissing(err) || hintOf(t, err) != "weft env lock" {
		t.Errorf("got %v", err)
	}
}

func TestEnsureLeavesABrokenLockToItsOwner(t *testing.T) {
	o := workspace(t)
	o.Nix, _ = fakeNix(t, current, "echo '"+anAnswer+"'")
	for text, want := range map[string]any{"<<<": new(*LockCorruptError), `{"version": 9}`: new(*LockVersionError)} {
		write(t, o.LockPath(), text)
		if _, _, err := Ensure(t.Context(), o); !errors.As(err, want) {
			t.Errorf("%s: got %v", text, err)
		}
		if data, _ := os.ReadFile(o.LockPath()); string(data) != text {
			t.Errorf("%s was overwritten", text)
		}
		private := o
		private.Overrides = []Override{{"nixpkgs", "path:/srv"}}
		write(t, private.LockPath(), text)
		if _, _, err := Ensure(t.Context(), private); err != nil {
			t.Errorf("a private lock is written anew: %v", err)
		}
	}
	if l, _, err := Refresh(t.Context(), o); err != nil || len(l.Environments) != 1 {
		t.Errorf("weft env lock: %v", err)
	}
}

func TestOverridesAreKeptApart(t *testing.T) {
	o := workspace(t)
	nix, log := fakeNix(t, current, "echo '"+anAnswer+"'")
	o.Nix = nix
	plain, _, err := Ensure(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	checkedIn, _ := os.ReadFile(o.LockPath())
	over := o
	over.Overrides = []Override{{"nixpkgs", "path:/srv/nix pkgs"}, {"mrst", "github:a/b"}}
	l, _, err := Ensure(t.Context(), over)
	if err != nil || l.Path != filepath.Join(o.Workspace, ".weft", LockName) || l.Source == plain.Source {
		t.Fatalf("got %+v, %v", l, err)
	}
	if again, _ := os.ReadFile(o.LockPath()); string(again) != string(checkedIn) {
		t.Error("the checked-in lock was touched")
	}
	calls, _ := os.ReadFile(log)
	if strings.Count(string(calls), "\n") != 4 {
		t.Errorf("calls %s", calls)
	}
	rc := filepath.Join(o.Workspace, ".weft", "bazelrc")
	if data, _ := os.ReadFile(rc); !strings.HasSuffix(string(data), "\ncommon --repo_env=WEFT_ENVIRONMENTS_LOCK="+l.Path+"\n") {
		t.Errorf("bazelrc %q", data)
	}
	if _, _, err := Ensure(t.Context(), o); err != nil || exists(rc) {
		t.Errorf("without overrides: %v, bazelrc there: %v", err, exists(rc))
	}
}

func TestBazelrcQuotes(t *testing.T) {
	for path, want := range map[string]string{
		"--x=/a/b":     "--x=/a/b",
		`--x=/a "b\#c`: `"--x=/a \"b\\#c"`,
	} {
		if got := rcWord(path); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestBazelrc: a run says everything, and a command that plans nothing takes
// nothing of it away but what it knows better.
func TestBazelrc(t *testing.T) {
	o := Options{Workspace: t.TempDir(), Overrides: []Override{{"nixpkgs", "path:/x"}}, DiskCache: "/my cache"}
	rc := filepath.Join(o.Workspace, ".weft", "bazelrc")
	step := func(what string, err error, want string) {
		t.Helper()
		data, _ := os.ReadFile(rc)
		if err != nil || string(data) != want {
			t.Errorf("%s: %v\n%s", what, err, data)
		}
	}
	lock, disk := "common --repo_env=WEFT_ENVIRONMENTS_LOCK="+o.LockPath()+"\n", "test \"--disk_cache=/my cache\"\n"
	step("a command before any run", o.pointBazel(), bazelrcHead+lock+disk)
	step("a run", ShareWithBazel(o, []string{"--a", "--b=1"}), bazelrcHead+lock+disk+"build --a\nbuild --b=1\n")
	o.DiskCache = ""
	step("a command after it", o.pointBazel(), bazelrcHead+lock+"build --a\nbuild --b=1\n")
	before, err := os.Stat(rc)
	if err != nil {
		t.Fatal(err)
	}
	step("the same again", o.pointBazel(), bazelrcHead+lock+"build --a\nbuild --b=1\n")
	if after, err := os.Stat(rc); err != nil || !os.SameFile(before, after) {
		t.Errorf("what says the same is written again: %v", err)
	}
	o.Overrides = nil
	step("another run, without overrides", ShareWithBazel(o, []string{"--c"}), bazelrcHead+"build --c\n")
	step("nothing to say", ShareWithBazel(o, nil), "")
	if exists(rc) {
		t.Error("a file without lines stays")
	}
}

func TestEveryCallHasTheFeaturesAndTheOverrides(t *testing.T) {
	o := workspace(t)
	o.Overrides = []Override{{"nixpkgs", "git+https://user:hunter2@example.org/x"}}
	o.Nix, _ = fakeNix(t, current, `echo "$@" >&2; exit 1`)
	_, err := o.run(t.Context(), "testing", "eval", "x")
	text := fmt.Sprint(err)
	if !strings.Contains(text, "--extra-experimental-features nix-command flakes eval x --override-input nixpkgs git+https://user:REDACTED@example.org/x") ||
		strings.Contains(text, "hunter2") {
		t.Errorf("got %s", text)
	}
}

// TestSecretsAreNotSaid: nix names what it fetches, and hints name the overrides.
func TestSecretsAreNotSaid(t *testing.T) {
	o := workspace(t)
	o.Overrides = []Override{{"nixpkgs", "git+https://user:hunter2@example.org/x"}}
	o.Nix, _ = fakeNix(t, current, `echo "fetching git input 'git+https://user:hunter2@example.org/x'" >&2; exit 1`)
	var talk []string
	o.Progress = func(line string) { talk = append(talk, line) }
	res, _ := o.run(t.Context(), "testing", "eval")
	text := strings.Join(talk, "\n") + res.Stderr + o.evalCommand(".#x") + flags(o.Overrides)
	if strings.Contains(text, "hunter2") || strings.Count(text, "user:REDACTED@example.org") != 4 {
		t.Errorf("said %s", text)
	}
}

func TestEvaluateRefusesOddAnswers(t *testing.T) {
	edit := func(old, new string) string { return strings.Replace(anAnswer, old, new, 1) }
	for _, test := range []struct{ name, answer, want string }{
		{"no JSON", "what?", "nix eval printed something unexpected: invalid character 'w' looking for beginning of value"},
		{"list", `{"notSet":"list"}`, "weftEnvironments is of type list: it must be a set, weftEnvironments.<system>.<name>"},
		{"no system", `{"systems":{"python":{"notSet":"derivation"}}}`, "weftEnvironments.python is of type derivation: it must be a set of environments, weftEnvironments.<system>.<name>"},
		{"none", `{"systems":{}}`, "weftEnvironments has no environment"},
		{"no kind", edit(`"python"`, `null`), `environment "a": it has no kind: the attribute says which rules run its tests, octave or python`},
		{"unknown kind", edit(`"python"`, `"julia"`), `environment "a": kind "julia" is not octave or python`},
		{"odd kind", edit(`"python"`, `7`), `environment "a": kind is not a string but 7`},
		{"odd version", edit(`"3.9"`, `3.9`), `environment "a": version is not a string but 3.9`},
		{"odd types", edit(`"types":null`, `"types":"unit"`), `environment "a": types is not a list of strings but "unit"`},
		{"odd path", edit(`"/nix/store/00000000000000000000000000000000-a"`, `"/bin"`), `environment "a": /bin is no store path`},
		{"odd name", edit(`"a":`, `"a b":`), `"a b" cannot be an environment's name`},
		{"no derivation", `{"systems":{"x86_64-linux":{"environments":{"a":{"notDerivation":"string"}}}}}`, `environment "a": weftEnvironments.x86_64-linux."a" is no derivation but a string`},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := workspace(t)
			o.Nix, _ = fakeNix(t, current, "cat <<'E'\n"+test.answer+"\nE")
			_, _, err := Evaluate(t.Context(), o)
			var flake *FlakeError
			if !errors.As(err, &flake) || err.Error() != test.want || hintOf(t, err) == "" {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestEvaluateIsStopped(t *testing.T) {
	o := workspace(t)
	o.Nix, _ = fakeNix(t, current, "echo 'fetching x...' >&2; while :; do sleep 0.02; done")
	ctx, cancel := context.WithCancel(t.Context())
	fetching := false
	o.Progress = func(line string) {
		if line == "fetching x" {
			fetching = true
			cancel()
		}
	}
	if _, _, err := Ensure(ctx, o); !errors.Is(err, context.Canceled) || !fetching || exists(o.LockPath()) {
		t.Errorf("got %v", err)
	}
}

// TestBuildThatNeverBegan is a nix that cannot work at all: every environment
// says so, and nix is not asked once more for each.
func TestBuildThatNeverBegan(t *testing.T) {
	o := workspace(t)
	var log string
	o.Nix, log = fakeNix(t, current, "echo 'error: cannot connect to socket at /x' >&2; exit 1")
	l := Lock{Environments: map[string]Environment{}}
	drv := filepath.Join(o.Workspace, "flake.nix") // anything that exists
	for _, name := range []string{"a", "b"} {
		l.Environments[name] = Environment{Systems: map[string]Paths{"x86_64-linux": {OutPath: "/nix/store/gone-" + name, DrvPath: drv}}}
	}
	got, err := Realise(t.Context(), o, l, l.Names())
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	for _, r := range got {
		if want := fmt.Sprintf("environment %q: not built: cannot connect to socket at /x", r.Name); r.Err == nil || r.Err.Error() != want || hintOf(t, r.Err) != "weft env build "+r.Name {
			t.Errorf("got %v", r.Err)
		}
	}
	if calls, _ := os.ReadFile(log); strings.Count(string(calls), "\n") != 2 {
		t.Errorf("calls\n%s", calls)
	}
}

// TestRootsAreNotForBazel: a package in the Nix store may have BUILD files, and
// //... must not come to them by way of the roots.
func TestRootsAreNotForBazel(t *testing.T) {
	o := workspace(t)
	o.Nix = "/no/nix"
	out := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Dir(o.rootPath("a")), 0o755), os.Symlink(out, o.rootPath("a"))); err != nil {
		t.Fatal(err)
	}
	l := Lock{Environments: map[string]Environment{"a": {Systems: map[string]Paths{"x86_64-linux": {OutPath: out}}}}}
	got, err := Realise(t.Context(), o, l, l.Names())
	if err != nil || got[0].Err != nil {
		t.Fatal(got, err)
	}
	mark := o.rootPath("DONT_FOLLOW_SYMLINKS_WHEN_TRAVERSING_THIS_DIRECTORY_VIA_A_RECURSIVE_TARGET_PATTERN")
	if !exists(mark) || o.dropRoots(l) != nil || !exists(mark) {
		t.Error("Bazel would follow the roots")
	}
}

func TestDropRoots(t *testing.T) {
	o := workspace(t)
	o.Nix, _ = fakeNix(t, current, "echo '"+anAnswer+"'")
	for _, name := range []string{"a", "gone"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(o.rootPath(name)), 0o755), os.Symlink("/nix/store/x", o.rootPath(name))); err != nil {
			t.Fatal(err)
		}
	}
	write(t, o.rootPath("note"), "not ours")
	if _, _, err := Refresh(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if !exists(o.rootPath("a")) || exists(o.rootPath("gone")) || !exists(o.rootPath("note")) {
		t.Error("wrong roots left")
	}
}

func TestShell(t *testing.T) {
	o := workspace(t)
	out := t.TempDir()
	l := Lock{Environments: map[string]Environment{
		"py":    {Systems: map[string]Paths{"x86_64-linux": {OutPath: out}}},
		"gone":  {Systems: map[string]Paths{"x86_64-linux": {OutPath: out + "/no"}}},
		"other": {},
	}}
	environ := []string{"HOME=/h", "PATH=/bin", "PYTHONPATH=/bad", "SHELL=/bin/zsh", "A=b=c"}
	c, err := Shell(o, l, "py", []string{"python3", "-V"}, environ)
	want := "HOME=/h SHELL=/bin/zsh A=b=c PATH=" + out + "/bin:/bin WEFT_ENVIRONMENT=py"
	if err != nil || strings.Join(c.Argv, " ") != "python3 -V" || strings.Join(c.Env, " ") != want {
		t.Errorf("got %+v, %v", c, err)
	}
	if c, _ := Shell(o, l, "py", nil, environ); strings.Join(c.Argv, " ") != "/bin/zsh" {
		t.Errorf("got %v", c.Argv)
	}
	if c, _ := Shell(o, l, "py", nil, nil); c.Argv[0] != out+"/bin/sh" || c.Env[0] != "PATH="+out+"/bin" {
		t.Errorf("got %+v", c)
	}
	for name, want := range map[string]string{
		"gone":  `environment "gone": it is not built`,
		"other": `environment "other": the environments lock does not have it for x86_64-linux: it does not evaluate there`,
		"no":    `environment "no": the environments lock does not have it`,
	} {
		if _, err := Shell(o, l, name, nil, nil); err == nil || err.Error() != want || hintOf(t, err) == "" {
			t.Errorf("got %v", err)
		}
	}
}

func TestParseOverride(t *testing.T) {
	for text, want := range map[string]string{
		"nixpkgs=path:/srv/x": "nixpkgs=path:/srv/x", "a=github:x/y?ref=z": "a=github:x/y?ref=z", "a=nixpkgs": "a=nixpkgs",
		"a=path:../x": "a=path:/cwd/x", "a=./x": "a=/cwd/sub/x", "a=..": "a=/cwd", "a=path:.": "a=path:/cwd/sub",
		"": "", "a": "", "a=": "", "=b": "",
	} {
		got, err := ParseOverride(text, "/cwd/sub")
		if want == "" && (err == nil || hintOf(t, err) == "" || !strings.Contains(err.Error(), "NAME=FLAKEREF")) || want != "" && (err != nil || got.String() != want) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}
