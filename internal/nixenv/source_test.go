package nixenv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// tree makes a folder from path → content; "-> x" is a link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for path, text := range files {
		path = filepath.Join(dir, path)
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.Symlink(target, path)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		write(t, path, text)
	}
	return dir
}

func digest(t *testing.T, o Options) string {
	t.Helper()
	d, err := Digest(o)
	if err != nil || !strings.HasPrefix(d, "sha256-") || len(d) != len("sha256-")+44 {
		t.Fatalf("got %q, %v", d, err)
	}
	return d
}

var exampleTree = map[string]string{
	"ws/flake.nix": `{ inputs.weft.url = "path:../weft"; inputs.data = { url = "path:./data"; flake = false; };
		outputs = i: { a = import ./nix; b = ./envs/${x}.nix; c = ./.; d = ./. + "/joined.nix"; e = ./gone.nix; f = ./link.nix;
		g = builtins.readFile ./reqs.txt; h = ./src; i = ./loop; j = [ "no/path.nix" ]; }; }`,
	"ws/flake.lock":              "{}",
	"ws/nix/default.nix":         "import ./deep.nix + import ../cycle.nix",
	"ws/nix/deep.nix":            "1",
	"ws/nix/other.nix":           "not reached",
	"ws/cycle.nix":               "import ./nix",
	"ws/envs/a.nix":              "1",
	"ws/envs/b/c.nix":            "2",
	"ws/envs/.hidden.nix":        "3",
	"ws/envs/README":             "4",
	"ws/joined.nix":              "5",
	"ws/link.nix":                "-> linked/real.nix",
	"ws/linked/real.nix":         "import ./beside.nix",
	"ws/linked/beside.nix":       "6",
	"ws/reqs.txt":                "pytest ./no.nix",
	"ws/src/a.py":                "print()",
	"ws/src/x.nix":               "7",
	"ws/loop":                    "-> loop",
	"ws/data/values.csv":         "8",
	"ws/no/path.nix":             "9",
	"weft/flake.nix":             `{ outputs = _: { lib = import ./nix/lib { }; }; }`,
	"weft/nix/lib/default.nix":   "{ }: ./one.nix",
	"weft/nix/lib/one.nix":       "10",
	"weft/cmd/main.go":           "11",
	"over/flake.nix":             "import ./pkgs.nix",
	"over/flake.lock":            "12",
	"over/pkgs.nix":              `builtins.fromJSON (builtins.readFile ./pins.json)`,
	"over/pins.json":             "{}",
	"over/unreached.nix":         "13",
	"plain/lib/startup.m":        "14",
	"plain/.git/index":           "15",
	"ws/environments.lock.json":  "16",
	"ws/.weft/roots/python":      "-> /nix/store/x",
	"weft/nix/lib/unreached.nix": "17",
}

func TestDigestSeesWhatIsReached(t *testing.T) {
	reached := []string{"ws/flake.nix", "ws/flake.lock", "ws/nix/default.nix", "ws/nix/deep.nix", "ws/cycle.nix", "ws/envs/a.nix",
		"ws/envs/b/c.nix", "ws/joined.nix", "ws/linked/real.nix", "ws/linked/beside.nix", "ws/reqs.txt", "ws/src/x.nix", "ws/data/values.csv",
		"weft/flake.nix", "weft/nix/lib/default.nix", "weft/nix/lib/one.nix",
		"over/flake.nix", "over/flake.lock", "over/pkgs.nix", "over/pins.json", "plain/lib/startup.m"}
	dir := tree(t, exampleTree)
	o := Options{Workspace: filepath.Join(dir, "ws"), Overrides: []Override{
		{"nixpkgs", "path:" + filepath.Join(dir, "over")}, {"mrst", "path:" + filepath.Join(dir, "plain")}, {"far", "github:a/b"}}}
	before := digest(t, o)
	for file, text := range exampleTree {
		if strings.HasPrefix(text, "-> ") {
			continue
		}
		path := filepath.Join(dir, file)
		write(t, path, text+" ")
		if changed := digest(t, o) != before; changed != slices.Contains(reached, file) {
			t.Errorf("%s: digest changed: %v", file, changed)
		}
		write(t, path, text)
	}
	if digest(t, o) != before {
		t.Error("the digest does not come back")
	}
}

func TestDigestSeesFilesComeAndLinksTurn(t *testing.T) {
	dir := tree(t, exampleTree)
	ws := filepath.Join(dir, "ws")
	o := Options{Workspace: ws}
	before := digest(t, o)
	write(t, filepath.Join(ws, "gone.nix"), "1")
	came := digest(t, o)
	write(t, filepath.Join(ws, "linked/other/real.nix"), "import ./beside.nix")
	write(t, filepath.Join(ws, "linked/other/beside.nix"), "other")
	if err := errors.Join(os.Remove(filepath.Join(ws, "link.nix")), os.Symlink("linked/other/real.nix", filepath.Join(ws, "link.nix"))); err != nil {
		t.Fatal(err)
	}
	if turned := digest(t, o); before == came || came == turned {
		t.Errorf("before %s, came %s, turned %s", before, came, turned)
	}
}

func TestDigestIsTheSameElsewhere(t *testing.T) {
	a, b := tree(t, exampleTree), tree(t, exampleTree)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(b, "ws"), link); err != nil {
		t.Fatal(err)
	}
	one := digest(t, Options{Workspace: filepath.Join(a, "ws")})
	if two := digest(t, Options{Workspace: link}); one != two {
		t.Errorf("%s in one checkout, %s in another", one, two)
	}
}

func TestDigestOfOverrides(t *testing.T) {
	dir := tree(t, map[string]string{"flake.nix": "{ }"})
	seen := map[string]string{}
	for _, overrides := range [][]Override{nil, {{"a", "github:x/y"}}, {{"a", "github:x/z"}}, {{"b", "github:x/y"}}, {{"a", "github:x/y"}, {"b", "github:x/y"}}} {
		d := digest(t, Options{Workspace: dir, Overrides: overrides})
		if other, ok := seen[d]; ok {
			t.Errorf("%v and %s have the same digest", overrides, other)
		}
		seen[d] = fmt.Sprint(overrides)
	}
	ab, ba := []Override{{"a", "x"}, {"b", "y"}}, []Override{{"b", "y"}, {"a", "x"}}
	if digest(t, Options{Workspace: dir, Overrides: ab}) != digest(t, Options{Workspace: dir, Overrides: ba}) {
		t.Error("the order counts")
	}
}

// TestDigestOfHostileTrees must end, and quickly.
func TestDigestOfHostileTrees(t *testing.T) {
	dir := tree(t, map[string]string{
		"flake.nix": "./pipe.nix ./huge ./a.nix ./up/${x} ./loop ./device ./big.nix",
		"a.nix":     "import ./b.nix", "b.nix": "import ./a.nix ./up/up/up/a.nix ../../../../../../../../etc/passwd",
		"up": "-> .", "loop": "-> loop2", "loop2": "-> loop", "device": "-> /dev/zero",
	})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.nix"), 0o644); err != nil {
		t.Fatal(err)
	}
	big, err := os.Create(filepath.Join(dir, "big.nix"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(big.Truncate(1<<40), big.Close(), os.Mkdir(filepath.Join(dir, "huge"), 0o755)); err != nil {
		t.Fatal(err)
	}
	for i := range maxSourceFiles + 2 {
		write(t, filepath.Join(dir, "huge", fmt.Sprintf("%d.nix", i)), "")
	}
	before := digest(t, Options{Workspace: dir})
	if err := os.Truncate(filepath.Join(dir, "big.nix"), 1<<39); err != nil {
		t.Fatal(err)
	}
	if digest(t, Options{Workspace: dir}) == before {
		t.Error("the size of a large file does not count")
	}
}

// TestDigestOfWhatIsAround: an input's url may lead to a folder that is no
// flake and holds the workspace, such as a home; and under an override the url
// does not count at all.
func TestDigestOfWhatIsAround(t *testing.T) {
	dir := tree(t, map[string]string{
		"ws/flake.nix":    `{ inputs.a = { url = "path:.."; flake = false; }; inputs.lib.url = "path:../lib"; inputs."two".url = "path:../two"; }`,
		"lib/flake.nix":   "{ }",
		"two/flake.nix":   "{ }",
		"three/flake.nix": "{ }",
		"around":          "1",
	})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	change := func(o Options, file string) bool {
		before := digest(t, o)
		path := filepath.Join(dir, file)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, string(data)+" ")
		defer write(t, path, string(data))
		return digest(t, o) != before
	}
	plain := Options{Workspace: filepath.Join(dir, "ws")}
	under := plain
	under.Overrides = []Override{{"lib", "path:" + filepath.Join(dir, "three")}}
	for _, c := range []struct {
		o    Options
		file string
		want bool
	}{
		{plain, "around", false}, {plain, "lib/flake.nix", true}, {plain, "two/flake.nix", true}, {plain, "three/flake.nix", false},
		{under, "lib/flake.nix", false}, {under, "two/flake.nix", true}, {under, "three/flake.nix", true},
	} {
		if got := change(c.o, c.file); got != c.want {
			t.Errorf("%v %s: digest changed: %v", c.o.Overrides, c.file, got)
		}
	}
}

func TestIsReplaced(t *testing.T) {
	s := source{replaced: map[string]bool{"weft": true, "a-b": true}}
	for flake, want := range map[string]bool{
		`{ inputs.weft.url = "path:.."; }`: true, `{ inputs = { a-b = { inputs.x.follows = "y"; url = "path:.."; }; }; }`: true,
		`{ weft = { inputs = { nixpkgs.follows = "x"; }; url = "path:.."; }; }`: false, // not one of the usual ways
		`{ weft.url = "path:.."; other.url = "path:.."; }`:                      false, `{ other.url = "path:.."; }`: false,
		`{ weft.url = "path:.."; x = import "path:.."; }`: false, "": false,
	} {
		if got := s.isReplaced(flake, "path:.."); got != want {
			t.Errorf("%s: got %v", flake, got)
		}
	}
}

// TestDigestOfTheKernelsFiles must not block: some files of /proc do when they are read.
func TestDigestOfTheKernelsFiles(t *testing.T) {
	if _, err := os.Stat("/proc/kmsg"); err != nil {
		t.Skip("there is no /proc/kmsg")
	}
	left := int64(maxSourceBytes)
	s := source{left: &left}
	if what, data := s.content("/proc/kmsg", true); what != "0 bytes" || data != nil {
		t.Errorf("got %q, %q", what, data)
	}
}

func TestDigestWithoutFlake(t *testing.T) {
	dir := t.TempDir()
	_, err := Digest(Options{Workspace: dir})
	var flake *FlakeError
	if !errors.As(err, &flake) || err.Error() != fmt.Sprintf("there is no flake.nix in %q", dir) || flake.Hint() != "weft init" {
		t.Errorf("got %v", err)
	}
	if _, err := Digest(Options{Workspace: filepath.Join(dir, "gone")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestLocalDir(t *testing.T) {
	for ref, want := range map[string]string{
		"path:/srv/nixpkgs": "/srv/nixpkgs", "/srv/x": "/srv/x", "path:///srv/x": "/srv/x", "git+file:///srv/x?ref=main&dir=a/b": "/srv/x/a/b",
		"github:a/b": "", "nixpkgs": "", "path:relative": "", "https://example.org/x.tar.gz": "", "": "",
	} {
		got, ok := localDir(ref)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %v", ref, got, ok)
		}
	}
}

func TestRelativeInput(t *testing.T) {
	for url, want := range map[string]string{
		"path:../..": "../..", "path:./lib": "./lib", "path:lib?dir=x": "lib/x", "./sub": "./sub", "..": "..", "../x": "../x",
		"path:/abs": "", "/abs": "", "github:a/b": "", "a/b": "", "./two words": "", "...": "",
	} {
		got, ok := relativeInput(url)
		if ok != (want != "") || got != want {
			t.Errorf("%q: got %q, %v", url, got, ok)
		}
	}
}
