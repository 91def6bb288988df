package gazelle_test

import "github.com/weft-build/weft/internal/repository"

// ruleUpdates are about which rules a file has, and where.
var ruleUpdates = []updateCase{
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
