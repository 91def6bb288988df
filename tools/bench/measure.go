package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// patience is how long a measurement may take and still be repeated, in seconds,
// but for weft's and tox's, on which targets are judged. Raw Bazel's cold run takes
// a minute, and its median would take three.
const patience = 30.0

// key names what a number is about.
type key struct{ workload, step, peer string }

// numbers are the seconds of all repetitions.
type numbers map[key][]float64

// median is the middle of the repetitions, of an even number the mean of the two;
// false when nothing was measured.
func (n numbers) median(k key) (float64, bool) {
	all := slices.Sorted(slices.Values(n[k]))
	if len(all) == 0 {
		return 0, false
	}
	middle := len(all) / 2
	if len(all)%2 == 0 {
		return (all[middle-1] + all[middle]) / 2, true
	}
	return all[middle], true
}

// runner measures workloads.
type runner struct {
	programs programs
	runs     int
	peers    []string // none: each workload's own
	dir      string
	talk     io.Writer
	numbers  numbers
	// failed says why a peer's numbers of a workload stop, by workload and peer.
	failed []failure
}

type failure struct {
	Workload string `json:"workload"`
	Peer     string `json:"peer"`
	Step     string `json:"step"`
	Error    string `json:"error"`
}

// measure runs a workload with all its peers, one step of each in turn.
func (r *runner) measure(ctx context.Context, w workload) (err error) {
	peers, err := r.setUp(ctx, w)
	defer func() { err = errors.Join(err, discard(ctx, peers)) }()
	if err != nil {
		return err
	}
	runs := r.runs
	if w.atMost > 0 {
		runs = min(runs, w.atMost)
	}
	for n := range runs {
		for _, step := range allSteps {
			if !slices.Contains(w.steps, step) {
				continue
			}
			fmt.Fprintf(r.talk, "bench: %s, %d of %d, %-20s", w.name, n+1, runs, step)
			if peers, err = r.turn(ctx, w, step, peers); err != nil {
				return err
			}
			fmt.Fprintln(r.talk)
		}
	}
	return nil
}

// named is a peer with its name, in the order of the table.
type named struct {
	name string
	peer peer
}

// turn takes a step with each peer; one that fails is left out from then on.
func (r *runner) turn(ctx context.Context, w workload, step string, peers []named) ([]named, error) {
	var left []named
	for i, p := range peers {
		k := key{w.name, step, p.name}
		if !applies(p.name, step) || r.tooSlow(k) {
			left = append(left, p)
			continue
		}
		seconds, err := take(ctx, p.peer, step)
		if ctx.Err() != nil {
			return append(left, peers[i:]...), context.Cause(ctx)
		}
		if err != nil {
			r.failed = append(r.failed, failure{w.name, p.name, step, err.Error()})
			fmt.Fprintf(r.talk, "  %s FAILED", p.name)
			if err := discard(ctx, []named{p}); err != nil {
				return append(left, peers[i+1:]...), err
			}
			continue
		}
		r.numbers[k] = append(r.numbers[k], seconds)
		fmt.Fprintf(r.talk, "  %s %.2f", p.name, seconds)
		left = append(left, p)
	}
	return left, nil
}

// tooSlow says whether a measurement is not to be repeated.
func (r *runner) tooSlow(k key) bool {
	judged := k.peer == peerWeft || k.peer == peerTox
	return !judged && len(r.numbers[k]) > 0 && slices.Max(r.numbers[k]) > patience
}

// setUp makes the peers of a workload, weft first: the others run in its environments.
func (r *runner) setUp(ctx context.Context, w workload) ([]named, error) {
	names := w.peers
	if len(r.peers) > 0 {
		names = r.peers
	}
	begin := time.Now()
	maker := newWeft(r.site(w, peerWeft, nil), r.programs.weft)
	made := map[string]peer{}
	if err := maker.setUp(ctx); err != nil {
		return nil, fmt.Errorf("making a workspace of %s: %w", w.name, err)
	}
	made[peerWeft] = maker
	var all []named
	for _, name := range allPeers {
		if !slices.Contains(names, name) || r.programs.missing[name] != "" {
			continue
		}
		p, err := r.make(ctx, w, name, maker.at.environments, made)
		if err != nil {
			return all, fmt.Errorf("preparing %s: %w", name, err)
		}
		made[name] = p
		all = append(all, named{name, p})
	}
	fmt.Fprintf(r.talk, "bench: %s prepared in %.1f s\n", w.name, time.Since(begin).Seconds())
	return all, nil
}

func (r *runner) site(w workload, name string, environments []environment) *site {
	return &site{dir: filepath.Join(r.dir, w.name, name, "workspace"), workload: w, environments: environments}
}

// make makes one peer, unless it is there already.
func (r *runner) make(ctx context.Context, w workload, name string, environments []environment, made map[string]peer) (p peer, err error) {
	at := r.site(w, name, environments)
	switch name {
	case peerTox:
		p, err = newTox(at, r.programs.tools)
	case peerBatch:
		p = batchPeer{newWeft(at, r.programs.weft)}
	case peerNox:
		p, err = newNox(at, r.programs.tools)
	case peerXdist:
		p, err = newXdist(at, r.programs.xdist)
	case peerBazel:
		p = newBazel(at)
	case peerIbazel:
		raw, ok := made[peerBazel].(*bazelPeer)
		if !ok {
			return nil, errors.New("it works on raw Bazel's workspace: name bazel too")
		}
		return &ibazelPeer{raw, r.programs.ibazel}, nil
	default:
		return made[name], nil
	}
	if err != nil {
		return nil, err
	}
	return p, p.setUp(ctx)
}

// discard ends the servers and removes what they left; the workspaces stay.
func discard(ctx context.Context, peers []named) error {
	clean, cancel := untilStopped(ctx)
	defer cancel()
	var all []error
	for _, p := range peers {
		if _, plain := p.peer.(*plainPeer); !plain {
			all = append(all, p.peer.discard(clean))
		}
	}
	return errors.Join(all...)
}

// emptyFolder makes the folder for all workspaces, and says how to be rid of it. It
// lies in the user's cache folder: Bazel's sandbox has a /tmp of its own.
func emptyFolder(keep string) (string, func(), error) {
	if keep != "" {
		dir, err := filepath.Abs(keep)
		if err != nil {
			return "", nil, err
		}
		return dir, func() {}, os.Mkdir(dir, 0o755)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", nil, err
	}
	cache = filepath.Join(cache, "weft", "bench")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp(cache, "run-")
	return dir, func() { _ = removeReadOnly(dir) }, err
}
