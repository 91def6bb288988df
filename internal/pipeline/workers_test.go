package pipeline

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// file is a workspace's one test file, by rules that have the setting or not.
func file(inputs ...string) *bazel.Targets {
	return &bazel.Targets{Files: []bazel.File{{Label: "//:a.cells"}}, Rules: map[string]bazel.Rule{"//:a.cells": {Inputs: inputs}}}
}

func TestSettleWorkers(t *testing.T) {
	current, before, old := file("@rules_weft//:workers", "@rules_weft//:batch"), file("@rules_weft//:workers"), file("@rules_weft//:coverage")
	can := proc.Namespaces() == nil // or this machine has none
	cell := func(on bool) []string { return append(bazel.WorkerFlags(on), bazel.BatchFlag(false)) }
	batch := func(on bool) []string { return append(bazel.WorkerFlags(on), bazel.BatchFlag(true)) }
	for _, c := range []struct {
		name           string
		targets        *bazel.Targets
		way, isolation string
		flags          []string
		notes          []string // what each says
	}{
		{"auto", current, "auto", "cell", cell(can), nil},
		{"nothing said", current, "", "", cell(can), nil},
		{"off", current, "off", "cell", cell(false), nil},
		{"batch", current, "auto", "batch", batch(can), nil},
		{"batch and off", current, "off", "batch", batch(false), []string{"there are no persistent workers"}},
		{"rules without batch", before, "auto", "cell", bazel.WorkerFlags(can), nil},
		{"batch, rules without it", before, "auto", "batch", bazel.WorkerFlags(can), []string{"too old to know of it"}},
		{"older rules", old, "auto", "cell", nil, []string{"too old for persistent workers"}},
		{"older rules and off", old, "off", "cell", nil, nil},
		{"older rules and batch", old, "auto", "batch", nil, []string{"too old for persistent workers", "too old to know of it"}},
		{"no test", &bazel.Targets{}, "auto", "batch", nil, nil},
	} {
		dir, err := os.MkdirTemp(cmp.Or(os.Getenv("TEST_TMPDIR"), "/var/tmp"), "weft-") // below /tmp there are no workers
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		p := &pass{req: request.Request{Workspace: dir, Jobs: 2, Workers: c.way, Isolation: c.isolation}, sink: &collector{}, tools: Tools{Cores: 8}}
		if err := p.settleWorkers(c.targets); err != nil || !slices.Equal(p.build, c.flags) {
			t.Errorf("%s: %v, flags %q", c.name, err, p.build)
		}
		rc, _ := os.ReadFile(filepath.Join(dir, ".weft", "bazelrc"))
		// Of these Bazel compares the whole list: it must have each once, from here.
		instances := bazel.WorkerInstances(2)
		if shared := strings.Contains(string(rc), "build "+instances+"\n"); shared != slices.Contains(c.flags, "--worker_sandboxing") || slices.Contains(p.build, instances) {
			t.Errorf("%s: flags %q, and in the rc file\n%s", c.name, p.build, rc)
		}
		for _, flag := range c.flags {
			if !strings.Contains(string(rc), "build "+flag+"\n") {
				t.Errorf("%s: plain Bazel is not given %s:\n%s", c.name, flag, rc)
			}
		}
		if can && !slices.EqualFunc(p.problems, c.notes, func(p result.Problem, note string) bool { return strings.Contains(p.Message, note) && p.Hint != "" }) {
			t.Errorf("%s: notes %q", c.name, p.problems)
		}
	}
}

// TestWorkerRefuses: what a worker without hardening says, and a Bazel without
// the flags, end in a message with a way out.
func TestWorkerRefuses(t *testing.T) {
	for stderr, c := range map[string]struct {
		code int
		want string
	}{
		"ERROR: Testing a.py failed: (Exit 1)\nweft: worker not hardened: network eth0\n":           {1, "network eth0"},
		"ERROR: /w/BUILD:1:1: Testing a.py failed: Worker process did not return a WorkResponse:\n": {1, "ended before it answered"},
		"ERROR: --worker_sandboxing :: Unrecognized option: --worker_sandboxing\n":                  {2, "does not have the flags"},
	} {
		p := &pass{req: request.Request{Scope: request.Scope{Text: "all"}}, sink: &collector{}}
		p.judge(t.Context(), bazel.Exit{Code: c.code, Stderr: stderr, Complete: true})
		if len(p.problems) != 1 || !strings.Contains(p.problems[0].Message, c.want) || p.problems[0].Hint != "weft test all --workers=off" {
			t.Errorf("problems %q", p.problems)
		}
	}
}
