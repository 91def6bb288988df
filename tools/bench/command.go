package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/proc"
)

// ran is a command that exited with 0.
type ran struct {
	seconds float64 // on the clock, from its start to its end
	output  string
}

// command runs a program in a folder, with the machine's variables less those
// that change what Python and pytest do, and with the ones given.
func command(ctx context.Context, dir string, variables []string, argv ...string) (ran, error) {
	res, err := proc.Run(ctx, proc.Command{Purpose: "running " + argv[0], Argv: argv, Dir: dir, Env: environ(variables)})
	if err != nil && len(res.Stdout) > 0 {
		out := string(res.Stdout)
		err = fmt.Errorf("%w\nits output ends:\n%s", err, out[max(0, len(out)-3000):])
	}
	return ran{seconds: res.Duration.Seconds(), output: string(res.Stdout) + res.Stderr}, err
}

// dropped are the beginnings of variables that would change what a peer does: under
// CI tox asks pip in each run what is installed.
var dropped = []string{"CI=", "NOX", "PYTEST", "PYTHON", "TOX"}

func environ(more []string) []string {
	var all []string
	for _, v := range os.Environ() {
		if !slices.ContainsFunc(dropped, func(d string) bool { return strings.HasPrefix(v, d) }) {
			all = append(all, v)
		}
	}
	return append(append(all, "NO_COLOR=1", "TERM=dumb"), more...)
}

var pytestEnd = regexp.MustCompile(`(?m)^(?:.* )?(\d+) passed(?:, \d+ warnings?)? in [0-9.]+s`)

// passedIn adds up what pytest said last, once for each of its runs. A run with
// a failure counts for nothing.
func passedIn(output string) int {
	total := 0
	for _, m := range pytestEnd.FindAllStringSubmatch(output, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil && !strings.Contains(m[0], "failed") {
			total += n
		}
	}
	return total
}

// stopTime bounds what is done after an interrupt.
const stopTime = time.Minute

// untilStopped is a context for cleaning up, which an interrupt does not end.
func untilStopped(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), stopTime)
}
