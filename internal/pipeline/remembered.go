package pipeline

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/texts"
)

// remembered is a cell's result between two passes, in a tenth of the memory: a
// large workspace has a million cases, most of which passed, and their names are
// the same in every environment.
type remembered struct {
	kind         *result.Cell // what it has in common with many; of a cell that is not plain the cell itself
	plain        bool
	file, label  string
	suite, log   string
	start, begun time.Time // the cell's, its JSON's
	duration     time.Duration
	seconds, cpu float64         // the JSON's
	cases        string          // their names, see packCases
	durations    []time.Duration // of the cases
}

// common is what remembered cells share.
type common struct {
	texts     texts.Table
	kinds     map[string]*result.Cell // what many cells have in common, by its JSON
	durations []time.Duration         // room for those of the next cells
	timed     int                     // how many durations were put in
}

// size is how many bytes were put in, whether a cell still has them or not.
func (k *common) size() int { return k.texts.Size() + 8*k.timed }

// room is for how many durations memory is asked for at once.
const room = 1 << 15

// pack makes of a cell what is remembered of it.
func (k *common) pack(c result.Cell) remembered {
	if !isPlain(c) {
		return remembered{kind: &c}
	}
	r := remembered{
		plain: true, file: k.texts.One(c.File), label: k.texts.One(c.JSON.Label), suite: k.texts.One(c.Suite), log: k.texts.One(c.LogPath),
		start: c.Start, begun: c.JSON.Start, duration: c.Duration, seconds: c.JSON.DurationSeconds, cpu: *c.JSON.CPUSeconds,
		cases: k.texts.One(packCases(c.Cases)),
	}
	if len(k.durations)+len(c.Cases) > cap(k.durations) {
		k.durations = make([]time.Duration, 0, max(room, len(c.Cases)))
	}
	from := len(k.durations)
	for _, one := range c.Cases {
		k.durations = append(k.durations, one.Duration)
	}
	r.durations, k.timed = slices.Clip(k.durations[from:]), k.timed+len(c.Cases)
	c.ID, c.File, c.JSON.File, c.JSON.Label, c.Suite, c.LogPath, c.Cases = "", "", "", "", "", "", nil
	c.Start, c.JSON.Start, c.Duration, c.JSON.DurationSeconds, c.JSON.CPUSeconds = time.Time{}, time.Time{}, 0, 0, nil
	key, _ := json.Marshal(c) // it came from JSON
	if k.kinds == nil {
		k.kinds = map[string]*result.Cell{}
	}
	if k.kinds[string(key)] == nil {
		k.kinds[string(key)] = &c
	}
	r.kind = k.kinds[string(key)]
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
	c.ID, c.File, c.JSON.File, c.JSON.Label, c.Suite, c.LogPath = id, r.file, r.file, r.label, r.suite, r.log
	c.Start, c.JSON.Start, c.Duration, c.JSON.DurationSeconds, c.JSON.CPUSeconds = r.start, r.begun, r.duration, r.seconds, new(r.cpu)
	return c
}

// unpack is the cell as it was.
func (r remembered) unpack(id string) result.Cell {
	c := r.cell(id)
	if r.plain {
		c.Cases = unpackCases(r.cases, r.durations)
	}
	return c
}
