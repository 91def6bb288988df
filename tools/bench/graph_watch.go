package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// residentTarget is what weft watch holds of the machine's memory between two passes, in MB.
const residentTarget = 300

// idleTime is how long it has waited for a save when that is read: it gives
// back what a pass has left.
const idleTime = 10 * time.Second

// resident is weft watch's memory after the passes of runResident, in MB.
type resident struct {
	first, edited, saved float64 // idle after each
	firstPeak, peak      float64 // in the first pass, and in all
}

// watchResident has weft watch all of the workspace: a first pass over all cells,
// one after a BUILD edit, one after the save of a test file. Each writes the
// report of all.
func (g graphShape) watchResident(ctx context.Context, dir, weft string, talk io.Writer) (m resident, err error) {
	bazel := filepath.Join(filepath.Dir(dir), "bazel-that-tells")
	if err := standIn(bazel); err != nil {
		return m, err
	}
	w := startWatcher(ctx, dir, []string{"WEFT_OVERRIDE_INPUT="}, weft, "watch", "all", "--json", "--bazel", bazel)
	defer func() { err = errors.Join(err, w.end()) }()
	for _, step := range []struct {
		save       func() error
		idle, peak *float64
	}{
		{func() error { return nil }, &m.first, &m.firstPeak},
		{func() error { return g.editBuildFile(dir, 1_000_000) }, &m.edited, &m.peak},
		{func() error {
			return os.WriteFile(filepath.Join(dir, g.folder(0), g.test(0)+".py"), []byte("saved = True\n"), 0o644)
		}, &m.saved, &m.peak},
	} {
		if err := step.save(); err != nil {
			return m, err
		}
		if err := w.until(ctx, waits); err != nil {
			return m, err
		}
		select {
		case <-ctx.Done():
			return m, context.Cause(ctx)
		case <-time.After(idleTime):
		}
		if *step.idle, *step.peak, err = residentOf(dir); err != nil {
			return m, err
		}
		fmt.Fprintf(talk, "bench: graph, weft watch  %.0f MB resident, %.0f MB at most so far\n", *step.idle, *step.peak)
	}
	return m, nil
}

// waits says that a line of weft watch tells that all is done, and that a pass
// which did not pass is an error. The longest lines come in pieces.
func waits(l line) (bool, error) {
	if strings.HasPrefix(l.text, `{"event":"pass.end"`) && !strings.Contains(l.text, `"exitCode":0`) {
		return false, fmt.Errorf("the pass did not pass: %.500s", l.text)
	}
	return strings.HasPrefix(l.text, `{"event":"waiting"`), nil
}

// residentOf is what the weft of a workspace holds of the machine's memory, and
// the most that it has held, in MB. Its lock names the process.
func residentOf(dir string) (now, most float64, err error) {
	text, err := os.ReadFile(filepath.Join(dir, ".weft", "lock"))
	if err != nil {
		return 0, 0, err
	}
	status, err := os.ReadFile(filepath.Join("/proc", strings.TrimSpace(string(text)), "status"))
	if err != nil {
		return 0, 0, err
	}
	now, err = statusMB(status, "VmRSS")
	if err != nil {
		return 0, 0, err
	}
	most, err = statusMB(status, "VmHWM")
	return now, most, err
}

// statusMB is a line of /proc/PID/status, which says kB.
func statusMB(status []byte, name string) (float64, error) {
	m := regexp.MustCompile(`(?m)^` + name + `:\s+(\d+) kB$`).FindSubmatch(status)
	if m == nil {
		return 0, fmt.Errorf("the process's status does not say %s", name)
	}
	kB, err := strconv.ParseFloat(string(m[1]), 64)
	return kB / 1024, err
}
