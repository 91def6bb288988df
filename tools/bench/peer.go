package main

import (
	"context"
	"slices"
)

// The peers, as -peers and the record name them.
const (
	peerTox    = "tox"
	peerWeft   = "weft"
	peerBatch  = "batch"
	peerNox    = "nox"
	peerXdist  = "xdist"
	peerBazel  = "bazel"
	peerIbazel = "ibazel"
	// peerLabels is Bazel in weft's own workspace, told what is affected.
	peerLabels = "labels"
	// peerBefore is another weft, see the flag -before.
	peerBefore = "before"
)

var (
	allPeers   = []string{peerTox, peerWeft, peerBatch, peerNox, peerXdist, peerBazel, peerIbazel}
	watchPeers = []string{peerLabels, peerWeft, peerIbazel, peerBefore}
)

// peerTitles are what the table calls them.
var peerTitles = map[string]string{
	peerTox: "tox -p", peerWeft: "weft", peerBatch: "weft batch", peerNox: "nox", peerXdist: "pytest -n", peerBazel: "raw bazel",
	peerIbazel: "ibazel", peerLabels: "bazel test", peerBefore: "other weft",
}

// peer is a way to run a workload's tests, with a site of its own.
type peer interface {
	place() *site
	// setUp makes what is there before the clock starts: the peer's own files and
	// its environments.
	setUp(ctx context.Context) error
	// cold removes all that earlier runs have left, and ends the server. The
	// environments stay.
	cold(ctx context.Context) error
	// test saves and runs the tests. It says how long that took on the clock, from
	// the start of the command (of ibazel, from the save) to the verdict, and how
	// many tests passed.
	test(ctx context.Context, save func() error) (seconds float64, passed int, err error)
	// stop ends the server, if there is one.
	stop(ctx context.Context) error
	// discard ends the server and removes what lies outside the site and belongs to
	// it alone.
	discard(ctx context.Context) error
	// second is the same peer in another folder, set up, with the caches that the
	// peer shares between checkouts.
	second(ctx context.Context, dir string) (peer, error)
}

// applies says whether a step is a thing of its own for a peer. What has neither
// a server nor a cache does the same in every step: nox and pytest -n are
// measured in two, tox, the measure of the others, in all but one. Only a cold run
// tells weft batch from weft: in the others few cells run.
func applies(name, step string) bool {
	switch name {
	case peerTox:
		return step != stepServer
	case peerBatch:
		return step == stepCold
	case peerNox, peerXdist:
		return slices.Contains([]string{stepCold, stepNone}, step)
	case peerIbazel:
		return slices.Contains([]string{stepTest, stepSource}, step)
	}
	return true
}
