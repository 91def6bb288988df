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

// ways are how cells run: as plain sandboxed actions, in workers, and in workers
// where they may share a process.
var ways = map[string][]string{
	"plain": {"--workers=off"}, "worker": {"--workers=auto"}, "batch": {"--workers=auto", "--isolation=batch"},
}

// bothWays runs cells of a workspace in one way after the other: each cell's verdict,
// counts, log and JUnit must be the same to the word as in the first way. What
// follows is for weft test. Bazel runs again what the way has a key of its own for.
//
//	bothways FOLDER WAY,WAY... SCOPE [ARGUMENT...]
func bothWays(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: bothways FOLDER WAY,WAY... SCOPE [ARGUMENT...]")
	}
	dir := ts.MkAbs(args[0])
	n, problems, err := compareWays(dir, strings.Split(args[1], ","), func(way string) error {
		cache, err := os.MkdirTemp(ts.Getenv("WORK"), ".disk-cache-")
		ts.Check(err)
		ts.Setenv("WEFT_DISK_CACHE", cache)
		err = ts.Exec("weft", slices.Concat([]string{"-C", dir, "test"}, ways[way], args[2:])...)
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
	ts.Logf("%d cells are the same: %s", n, args[1])
}

// compareWays says how many cells there are, and which differ from the first way's.
// run runs them in a way, none from a disk cache.
func compareWays(workspace string, names []string, run func(way string) error) (int, []string, error) {
	var first map[string][]string
	var problems []string
	for i, way := range names {
		if err := run(way); err != nil {
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
			first = found
		}
		problems = append(problems, cellDifferences(first, found, way)...)
	}
	return len(first), problems, nil
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

// cellDifferences are sentences about cells that another way makes differ from the
// first's, or that only one of the two has.
func cellDifferences(first, other map[string][]string, way string) []string {
	all := maps.Clone(first)
	maps.Copy(all, other)
	var found []string
	for _, cell := range slices.Sorted(maps.Keys(all)) {
		f, o := first[cell], other[cell]
		if f == nil || o == nil {
			found = append(found, fmt.Sprintf("%s: one way only (first %t, %s %t)", cell, f != nil, way, o != nil))
			continue
		}
		for i := range max(len(f), len(o)) {
			if i >= len(f) || i >= len(o) || f[i] != o[i] {
				found = append(found, fmt.Sprintf("%s: first %q, %s %q", cell, around(f, i), way, around(o, i)))
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
