package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

// row is one measurement: medians of all runs.
type row struct {
	name               string
	seconds, megabytes float64
	target             float64 // seconds
}

const memoryTarget = 500.0 // MB

// runGen generates the repository, measures and prints.
func runGen(weft, dir string, runs int) ([]recordGen, error) {
	size := shape{Files: 10_000, Folders: 500}
	if err := generate(dir, size); err != nil {
		return nil, fmt.Errorf("generating a repository: %w", err)
	}
	rows, err := measureGen(weft, dir, runs)
	if err != nil {
		return nil, err
	}
	fmt.Printf("\ngen: %d files in %d folders\n", size.Files, size.Folders)
	var all []recordGen
	for _, r := range rows {
		all = append(all, recordGen{Name: r.name, Seconds: r.seconds, Target: r.target, Megabytes: r.megabytes})
	}
	return all, printGen(rows, runs)
}

// printGen writes the table. A ratio below 1 is better than what was promised.
func printGen(rows []row, runs int) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "median of %d\ttime\ttarget\tratio\tpeak memory\ttarget\tratio\t\n", runs)
	for _, r := range rows {
		fmt.Fprintf(out, "%s\t%.2f s\t%.2f s\t%.2f\t%.0f MB\t%.0f MB\t%.2f\t\n", r.name, r.seconds, r.target, r.seconds/r.target, r.megabytes, memoryTarget, r.megabytes/memoryTarget)
	}
	return out.Flush()
}

// measureGen measures `weft gen`: without BUILD files and cache, with nothing
// changed, and after one file's change.
func measureGen(weft, dir string, runs int) ([]row, error) {
	gen := func() (float64, float64, error) { return measure(dir, weft, "gen") }
	changed := filepath.Join(dir, "src", packagePath(1), names("", 2, 1)[1]+".py")
	text, err := os.ReadFile(changed)
	if err != nil {
		return nil, err
	}
	turn := 0
	change := func() error {
		turn++
		module := nouns[turn%len(nouns)]
		return os.WriteFile(changed, fmt.Appendf(slices.Clone(text), "\n\ndef late_%d():\n    import %s\n", turn, module), 0o644)
	}
	var rows []row
	for _, r := range []struct {
		name   string
		target float64
		before func() error
	}{
		{"weft gen, cold", 5, func() error { return clean(dir) }},
		{"weft gen, nothing changed", 0.5, func() error { return nil }},
		{"weft gen, one file changed", 0.5, change},
	} {
		result, err := median(runs, r.before, gen)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
		result.name, result.target = r.name, r.target
		rows = append(rows, result)
	}
	return rows, nil
}

func median(runs int, before func() error, run func() (float64, float64, error)) (row, error) {
	var seconds, megabytes []float64
	for range runs {
		if err := before(); err != nil {
			return row{}, err
		}
		s, m, err := run()
		if err != nil {
			return row{}, err
		}
		seconds, megabytes = append(seconds, s), append(megabytes, m)
	}
	slices.Sort(seconds)
	slices.Sort(megabytes)
	return row{seconds: seconds[runs/2], megabytes: megabytes[runs/2]}, nil
}

// measure runs a command: seconds on the clock, and the most memory that it held.
func measure(dir string, command ...string) (seconds, megabytes float64, err error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CI=1", "NO_COLOR=1")
	var talk strings.Builder
	cmd.Stdout, cmd.Stderr = &talk, &talk
	start := time.Now()
	err = cmd.Run()
	seconds = time.Since(start).Seconds()
	if err != nil {
		text := talk.String()
		return 0, 0, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, text[:min(len(text), 2000)])
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, 0, errors.New("this system does not say how much memory a process has used")
	}
	return seconds, float64(usage.Maxrss) / maxrssUnit(), nil
}

// maxrssUnit is how many of the kernel's units a MB has: kilobytes, on macOS bytes.
func maxrssUnit() float64 {
	if runtime.GOOS == "darwin" {
		return 1 << 20
	}
	return 1 << 10
}

// clean removes what weft gen has written, its cache included.
func clean(dir string) error {
	if err := os.RemoveAll(filepath.Join(dir, ".weft")); err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Base(path) == "BUILD.bazel" {
			return os.Remove(path)
		}
		return err
	})
}
