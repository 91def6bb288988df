package bazel

import (
	"fmt"
	"strings"
	"testing"
)

// TestCauses holds what Bazel 7.7.1 printed against what is left of it.
func TestCauses(t *testing.T) {
	for name, c := range map[string]struct{ stderr, want string }{
		"nothing": {"Loading: 1 packages loaded\nINFO: Elapsed time: 0.1s\n", ""},
		"syntax": {`Loading: 0 packages loaded
ERROR: /w/tests/BUILD.bazel:1:25: syntax error at 'src': expected ,
ERROR: /w/tests/BUILD.bazel:3:1: syntax error at 'newline': expected expression
ERROR: package contains errors: tests
ERROR: package contains errors: tests: syntax error at 'src': expected ,
ERROR: Error evaluating '//...': error loading package 'tests': Package 'tests' contains errors
`, "/w/tests/BUILD.bazel:1:25: syntax error at 'src': expected ,\n/w/tests/BUILD.bazel:3:1: syntax error at 'newline': expected expression"},
		"attribute": {`ERROR: /w/tests/BUILD.bazel:1:8: //tests:test_a: no such attribute 'sorce' in 'genrule' rule (did you mean 'srcs'?)
ERROR: package contains errors: tests
ERROR: package contains errors: tests: //tests:test_a: no such attribute 'sorce' in 'genrule' rule (did you mean 'srcs'?)
`, "/w/tests/BUILD.bazel:1:8: //tests:test_a: no such attribute 'sorce' in 'genrule' rule (did you mean 'srcs'?)"},
		"trace": {"ERROR: Traceback (most recent call last):\n" +
			"\tFile \"/w/tests/BUILD.bazel\", line 2, column 12, in <toplevel>\n\t\tpytest_file(name = \"a\")\n" +
			"\tFile \"/rules/defs.bzl\", line 9, column 5, in pytest_file\n\t\tfail(\"name a src\")\n" +
			"Error in fail: name a src\n" +
			"ERROR: package contains errors: tests\n" +
			"ERROR: package contains errors: tests: Traceback (most recent call last):\n" +
			"\tFile \"/w/tests/BUILD.bazel\", line 2, column 12, in <toplevel>\n\t\tpytest_file(name = \"a\")\n" +
			"Error in fail: name a src\nINFO: done\n", "/w/tests/BUILD.bazel:2:12: name a src"},
		"load": {"ERROR: Traceback (most recent call last):\n" +
			"\tFile \"/w/tests/BUILD.bazel\", line 1, column 33, in <toplevel>\n\t\tload(\"@rules_weft//:defs.bzl\", \"pytest_flie\")\n" +
			"Error: file '@rules_weft//:defs.bzl' does not contain symbol 'pytest_flie' (did you mean 'pytest_file'?)\n",
			"/w/tests/BUILD.bazel:1:33: file '@rules_weft//:defs.bzl' does not contain symbol 'pytest_flie' (did you mean 'pytest_file'?)"},
		"repository": {"ERROR: /o/r.bzl:64:13: An error occurred during the fetch of repository 'environments':\n" +
			"   Traceback (most recent call last):\n\tFile \"/o/r.bzl\", line 73, column 22, in _impl\n\t\tpath = _lock_path(ctx)\n" +
			"Error in fail: no lock: run `weft env lock`\n" +
			"ERROR: error loading package under directory '': no such package '@@environments//': no lock: run `weft env lock`\n",
			"/o/r.bzl:64:13: An error occurred during the fetch of repository 'environments': no lock: run `weft env lock`"},
		"continued": {"ERROR: /w/BUILD:1:1: Executing genrule //:x failed: (Exit 1): bash failed\n  (cd /x && \\\n    bash -c false)\nTarget //:x failed\nERROR: Build did NOT complete successfully\n",
			"/w/BUILD:1:1: Executing genrule //:x failed: (Exit 1): bash failed\n  (cd /x && \\\n    bash -c false)"},
		"input": {"ERROR: /w/BUILD.bazel:3:12: Testing test_gone.py failed: missing input file '//:test_gone.py'\nERROR: /w/BUILD.bazel:3:12: Testing test_gone.py failed: 1 input file(s) do not exist\n",
			"/w/BUILD.bazel:3:12: Testing test_gone.py failed: missing input file '//:test_gone.py'"},
		"fatal":      {"FATAL: bazel crashed due to an internal error\n", "bazel crashed due to an internal error"},
		"summary":    {"ERROR: Build did NOT complete successfully\n", "Build did NOT complete successfully"},
		"torn trace": {"ERROR: Traceback (most recent call last):\n\tFile \"/w/BUILD\", li", "Traceback (most recent call last):\n\tFile \"/w/BUILD\", li"},
		"no place":   {"ERROR: Skipping '//x': no such target '//x:x'\nERROR: Skipping '//x': no such target '//x:x'\n", "Skipping '//x': no such target '//x:x'"},
	} {
		if got := Causes(c.stderr); got != c.want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", name, got, c.want)
		}
	}
	var many strings.Builder
	for i := range 40 {
		fmt.Fprintf(&many, "ERROR: /w/BUILD:%d:1: name number %02d\n", i, i)
	}
	if got := Causes(many.String()); strings.Count(got, "\n") != shownCauses || !strings.HasSuffix(got, "… and 28 lines more") {
		t.Errorf("got:\n%s", got)
	}
}
