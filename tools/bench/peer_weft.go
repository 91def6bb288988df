package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type weftPeer struct {
	at      *site
	program string
	bazel   bazelState
}

func newWeft(at *site, program string) *weftPeer {
	return &weftPeer{at, program, newBazelState(at.dir, "output", filepath.Join(filepath.Dir(at.dir), "disk"))}
}

func (p *weftPeer) place() *site { return p.at }

// setUp makes the suite a workspace as a user would: weft init, and git, which
// Nix asks what there is.
func (p *weftPeer) setUp(ctx context.Context) error {
	if err := p.at.write(); err != nil {
		return err
	}
	for _, c := range [][]string{
		{"git", "init", "--quiet"},
		{p.program, "init", "--yes", "--environments", strings.Join(p.at.workload.environments, ",")},
		{"git", "add", "--all"},
	} {
		if _, err := command(ctx, p.at.dir, nil, c...); err != nil {
			return err
		}
	}
	return p.ready(ctx)
}

// ready builds the environments, and points Bazel to its folders.
func (p *weftPeer) ready(ctx context.Context) error {
	file := filepath.Join(p.at.dir, ".bazelrc")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	own, _, _ := strings.Cut(string(text), "startup --output_base=")
	if err := os.WriteFile(file, []byte(own+p.bazel.settings()), 0o644); err != nil {
		return err
	}
	if _, err := command(ctx, p.at.dir, nil, p.program, "env", "build"); err != nil {
		return err
	}
	p.at.environments, err = readEnvironments(p.at.dir, p.at.workload.environments)
	return err
}

func (p *weftPeer) cold(ctx context.Context) error {
	if err := p.discard(ctx); err != nil {
		return err
	}
	for _, dir := range []string{p.bazel.diskCache, p.weftFolder("runs"), p.weftFolder("history"), p.weftFolder("gen")} {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return p.at.forgetBytecode()
}

func (p *weftPeer) weftFolder(name string) string { return filepath.Join(p.at.dir, ".weft", name) }

func (p *weftPeer) test(ctx context.Context, save func() error) (float64, int, error) {
	if err := save(); err != nil {
		return 0, 0, err
	}
	start := time.Now()
	r, err := command(ctx, p.at.dir, p.variables(), p.program, "test", "all")
	if err != nil {
		return 0, 0, err
	}
	passed, err := p.report(start)
	return r.seconds, passed, err
}

func (p *weftPeer) variables() []string { return []string{"WEFT_DISK_CACHE=" + p.bazel.diskCache} }

// report reads how many tests passed in the run that began after the start.
func (p *weftPeer) report(start time.Time) (int, error) {
	text, err := os.ReadFile(filepath.Join(p.weftFolder("runs"), "latest", "report.json"))
	if err != nil {
		return 0, err
	}
	var report struct {
		Run     struct{ Start time.Time }
		Summary struct{ Tests struct{ Passed int } }
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return 0, fmt.Errorf("reading weft's report: %w", err)
	}
	if report.Run.Start.Before(start) {
		return 0, fmt.Errorf("weft's latest report is of %v, before this run", report.Run.Start)
	}
	return report.Summary.Tests.Passed, nil
}

func (p *weftPeer) stop(ctx context.Context) error    { return p.bazel.stop(ctx) }
func (p *weftPeer) discard(ctx context.Context) error { return p.bazel.discard(ctx) }

func (p *weftPeer) second(ctx context.Context, dir string) (peer, error) {
	at, err := p.at.copyTo(dir)
	if err != nil {
		return nil, err
	}
	other := &weftPeer{at, p.program, newBazelState(dir, "output-second", p.bazel.diskCache)}
	return other, other.ready(ctx)
}
