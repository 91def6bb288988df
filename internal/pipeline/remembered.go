package pipeline

import (
	"encoding/json"
	"time"
	"unique"

	"github.com/weft-build/weft/internal/result"
)

// remembered is a cell's result between two passes, in a tenth of the memory: a
// large workspace has a million cases, most of which passed, and their names are
// the same in every environment.
type remembered struct {
	kind         *result.Cell // what it has in common with many; of a cell that is not plain the cell itself
	plain        bool
	file, label  unique.Handle[string]
	suite, log   unique.Handle[string]
	start, begun time.Time // the cell's, its JSON's
	duration     time.Duration
	seconds, cpu float64               // the JSON's
	cases        unique.Handle[string] // their names, see packCases
	durations    []time.Duration       // of the cases
}

// kinds keeps one copy of what many cells have in common, by its JSON.
type kinds map[string]*result.Cell

// pack makes of a cell what is remembered of it.
func (k kinds) pack(c result.Cell) remembered {
	if !isPlain(c) {
		return remembered{kind: &c}
	}
	r := remembered{
		plain: true, file: unique.Make(c.File), label: unique.Make(c.JSON.Label), suite: unique.Make(c.Suite), log: unique.Make(c.LogPath),
		start: c.Start, begun: c.JSON.Start, duration: c.Duration, seconds: c.JSON.DurationSeconds, cpu: *c.JSON.CPUSeconds,
		cases: unique.Make(packCases(c.Cases)), durations: make([]time.Duration, len(c.Cases)),
	}
	for i, one := range c.Cases {
		r.durations[i] = one.Duration
	}
	c.ID, c.File, c.JSON.File, c.JSON.Label, c.Suite, c.LogPath, c.Cases = "", "", "", "", "", "", nil
	c.Start, c.JSON.Start, c.Duration, c.JSON.DurationSeconds, c.JSON.CPUSeconds = time.Time{}, time.Time{}, 0, 0, nil
	key, _ := json.Marshal(c) // it came from JSON
	if k[string(key)] == nil {
		k[string(key)] = &c
	}
	r.kind = k[string(key)]
	return r
}

// cell is the cell as it was, but for its cases.
func (r remembered) cell(id string) result.Cell {
	if r.kind == nil {
		return result.Cell{}
	}
	c := *r.kind
	if !r.plain {
		return c
	}
	c.ID, c.File, c.JSON.File, c.JSON.Label, c.Suite, c.LogPath = id, r.file.Value(), r.file.Value(), r.label.Value(), r.suite.Value(), r.log.Value()
	c.Start, c.JSON.Start, c.Duration, c.JSON.DurationSeconds, c.JSON.CPUSeconds = r.start, r.begun, r.duration, r.seconds, new(r.cpu)
	return c
}

// unpack is the cell as it was.
func (r remembered) unpack(id string) result.Cell {
	c := r.cell(id)
	if r.plain {
		c.Cases = unpackCases(r.cases.Value(), r.durations)
	}
	return c
}
