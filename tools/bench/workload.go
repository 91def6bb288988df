package main

import (
	"fmt"
	"slices"
	"strings"
)

// workload is a test suite of one shape, run in several environments.
type workload struct {
	name string
	// what says what its tests are like, for the table.
	what string
	// files is the number of test files; each is suite/tests/<body>.py of all
	// bodies, with its own number.
	files  int
	bodies []string
	// perFile is how many tests a file has, parameters counted.
	perFile int
	// requires are the packages that the tests import besides pytest.
	requires     []string
	environments []string
	// steps and peers are what is measured unless the caller chooses.
	steps, peers []string
	// atMost and atLeast bound the repetitions; 0 leaves them to the caller.
	atMost, atLeast int
}

var pythons = []string{"python3.9", "python3.10", "python3.11"}

// workloads are all suites there are. Those beside small leave out what would
// take minutes and says nothing that small has not said; -peers has the last word.
var workloads = []workload{
	{
		// Each file has about 0.12 s of work on the machine that the numbers
		// were taken on, where `tox -p` needs 8 s for the whole: what unit tests do
		// (numerics, files, sorting), not sleep, for sleep costs no processor. With
		// asserts alone, which is tiny, `tox -p` needs 1.2 s, and only what starting
		// 120 things costs would be measured.
		name: "small", what: "a dozen unit tests a file, about 0.12 s of work",
		files: 40, bodies: []string{"small"}, perFile: 18, environments: pythons,
		steps: allSteps, peers: allPeers,
	},
	{
		name: "tiny", what: "a few asserts a file",
		files: 40, bodies: []string{"tiny"}, perFile: 7, environments: pythons,
		steps: []string{stepCold, stepNone, stepTest, stepSource}, peers: []string{peerTox, peerWeft, peerBatch, peerXdist},
	},
	{
		// What the issue names: the same as small, with numpy. In two environments of its
		// three: nixpkgs' stand-in has no numpy for Python 3.10, and the suite is to be
		// the same everywhere.
		name: "heavy", what: "small, with numpy imported and used in every file",
		files: 40, bodies: []string{"heavy", "small"}, perFile: 5 + 18, requires: []string{"numpy"}, environments: []string{"python3.9", "python3.11"},
		steps: []string{stepCold, stepNone, stepTest, stepSource}, peers: []string{peerTox, peerWeft, peerXdist},
	},
	{
		name: "sleepy", what: "three tests a file that wait 0.1, 0.2 and 0.3 s",
		files: 40, bodies: []string{"sleepy"}, perFile: 3, environments: pythons,
		steps: []string{stepCold}, peers: []string{peerTox, peerWeft, peerXdist}, atMost: 1,
	},
	{
		name: "large", what: "tiny with ten times the files",
		files: 400, bodies: []string{"tiny"}, perFile: 7, environments: pythons,
		steps: []string{stepCold, stepNone, stepTest}, peers: []string{peerTox, peerWeft, peerXdist}, atMost: 1,
	},
	{
		name: workloadWatch, what: "small, watched",
		files: 40, bodies: []string{"small"}, perFile: 18, environments: pythons,
		steps: watchSteps, peers: watchPeers, atLeast: 10,
	},
}

// workloadWatch is measured otherwise, see measureWatch.
const workloadWatch = "watch"

// order is that of a workload's table, and the peer that the others are divided by.
type order struct {
	steps, peers []string
	against      string
}

func (w workload) order() order {
	if w.name == workloadWatch {
		return order{watchSteps, watchPeers, peerLabels}
	}
	return order{allSteps, allPeers, peerTox}
}

// cells is how many pairs of file and environment there are.
func (w workload) cells() int { return w.files * len(w.environments) }

// tests is how many tests pass in one environment before any edit: each file's,
// and one more in each file that uses the shared module.
func (w workload) tests() int { return w.files*w.perFile + users }

// apart are measured by themselves, not as a workload of the peers.
type apart struct{ gen, graph bool }

// choose returns the workloads that are named, and what else is; no names are all.
func choose(names string) (chosen []workload, others apart, err error) {
	if names == "" {
		return workloads, apart{true, true}, nil
	}
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(workloads, func(w workload) bool { return w.name == name })
		switch {
		case name == "gen":
			others.gen = true
		case name == "graph":
			others.graph = true
		case i < 0:
			return nil, others, fmt.Errorf("there is no workload %q", name)
		default:
			chosen = append(chosen, workloads[i])
		}
	}
	return chosen, others, nil
}
