package bazel

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/event"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"

	"github.com/weft-build/weft/internal/bazel/querypb"
)

func strList(name string, values ...string) *querypb.Attribute {
	return &querypb.Attribute{Name: &name, StringListValue: values}
}

func str(name, value string) *querypb.Attribute {
	return &querypb.Attribute{Name: &name, StringValue: &value}
}

func TestParseTargets(t *testing.T) {
	rules := []*querypb.Rule{
		{Name: proto.String("//tests:test_a.cells"), RuleClass: proto.String("weft_file"), RuleInput: []string{"@@//src:src", "//tests:test_a.py", "@@//data:made.txt", "@environments//:py", "@@rules_weft~//:workers", "@@rules_weft~//:batch"},
			Attribute: []*querypb.Attribute{str("src", "//tests:test_a.py"), str("kind", "python"), strList("types", "unit"), strList("environments", "py"),
				{Name: proto.String("timeout_seconds"), IntValue: proto.Int32(5)}}},
		{Name: proto.String("//tests:tests.unit@py"), RuleClass: proto.String("weft_suite_test"),
			Attribute: []*querypb.Attribute{str("test_type", "unit"), str("environment", "py"), strList("files", "@@//tests:test_a.cells"),
				{Name: proto.String("per_file"), BooleanValue: proto.Bool(true)}}},
		{Name: proto.String("@@//data:make"), RuleClass: proto.String("genrule"), RuleInput: []string{"//data:template"}, RuleOutput: []string{"//data:made.txt"}},
		{Name: proto.String("//tests:test_a"), RuleClass: proto.String("test_suite"), Attribute: []*querypb.Attribute{strList("tests", "//tests:tests.unit@py")}},
	}
	var buf bytes.Buffer
	for _, r := range rules {
		if _, err := protodelim.MarshalTo(&buf, &querypb.Target{Rule: r}); err != nil {
			t.Fatal(err)
		}
	}
	whole := buf.Bytes()
	got, err := parseTargets(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	f := got.Files[0]
	if f.Label != "//tests:test_a.cells" || f.Src != "//tests:test_a.py" || f.Kind != "python" || f.Timeout != 5 || !slices.Equal(f.Environments, []string{"py"}) || !slices.Equal(f.Types, []string{"unit"}) {
		t.Errorf("file %+v", f)
	}
	s := got.Suites[0]
	if s.Type != "unit" || s.Environment != "py" || !s.PerFile || !slices.Equal(s.Files, []string{"//tests:test_a.cells"}) {
		t.Errorf("suite %+v", s)
	}
	if in := got.Rules["//tests:test_a.cells"].Inputs; !slices.Equal(in, []string{"//src:src", "//tests:test_a.py", "//data:make", "@environments//:py", "@@rules_weft~//:workers", "@@rules_weft~//:batch"}) {
		t.Errorf("inputs %q", in)
	}
	if tests := got.Rules["//tests:test_a"].Tests; !slices.Equal(tests, []string{"//tests:tests.unit@py"}) {
		t.Errorf("tests of the test_suite: %q", tests)
	}
	if !got.Workers() || !got.Batch() {
		t.Errorf("the rules' settings are not seen: workers %t, batch %t", got.Workers(), got.Batch())
	}
	got.Rules["//tests:test_a.cells"] = Rule{Inputs: []string{"@rules_weft//:workers", "@other//:batch"}}
	if !got.Workers() || got.Batch() {
		t.Errorf("rules with the setting of workers alone: workers %t, batch %t", got.Workers(), got.Batch())
	}
	got.Rules["//tests:test_a.cells"] = Rule{Inputs: []string{"//:workers", "//:batch", "@rules_weft//:coverage"}}
	if got.Workers() || got.Batch() {
		t.Error("rules without the settings have them")
	}
	if _, err := parseTargets(bytes.NewReader(whole[:len(whole)-3])); err == nil {
		t.Error("a cut answer is taken for a whole one")
	}
}

func TestLabels(t *testing.T) {
	for in, want := range map[string]string{"@@//a:b": "//a:b", "@//a": "//a:a", "//a/b": "//a/b:b", "//:x": "//:x", "@r//a:b": "@r//a:b"} {
		if got := local(in); got != want {
			t.Errorf("local(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"//a/b:c/d.py": "a/b/c/d.py", "//:x.py": "x.py", "@r//a:b": ""} {
		if got := Path(in); got != want {
			t.Errorf("Path(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTooOld(t *testing.T) {
	for version, old := range map[string]bool{"6.5.0": true, "7.3.9": true, "7.4.0": false, "7.7.1": false, "8.0.0rc1": false, "release 9.1.0": false, "7.7.1- (@non-git)": false, "development version": false, "7.1": true} {
		if TooOld(version) != old {
			t.Errorf("%s: too old is %v", version, !old)
		}
	}
}

func TestGuard(t *testing.T) {
	for version, guarded := range map[string]bool{"7.7.1": true, "release 8.2.1": true, "8.3.0": false, "9.0.0": false, "": false, "development version": false} {
		if got := Guard(version); (len(got) > 0) != guarded {
			t.Errorf("Bazel %q: %q", version, got)
		}
	}
}

func TestTailWaitsForMore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	tail := newTail(path)
	got := make(chan string)
	go func() {
		data, _ := io.ReadAll(tail)
		got <- string(data)
	}()
	_, _ = f.WriteString("first ")
	time.Sleep(2 * poll)
	_, _ = f.WriteString("second")
	_ = f.Close()
	tail.finish()
	if s := <-got; s != "first second" {
		t.Errorf("read %q", s)
	}
}

func TestSecretStaysOffTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	c := &Client{Workspace: dir, Binary: "bazel"}
	o := TestOptions{Patterns: []string{"//..."}, Jobs: 3, RemoteCache: "https://me:geheim'@cache.example/x", Folder: dir}
	if line := strings.Join(c.Command(o), " "); strings.Contains(line, "geheim") || !strings.Contains(line, "--remote_cache=https://cache.example/x") {
		t.Errorf("shown: %s", line)
	}
	args, err := c.testArgs(o, "events")
	if err != nil {
		t.Fatal(err)
	}
	if line := strings.Join(args, " "); strings.Contains(line, "geheim") {
		t.Errorf("run: %s", line)
	}
	rc := filepath.Join(dir, "remote.bazelrc")
	info, err := os.Stat(rc)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rc file: %v %v", info, err)
	}
	if data, _ := os.ReadFile(rc); string(data) != `test --remote_cache=https://me:geheim\'@cache.example/x`+"\n" {
		t.Errorf("rc file: %s", data)
	}
}

// TestTestLeavesNoSecret: not in its folder, which people keep and share, and
// not in Bazel's talk, which names the options when it is asked to.
func TestTestLeavesNoSecret(t *testing.T) {
	dir := t.TempDir()
	var talk []string
	c := &Client{Workspace: dir, Binary: script(t, `echo "Inherited options: --remote_cache=https://me:geheim@cache.example/x" >&2; exit 34`),
		OnStderr: func(line string) { talk = append(talk, line) }}
	exit, err := c.Test(t.Context(), TestOptions{Jobs: 1, RemoteCache: "https://me:geheim@cache.example/x", Folder: dir}, func(event.Event) {})
	if err != nil || exit.Code != 34 {
		t.Fatal(exit, err)
	}
	if text := strings.Join(talk, " ") + exit.Stderr; strings.Contains(text, "geheim") || !strings.Contains(text, "REDACTED@cache.example") {
		t.Errorf("said: %s", text)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// TestTestPrintsMuch: what Bazel prints of the tests' output is no reason to stop it.
func TestTestPrintsMuch(t *testing.T) {
	dir := t.TempDir()
	c := &Client{Workspace: dir, Binary: script(t, `head -c 70000000 /dev/zero; exit 3`)}
	if exit, err := c.Test(t.Context(), TestOptions{Jobs: 1, Folder: dir}, func(event.Event) {}); err != nil || exit.Code != 3 {
		t.Error(exit, err)
	}
}

// script makes an executable that stands for Bazel.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bazel")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestManyPatternsGoIntoAFile(t *testing.T) {
	dir := t.TempDir()
	c := &Client{Workspace: dir, Binary: "bazel"}
	var patterns []string
	for range 2000 {
		patterns = append(patterns, "//tests:test_something.unit@python3.11")
	}
	args, err := c.testArgs(TestOptions{Patterns: patterns, Jobs: 1, Folder: dir}, "events")
	if err != nil {
		t.Fatal(err)
	}
	if last := args[len(args)-1]; last != "--target_pattern_file="+filepath.Join(dir, "targets.txt") {
		t.Errorf("last argument %q", last)
	}
	if args, _ := c.testArgs(TestOptions{Patterns: patterns[:1], Jobs: 1, Folder: dir}, "events"); args[len(args)-2] != "--" {
		t.Errorf("a short list should follow --: %q", args)
	}
}

// TestAnswerIsReadWhileItIsWritten: an answer that cannot be read keeps nobody
// waiting, and what Bazel itself says is the first to know.
func TestAnswerIsReadWhileItIsWritten(t *testing.T) {
	rule, answer := &querypb.Rule{Name: proto.String("//a:b"), RuleClass: proto.String("genrule")}, bytes.Buffer{}
	for range 3 {
		if _, err := protodelim.MarshalTo(&answer, &querypb.Target{Rule: rule}); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "answer")
	for _, test := range []struct{ answer, command, want string }{
		{answer.String(), "cat answer", ""},
		{answer.String()[1:] + strings.Repeat("\xff", 1<<20), "cat answer", "reading bazel query's answer"},
		{answer.String(), "cat answer; exit 7", "exit code 7"},
		{"", "true", ""},
	} {
		if err := os.WriteFile(file, []byte(test.answer), 0o644); err != nil {
			t.Fatal(err)
		}
		c := &Client{Workspace: dir, Binary: script(t, "case $1 in query) "+test.command+";; *) echo bazel 7.7.1;; esac"), Fresh: true}
		targets, err := c.Query(t.Context())
		if test.want == "" && (err != nil || (len(targets.Rules) > 0) != (test.answer != "")) {
			t.Errorf("%s: %+v, %v", test.command, targets, err)
		}
		if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: the error is %v, not %s", test.command, err, test.want)
		}
	}
}
