// Command bench measures weft on generated repositories and compares what it finds
// with what was promised. It is no test: `make bench` prints, and judges nothing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	weft := flags.String("weft", "bin/weft", "the command to measure")
	runs := flags.Int("runs", 5, "of each measurement; the median is shown")
	files := flags.Int("files", 10_000, "Python files in the generated repository")
	folders := flags.Int("folders", 500, "folders that they lie in")
	keep := flags.String("keep", "", "leave the repository in this folder, which must not be there yet")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *runs < 1 {
		return errors.New("-runs is less than one")
	}
	program, err := filepath.Abs(*weft)
	if err != nil {
		return err
	}
	dir, remove, err := folderFor(*keep)
	if err != nil {
		return err
	}
	defer remove()
	start := time.Now()
	if err := generate(dir, shape{*files, *folders}); err != nil {
		return fmt.Errorf("generating a repository: %w", err)
	}
	fmt.Fprintf(os.Stderr, "bench: %d files in %d folders, generated in %.1f s\n", *files, *folders, time.Since(start).Seconds())
	rows, err := measureGen(program, dir, *runs)
	if err != nil {
		return err
	}
	return print(rows, *runs)
}

// folderFor makes the repository's folder, and says how to be rid of it.
func folderFor(keep string) (string, func(), error) {
	if keep == "" {
		dir, err := os.MkdirTemp("", "weft-bench-")
		return dir, func() { _ = os.RemoveAll(dir) }, err
	}
	dir, err := filepath.Abs(keep)
	if err != nil {
		return "", nil, err
	}
	return dir, func() {}, os.Mkdir(dir, 0o755)
}

// print writes the table. A ratio below 1 is better than what was promised.
func print(rows []row, runs int) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "median of %d\ttime\ttarget\tratio\tpeak memory\ttarget\tratio\t\n", runs)
	for _, r := range rows {
		fmt.Fprintf(out, "%s\t%.2f s\t%.2f s\t%.2f\t%.0f MB\t%.0f MB\t%.2f\t\n", r.name, r.seconds, r.target, r.seconds/r.target, r.megabytes, memoryTarget, r.megabytes/memoryTarget)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Println(strings.Join(machine(), "\n"))
	return nil
}
