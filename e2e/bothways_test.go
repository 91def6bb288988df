package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// ways are how cells run, the first of which is what the others are held against.
var ways = []struct {
	name  string
	flags []string
}{
	{"plain", []string{"--workers=off"}},
	{"worker", []string{"--workers=auto"}},
	{"batch", []string{"--workers=auto", "--isolation=batch"}},
}

// bothWays runs all cells of a workspace as plain sandboxed actions, in workers, and
// in workers where they may share a process: each cell's verdict, counts, log and
// JUnit must be the same to the word. What no way has a key of its own for, Bazel
// takes from the way before.
//
//	bothways FOLDER
func bothWays(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: bothways FOLDER")
	}
	dir := ts.MkAbs(args[0])
	n, problems, err := compareWays(dir, func(name string, flags []string) error {
		ts.Setenv("WEFT_DISK_CACHE", filepath.Join(ts.Getenv("WORK"), ".disk-cache-"+name))
		err := ts.Exec("weft", append([]string{"-C", dir, "test", "all"}, flags...)...)
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 1 { // tests that fail are compared too
			return nil
		}
		return err
	})
	ts.Check(err)
	if len(problems) > 0 {
		ts.Fatalf("%s", strings.Join(problems, "\n"))
	}
	ts.Logf("%d cells are the same in all %d ways", n, len(ways))
}

// compareWays says how many cells there are, and which differ between the ways.
// run runs all of them, nothing from a disk cache.
func compareWays(workspace string, run func(name string, flags []string) error) (int, []string, error) {
	var plain map[string][]string
	var problems []string
	for i, way := range ways {
		if err := run(way.name, way.flags); err != nil {
			return 0, nil, err
		}
		found, err := cells(workspace)
		if err != nil {
			return 0, nil, err
		}
		if len(found) == 0 {
			return 0, nil, errors.New("there is no cell to compare")
		}
		if i == 0 {
			plain = found
		}
		problems = append(problems, cellDifferences(plain, found, way.name)...)
	}
	return len(plain), problems, nil
}

// cells are the results in bazel-bin, by folder: the words of cell.json, cell.log
// and cell.xml that any two runs have in common.
func cells(workspace string) (map[string][]string, error) {
	root, err := filepath.EvalSymlinks(filepath.Join(workspace, "bazel-bin"))
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "cell.json" || strings.Contains(path, ".runfiles/") {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err == nil {
			found[folder], err = cellWords(filepath.Dir(path))
		}
		return err
	})
	return found, err
}

func cellWords(folder string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(folder, "cell.json"))
	if err != nil {
		return nil, err
	}
	var cell map[string]any
	if err := json.Unmarshal(data, &cell); err != nil {
		return nil, err
	}
	for _, varying := range []string{"start", "durationSeconds", "cpuSeconds"} {
		delete(cell, varying)
	}
	text, err := json.MarshalIndent(cell, "", " ")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"cell.log", "cell.xml"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		text = append(append(text, '\n'), data...)
	}
	return commonWords(text)
}

// varyingList are patterns of what no two runs have in common, and what stands
// in their place; the launcher's own tests compare by the same list.
const varyingList = "../rules/tests/launcher/varying.json"

// drawn is what pytest draws as wide as it can beside what it says.
var drawn = regexp.MustCompile(`^[-=_]+$`)

// commonWords are the words of a cell's text that any two runs have in common;
// words, as pytest breaks lines by the length of paths.
func commonWords(text []byte) ([]string, error) {
	data, err := os.ReadFile(varyingList)
	if err != nil {
		return nil, err
	}
	var varying [][2]string
	if err := json.Unmarshal(data, &varying); err != nil {
		return nil, fmt.Errorf("reading %s: %w", varyingList, err)
	}
	for _, v := range varying {
		pattern, err := regexp.Compile(v[0])
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", varyingList, err)
		}
		text = pattern.ReplaceAll(text, []byte(v[1]))
	}
	words := strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
	for i, word := range words {
		if drawn.MatchString(word) {
			words[i] = "---"
		}
	}
	return words, nil
}

// cellDifferences are sentences about cells that differ, or that only one side has.
func cellDifferences(plain, other map[string][]string, way string) []string {
	all := maps.Clone(plain)
	maps.Copy(all, other)
	var found []string
	for _, cell := range slices.Sorted(maps.Keys(all)) {
		p, o := plain[cell], other[cell]
		if p == nil || o == nil {
			found = append(found, fmt.Sprintf("%s: one way only (plain %t, %s %t)", cell, p != nil, way, o != nil))
			continue
		}
		for i := range max(len(p), len(o)) {
			if i >= len(p) || i >= len(o) || p[i] != o[i] {
				found = append(found, fmt.Sprintf("%s: plain %q, %s %q", cell, around(p, i), way, around(o, i)))
				break
			}
		}
	}
	return found
}

// around are the words at a place, for people.
func around(words []string, i int) string {
	return strings.Join(words[min(max(0, i-6), len(words)):min(len(words), i+12)], " ")
}
