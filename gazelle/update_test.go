package gazelle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weft-build/weft/gazelle"
	"github.com/weft-build/weft/internal/repository"
)

type attrs map[string]any

// wanted is a rule; the order of its attributes is Gazelle's in the end.
func wanted(kind, name string, a attrs) repository.Rule {
	r := repository.Rule{Kind: kind, Name: name}
	for key, v := range a {
		r.Attrs = append(r.Attrs, repository.Attr{Name: key, Value: v})
	}
	return r
}

const load = "load(\"@rules_weft//:defs.bzl\", "

var updates = []struct {
	name       string
	rules      []repository.Rule
	empty      []repository.Rule
	old, want  string
	said, hint string
}{
	{
		name: "new",
		rules: []repository.Rule{
			wanted("python_sources", "conftest", attrs{"srcs": []string{"conftest.py"}, "testonly": true, "imports": []string{"..", "."}}),
			wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "types": []string{"unit", "integration"}, "deps": []string{"//src:b", ":conftest", "//src:src"}}),
			wanted("matrix_suite", "tests", attrs{"files": []string{":test_a"}}),
		},
		want: load + `"matrix_suite", "pytest_file", "python_sources")

python_sources(
    name = "conftest",
    testonly = True,
    srcs = ["conftest.py"],
    imports = [
        # do not sort
        "..",
        ".",
    ],
)

pytest_file(
    name = "test_a",
    src = "test_a.py",
    types = [
        "unit",
        "integration",
    ],
    deps = [
        ":conftest",
        "//src",
        "//src:b",
    ],
)

matrix_suite(
    name = "tests",
    files = [":test_a"],
)
`,
	},
	{
		name:  "a list: what is kept and commented stays, the rest is brought up to date",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "deps": []string{"//src:new", "//src:old"}})},
		old: load + `"pytest_file")

# Slow.
pytest_file(
    name = "test_a",
    src = "test_a.py",
    env = {"A": "b"},
    tags = ["slow"],
    types = ["unit"],
    deps = [
        "//src:gone",
        "//src:mine",  # keep
        "//src:old",  # says why
    ],
)
`,
		want: load + `"pytest_file")

# Slow.
pytest_file(
    name = "test_a",
    src = "test_a.py",
    env = {"A": "b"},
    tags = ["slow"],
    deps = [
        "//src:mine",  # keep
        "//src:new",
        "//src:old",  # says why
    ],
)
`,
	},
	{
		name: "an attribute and a rule that are kept",
		rules: []repository.Rule{
			wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "types": []string{"unit"}}),
			wanted("pytest_file", "test_b", attrs{"src": "test_b.py", "types": []string{"unit"}}),
		},
		empty: []repository.Rule{wanted("pytest_file", "test_c", nil)},
		old: load + `"pytest_file")

pytest_file(
    name = "test_a",
    src = "test_a.py",
    # keep
    data = glob(["mine/**"]),
    types = ["security"],  # keep
)

# keep
pytest_file(
    name = "test_b",
    src = "test_b.py",
)

# keep: made by a macro
pytest_file(
    name = "test_c",
    src = "test_c.py",
)
`,
		want: "same",
	},
	{
		name:  "a rule that a person renamed is found by its file, and named so elsewhere",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "deps": []string{"//src"}}), wanted("matrix_suite", "tests", attrs{"files": []string{":test_a"}})},
		old: load + `"matrix_suite", "pytest_file")

pytest_file(
    name = "mine",
    src = "test_a.py",
)

matrix_suite(
    name = "tests",
    files = [":mine"],
)
`,
		want: load + `"matrix_suite", "pytest_file")

pytest_file(
    name = "mine",
    src = "test_a.py",
    deps = ["//src"],
)

matrix_suite(
    name = "tests",
    files = [":mine"],
)
`,
	},
	{
		name: "a renamed file: the old rule goes, the new one stands in its order",
		rules: []repository.Rule{
			wanted("pytest_file", "test_a", attrs{"src": "test_a.py"}),
			wanted("pytest_file", "test_c", attrs{"src": "test_c.py"}),
			wanted("matrix_suite", "tests", attrs{"files": []string{":test_a", ":test_c"}}),
		},
		empty: []repository.Rule{wanted("pytest_file", "test_0", nil)},
		old: load + `"matrix_suite", "pytest_file")

pytest_file(
    name = "test_0",
    src = "test_0.py",
    data = glob(["x"]),
)

pytest_file(
    name = "test_a",
    src = "test_a.py",
)

matrix_suite(
    name = "tests",
    files = [
        ":test_0",
        ":test_a",
    ],
)
`,
		want: load + `"matrix_suite", "pytest_file")

pytest_file(
    name = "test_a",
    src = "test_a.py",
)

pytest_file(
    name = "test_c",
    src = "test_c.py",
)

matrix_suite(
    name = "tests",
    files = [
        ":test_a",
        ":test_c",
    ],
)
`,
	},
	{
		name:  "globs",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "data": repository.Glob{Include: []string{"b/**", "a/**"}, Exclude: []string{"b/*.py"}}})},
		old: load + `"pytest_file")

pytest_file(
    name = "test_a",
    src = "test_a.py",
    data = glob(
        [
            "a/**",  # wells
            "gone/**",
            "mine/**",  # keep
        ],
        allow_empty = True,
    ) + ["gone.csv"] + ["kept.csv"],  # all of it
)
`,
		want: load + `"pytest_file")

pytest_file(
    name = "test_a",
    src = "test_a.py",
    data = glob(
        [
            "b/**",
            "a/**",  # wells
            "mine/**",  # keep
        ],
        allow_empty = True,
        exclude = ["b/*.py"],
    ),  # all of it
)
`,
	},
	{
		name: "a glob where a list was, a list where a glob was, nothing where a glob was",
		rules: []repository.Rule{
			wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "data": repository.Glob{Include: []string{"a/**"}}}),
			wanted("pytest_file", "test_b", attrs{"src": "test_b.py", "data": []string{"b.csv"}}),
			wanted("pytest_file", "test_c", attrs{"src": "test_c.py"}),
		},
		old: load + `"pytest_file")

pytest_file(
    name = "test_a",
    src = "test_a.py",
    data = [
        "a.csv",
        "kept.csv",  # keep
    ],
)

pytest_file(
    name = "test_b",
    src = "test_b.py",
    data = glob(["b/**"]),
)

pytest_file(
    name = "test_c",
    src = "test_c.py",
    data = glob(["c/**"]) + ["c.csv"],
)
`,
		want: load + `"pytest_file")

pytest_file(
    name = "test_a",
    src = "test_a.py",
    data = glob(["a/**"]) + [
        "kept.csv",  # keep
    ],
)

pytest_file(
    name = "test_b",
    src = "test_b.py",
    data = ["b.csv"],
)

pytest_file(
    name = "test_c",
    src = "test_c.py",
)
`,
	},
	{
		name:  "a dictionary",
		rules: []repository.Rule{wanted("python_dist_info", "dist_info", attrs{"distribution": "p", "entry_points": map[string][]string{"console_scripts": {"p = p:main"}, "pytest11": {"p = p.plugin"}}})},
		old: load + `"python_dist_info")

python_dist_info(
    name = "dist_info",
    distribution = "p",
    entry_points = {
        "console_scripts": [
            "gone = p:gone",
            "mine = p:mine",  # keep
        ],
        "gone": ["a = b"],
        "mine": ["a = b"],  # keep
    },
    fields = {"Summary": ["gone"]},
)
`,
		want: load + `"python_dist_info")

python_dist_info(
    name = "dist_info",
    distribution = "p",
    entry_points = {
        "console_scripts": [
            "p = p:main",
            "mine = p:mine",  # keep
        ],
        "pytest11": [
            "p = p.plugin",
        ],
        "mine": ["a = b"],  # keep
    },
)
`,
	},
	{
		name:  "a value that a person computes",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "data": []string{"a.csv"}})},
		old: load + `"pytest_file")

pytest_file(
    name = "test_a",
    src = "test_a.py",
    data = [x for x in DATA],
)
`,
		want: "same",
		said: "tests/BUILD.bazel:6: this value is more than lists, globs",
		hint: `"# keep"`,
	},
	{
		name:  "a rule of another kind has the name",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py"})},
		old:   "py_test(\n    name = \"test_a\",\n)\n",
		want:  "same",
		said:  `tests/BUILD.bazel:1: a py_test has the name "test_a" that a pytest_file would get`,
		hint:  "give it another name",
	},
	{
		name:  "one that is kept takes its place",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py"})},
		old:   "# keep\npy_test(\n    name = \"test_a\",\n)\n",
		want:  "same",
	},
	{
		name:  "a rule that changes its kind",
		rules: []repository.Rule{wanted("python_sources", "a", attrs{"srcs": []string{"a.py"}})},
		empty: []repository.Rule{wanted("filegroup", "a", nil)},
		old:   "filegroup(\n    name = \"a\",\n    srcs = [\"a.py\"],\n)\n",
		want:  load + "\"python_sources\")\n\npython_sources(\n    name = \"a\",\n    srcs = [\"a.py\"],\n)\n",
	},
	{
		name:  "what stands at the top of a file stays there",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py"})},
		old:   "# Copyright: ours.\n\n# gazelle:weft_types unit\n\nexports_files([\"x\"])\n",
		want:  "# Copyright: ours.\n\n# gazelle:weft_types unit\n\n" + load + "\"pytest_file\")\n\nexports_files([\"x\"])\n\npytest_file(\n    name = \"test_a\",\n    src = \"test_a.py\",\n)\n",
	},
	{
		name:  "names that directives give to kinds",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "deps": []string{"//src"}}), wanted("matrix_suite", "tests", attrs{"files": []string{":test_a"}})},
		old: `load("//tools:tests.bzl", "my_file")

# gazelle:alias_kind my_file pytest_file
# gazelle:map_kind matrix_suite our_suite //tools:tests.bzl

my_file(
    name = "test_a",
    src = "test_a.py",
)
`,
		want: `load("//tools:tests.bzl", "my_file", "our_suite")

# gazelle:alias_kind my_file pytest_file
# gazelle:map_kind matrix_suite our_suite //tools:tests.bzl

my_file(
    name = "test_a",
    src = "test_a.py",
    deps = ["//src"],
)

our_suite(
    name = "tests",
    files = [":test_a"],
)
`,
	},
	{
		name:  "how a person formats a file that is up to date is left alone",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py"})},
		old:   load + "\"pytest_file\")\npytest_file(name=\"test_a\",\n  src = 'test_a.py')\n\n\n",
		want:  "same",
	},
	{
		name:  "nothing is left",
		empty: []repository.Rule{wanted("pytest_file", "test_a", nil)},
		old:   load + "\"pytest_file\")\n\npytest_file(\n    name = \"test_a\",\n    src = \"test_a.py\",\n)\n",
		want:  "none",
	},
	{
		name:  "a comment of its own is left",
		empty: []repository.Rule{wanted("pytest_file", "test_a", nil)},
		old:   "# Tests.\n\n" + load + "\"pytest_file\")\n\npytest_file(\n    name = \"test_a\",\n    src = \"test_a.py\",\n)\n",
		want:  "# Tests.\n",
	},
	{name: "a file that was empty before", old: "\n", want: "same"},
}

// update merges a folder into the text of a BUILD file.
func update(t *testing.T, f *repository.Folder, old []byte, module string) ([]byte, []repository.Problem) {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "MODULE.bazel"), []byte(module), 0o644); err != nil {
		t.Fatal(err)
	}
	w, problems := gazelle.Open(root, &repository.Map{Folders: map[string]*repository.Folder{f.Path: f}})
	stop := gazelle.Listen()
	out, err := w.Update(f, old, gazelle.Mappings(old))
	problems = append(problems, stop()...)
	if err != nil {
		t.Fatal(err)
	}
	return out, problems
}

func TestUpdate(t *testing.T) {
	for _, c := range updates {
		t.Run(c.name, func(t *testing.T) {
			f := &repository.Folder{Path: "tests", Build: "BUILD.bazel", Rules: c.rules, Empty: c.empty}
			var old []byte
			if c.old != "" {
				old = []byte(c.old)
			}
			out, problems := update(t, f, old, "")
			want := c.want
			if want == "same" {
				want = c.old
			}
			if want == "none" {
				if out != nil {
					t.Errorf("is left:\n%s", out)
				}
			} else if string(out) != want {
				t.Errorf("got:\n%s\nwant:\n%s", out, want)
			}
			checkSaid(t, problems, c.said, c.hint)
			if again, _ := update(t, f, out, ""); string(again) != string(out) {
				t.Errorf("a second time it is:\n%s", again)
			}
		})
	}
}

func checkSaid(t *testing.T, problems []repository.Problem, said, hint string) {
	t.Helper()
	if said == "" && len(problems) == 0 {
		return
	}
	if len(problems) != 1 || said == "" {
		t.Errorf("said %+v, want %q", problems, said)
		return
	}
	p := problems[0]
	if line := p.File + ":" + string(rune('0'+p.Line)) + ": " + p.Text; !strings.HasPrefix(line, said) || !strings.Contains(p.Hint, hint) {
		t.Errorf("said %q, hint %q; want %q, %q", line, p.Hint, said, hint)
	}
}

func TestUpdateLoadsUnderTheNameOfTheModule(t *testing.T) {
	f := &repository.Folder{Rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py"})}, Build: "BUILD"}
	out, problems := update(t, f, nil, "bazel_dep(name = \"rules_weft\", version = \"1\", repo_name = \"wefts\")\n")
	if !strings.HasPrefix(string(out), `load("@wefts//:defs.bzl", "pytest_file")`) || len(problems) > 0 {
		t.Errorf("%s %+v", out, problems)
	}
	out, problems = update(t, f, nil, "bazel_dep(\n  name = = \n")
	if !strings.HasPrefix(string(out), `load("@rules_weft//:defs.bzl", "pytest_file")`) || len(problems) != 1 || problems[0].File != "MODULE.bazel" || problems[0].Line != 2 {
		t.Errorf("%s %+v", out, problems)
	}
}
