package nixenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/proc"
)

// The tests of this file run the real Nix on flakes that need nothing but it:
// raw derivations whose builder is the /bin/sh of Nix's own sandbox.

func needNix(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("nix"); err != nil {
		if os.Getenv("WEFT_REQUIRE_NIX") != "" {
			t.Fatal("nix is not on PATH, and WEFT_REQUIRE_NIX is set")
		}
		t.Skip("nix is not on PATH")
	}
	t.Parallel()
}

// noNix is the options with a nix that must not be called.
func noNix(o Options) Options {
	o.Nix = "/nix/must/not/be/called"
	return o
}

// flakeOf is a workspace whose flake has the environments, written in Nix with
// `make KIND SCRIPT` and `fail` at hand. SALT makes its derivations new.
func flakeOf(t *testing.T, environments string) Options {
	t.Helper()
	system, err := System()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Workspace: t.TempDir()}
	write(t, filepath.Join(o.Workspace, "flake.nix"), strings.NewReplacer("SYSTEM", system, "SALT", salt()).Replace(`{
  outputs = { self }:
    let
      drv = system: name: script: derivation { inherit system name; builder = "/bin/sh"; args = [ "-c" "${script} # SALT" ]; };
      make = kind: script: drv "SYSTEM" "weft-test" script // { inherit kind; version = "1.2"; description = "a test's"; };
      there = make "python" "echo > $out";
      elsewhere = drv "riscv64-linux" "weft-test" "echo > $out" // { kind = "python"; };
    in {
      weftEnvironments = `+environments+`;
    };
}
`))
	return o
}

func salt() string { return strconv.FormatInt(time.Now().UnixNano(), 36) }

func ensure(t *testing.T, o Options) (Lock, []Warning) {
	t.Helper()
	l, warnings, err := Ensure(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l, warnings
}

func realise(t *testing.T, o Options, l Lock, names ...string) map[string]Realised {
	t.Helper()
	all, err := Realise(t.Context(), o, l, names)
	if err != nil || len(all) != len(names) {
		t.Fatal(all, err)
	}
	byName := map[string]Realised{}
	for i, r := range all {
		if r.Name != names[i] {
			t.Errorf("result %d is %s, want %s", i, r.Name, names[i])
		}
		byName[r.Name] = r
	}
	return byName
}

func TestRealLifecycle(t *testing.T) {
	needNix(t)
	o := flakeOf(t, `{
    SYSTEM = { "python3.9" = there; octave = make "octave" "echo hi; echo $out > $out" // { types = [ "unit" ]; standIn = [ "mrst" ]; }; };
    riscv64-linux = { "python3.9" = elsewhere; octave = throw "no octave"; };
  }`)
	system, _ := System()
	l, warnings := ensure(t, o)
	octave := l.Environments["octave"]
	if strings.Join(l.Names(), " ") != "octave python3.9" || octave.Kind != "octave" || octave.Version != "1.2" || octave.Description != "a test's" ||
		octave.Types[0] != "unit" || octave.StandIn[0] != "mrst" || len(l.Environments["python3.9"].Systems) != 2 {
		t.Errorf("got %+v", l)
	}
	if want := "left out of the lock for riscv64-linux, where evaluation fails: octave"; len(warnings) != 1 || warnings[0].Message != want {
		t.Errorf("warnings %+v", warnings)
	}
	got := realise(t, o, l, "python3.9", "octave", "nope")
	for _, name := range l.Names() {
		p, _ := l.Paths(name, system)
		if r := got[name]; r.Err != nil || !r.Fresh || r.OutPath != p.OutPath || !o.rooted(name, p.OutPath) {
			t.Errorf("got %+v", r)
		}
		assertRegistered(t, o.rootPath(name))
	}
	if err := got["nope"].Err; err == nil || err.Error() != `environment "nope": the environments lock does not have it` {
		t.Errorf("got %v", err)
	}
	again, _ := ensure(t, noNix(o))
	for name, r := range realise(t, noNix(o), again, "octave", "python3.9") {
		if r.Err != nil || r.Fresh {
			t.Errorf("warm %s: %+v", name, r)
		}
	}
	// A root that was lost comes back without a build.
	if err := os.Remove(o.rootPath("octave")); err != nil {
		t.Fatal(err)
	}
	if r := realise(t, o, l, "octave")["octave"]; r.Err != nil || !r.Fresh || !o.rooted("octave", r.OutPath) {
		t.Errorf("got %+v", r)
	}
}

// assertRegistered checks that nix knows the link as a root, where its state can be read.
func assertRegistered(t *testing.T, link string) {
	t.Helper()
	auto, err := filepath.Glob("/nix/var/nix/gcroots/auto/*")
	if err != nil || len(auto) == 0 {
		return
	}
	for _, a := range auto {
		if target, _ := os.Readlink(a); target == link {
			return
		}
	}
	t.Errorf("%s is not registered as a root", link)
}

func TestRealPartialFailure(t *testing.T) {
	needNix(t)
	o := flakeOf(t, `{ SYSTEM = let
    bad = drv "SYSTEM" "weft-bad" "echo first; echo last >&2; exit 3";
    worse = drv "SYSTEM" "weft-worse" "echo worse; exit 5";
  in {
    both = make "python" "echo ${bad} ${worse} > $out";
    other = make "python" "echo ${worse} > $out";
    good = there;
    own = make "python" "echo 'own log'; exit 4";
    needs = make "python" "echo ${bad} > $out";
    deeper = make "python" "echo ${make "python" "echo 1; echo ${bad} > $out"} > $out";
    elsewhere = elsewhere;
  }; }`)
	l, _ := ensure(t, o)
	got := realise(t, o, l, "own", "good", "needs", "deeper", "elsewhere", "other", "both")
	if r := got["good"]; r.Err != nil || !o.rooted("good", r.OutPath) {
		t.Errorf("good: %+v", r)
	}
	for name, want := range map[string]BuildError{
		"own":       {Reason: "builder failed with exit code 4", Log: "own log", Next: "nix log "},
		"needs":     {Reason: "it needs weft-bad: builder failed with exit code 3", Log: "first\nlast", Next: "nix log "},
		"deeper":    {Reason: "it needs weft-bad: builder failed with exit code 3", Log: "first\nlast", Next: "nix log "},
		"other":     {Reason: "it needs weft-worse: builder failed with exit code 5", Log: "worse", Next: "nix log "},
		"elsewhere": {Reason: "platform mismatch: required system: 'riscv64-linux'", Next: "nix build "},
	} {
		var e *BuildError
		if !errors.As(got[name].Err, &e) || e.Environment != name || !strings.HasPrefix(e.Reason, want.Reason) || e.Log != want.Log ||
			!strings.HasPrefix(e.Hint(), want.Next) || !strings.Contains(e.Hint(), e.Derivation) || exists(o.rootPath(name)) {
			t.Errorf("%s: got %+v", name, got[name].Err)
		}
	}
	for _, part := range []string{"weft-bad: builder failed with exit code 3", "weft-worse: builder failed with exit code 5"} {
		if text := fmt.Sprint(got["both"].Err); !strings.Contains(text, part) {
			t.Errorf("both: got %s", text)
		}
	}
	if want := "environment \"own\": builder failed with exit code 4\n  | own log"; got["own"].Err.Error() != want {
		t.Errorf("got %s", got["own"].Err)
	}
}

// TestRealFreshClone has the lock but not the derivations, as on another machine.
func TestRealFreshClone(t *testing.T) {
	needNix(t)
	o := flakeOf(t, `{ SYSTEM = { a = there; b = make "python" "echo b > $out"; }; }`)
	l, _ := ensure(t, o)
	system, _ := System()
	p, _ := l.Paths("a", system)
	if _, err := o.run(t.Context(), "testing", "store", "delete", p.DrvPath); err != nil || exists(p.DrvPath) {
		t.Fatalf("the derivation is still there: %v", err)
	}
	if r := realise(t, o, l, "a", "b"); r["a"].Err != nil || r["b"].Err != nil || !exists(p.DrvPath) {
		t.Errorf("got %+v", r)
	}
	wrong := "/nix/store/00000000000000000000000000000000-weft-test"
	l.Environments["a"].Systems[system] = Paths{OutPath: wrong, DrvPath: wrong + ".drv"}
	r := realise(t, o, l, "a", "b")
	want := fmt.Sprintf(`environment "a": the lock says %s, but the flake evaluates to %s`, wrong, p.OutPath)
	if err := r["a"].Err; err == nil || err.Error() != want || hintOf(t, err) != "weft env lock" || r["b"].Err != nil {
		t.Errorf("got %+v", r)
	}
}

func TestRealEnvironmentsThatDoNotEvaluate(t *testing.T) {
	needNix(t)
	for _, test := range []struct{ name, environments, locked, warning, failure string }{
		{"one throws, its kind is known", `{ SYSTEM = { good = there; bad = { kind = "python"; outPath = throw "gone"; drvPath = throw "gone;\n use another"; }; }; }`,
			"bad[] good[SYSTEM]", `environment "bad" does not evaluate for SYSTEM: gone, at flake.nix:9:`, ""},
		{"one fails uncaught", `{ SYSTEM = { good = there; bad = make "python" there.nope; }; }`,
			"", "", `environment "bad" does not evaluate for SYSTEM: attribute 'nope' missing, at flake.nix:9:`},
		{"one is known on another system only", `{ SYSTEM = { good = there; bad = there.nope; }; riscv64-linux = { bad = elsewhere; }; }`,
			"bad[riscv64-linux] good[SYSTEM]", `environment "bad" does not evaluate for SYSTEM: attribute 'nope' missing`, ""},
		{"one is known nowhere", `{ SYSTEM = { good = there; bad = throw "python39 was removed"; }; }`,
			"", "", `environment "bad" does not evaluate for SYSTEM: python39 was removed, at flake.nix:9:`},
		{"a foreign system fails uncaught", `{ SYSTEM = { good = there; }; riscv64-linux = { good = there.nope; }; mips-linux = there.nope; }`,
			"good[SYSTEM]", "no environment evaluates for mips-linux: attribute 'nope' missing", ""},
		{"a foreign system throws", `{ SYSTEM = { good = there; }; riscv64-linux = throw "no"; }`,
			"good[SYSTEM]", "no environment evaluates for riscv64-linux", ""},
		{"all throw", `{ SYSTEM = { a = throw "no a"; b = there // { drvPath = throw "no b"; }; }; }`,
			"", "", `environment "a" does not evaluate for SYSTEM: no a`},
		{"the system fails", `{ SYSTEM = there.nope; }`, "", "", "evaluating flake.nix: attribute 'nope' missing, at flake.nix:9:"},
		{"none", `{ }`, "", "", "weftEnvironments has no environment"},
		{"a list", `[ ]`, "", "", "weftEnvironments is of type list: it must be a set, weftEnvironments.<system>.<name>"},
		{"no systems", `{ "python3.9" = there; }`, "", "", "weftEnvironments.python3.9 is of type derivation: "},
		{"no kind", `{ SYSTEM.a = drv "SYSTEM" "x" "y"; }`, "", "", `environment "a": it has no kind: `},
		{"no derivation", `{ SYSTEM.a = { kind = "python"; }; }`, "", "", `environment "a": weftEnvironments.SYSTEM."a" is no derivation but a set without drvPath`},
		{"a syntax error", `{ SYSTEM = ; }`, "", "", "evaluating flake.nix: syntax error, unexpected ';', at flake.nix:9:"},
		{"a missing import", `import ./envs.nix`, "", "", "evaluating flake.nix: path 'envs.nix' does not exist, at flake.nix:9:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			system, _ := System()
			fill := strings.NewReplacer("SYSTEM", system).Replace
			o := flakeOf(t, test.environments)
			l, warnings, err := Ensure(t.Context(), o)
			if test.failure != "" {
				var flake *FlakeError
				if !errors.As(err, &flake) || !strings.HasPrefix(err.Error(), fill(test.failure)) || hintOf(t, err) == "" || exists(o.LockPath()) {
					t.Errorf("got %v\nwant %s", err, fill(test.failure))
				}
				return
			}
			var locked []string
			for _, name := range l.Names() {
				locked = append(locked, fmt.Sprint(name, sortedKeys(l.Environments[name].Systems)))
			}
			if err != nil || strings.Join(locked, " ") != fill(test.locked) {
				t.Errorf("locked %v, %v", locked, err)
			}
			if text := fmt.Sprint(warnings); !strings.Contains(text, fill(test.warning)) {
				t.Errorf("warnings %s\nwant %s", text, fill(test.warning))
			}
		})
	}
}

func TestRealFlakesWithoutEnvironments(t *testing.T) {
	needNix(t)
	for _, test := range []struct{ name, flake, want, hint string }{
		{"no output", `{ outputs = { self }: { }; }`, "flake.nix has no output weftEnvironments", "weftEnvironments.x86_64-linux"},
		{"no outputs", `{ description = "x"; }`, "evaluating flake.nix: flake '", "nix eval --show-trace"},
		{"input gone", `{ inputs.nixpkgs.url = "path:/nonexistent/x"; outputs = { self, nixpkgs }: { weftEnvironments = nixpkgs.x; }; }`,
			"evaluating flake.nix: fetching the flake input path:/nonexistent/x: path '//nonexistent/x' does not exist", "--override-input"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Options{Workspace: tree(t, map[string]string{"flake.nix": test.flake})}
			_, _, err := Ensure(t.Context(), o)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || !strings.Contains(hintOf(t, err), test.hint) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRealGitFlake(t *testing.T) {
	needNix(t)
	root := tree(t, map[string]string{"pro ject/flake.nix": `{ outputs = { self }: { weftEnvironments = import ./envs.nix; }; }`, "pro ject/envs.nix": "{ }"})
	o := Options{Workspace: filepath.Join(root, "pro ject")}
	git := func(args ...string) {
		t.Helper()
		if _, err := proc.Run(t.Context(), proc.Command{Purpose: "testing", Argv: append([]string{"git", "-C", o.Workspace}, args...)}); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q", root)
	for _, want := range [][2]string{{"git does not know pro ject/flake.nix yet", "flake.nix"}, {"git does not know pro ject/envs.nix yet", "envs.nix"}} {
		_, _, err := Ensure(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), want[0]) || hintOf(t, err) != "git add -N "+want[1] {
			t.Errorf("got %v", err)
		}
		git("add", "-N", want[1])
	}
	if _, _, err := Ensure(t.Context(), o); err == nil || err.Error() != "weftEnvironments has no environment" {
		t.Errorf("got %v", err)
	}
}

// TestRealOverride swaps an input, in a folder whose name is full of what flake
// references use as punctuation.
func TestRealOverride(t *testing.T) {
	needNix(t)
	system, _ := System()
	pkgs := func(script string) string {
		return fmt.Sprintf(`{ outputs = { self }: { py = derivation { name = "py"; system = "%s"; builder = "/bin/sh"; args = [ "-c" "%s # %s" ]; } // { kind = "python"; }; }; }`,
			system, script, salt())
	}
	dir := tree(t, map[string]string{
		"a #b?c%20/flake.nix": `{ inputs.nixpkgs.url = "path:../real"; outputs = { self, nixpkgs }: { weftEnvironments = {
			` + system + `.py = nixpkgs.py; riscv64-linux = { py = nixpkgs.nope; }; }; }; }`,
		"stand-in/flake.nix": pkgs("echo > $out"),
	})
	o := Options{Workspace: filepath.Join(dir, "a #b?c%20"), Overrides: []Override{{"nixpkgs", "path:" + filepath.Join(dir, "stand-in")}}}
	l, warnings := ensure(t, o)
	if len(warnings) != 0 || exists(filepath.Join(o.Workspace, LockName)) || exists(filepath.Join(o.Workspace, "flake.lock")) {
		t.Errorf("warnings %v, or a file beside flake.nix", warnings)
	}
	if r := realise(t, o, l, "py")["py"]; r.Err != nil {
		t.Error(r.Err)
	}
	ensure(t, noNix(o))
	write(t, filepath.Join(dir, "stand-in/flake.nix"), pkgs("echo new > $out"))
	if changed, _ := ensure(t, o); changed.Environments["py"].Systems[system] == l.Environments["py"].Systems[system] {
		t.Error("the stand-in changed, but not the lock")
	}
	_, _, err := Ensure(t.Context(), Options{Workspace: o.Workspace})
	if err == nil || exists(filepath.Join(o.Workspace, LockName)) {
		t.Errorf("without the override: %v", err)
	}
}

func TestRealBuildIsStopped(t *testing.T) {
	needNix(t)
	o := flakeOf(t, `{ SYSTEM = { slow = make "python" "while :; do :; done"; }; }`)
	l, _ := ensure(t, o)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var begin time.Time
	o.Progress = func(line string) {
		if line == "building weft-test" {
			begin = time.Now()
			time.AfterFunc(200*time.Millisecond, cancel)
		}
	}
	_, err := Realise(ctx, o, l, []string{"slow"})
	if !errors.Is(err, context.Canceled) || begin.IsZero() || time.Since(begin) > 8*time.Second {
		t.Errorf("got %v after %v", err, time.Since(begin))
	}
}
