// Command bench compares weft with tox, nox, pytest -n, raw Bazel and ibazel on
// generated test suites, and measures `weft gen` on a generated repository. It is
// no test: it prints what was promised beside what is, and fails only when
// something could not be measured.
//
// A file's name says its part, in this order: workloads (workload, suite, site,
// gen_repository, graph_repository), peers (programs, environment, peer_*, bazel), steps (step,
// command, junit), measuring (measure, watch_*, graph_measure, graph_watch, graph_told, gen_measure), and what is told of it
// (target, table, record).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == tellWord {
		if err := graph.tell(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench: error:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		stop()
		os.Exit(1)
	}
}

// options are what the caller chose.
type options struct {
	weft, before, only, peers, json, keep string
	runs                                  int
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.weft, "weft", "bin/weft", "the command to measure")
	flags.StringVar(&o.before, "before", "", "another weft, to be measured beside it in the workload watch")
	flags.StringVar(&o.only, "only", "", "workloads, separated by commas: small, tiny, heavy, sleepy, large, watch, graph, gen (default all)")
	flags.StringVar(&o.peers, "peers", "", "peers, separated by commas: tox, weft, batch, nox, xdist, bazel, ibazel, labels, before (default each workload's own)")
	flags.IntVar(&o.runs, "runs", 3, "repetitions; the median is shown")
	flags.StringVar(&o.json, "json", "", "write the record to this file")
	flags.StringVar(&o.keep, "keep", "", "leave the workspaces in this folder, which must not be there yet")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.runs < 1 {
		return o, errors.New("-runs is less than one")
	}
	for _, p := range o.peerNames() {
		if !slices.Contains(allPeers, p) && !slices.Contains(watchPeers, p) {
			return o, fmt.Errorf("there is no peer %q", p)
		}
	}
	for _, program := range []*string{&o.weft, &o.before} {
		if *program == "" {
			continue
		}
		path, err := filepath.Abs(*program)
		if err != nil {
			return o, err
		}
		*program = path
	}
	return o, nil
}

func (o options) peerNames() []string {
	if o.peers == "" {
		return nil
	}
	return strings.Split(o.peers, ",")
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	chosen, others, err := choose(o.only)
	if err != nil {
		return err
	}
	version, err := command(ctx, "", nil, o.weft, "--version")
	if err != nil {
		return err
	}
	dir, remove, err := emptyFolder(o.keep)
	if err != nil {
		return err
	}
	defer remove()
	rec := record{SchemaVersion: 1, Start: time.Now().UTC(), Weft: strings.TrimSpace(version.output), Machine: machineNow()}
	r := &runner{runs: o.runs, peers: o.peerNames(), dir: dir, talk: os.Stderr, numbers: numbers{}, failed: []failure{}}
	if len(chosen) > 0 {
		r.programs = findPrograms(ctx, o.weft)
		r.programs.before = o.before
	}
	for _, w := range chosen {
		measure := r.measure
		if w.name == workloadWatch {
			measure = r.measureWatch
		}
		if err := measure(ctx, w); err != nil {
			return err
		}
		if err := printTable(os.Stdout, w, r.numbers); err != nil {
			return err
		}
	}
	if others.graph {
		if rec.Graph, err = runGraph(ctx, filepath.Join(dir, "graph", "workspace"), o.weft, o.runs, os.Stderr); err != nil {
			return err
		}
	}
	if others.gen {
		if rec.Gen, err = runGen(o.weft, filepath.Join(dir, "gen"), o.runs); err != nil {
			return err
		}
	}
	return finish(o, r, rec, chosen)
}

// finish prints the verdicts and writes the record.
func finish(o options, r *runner, rec record, chosen []workload) error {
	if len(chosen) > 0 {
		printEnd(os.Stdout, r, chosen)
	}
	fmt.Printf("%s, %d processors, load at the start %s, files in the page cache; weft: %s\n", rec.Machine.System, rec.Machine.Processors, rec.Machine.Load, rec.Weft)
	rec.Measurements, rec.Targets, rec.Missing, rec.Failed = measurements(r.numbers), judge(r.numbers), r.programs.missing, r.failed
	if o.json != "" {
		if err := writeRecord(o.json, rec); err != nil {
			return err
		}
	}
	if len(r.failed) > 0 {
		return fmt.Errorf("%d measurements failed", len(r.failed))
	}
	return nil
}
