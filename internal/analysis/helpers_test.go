package analysis

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/history"
	"github.com/weft-build/weft/internal/result"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// matrix is a run over environments given as NAME=VERSION; an Octave one
// begins with "octave".
func matrix(envs ...string) result.Run {
	run := result.Run{ID: "20261123T120000.000Z-1", Start: noon}
	for _, e := range envs {
		name, version, _ := strings.Cut(e, "=")
		kind := "python"
		if strings.HasPrefix(name, "octave") {
			kind = "octave"
		}
		run.Environments = append(run.Environments, result.Environment{Name: name, Kind: kind, Version: version})
	}
	return run
}

func cell(file, kind, env string, verdict result.Verdict, cases ...result.Case) result.Cell {
	c := result.Cell{
		ID: file + " " + kind + " " + env, File: file, Type: kind, Environment: env, Verdict: verdict,
		Suite: "//tests:tests." + kind + "@" + env, Start: noon.Add(time.Minute), Duration: time.Second, Cases: cases,
	}
	c.JSON.Label = "//tests:" + strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(file, "tests/"), ".py"), ".m")
	c.JSON.Environment = result.CellEnvironment{Name: env, Kind: "python", StorePath: "/nix/store/" + env}
	return c
}

func ok(id string) result.Case { return result.Case{ID: id, Name: id, Outcome: result.CasePassed} }

func failing(id, message, text string) result.Case {
	return result.Case{ID: id, Name: id, Outcome: result.CaseFailed, Message: message, Text: text}
}

// only is the single finding of the run.
func only(t *testing.T, run result.Run) Finding {
	t.Helper()
	found := Analyse(run, nil, Options{}).Findings
	if len(found) != 1 {
		t.Fatalf("%d findings, want 1: %+v", len(found), found)
	}
	return found[0]
}

// store is a history that holds the runs, oldest first.
func store(t *testing.T, runs ...result.Run) *history.History {
	t.Helper()
	s := history.Open(t.TempDir(), history.Limits{}, func() time.Time { return noon })
	for i, r := range runs {
		r.Start = noon.Add(time.Duration(i-len(runs)) * time.Hour)
		r.ID = fmt.Sprintf("%s-%d", r.Start.Format("20060102T150405.000Z"), i)
		for j := range r.Cells {
			r.Cells[j].Start = r.Start
		}
		if err := s.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	h, problems := s.Load()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return h
}
