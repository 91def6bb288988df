package pipeline

import (
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// settleWorkers decides whether cells run in persistent workers, and whether they
// may share a process there, says why not, and gives plain Bazel the same flags.
func (p *pass) settleWorkers(targets *bazel.Targets) error {
	on := p.req.Workers != "off"
	if on { // nothing is looked at for who wants none
		problem, can := withoutWorkers(targets, p.req.Workspace)
		if on = can; !on {
			p.note(problem)
		}
	}
	batch := p.batchFlags(targets, on)
	if !targets.Workers() { // rules too old to know of them
		return nixenv.ShareWithBazel(p.nixOptions(), nil)
	}
	p.build = append(bazel.WorkerFlags(on), batch...)
	shared := slices.Clone(p.build)
	if on {
		// As many as could ever run at once; how many do, the slots say, and
		// their number may change without an end of the workers.
		shared = append(shared, bazel.WorkerInstances(p.req.Jobs))
	}
	return nixenv.ShareWithBazel(p.nixOptions(), shared)
}

// batchFlags are the flags that let cells share a process, or forbid it; it says
// where to let them does nothing. The flag is then given all the same: results
// are shared with machines where it does.
func (p *pass) batchFlags(targets *bazel.Targets, workers bool) []string {
	batch := p.req.Isolation == request.IsolationBatch
	problem := result.Problem{Kind: "workers", Message: "isolation \"batch\" has no effect: each cell has a process of its own, because "}
	switch {
	case !batch || len(targets.Files) == 0:
	case !targets.Batch():
		problem.Message += "the workspace's rules_weft is too old to know of it"
		problem.Hint = "weft init --upgrade"
		p.note(problem)
	case !workers:
		problem.Message += "there are no persistent workers"
		problem.Hint = "--isolation=cell, or isolation = \"cell\" under [test] in weft.toml, runs them so without a word"
		p.note(problem)
	}
	if !targets.Batch() {
		return nil
	}
	return []string{bazel.BatchFlag(batch)}
}

// withoutWorkers tells why no worker can be had here; false when none can.
func withoutWorkers(targets *bazel.Targets, workspace string) (result.Problem, bool) {
	problem := result.Problem{Kind: "workers", Message: "cells run as plain sandboxed actions: "}
	if len(targets.Files) > 0 && !targets.Workers() {
		problem.Message += "the workspace's rules_weft is too old for persistent workers"
		problem.Hint = "weft init --upgrade"
		return problem, false
	}
	if err := proc.Namespaces(); err != nil {
		problem.Message += err.Error()
		problem.Hint = "--workers=off, or workers = \"off\" in weft.toml, runs them so without a word"
		return problem, false
	}
	if folder := bazel.BelowTmp(workspace); folder != "" {
		problem.Message += folder + " lies below /tmp, where workers have a folder of their own"
		problem.Hint = "move it out of /tmp"
		return problem, false
	}
	return result.Problem{}, true
}

// judgeWorkers tells of a worker that refused to run cells; false when none did.
func (p *pass) judgeWorkers(exit bazel.Exit) bool {
	problem := result.Problem{Kind: "workers", Hint: p.req.Line(proc.Quote([]string{p.req.Scope.Text}) + " --workers=off")}
	cause := bazel.Causes(exit.Stderr)
	switch why := bazel.NotHardened(exit.Stderr); {
	case why != "":
		problem.Message = "a persistent worker is not sandboxed as cells must be, so it ran none: " + why
	case exit.Code == 1 && strings.Contains(cause, "Worker process "):
		problem.Message = "a persistent worker ended before it answered: " + cause
	case exit.Code == exitUsage && strings.Contains(cause, "worker"):
		problem.Message = "this Bazel does not have the flags that workers need: " + cause
	default:
		return false
	}
	p.note(problem)
	return true
}
