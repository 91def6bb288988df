package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// bazelPeer is Bazel without weft's rules: one Bazel test for each file and
// environment.
type bazelPeer struct {
	at    *site
	bazel bazelState
}

func newBazel(at *site) *bazelPeer {
	return &bazelPeer{at, newBazelState(at.dir, "output", filepath.Join(filepath.Dir(at.dir), "disk"))}
}

func (p *bazelPeer) place() *site { return p.at }

func (p *bazelPeer) setUp(context.Context) error {
	if err := p.at.write(); err != nil {
		return err
	}
	return p.ready()
}

func (p *bazelPeer) ready() error {
	rule, err := body("pytest_files.bzl")
	if err != nil {
		return err
	}
	return writeFiles(p.at.dir, map[string]string{
		"MODULE.bazel": "module(name = \"bench\")\n",
		".bazelrc": p.bazel.settings() + "common --enable_bzlmod\nbuild --incompatible_strict_action_env\n" +
			"build --disk_cache=" + p.bazel.diskCache + "\ntest --test_output=errors\n",
		"pytest_files.bzl":  rule,
		"BUILD.bazel":       "exports_files(glob([\"src/**/*.py\"]) + [\"pyproject.toml\"])\n",
		"tests/BUILD.bazel": p.buildFile(),
	})
}

func (p *bazelPeer) buildFile() string {
	var b strings.Builder
	b.WriteString("load(\"//:pytest_files.bzl\", \"pytest_test\")\n")
	for i := range p.at.workload.files {
		data := []string{"//:pyproject.toml"}
		for _, path := range imports(i) {
			data = append(data, "//:"+path)
		}
		for _, e := range p.at.environments {
			fmt.Fprintf(&b, "\npytest_test(\n    name = %q,\n    src = %q,\n    data = [\"%s\"],\n    python = %q,\n)\n",
				testName(i)+"_"+e.name, testName(i)+".py", strings.Join(data, `", "`), e.python())
		}
	}
	return b.String()
}

func (p *bazelPeer) cold(ctx context.Context) error {
	if err := p.discard(ctx); err != nil {
		return err
	}
	return os.RemoveAll(p.bazel.diskCache)
}

func (p *bazelPeer) test(ctx context.Context, save func() error) (float64, int, error) {
	if err := save(); err != nil {
		return 0, 0, err
	}
	r, err := command(ctx, p.at.dir, nil, "bazel", "test", "//...")
	if err != nil {
		return 0, 0, err
	}
	passed, err := p.passed(r.output)
	return r.seconds, passed, err
}

var bazelEnd = regexp.MustCompile(`Executed \d+ out of (\d+) tests?: (\d+) tests? pass`)

// passed is how many tests the files of a run hold, each of which must be in its
// last words.
func (p *bazelPeer) passed(output string) (int, error) {
	all := strconv.Itoa(p.at.workload.cells())
	m := bazelEnd.FindStringSubmatch(output)
	if m == nil || m[1] != all || m[2] != all {
		return 0, fmt.Errorf("bazel did not say that %s tests pass:\n%s", all, output[max(0, len(output)-1000):])
	}
	return passedInXML(filepath.Join(p.at.dir, "bazel-testlogs"))
}

func (p *bazelPeer) stop(ctx context.Context) error    { return p.bazel.stop(ctx) }
func (p *bazelPeer) discard(ctx context.Context) error { return p.bazel.discard(ctx) }

func (p *bazelPeer) second(_ context.Context, dir string) (peer, error) {
	at, err := p.at.copyTo(dir)
	if err != nil {
		return nil, err
	}
	other := &bazelPeer{at, newBazelState(dir, "output-second", p.bazel.diskCache)}
	return other, other.ready()
}
