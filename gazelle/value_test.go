package gazelle_test

import "github.com/weft-build/weft/internal/repository"

// valueUpdates are about what becomes of attributes.
var valueUpdates = []updateCase{
	{
		name:  "a list: what is kept and commented stays, the rest is brought up to date",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py", "deps": []string{"//src:new", "//src:old", "//src:src"}})},
		old: load + `"pytest_file")

# Slow.
pytest_file(
    name = "test_a",
    src = "test_a.py",
    env = {"A": "b"},
    tags = ["slow"],
    types = ["unit"],
    deps = [
        "//src",  # all of it
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
        "//src",  # all of it
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
		name:  "a value that a person computes where none is wanted",
		rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py"})},
		old: load + `"pytest_file")

pytest_file(
    name = "test_a",
    src = "test_a.py",
    data = DATA + ["y"],
)
`,
		want: "same",
		said: "tests/BUILD.bazel:6: this value is more than lists, globs",
		hint: `"# keep"`,
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
}
