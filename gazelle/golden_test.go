package gazelle_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/cli"
)

var rewriting = flag.Bool("update", false, "rewrite what the cases expect")

// A case is a workspace below testdata, in which BUILD.in is a BUILD.bazel
// before the run and BUILD.out one after it; BUILD.plain.in and BUILD.plain.out
// are a BUILD. Of other files a last ".in" is left out. A case's own files are:
const (
	argumentsName = "arguments.txt"        // of weft gen, one a line
	stderrName    = "expectedStderr.txt"   // without it: the summary alone
	stdoutName    = "expectedStdout.txt"   // without it: nothing
	exitName      = "expectedExitCode.txt" // without it: 0
	onlyGenName   = "onlyWeftGen.txt"      // why a gazelle_binary does otherwise
)

// cases are the folders of testdata.
func cases(t *testing.T, run func(t *testing.T, folder string)) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		t.Run(entry.Name(), func(t *testing.T) { run(t, filepath.Join("testdata", entry.Name())) })
	}
}

func TestGolden(t *testing.T) {
	t.Setenv("WEFT_OVERRIDE_INPUT", "")
	cases(t, func(t *testing.T, folder string) {
		root := workspace(t, folder)
		stdout, stderr, code := gen(root, arguments(t, folder))
		if *rewriting {
			rewrite(t, folder, root, stdout, stderr, code)
			return
		}
		checkText(t, "stdout", stdout, expected(t, folder, stdoutName, ""))
		checkText(t, "stderr", stderr, expected(t, folder, stderrName, stderr[strings.LastIndex("\n"+strings.TrimSpace(stderr), "\n"):]))
		checkText(t, "exit code", strconv.Itoa(code), expected(t, folder, exitName, "0"))
		checkTree(t, folder, root, nil)
		if _, again, _ := gen(root, arguments(t, folder)); !strings.Contains(again, "weft: 0 BUILD files written, ") && stdout == "" && code != 2 {
			t.Errorf("a second time:\n%s", again)
		}
		checkTree(t, folder, root, nil)
	})
}

// TestGazelleBinary runs the cases with a real gazelle_binary, which Bazel makes.
func TestGazelleBinary(t *testing.T) {
	binary, err := filepath.Abs(filepath.Join("..", "..", os.Getenv("GAZELLE_WEFT")))
	if os.Getenv("GAZELLE_WEFT") == "" || err != nil {
		t.Skip("only bazel test has the binary")
	}
	cases(t, func(t *testing.T, folder string) {
		if len(arguments(t, folder)) > 0 || expected(t, folder, exitName, "0") != "0" {
			t.Skip("about weft gen's arguments or its exit code")
		}
		if why := expected(t, folder, onlyGenName, ""); why != "" {
			t.Skip(why)
		}
		root := workspace(t, folder)
		cmd := exec.Command(binary, "-repo_root", root)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		walk(t, root, func(name string, data []byte) { // Gazelle removes no file
			if outputs[filepath.Base(name)] != "" && len(bytes.TrimSpace(data)) == 0 {
				_ = os.Remove(filepath.Join(root, name))
			}
		})
		checkTree(t, folder, root, loadsFirst)
	})
}

// loadsFirst makes nothing of where loads stand: Gazelle puts a new one before
// the comments at the top of a file.
func loadsFirst(text string) string {
	var loads, rest []string
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "load("):
			loads = append(loads, line)
		case strings.TrimSpace(line) != "":
			rest = append(rest, line)
		}
	}
	slices.Sort(loads)
	return strings.Join(append(loads, rest...), "")
}

func gen(root string, args []string) (stdout, stderr string, code int) {
	var out, talk bytes.Buffer
	code = cli.Main(append([]string{"-C", root, "gen"}, args...), strings.NewReader(""), &out, &talk)
	clean := strings.NewReplacer(root, "$WORK")
	return clean.Replace(out.String()), clean.Replace(talk.String()), code
}

// walk calls f with the regular files of a folder; Bazel's are links.
func walk(t *testing.T, folder string, f func(name string, data []byte)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if entry != nil && entry.Name() == ".weft" {
				return fs.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, file)
		f(filepath.ToSlash(name), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// workspace copies a case to a folder of its own.
func workspace(t *testing.T, folder string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string, data []byte) {
		file := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	put("MODULE.bazel", nil)
	walk(t, folder, func(name string, data []byte) {
		dir, base := filepath.Split(name)
		switch base {
		case "BUILD.in":
			put(dir+"BUILD.bazel", data)
		case "BUILD.plain.in":
			put(dir+"BUILD", data)
		case "BUILD.out", "BUILD.plain.out", argumentsName, stderrName, stdoutName, exitName, onlyGenName:
		default:
			put(strings.TrimSuffix(name, ".in"), data)
		}
	})
	return root
}

// outputs are the names of BUILD files in a workspace, as a case has them.
var outputs = map[string]string{"BUILD.bazel": "BUILD.out", "BUILD": "BUILD.plain.out"}

// built are the BUILD files of a workspace, by the names that a case has for them.
func built(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	walk(t, root, func(file string, data []byte) {
		if dir, base := filepath.Split(file); outputs[base] != "" {
			out[dir+outputs[base]] = string(data)
		}
	})
	return out
}

// wantBuilt are those that a case expects.
func wantBuilt(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	walk(t, folder, func(file string, data []byte) {
		if strings.HasPrefix(filepath.Base(file), "BUILD.") && strings.HasSuffix(file, ".out") {
			out[file] = string(data)
		}
	})
	return out
}

func checkTree(t *testing.T, folder, root string, plain func(string) string) {
	t.Helper()
	if plain == nil {
		plain = func(text string) string { return text }
	}
	want, got := wantBuilt(t, folder), built(t, root)
	for name, text := range want {
		if have, ok := got[name]; !ok {
			t.Errorf("%s: there is no such file; want:\n%s", name, text)
		} else {
			checkText(t, name, plain(have), plain(text))
		}
	}
	for name, text := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: there is such a file:\n%s", name, text)
		}
	}
}

func checkText(t *testing.T, what, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("%s is:\n%s\nwant:\n%s", what, got, want)
	}
}

// expected is the text of one of a case's own files.
func expected(t *testing.T, folder, name, otherwise string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return otherwise
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

func arguments(t *testing.T, folder string) []string {
	return strings.Fields(expected(t, folder, argumentsName, ""))
}

// rewrite makes a case expect what happened.
func rewrite(t *testing.T, folder, root, stdout, stderr string, code int) {
	t.Helper()
	for name := range wantBuilt(t, folder) {
		_ = os.Remove(filepath.Join(folder, name))
	}
	files := map[string]string{stdoutName: stdout, exitName: fmt.Sprintln(code), stderrName: stderr}
	if code == 0 {
		files[exitName] = ""
	}
	if strings.Count(stderr, "\n") == 1 {
		files[stderrName] = "" // the summary alone
	}
	for name, text := range built(t, root) {
		files[name] = text
	}
	for name, text := range files {
		file := filepath.Join(folder, name)
		err := os.WriteFile(file, []byte(text), 0o644)
		if text == "" && !strings.HasPrefix(filepath.Base(name), "BUILD.") {
			err = os.Remove(file)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
}
