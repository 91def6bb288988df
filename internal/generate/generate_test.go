package generate_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/repository"
)

const load = "load(\"@rules_weft//:defs.bzl\", \"pytest_file\")\n\n"

func test(name string) repository.Rule {
	return repository.Rule{Kind: "pytest_file", Name: name, Attrs: []repository.Attr{{Name: "src", Value: name + ".py"}}}
}

func declared(name string) string {
	return fmt.Sprintf("pytest_file(\n    name = %q,\n    src = %q,\n)\n", name, name+".py")
}

// workspace makes a folder with files, and options that mean it.
func workspace(t testing.TB, files map[string]string) generate.Options {
	t.Helper()
	root := t.TempDir()
	write(t, root, "MODULE.bazel", "")
	for file, content := range files {
		write(t, root, file, content)
	}
	return generate.Options{Root: root, Cache: filepath.Join(root, ".weft", "gen"), Version: "1"}
}

func write(t testing.TB, root, file, content string) {
	t.Helper()
	name := filepath.Join(root, file)
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(content), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// folders is a map of folders with one test each, or none when the test is "-".
func folders(tests map[string]string) *repository.Map {
	m := &repository.Map{Folders: map[string]*repository.Folder{}}
	for folder, name := range tests {
		f := &repository.Folder{Path: folder, Build: "BUILD.bazel", Rules: []repository.Rule{test(name)}}
		if name == "-" {
			f.Rules, f.Empty = nil, []repository.Rule{{Kind: "pytest_file", Name: "test_gone"}}
		}
		m.Folders[folder] = f
	}
	return m
}

func apply(t testing.TB, m *repository.Map, o generate.Options) generate.Result {
	t.Helper()
	r, err := generate.Apply(context.Background(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func checkFiles(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestApplyWritesWhatChanged(t *testing.T) {
	o := workspace(t, map[string]string{
		"a/BUILD.bazel": load + declared("test_a"), "b/BUILD.bazel": load + declared("test_gone"),
		"c/BUILD.bazel": load + declared("test_c") + "# mine\n", "d/x": "",
	})
	m := folders(map[string]string{"a": "test_a", "b": "-", "c": "test_new", "d": "test_d", "": "-"})
	r := apply(t, m, o)
	checkFiles(t, "written", r.Written, "c/BUILD.bazel", "d/BUILD.bazel")
	checkFiles(t, "removed", r.Removed, "b/BUILD.bazel")
	checkFiles(t, "unchanged", r.Unchanged, "a/BUILD.bazel")
	if got, _ := os.ReadFile(filepath.Join(o.Root, "d/BUILD.bazel")); string(got) != load+declared("test_d") {
		t.Errorf("d is\n%s", got)
	}
	if _, err := os.Stat(filepath.Join(o.Root, "b/BUILD.bazel")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("b has its file still: %v", err)
	}
	r = apply(t, m, o)
	if r.Stale() || len(r.Unchanged) != 3 {
		t.Errorf("a second time %+v", r)
	}
}

func TestApplyKnowsCleanFolders(t *testing.T) {
	o := workspace(t, map[string]string{"a/x": ""})
	m := folders(map[string]string{"a": "test_a"})
	apply(t, m, o)
	file := filepath.Join(o.Root, "a/BUILD.bazel")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	// Of the same size and time: nobody looks.
	broken := bytes.Repeat([]byte("("), int(info.Size()))
	touch := func(at time.Time) {
		if err := errors.Join(os.WriteFile(file, broken, 0o644), os.Chtimes(file, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	touch(info.ModTime())
	if r := apply(t, m, o); len(r.Left) != 0 || len(r.Unchanged) != 1 {
		t.Errorf("a clean folder was looked at: %+v", r)
	}
	reasons := map[string]func(*generate.Options, *repository.Map){
		"another weft": func(o *generate.Options, _ *repository.Map) { o.Version = "2" },
		"no cache":     func(o *generate.Options, _ *repository.Map) { o.Cache = "" },
		"another test": func(_ *generate.Options, m *repository.Map) { m.Folders["a"].Rules[0] = test("test_b") },
		"another attribute": func(_ *generate.Options, m *repository.Map) {
			m.Folders["a"].Rules[0].Attrs[0].Value = []string{"test_a.py"}
		},
		"a rule that is gone": func(_ *generate.Options, m *repository.Map) { m.Folders["a"].Empty = []repository.Rule{test("test_b")} },
		"another time":        func(*generate.Options, *repository.Map) { touch(info.ModTime().Add(time.Second)) },
		"another module name": func(o *generate.Options, _ *repository.Map) {
			write(t, o.Root, "MODULE.bazel", `bazel_dep(name = "rules_weft", repo_name = "w")`)
		},
		"a kind of another name": func(o *generate.Options, _ *repository.Map) {
			write(t, o.Root, "BUILD", "# gazelle:map_kind pytest_file my_file //:my.bzl\n")
		},
	}
	for reason, change := range reasons {
		o, m := o, folders(map[string]string{"a": "test_a"})
		touch(info.ModTime())
		change(&o, m)
		if r := apply(t, m, o); len(r.Left) != 1 {
			t.Errorf("%s: not looked at: %+v", reason, r)
		}
		write(t, o.Root, "MODULE.bazel", "")
		_ = os.Remove(filepath.Join(o.Root, "BUILD"))
	}
}

func TestApplyWithABrokenCache(t *testing.T) {
	o := workspace(t, map[string]string{"a/x": "", ".weft/gen/build-files.json": `{"version":"1","files":{"a/BUI`})
	m := folders(map[string]string{"a": "test_a"})
	checkFiles(t, "written", apply(t, m, o).Written, "a/BUILD.bazel")
	info, err := os.Stat(filepath.Join(o.Cache, "build-files.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the cache is %v, %v", info, err)
	}
	o.Cache = filepath.Join(o.Root, "MODULE.bazel", "gen")
	write(t, o.Root, "b/x", "")
	r, err := generate.Apply(context.Background(), folders(map[string]string{"b": "test_b"}), o)
	var state *nixenv.StateError
	if !errors.As(err, &state) || len(r.Written) != 1 {
		t.Errorf("a cache that cannot be written: %+v, %v", r, err)
	}
}

func TestCheckMakesADiffThatGitApplies(t *testing.T) {
	o := workspace(t, map[string]string{
		"b/BUILD.bazel": load + declared("test_gone"), "c/BUILD.bazel": load + declared("test_c"), "d/x": "",
	})
	m := folders(map[string]string{"b": "-", "c": "test_new", "d": "test_d"})
	o.Check = true
	r := apply(t, m, o)
	checkFiles(t, "written", r.Written, "c/BUILD.bazel", "d/BUILD.bazel")
	checkFiles(t, "removed", r.Removed, "b/BUILD.bazel")
	if _, err := os.Stat(filepath.Join(o.Root, "d/BUILD.bazel")); err == nil {
		t.Error("a check writes")
	}
	cmd := exec.Command("git", "apply")
	cmd.Dir, cmd.Stdin = o.Root, bytes.NewReader(r.Diff)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v\n%s\n%s", err, out, r.Diff)
	}
	if r := apply(t, m, o); r.Stale() || len(r.Diff) > 0 {
		t.Errorf("after git apply: %+v", r)
	}
}

func TestApplyLeavesWhatItCannotDo(t *testing.T) {
	broken := load + "pytest_file(\n    name = = \"x\",\n)\n"
	o := workspace(t, map[string]string{
		"a/x": "", "broken/BUILD.bazel": broken, "double/BUILD.bazel": declared("x") + declared("x"), "locked/BUILD.bazel": load,
	})
	if err := os.Chmod(filepath.Join(o.Root, "locked/BUILD.bazel"), 0o444); err != nil {
		t.Fatal(err)
	}
	r := apply(t, folders(map[string]string{"a": "test_a", "broken": "test_b", "double": "test_c", "locked": "test_d", "nowhere": "test_e"}), o)
	checkFiles(t, "written", r.Written, "a/BUILD.bazel")
	checkFiles(t, "left", r.Left, "broken/BUILD.bazel", "double/BUILD.bazel", "locked/BUILD.bazel", "nowhere/BUILD.bazel")
	var said strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintf(&said, "%s:%d: %s\n", p.File, p.Line, p.Text)
	}
	want := `broken/BUILD.bazel:4: is left alone, because it cannot be understood: syntax error near =
double/BUILD.bazel:0: is left alone, because it cannot be understood: multiple rules have the name "x"
locked/BUILD.bazel:0: cannot be written: permission denied
nowhere/BUILD.bazel:0: cannot be written: no such file or directory
`
	if said.String() != want {
		t.Errorf("said\n%swant\n%s", said.String(), want)
	}
	if got, _ := os.ReadFile(filepath.Join(o.Root, "broken/BUILD.bazel")); string(got) != broken {
		t.Errorf("the broken file is\n%s", got)
	}
}

func TestApplyOnPaths(t *testing.T) {
	m := folders(map[string]string{"": "test_root", "a": "test_a", "a/b": "test_b", "c": "test_c"})
	m.Problems = []repository.Problem{{File: "a/test_a.py", Text: "one"}, {File: "c/test_c.py", Text: "other"}, {Text: "of all"}}
	cases := map[string]struct {
		paths, want []string
		problems    int
	}{
		"all":               {nil, []string{"BUILD.bazel", "a/BUILD.bazel", "a/b/BUILD.bazel", "c/BUILD.bazel"}, 3},
		"a folder":          {[]string{"a"}, []string{"a/BUILD.bazel", "a/b/BUILD.bazel"}, 2},
		"a file":            {[]string{"a/test_a.py"}, []string{"a/BUILD.bazel"}, 2},
		"a file of no rule": {[]string{"c/d/x.csv"}, []string{"c/BUILD.bazel"}, 1},
		"two":               {[]string{"a/b", "c"}, []string{"a/b/BUILD.bazel", "c/BUILD.bazel"}, 2},
	}
	for name, c := range cases {
		o := workspace(t, map[string]string{"a/b/x": "", "c/x": ""})
		o.Paths = c.paths
		r := apply(t, m, o)
		checkFiles(t, name, r.Written, c.want...)
		if len(r.Problems) != c.problems {
			t.Errorf("%s: problems %+v", name, r.Problems)
		}
	}
	delete(m.Folders, "")
	o := workspace(t, map[string]string{"docs/x": ""})
	o.Paths = []string{"docs"}
	if r := apply(t, m, o); len(r.Problems) != 2 || r.Problems[1].File != "docs" {
		t.Errorf("a path with nothing in it: %+v", r)
	}
}

func TestApplySaysWhatIsNeeded(t *testing.T) {
	m := folders(map[string]string{"a": "test_a", "src": "test_b", "lib": "test_c", "z": "test_d"})
	needs := func(folder string, labels ...string) {
		r := &m.Folders[folder].Rules[0]
		r.Attrs = append(r.Attrs, repository.Attr{Name: "deps", Value: labels})
	}
	needs("a", ":x", "//src:test_b", "//nowhere")
	needs("src", "//lib", "//a:test_a")
	o := workspace(t, map[string]string{"a/x": "", "src/x": "", "lib/x": "", "z/x": ""})
	o.Paths = []string{"a"}
	r := apply(t, m, o)
	checkFiles(t, "needed", r.Needed, "src/BUILD.bazel", "lib/BUILD.bazel")
	if len(r.Problems) != 1 || r.Problems[0].Text != "is stale like 1 more, and rules that were asked for need them" {
		t.Errorf("said %+v", r.Problems)
	}
	o.Paths = []string{"src", "lib"}
	apply(t, m, o)
	o.Paths = []string{"a"}
	if r := apply(t, m, o); len(r.Needed)+len(r.Problems) > 0 {
		t.Errorf("when all is up to date: %+v", r)
	}
}

func TestApplyKeepsModeAndLink(t *testing.T) {
	o := workspace(t, map[string]string{"a/real": "", "b/x": ""})
	if err := errors.Join(os.Symlink("real", filepath.Join(o.Root, "a/BUILD.bazel")), os.Chmod(filepath.Join(o.Root, "a/real"), 0o600)); err != nil {
		t.Fatal(err)
	}
	apply(t, folders(map[string]string{"a": "test_a"}), o)
	link, _ := os.Readlink(filepath.Join(o.Root, "a/BUILD.bazel"))
	info, err := os.Stat(filepath.Join(o.Root, "a/real"))
	if link != "real" || err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Errorf("link %q, file %v, %v", link, info, err)
	}
}

// TestRunSettles: a folder whose BUILD file goes belongs to the package above,
// and one run is enough for that.
func TestRunSettles(t *testing.T) {
	o := workspace(t, map[string]string{
		"tests/test_a.py":         "from pathlib import Path\n\nDATA = Path(__file__).parent / \"data\" / \"a.csv\"\n\n\ndef test_a():\n    assert DATA.read_text()\n",
		"tests/data/a.csv":        "1\n",
		"tests/data/BUILD.bazel":  load + declared("test_gone"),
		"tests/data/old/x/y.json": "{}",
	})
	r, err := generate.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	checkFiles(t, "removed", r.Removed, "tests/data/BUILD.bazel")
	checkFiles(t, "written", r.Written, "tests/BUILD.bazel")
	if text, _ := os.ReadFile(filepath.Join(o.Root, "tests/BUILD.bazel")); !strings.Contains(string(text), "data/a.csv") {
		t.Errorf("the data is not declared:\n%s", text)
	}
	if r, err := generate.Run(context.Background(), o); err != nil || r.Stale() {
		t.Errorf("a second time: %+v, %v", r, err)
	}
}

// big is a workspace of 500 folders with 20 rules each.
func big(b testing.TB) (generate.Options, *repository.Map) {
	o := workspace(b, nil)
	m := &repository.Map{Folders: map[string]*repository.Folder{}}
	for i := range 500 {
		f := &repository.Folder{Path: fmt.Sprintf("group%d/folder%d", i/20, i), Build: "BUILD.bazel"}
		for j := range 20 {
			name := fmt.Sprintf("module_%d", j)
			f.Rules = append(f.Rules, repository.Rule{Kind: "python_sources", Name: name, Attrs: []repository.Attr{
				{Name: "srcs", Value: []string{name + ".py"}}, {Name: "imports", Value: []string{"../.."}},
				{Name: "deps", Value: []string{":__init__", "//group0:__init__", fmt.Sprintf("//group1/folder%d:module_%d", i/2, j)}},
			}})
		}
		m.Folders[f.Path] = f
		if err := os.MkdirAll(filepath.Join(o.Root, f.Path), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	return o, m
}

func BenchmarkApplyCold(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		o, m := big(b)
		b.StartTimer()
		apply(b, m, o)
	}
}

func BenchmarkApplyDirty(b *testing.B) {
	o, m := big(b)
	o.Cache = ""
	apply(b, m, o)
	for b.Loop() {
		apply(b, m, o)
	}
}

func BenchmarkApplyWarm(b *testing.B) {
	o, m := big(b)
	apply(b, m, o)
	for b.Loop() {
		apply(b, m, o)
	}
}

// TestSettings: a pyproject.toml that is saved half-written takes no rule away.
func TestSettings(t *testing.T) {
	o := workspace(t, map[string]string{
		"pyproject.toml":     "[project]\nname = \"gauges\"\nversion = \"1\"\n",
		"src/gauges.py":      "",
		"tests/test_mean.py": "import gauges\n\n\ndef test_mean():\n    assert gauges\n",
	})
	ctx := context.Background()
	if _, err := generate.Run(ctx, o); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(o.Root, "BUILD.bazel"))
	if err != nil || !bytes.Contains(before, []byte("python_dist_info")) {
		t.Fatalf("%v\n%s", err, before)
	}
	write(t, o.Root, "pyproject.toml", "[project]\nname = \"gauges\"\nversion = \n")
	_, err = generate.Run(ctx, o)
	var settings *generate.SettingsError
	if !errors.As(err, &settings) || !strings.HasPrefix(err.Error(), "pyproject.toml:3: reading TOML: ") {
		t.Errorf("the error is %v", err)
	}
	if after, _ := os.ReadFile(filepath.Join(o.Root, "BUILD.bazel")); !bytes.Equal(after, before) {
		t.Errorf("the BUILD file is\n%s", after)
	}
	checkFiles(t, "untouched", generate.Untouched(o), "BUILD.bazel", "src/BUILD.bazel", "tests/BUILD.bazel")
	write(t, o.Root, "tests/BUILD.bazel", "# mine\n")
	checkFiles(t, "untouched", generate.Untouched(o), "BUILD.bazel", "src/BUILD.bazel")
}

// TestBrokenData: a pyproject.toml that is broken on purpose, among a test's
// data, is no reason to write nothing; where there is a source, it can be left out.
func TestBrokenData(t *testing.T) {
	o := workspace(t, map[string]string{
		"tests/test_mean.py":             "def test_mean():\n    assert True\n",
		"tests/data/half/pyproject.toml": "[project\n",
	})
	ctx := context.Background()
	if r, err := generate.Run(ctx, o); err != nil || len(r.Written) != 1 {
		t.Errorf("%+v: %v", r.Written, err)
	}
	write(t, o.Root, "tests/data/half/test_half.py", "def test_half():\n    assert True\n")
	_, err := generate.Run(ctx, o)
	var settings *generate.SettingsError
	if !errors.As(err, &settings) || !strings.Contains(settings.Hint(), "# gazelle:exclude tests/data/half") {
		t.Fatalf("the error is %v", err)
	}
	write(t, o.Root, "BUILD.bazel", "# gazelle:exclude tests/data/half\n")
	if _, err := generate.Run(ctx, o); err != nil {
		t.Errorf("left out: %v", err)
	}
}

// TestLinkedFolder: a folder and a link to it have one BUILD file, which says what
// both need, and is not written for one and then for the other.
func TestLinkedFolder(t *testing.T) {
	o := workspace(t, map[string]string{
		"pytest.ini":            "[pytest]\npythonpath = src\n",
		"real/linked.py":        "X = 1\n",
		"real/wells.csv":        "1\n",
		"src/lib.py":            "",
		"tests/test_link.py":    "from pkg.linked import X\n\n\ndef test_x():\n    assert X\n",
		"tests/test_real.py":    "def test_x():\n    open(\"../real/wells.csv\")\n",
		"tests/test_through.py": "def test_x():\n    open(\"../src/pkg/wells.csv\")\n",
	})
	if err := os.Symlink("../real", filepath.Join(o.Root, "src", "pkg")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := generate.Run(context.Background(), o); err != nil {
			t.Fatal(err)
		}
	}
	o.Check = true
	r, err := generate.Run(context.Background(), o)
	if err != nil || r.Stale() {
		t.Errorf("%v: it does not settle:\n%s", err, r.Diff)
	}
	text, err := os.ReadFile(filepath.Join(o.Root, "real", "BUILD.bazel"))
	if err != nil || !bytes.Contains(text, []byte(`srcs = ["linked.py"]`)) || !bytes.Contains(text, []byte("wells.csv")) {
		t.Errorf("%v\n%s", err, text)
	}
}
