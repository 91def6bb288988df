package nixenv

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// inputsFlake is a workspace whose flake has an output `inputs` of one nixpkgs
// with one interpreter, whose packages are given in Nix.
func inputsFlake(t *testing.T, packages string) Options {
	t.Helper()
	system, err := System()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Workspace: t.TempDir()}
	write(t, filepath.Join(o.Workspace, "flake.nix"), strings.NewReplacer("SYSTEM", system, "PACKAGES", packages).Replace(`{
  outputs = { self }:
    let
      drv = name: derivation { inherit name; system = "SYSTEM"; builder = "/bin/sh"; };
    in {
      inputs.nixpkgs.legacyPackages.SYSTEM = {
        python311 = drv "python" // { pkgs = PACKAGES; };
        python27 = throw "removed";
        octave = drv "octave" // { pkgs = { }; };
      };
    };
}
`))
	return o
}

func question(interpreter string, attrs ...string) PackageQuestion {
	return PackageQuestion{Input: "nixpkgs", Interpreter: interpreter, Attrs: append([]string{}, attrs...)}
}

func TestPackages(t *testing.T) {
	needStore(t)
	o := inputsFlake(t, `{ good = drv "good" // { version = "1.2"; }; bare = drv "bare"; broken = throw "broken";
		old = drv (throw "not for this Python"); "a.b" = drv "ab" // { version = throw "x"; }; }`)
	got, err := Packages(t.Context(), o, []PackageQuestion{question("python311", "good", "bare", "broken", "old", "gone", "a.b"),
		question("python27", "good"), question("python99", "good"), question("octave")})
	if err != nil {
		t.Fatal(err)
	}
	want := []PackageAnswer{{Exists: true, Has: map[string]string{"good": "1.2", "bare": "", "a.b": ""}}, {Has: map[string]string{}}, {Has: map[string]string{}}, {Exists: true, Has: map[string]string{}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestPackagesPieceByPiece: one that fails so that Nix code cannot catch it
// costs no other its answer.
func TestPackagesPieceByPiece(t *testing.T) {
	needStore(t)
	o := inputsFlake(t, `{ good = drv "good" // { version = "1"; }; bad = drv { }.missing; loop = let x = x; in x; }`)
	got, err := Packages(t.Context(), o, []PackageQuestion{question("python311", "bad", "good", "loop")})
	if err != nil {
		t.Fatal(err)
	}
	if want := []PackageAnswer{{Exists: true, Has: map[string]string{"good": "1"}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// needStore is for a test that writes to the Nix store: in Bazel's sandbox it
// is read-only. `make test-go` runs these, and requires Nix.
func needStore(t *testing.T) {
	t.Helper()
	if os.Getenv("TEST_WORKSPACE") != "" {
		t.Skip("Bazel's sandbox keeps the Nix store read-only")
	}
	needNix(t)
}

func TestPackagesErrors(t *testing.T) {
	o := workspace(t)
	o.Nix = "/nowhere/nix"
	var missing *NixError
	if _, err := Packages(t.Context(), o, nil); !errors.As(err, &missing) {
		t.Errorf("without nix: got %v", err)
	}
	var flake *FlakeError
	for script, want := range map[string]string{
		"echo '{'":  "unexpected",
		"echo '[]'": "unexpected",
		`printf "error:\n       … while fetching the input 'github:a/b'\n\n       error: unable to download\n" >&2; exit 1`: "github:a/b",
	} {
		var log string
		o.Nix, log = fakeNix(t, current, script)
		_, err := Packages(t.Context(), o, []PackageQuestion{question("python311", "a", "b")})
		if !errors.As(err, &flake) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", script, err)
		}
		calls, _ := os.ReadFile(log)
		if strings.Contains(want, "github") && strings.Count(string(calls), "\n") != 2 { // --version, and one question
			t.Errorf("%s: asked again although the input cannot be had:\n%s", script, calls)
		}
	}
}
