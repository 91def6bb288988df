// Package affected says what a changed file affects: from the target graph
// that one query yielded, held in memory and turned round. It is pure, and
// never takes a file that it does not know for one that affects nothing.
package affected

import (
	"cmp"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/bazel"
)

// Index is the target graph turned round. It keeps nothing of the Targets that
// it was made from but strings. One goroutine at a time may ask it.
type Index struct {
	nodes    map[string]int32   // a source by its path, a rule by its label
	packages map[string][]int32 // the rules of a package
	modules  []string           // folders of other Bazel modules
	files    []file             // sorted by label; the first nodes are theirs, in this order
	used     []bool             // by node: a test depends on it
	security []int32            // files with cells that read advisories, which only a flag names
	// The readers of node n are readers[starts[n]:starts[n+1]].
	starts  []int32
	readers []int32

	walk  int32 // counts walks
	seen  []int32
	stack []int32
}

// file is a test file with its cells.
type file struct {
	label, src string
	suites     []Suite
}

// Suite is the Bazel test that runs one file in one type and environment.
type Suite struct{ Label, Type, Environment string }

// New makes the index. modules are the folders in the workspace, relative with
// slashes, that are Bazel modules of their own, as a vendored rules_weft is:
// what they hold is in no query.
func New(t *bazel.Targets, modules []string) *Index {
	ix := &Index{nodes: make(map[string]int32, 2*len(t.Files)), packages: map[string][]int32{}, modules: modules}
	ix.addFiles(t)
	ix.turn(ix.edges(t))
	return ix
}

// edge says that one node reads another.
type edge struct{ read, reader int32 }

func (ix *Index) edges(t *bazel.Targets) (out []edge) {
	for label, rule := range t.Rules {
		if rule.Class == "weft_suite_test" || rule.Class == "test_suite" {
			continue // they read test files, and nothing reads them
		}
		reader := ix.node(label)
		pkg := bazel.Package(label)
		ix.packages[pkg] = append(ix.packages[pkg], reader)
		for _, in := range rule.Inputs {
			if _, isRule := t.Rules[in]; !isRule {
				in = bazel.Path(in)
			}
			if in != "" { // else another repository's
				out = append(out, edge{ix.node(in), reader})
			}
		}
	}
	return out
}

// turn sets the readers of every node, those of a node in the order of numbers,
// so that a walk goes through memory in one direction.
func (ix *Index) turn(edges []edge) {
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.read, b.read), cmp.Compare(a.reader, b.reader)) })
	ix.starts = make([]int32, len(ix.nodes)+1)
	ix.readers = make([]int32, len(edges))
	for i, e := range edges {
		ix.starts[e.read+1]++
		ix.readers[i] = e.reader
	}
	for n := range len(ix.nodes) {
		ix.starts[n+1] += ix.starts[n]
	}
	ix.seen = make([]int32, len(ix.nodes))
	ix.use(edges)
}

// use marks what a test depends on.
func (ix *Index) use(edges []edge) {
	reads := make([][]int32, len(ix.nodes))
	for _, e := range edges {
		reads[e.reader] = append(reads[e.reader], e.read)
	}
	ix.used = make([]bool, len(ix.nodes))
	var stack []int32
	for i := range ix.files {
		ix.used[i] = true
		stack = append(stack, int32(i))
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, read := range reads[n] {
			if !ix.used[read] {
				ix.used[read] = true
				stack = append(stack, read)
			}
		}
	}
}

func (ix *Index) addFiles(t *bazel.Targets) {
	for _, f := range t.Files {
		ix.files = append(ix.files, file{label: f.Label, src: bazel.Path(f.Src)})
	}
	slices.SortFunc(ix.files, func(a, b file) int { return strings.Compare(a.label, b.label) })
	for _, f := range ix.files {
		ix.node(f.label)
	}
	for _, s := range t.Suites {
		if !s.PerFile {
			continue
		}
		for _, label := range s.Files {
			if i, ok := ix.nodes[label]; ok {
				if s.Type == "security" {
					ix.security = append(ix.security, i)
				}
				ix.files[i].suites = append(ix.files[i].suites, Suite{s.Label, s.Type, s.Environment})
			}
		}
	}
}

// node is the number of a source or rule.
func (ix *Index) node(name string) int32 {
	n, ok := ix.nodes[name]
	if !ok {
		n = int32(len(ix.nodes))
		ix.nodes[name] = n
	}
	return n
}

// Files is a set of test files.
type Files struct {
	ix *Index
	at []int32 // indices in ix.files
}

// Len is how many there are.
func (f Files) Len() int { return len(f.at) }

// Labels are the weft_file targets, sorted.
func (f Files) Labels() []string {
	return f.each(func(one file) string { return one.label })
}

// Sources are the paths of the test files, sorted, relative to the workspace.
func (f Files) Sources() []string {
	return f.each(func(one file) string { return one.src })
}

func (f Files) each(what func(file) string) []string {
	out := make([]string, 0, len(f.at))
	for _, i := range f.at {
		out = append(out, what(f.ix.files[i]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Suites are the tests that run the files singly, in the order of their labels.
func (f Files) Suites() []Suite {
	var out []Suite
	for _, i := range f.at {
		out = append(out, f.ix.files[i].suites...)
	}
	slices.SortFunc(out, func(a, b Suite) int { return strings.Compare(a.Label, b.Label) })
	return out
}

// reach walks from nodes to every test file that reads them.
func (ix *Index) reach(from ...int32) Files {
	ix.walk++
	var out []int32
	stack := ix.stack[:0]
	visit := func(n int32) {
		if ix.seen[n] == ix.walk {
			return
		}
		ix.seen[n] = ix.walk
		if int(n) < len(ix.files) {
			out = append(out, n)
		}
		if ix.starts[n] < ix.starts[n+1] {
			stack = append(stack, n)
		}
	}
	for _, n := range from {
		visit(n)
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, reader := range ix.readers[ix.starts[n]:ix.starts[n+1]] {
			visit(reader)
		}
	}
	ix.stack = stack
	return Files{ix, out}
}

// all are all test files.
func (ix *Index) all() Files {
	out := make([]int32, len(ix.files))
	for i := range out {
		out[i] = int32(i)
	}
	return Files{ix, out}
}
