package main

import (
	"context"
	"os"
)

// plainPeer is what has neither a server nor a cache: tox, nox and pytest -n.
type plainPeer struct {
	at *site
	// files are the peer's own, by path.
	files map[string]string
	// environ are variables of its commands.
	environ []string
	// prepare, unless empty, makes the peer's environments.
	prepare []string
	// commands run the tests, one after the other.
	commands [][]string
}

func (p *plainPeer) place() *site { return p.at }

func (p *plainPeer) setUp(ctx context.Context) error {
	if err := p.at.write(); err != nil {
		return err
	}
	return p.ready(ctx)
}

func (p *plainPeer) ready(ctx context.Context) error {
	if err := writeFiles(p.at.dir, p.files); err != nil || len(p.prepare) == 0 {
		return err
	}
	_, err := command(ctx, p.at.dir, p.environ, p.prepare...)
	return err
}

func (p *plainPeer) cold(context.Context) error { return p.at.forgetBytecode() }

func (p *plainPeer) test(ctx context.Context, save func() error) (seconds float64, passed int, err error) {
	if err := save(); err != nil {
		return 0, 0, err
	}
	for _, c := range p.commands {
		r, err := command(ctx, p.at.dir, p.environ, c...)
		if err != nil {
			return 0, 0, err
		}
		seconds, passed = seconds+r.seconds, passed+passedIn(r.output)
	}
	return seconds, passed, nil
}

func (p *plainPeer) stop(context.Context) error    { return nil }
func (p *plainPeer) discard(context.Context) error { return os.RemoveAll(p.at.dir) }

func (p *plainPeer) second(ctx context.Context, dir string) (peer, error) {
	at, err := p.at.copyTo(dir)
	if err != nil {
		return nil, err
	}
	other := *p
	other.at = at
	return &other, other.ready(ctx)
}
