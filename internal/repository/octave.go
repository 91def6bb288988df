package repository

import (
	"path"
	"slices"
	"strings"
)

// discoverOctave takes files named test_*.m and files with %! blocks for tests.
// A function file with blocks is a source as well.
func (m *mapper) discoverOctave(f *file) {
	o := f.oct
	if o == nil || f.in.d.off {
		return
	}
	// What the launcher finds a test in: blocks, functions, or a file test_… as a whole.
	tests := o.TestBlocks > 0 || len(o.TestFunctions) > 0 || strings.HasPrefix(f.name, "test_") && !o.Blank
	declared := m.declared(f)
	if declared == "" && !tests {
		return
	}
	types := []string{"unit"}
	if len(o.Types) > 0 {
		types = nil
		for _, t := range TestTypes {
			if slices.Contains(o.Types, t) {
				types = append(types, t)
			}
		}
	}
	m.addTest(&test{file: f, kind: "octave_file", name: declared, types: types})
}

// octaveFolder is the folder whose place on Octave's path makes a file known:
// private/, @class/ and +package/ belong to the folder above them.
func octaveFolder(f *folder) *folder {
	for f.parent != nil {
		name := path.Base(f.path)
		if name != "private" && !strings.HasPrefix(name, "@") && !strings.HasPrefix(name, "+") {
			break
		}
		f = f.parent
	}
	return f
}

func octavePath(f *file) *folder { return octaveFolder(f.in) }

// octaveNode holds the sources of a folder: Octave finds functions by folder.
func (m *mapper) octaveNode(at *folder) *node {
	if n, ok := m.octave[at]; ok {
		return n
	}
	n := &node{kind: "octave_sources", in: at}
	m.octave[at] = n
	at.below(func(f *file) {
		if f.oct != nil && octaveFolder(f.in) == at && !m.onlyTests(f) {
			n.files = append(n.files, f)
		}
	})
	if len(n.files) > 0 {
		m.order = append(m.order, n)
	}
	return n
}

// onlyTests: the file is a test and no function that others could call.
func (m *mapper) onlyTests(f *file) bool {
	return m.testOf[f] != nil && (strings.HasPrefix(f.name, "test_") || !f.oct.Function)
}

// connectOctave reads what the Octave tests call, and what that calls.
func (m *mapper) connectOctave() {
	byName := map[string][]*folder{}
	m.t.each(func(f *folder) {
		for _, name := range sortedKeys(f.files) {
			if file := f.files[name]; file.oct != nil && !m.onlyTests(file) {
				at := octaveFolder(f)
				if !slices.Contains(byName[file.stem()], at) {
					byName[file.stem()] = append(byName[file.stem()], at)
				}
			}
		}
	})
	done := map[*node]bool{}
	var read func(f *file, e *edges)
	need := func(at *folder, e *edges) {
		n := m.octaveNode(at)
		if len(n.files) == 0 {
			return
		}
		e.node(n)
		if !done[n] {
			done[n] = true
			for _, f := range n.files {
				read(f, &n.edges)
			}
		}
	}
	read = func(f *file, e *edges) {
		for _, name := range f.oct.Calls {
			for _, at := range nearest(f, byName[name]) {
				need(at, e)
			}
		}
		for _, p := range f.oct.Paths {
			for _, above := range f.in.chain() {
				if at := m.t.at(path.Join(above.path, p)); at != nil && !strings.HasPrefix(path.Join(above.path, p), "..") {
					need(at, e)
				}
			}
		}
		if f.oct.Dynamic {
			for _, name := range sortedKeys(byName) {
				need(byName[name][0], e)
			}
		}
		for _, s := range f.oct.Strings {
			m.readString(f, s.Value, f.in.chain(), strings.Contains(s.Value, "."), e)
		}
	}
	for _, t := range m.tests {
		if t.kind == "octave_file" {
			read(t.file, &t.deps)
			if !m.onlyTests(t.file) {
				need(octaveFolder(t.file.in), &t.deps)
			}
		}
	}
	for _, n := range m.octave {
		n.edges.drop(n)
	}
}

// nearest are the folders that a function of this name is taken from: the
// caller's own if it has one, else all, as the path decides when it runs.
func nearest(f *file, folders []*folder) []*folder {
	if slices.Contains(folders, octaveFolder(f.in)) {
		return []*folder{octaveFolder(f.in)}
	}
	return folders
}

// drop forgets the edge to n itself.
func (e *edges) drop(n *node) {
	e.nodes = slices.DeleteFunc(e.nodes, func(to *node) bool { return to == n })
}
