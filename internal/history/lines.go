package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/weft-build/weft/internal/result"
)

// version of the files. A newer one is skipped and said.
const version = 1

// outcomeFlaky stands for a case that failed first and passed then.
const outcomeFlaky = "flaky"

// line is one JSON line; exactly one field is set.
type line struct {
	Run       *runLine       `json:"run,omitempty"`
	Cell      *cellLine      `json:"cell,omitempty"`
	Benchmark *benchmarkLine `json:"benchmark,omitempty"`
}

type runLine struct {
	Version int       `json:"version"`
	ID      string    `json:"id"`
	Scope   string    `json:"scope"`
	Start   time.Time `json:"start"`
}

type cellLine struct {
	ID      string            `json:"id"`
	Verdict result.Verdict    `json:"verdict"`
	Start   time.Time         `json:"start"`
	Seconds float64           `json:"seconds"`
	CPU     *float64          `json:"cpuSeconds,omitempty"` // nil was not measured
	Cases   map[string]string `json:"cases,omitempty"`      // what failed or was flaky
}

type benchmarkLine struct {
	File        string    `json:"file"`
	Name        string    `json:"name"`
	Environment string    `json:"environment"`
	StorePath   string    `json:"storePath"`
	Start       time.Time `json:"start"`
	Samples     []float64 `json:"samples"`
}

func (b benchmarkLine) key() benchmarkKey { return benchmarkKey{b.File, b.Name, b.Environment} }

// pastRun is one file.
type pastRun struct {
	name string // of the file
	runLine
	cells      []cellLine
	benchmarks []benchmarkLine
}

// encode writes a run's lines, less those of cells that come from a cache and
// whose measurement is known, and then what its file held before.
func encode(w io.Writer, run result.Run, known map[string]bool, before pastRun) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	for _, l := range append(newLines(run, known), before.last()...) {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return out.Flush()
}

func newLines(run result.Run, known map[string]bool) []line {
	lines := []line{{Run: &runLine{Version: version, ID: run.ID, Scope: run.Scope, Start: run.Start}}}
	for _, c := range run.Cells {
		if c.Verdict == result.NotRun || c.Cached && known[measurement(c.ID, c.Start)] {
			continue
		}
		lines = append(lines, line{Cell: &cellLine{
			ID: c.ID, Verdict: c.Verdict, Start: c.Start, Seconds: c.Duration.Seconds(), CPU: c.JSON.CPUSeconds, Cases: notable(c.Cases),
		}})
		for _, b := range c.JSON.Benchmarks {
			if c.Cached || len(b.Samples) == 0 {
				continue
			}
			lines = append(lines, line{Benchmark: &benchmarkLine{
				File: c.File, Name: b.Name, Environment: c.Environment,
				StorePath: c.JSON.Environment.StorePath, Start: c.Start, Samples: b.Samples,
			}})
		}
	}
	return lines
}

// last are as many of the lines of each cell and benchmark as are ever looked at.
func (r pastRun) last() []line {
	var lines []line
	seen := map[string]int{}
	for _, c := range r.cells {
		if seen[c.ID]++; seen[c.ID] <= lastOutcomes {
			lines = append(lines, line{Cell: &c})
		}
	}
	measured := map[benchmarkKey]int{}
	for _, b := range r.benchmarks {
		if measured[b.key()]++; measured[b.key()] <= lastBaselines {
			lines = append(lines, line{Benchmark: &b})
		}
	}
	return lines
}

// measurement names one execution of a cell: what comes from a cache has the
// start of the execution that made it.
func measurement(cellID string, start time.Time) string {
	return cellID + "\x00" + start.UTC().Format(time.RFC3339Nano)
}

func notable(cases []result.Case) map[string]string {
	var out map[string]string
	for _, k := range cases {
		what := ""
		switch {
		case k.Synthetic:
			continue
		case k.Flaky:
			what = outcomeFlaky
		case k.Outcome == result.CaseFailed, k.Outcome == result.CaseError:
			what = string(k.Outcome)
		default:
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[k.ID] = what
	}
	return out
}

var errNoHeader = errors.New("its first line is not a run")

// decode reads a file. Lines that it cannot read are counted in bad.
func decode(r io.Reader) (run pastRun, bad int, err error) {
	in := bufio.NewReader(r)
	for first := true; ; first = false {
		text, readErr := in.ReadBytes('\n')
		if readErr != nil && readErr != io.EOF {
			return run, bad, readErr
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			var l line
			jsonErr := json.Unmarshal(text, &l)
			switch {
			case first && (jsonErr != nil || l.Run == nil):
				return run, bad, errNoHeader
			case first && l.Run.Version > version:
				return run, bad, fmt.Errorf("its version %d is newer than the %d that this weft reads", l.Run.Version, version)
			case first:
				run.runLine = *l.Run
			case jsonErr == nil && l.Cell != nil && l.Cell.ID != "":
				run.cells = append(run.cells, *l.Cell)
			case jsonErr == nil && l.Benchmark != nil:
				run.benchmarks = append(run.benchmarks, *l.Benchmark)
			default:
				bad++
			}
		} else if first {
			return run, bad, errNoHeader
		}
		if readErr == io.EOF {
			return run, bad, nil
		}
	}
}
