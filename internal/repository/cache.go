package repository

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/weft-build/weft/internal/octsource"
	"github.com/weft-build/weft/internal/swap"
)

// cache keeps the facts of sources between runs, in one file: a header, then
// for each source its path, its stamp and its facts. It is only ever a help: a
// cache that cannot be read is as one that is not there.
type cache struct {
	path  string
	known map[string]cached
	// builds are the BUILD files of this run, and changed says that one of them
	// was not known.
	builds  map[string]cached
	changed bool
}

type cached struct {
	stamp stamp
	facts string
}

// schema changes whenever the scanners or the codec do; what an older weft has
// cached is then read anew.
const schema = "weft sources 4\n"

const cacheName = "sources"

func openCache(folder string) *cache {
	c := &cache{known: map[string]cached{}, builds: map[string]cached{}}
	if folder == "" {
		return c
	}
	c.path = filepath.Join(folder, cacheName)
	data, err := os.ReadFile(c.path)
	if err != nil {
		return c
	}
	rest, ok := strings.CutPrefix(string(data), schema)
	if !ok {
		return c
	}
	d := &decoder{text: rest}
	for d.at < len(d.text) && d.err == nil {
		name := d.str()
		s := stamp{int64(d.number()), int64(d.number())}
		c.known[name] = cached{s, d.str()}
	}
	if d.err != nil {
		c.known = map[string]cached{}
	}
	return c
}

// fill takes a file's facts from the cache; false when it has none.
func (c *cache) fill(f *file) bool {
	known, ok := c.known[f.path]
	if !ok || known.stamp != f.stamp {
		return false
	}
	if path.Ext(f.name) == ".m" {
		f.oct = &octsource.File{}
		return json.Unmarshal([]byte(known.facts), f.oct) == nil
	}
	d := &decoder{text: known.facts}
	f.py = d.file()
	return d.err == nil && d.at == len(d.text)
}

// keep writes the cache anew when a file was read or is gone. A fault is not
// one of the run's: the next run reads the sources again.
func (c *cache) keep(files []*file, read int) {
	if c.path == "" || read == 0 && !c.changed && len(files)+len(c.builds) == len(c.known) {
		return
	}
	e := &encoder{buf: []byte(schema)}
	entry := func(path string, s stamp, facts string) {
		e.text(path)
		e.number(int(s.size))
		e.number(int(s.mtime))
		e.text(facts)
	}
	for _, f := range files {
		entry(f.path, f.stamp, c.facts(f))
	}
	for path, b := range c.builds {
		entry(path, b.stamp, b.facts)
	}
	if os.MkdirAll(filepath.Dir(c.path), 0o755) == nil {
		_ = swap.Write(c.path, e.buf, 0o600)
	}
}

func (c *cache) facts(f *file) string {
	if known, ok := c.known[f.path]; ok && known.stamp == f.stamp {
		return known.facts
	}
	if f.oct != nil {
		data, _ := json.Marshal(f.oct)
		return string(data)
	}
	one := &encoder{}
	one.file(f.py)
	return string(one.buf)
}

// fillBuild takes what a BUILD file says from the cache.
func (c *cache) fillBuild(path string, s stamp, b *buildFile) bool {
	known, ok := c.known[path]
	if !ok || known.stamp != s || s == (stamp{}) {
		return false
	}
	d := &decoder{text: known.facts}
	b.directives, b.rules = d.build()
	if d.err != nil || d.at != len(d.text) {
		return false
	}
	c.builds[path] = known
	return true
}

// learn keeps what a BUILD file says for the next run.
func (c *cache) learn(path string, s stamp, b *buildFile) {
	e := &encoder{}
	e.build(b)
	c.builds[path], c.changed = cached{s, string(e.buf)}, true
}
