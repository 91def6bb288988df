package repository

import (
	"encoding/binary"
	"errors"

	"github.com/weft-build/weft/internal/pysource"
)

// The facts of a source are kept in a binary form of our own: at 10,000 files
// a general one (gob, JSON) takes longer to read than the whole of weft gen may
// take. Strings are lengths and bytes, numbers are varints.

// encoder appends facts to a buffer.
type encoder struct{ buf []byte }

func (e *encoder) number(n int) { e.buf = binary.AppendVarint(e.buf, int64(n)) }

func (e *encoder) text(s string) {
	e.number(len(s))
	e.buf = append(e.buf, s...)
}

func (e *encoder) texts(list []string) {
	e.number(len(list))
	for _, s := range list {
		e.text(s)
	}
}

// flags packs up to eight booleans.
func (e *encoder) flags(bits ...bool) {
	n := 0
	for i, b := range bits {
		if b {
			n |= 1 << i
		}
	}
	e.number(n)
}

func (e *encoder) file(f *pysource.File) {
	e.number(len(f.Imports))
	for _, i := range f.Imports {
		e.number(i.Line)
		e.number(i.Level)
		e.text(i.Module)
		e.flags(i.Optional, i.Typing, i.Local, i.Names != nil)
		e.texts(i.Names)
	}
	e.number(len(f.Dynamic))
	for _, d := range f.Dynamic {
		e.number(d.Line)
		e.text(d.Call)
		e.text(d.Module)
		e.text(d.Prefix)
	}
	e.number(len(f.Uses))
	for _, u := range f.Uses {
		e.number(u.Level)
		e.text(u.Name)
	}
	e.definitions(f.Definitions)
	e.texts(f.Markers)
	e.texts(f.All)
	e.number(len(f.Strings))
	for _, s := range f.Strings {
		e.number(s.Line)
		e.text(s.Value)
		e.flags(s.Joined)
	}
	e.texts(f.Mentions)
	e.flags(f.Doctests, f.Problem != nil)
	if f.Problem != nil {
		e.number(f.Problem.Line)
		e.text(f.Problem.Text)
	}
}

func (e *encoder) definitions(all []pysource.Definition) {
	e.number(len(all))
	for _, d := range all {
		e.number(int(d.Kind))
		e.text(d.Name)
		e.number(d.Line)
		e.texts(d.Markers)
		e.texts(d.CaseMarkers)
		e.texts(d.Bases)
		e.definitions(d.Members)
	}
}

func (e *encoder) build(b *buildFile) {
	e.number(len(b.directives))
	for _, d := range b.directives {
		e.text(d.key)
		e.text(d.value)
		e.number(d.line)
	}
	e.number(len(b.rules))
	for _, r := range b.rules {
		e.text(r.kind)
		e.text(r.name)
		e.text(r.src)
		e.texts(r.srcs)
		e.texts(r.globs)
		e.texts(r.files)
		e.flags(r.keep)
	}
}

var errCorrupt = errors.New("corrupt")

// decoder reads what encoder wrote. The text is one string, so that the facts'
// strings are parts of it. After a fault everything is zero and err is set.
type decoder struct {
	text string
	at   int
	err  error
}

func (d *decoder) number() int {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		if d.at >= len(d.text) {
			break
		}
		b := d.text[d.at]
		d.at++
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return int(int64(n>>1) ^ -int64(n&1))
		}
	}
	d.err = errCorrupt
	return 0
}

// count is a number of items, each of which takes at least a byte.
func (d *decoder) count() int {
	n := d.number()
	if n < 0 || n > len(d.text)-d.at {
		d.err = errCorrupt
		return 0
	}
	return n
}

func (d *decoder) str() string {
	n := d.count()
	s := d.text[d.at : d.at+n]
	d.at += n
	return s
}

func (d *decoder) strs() []string {
	n := d.count()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = d.str()
	}
	return out
}

func (d *decoder) file() *pysource.File {
	f := &pysource.File{}
	f.Imports = many(d, func() (i pysource.Import) {
		i.Line, i.Level, i.Module = d.number(), d.number(), d.str()
		bits := d.number()
		i.Optional, i.Typing, i.Local = bits&1 != 0, bits&2 != 0, bits&4 != 0
		if i.Names = d.strs(); bits&8 != 0 && i.Names == nil {
			i.Names = []string{}
		}
		return i
	})
	f.Dynamic = many(d, func() pysource.Dynamic {
		return pysource.Dynamic{Line: d.number(), Call: d.str(), Module: d.str(), Prefix: d.str()}
	})
	f.Uses = many(d, func() pysource.Reference { return pysource.Reference{Level: d.number(), Name: d.str()} })
	f.Definitions = d.definitions()
	f.Markers, f.All = d.strs(), d.strs()
	f.Strings = many(d, func() pysource.String {
		return pysource.String{Line: d.number(), Value: d.str(), Joined: d.number() != 0}
	})
	f.Mentions = d.strs()
	bits := d.number()
	f.Doctests = bits&1 != 0
	if bits&2 != 0 {
		f.Problem = &pysource.Problem{Line: d.number(), Text: d.str()}
	}
	return f
}

func (d *decoder) definitions() []pysource.Definition {
	return many(d, func() pysource.Definition {
		return pysource.Definition{
			Kind: pysource.Kind(d.number()), Name: d.str(), Line: d.number(),
			Markers: d.strs(), CaseMarkers: d.strs(), Bases: d.strs(), Members: d.definitions(),
		}
	})
}

func (d *decoder) build() ([]directive, []builtRule) {
	directives := many(d, func() directive { return directive{d.str(), d.str(), d.number()} })
	return directives, many(d, func() builtRule {
		return builtRule{
			kind: d.str(), name: d.str(), src: d.str(), srcs: d.strs(), globs: d.strs(), files: d.strs(), keep: d.number() != 0,
		}
	})
}

func many[T any](d *decoder, one func() T) []T {
	n := d.count()
	if n == 0 {
		return nil
	}
	out := make([]T, 0, n)
	for range n {
		if d.err != nil {
			return nil
		}
		out = append(out, one())
	}
	return out
}
