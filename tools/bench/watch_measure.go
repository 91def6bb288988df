package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// rest is the time between two saves: what a pass leaves to do is done by then.
const rest = time.Second

// watching is a peer of the watch, with its workspace.
type watching struct {
	name string
	home *weftPeer
	peer watched
}

// measureWatch measures saves: each kind in turn, and with each kind each peer,
// one at a time.
func (r *runner) measureWatch(ctx context.Context, w workload) (err error) {
	peers, err := r.setUpWatch(ctx, w)
	defer func() { err = errors.Join(err, endWatch(ctx, peers)) }()
	if err != nil {
		return err
	}
	for n := range max(r.runs, w.atLeast) {
		for _, e := range edits {
			fmt.Fprintf(r.talk, "bench: %s, %d of %d, %-12s", w.name, n+1, max(r.runs, w.atLeast), e.name)
			if peers, err = r.turnWatch(ctx, w, e, peers); err != nil {
				return err
			}
			fmt.Fprintln(r.talk)
		}
	}
	return nil
}

// turnWatch saves once for each peer; one that fails is left out from then on.
func (r *runner) turnWatch(ctx context.Context, w workload, e edit, peers []watching) ([]watching, error) {
	var left []watching
	for i, p := range peers {
		if !e.graph && p.name == peerIbazel {
			left = append(left, p)
			continue
		}
		got, err := p.peer.take(ctx, e)
		if ctx.Err() != nil {
			return append(left, peers[i:]...), context.Cause(ctx)
		}
		if err != nil {
			r.failed = append(r.failed, failure{w.name, p.name, e.last, err.Error()})
			fmt.Fprintf(r.talk, "  %s FAILED", p.name)
			if err := endWatch(ctx, []watching{p}); err != nil {
				return append(left, peers[i+1:]...), err
			}
			continue
		}
		if got.first > 0 {
			k := key{w.name, e.first, p.name}
			r.numbers[k] = append(r.numbers[k], got.first)
		}
		k := key{w.name, e.last, p.name}
		r.numbers[k] = append(r.numbers[k], got.last)
		fmt.Fprintf(r.talk, "  %s %.2f", p.name, got.last)
		left = append(left, p)
		time.Sleep(rest)
	}
	return left, nil
}

// setUpWatch makes a workspace for each peer, runs everything in it, which writes
// down the flags that plain Bazel is given, and begins to watch.
func (r *runner) setUpWatch(ctx context.Context, w workload) ([]watching, error) {
	names := w.peers
	if len(r.peers) > 0 {
		names = r.peers
	}
	begin := time.Now()
	var all []watching
	for _, name := range watchPeers {
		if !slices.Contains(names, name) || r.programs.missing[name] != "" || name == peerBefore && r.programs.before == "" {
			continue
		}
		home := newWeft(r.site(w, name, nil), r.programs.weft)
		if name == peerBefore {
			home.program = r.programs.before
		}
		p := watching{name, home, nil}
		switch name {
		case peerLabels:
			p.peer = labelsPeer{home}
		case peerIbazel:
			p.peer = &ibazelWatch{weftPeer: home, ibazel: r.programs.ibazel}
		default:
			p.peer = &weftWatch{weftPeer: home}
		}
		if err := home.setUp(ctx); err != nil {
			return all, fmt.Errorf("preparing %s: %w", name, err)
		}
		if _, err := checked(ctx, home, func() error { return nil }); err != nil {
			return all, fmt.Errorf("running everything before %s: %w", name, err)
		}
		if err := p.peer.start(ctx); err != nil {
			return all, fmt.Errorf("starting %s: %w", name, err)
		}
		all = append(all, p)
	}
	fmt.Fprintf(r.talk, "bench: %s prepared in %.1f s\n", w.name, time.Since(begin).Seconds())
	return all, nil
}

// endWatch ends watchers and servers.
func endWatch(ctx context.Context, peers []watching) error {
	clean, cancel := untilStopped(ctx)
	defer cancel()
	var all []error
	for _, p := range peers {
		all = append(all, p.peer.end(), p.home.discard(clean))
	}
	return errors.Join(all...)
}
