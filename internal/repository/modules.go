package repository

import (
	"slices"
	"strings"
)

// A module is found as Python finds it: along a list of source roots, each a
// folder that is on sys.path in some test's process.

// packageChain are the folders of a file's packages, the outermost first: those
// above it, without a gap, that have an __init__.py.
func packageChain(f *folder) []*folder {
	var out []*folder
	for ; f != nil && f.files["__init__.py"] != nil; f = f.parent {
		out = append(out, f)
	}
	slices.Reverse(out)
	return out
}

// basedir is the folder that pytest's import modes "prepend" and "append" put
// on sys.path for a file: the first above it that is no package.
func basedir(f *file) *folder {
	at := f.in
	for at.parent != nil && at.files["__init__.py"] != nil {
		at = at.parent
	}
	return at
}

// rootsOf are the source roots in whose order a file's imports are looked up.
func (m *mapper) rootsOf(f *file) []*folder {
	if roots, ok := m.roots[f.in]; ok {
		return roots
	}
	var out []*folder
	add := func(folders ...*folder) {
		for _, at := range folders {
			if at != nil && !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
	}
	add(basedir(f))
	for _, above := range f.in.chain() {
		if c := above.files["conftest.py"]; c != nil {
			add(basedir(c))
		}
	}
	p := m.projectOf(f.in)
	if p != nil {
		for _, dir := range p.pytest.PythonPath {
			add(m.t.at(dir))
		}
	}
	if own := m.distOf(f.in); own != nil {
		add(m.distRoots(own)...)
	}
	for _, p := range m.projects {
		add(m.distRoots(p)...)
	}
	if p != nil {
		add(m.t.at(p.pytest.Root))
	}
	add(m.t.at(""))
	m.roots[f.in] = out
	return out
}

func (m *mapper) distRoots(p *project) []*folder {
	if p.dist == nil {
		return nil
	}
	var out []*folder
	for _, dir := range p.dist.Roots {
		if at := m.t.at(dir); at != nil {
			out = append(out, at)
		}
	}
	return out
}

// importRoot is the folder that has to be on PYTHONPATH for a module: the
// distribution's source root above it; else, where pytest itself would not put
// its folder on sys.path, the workspace.
func (m *mapper) importRoot(f *file) *folder {
	var best *folder
	if own := m.distOf(f.in); own != nil {
		for _, root := range m.distRoots(own) {
			if inside(root.path, f.path) && (best == nil || len(root.path) > len(best.path)) {
				best = root
			}
		}
	}
	if best == nil && m.viaRoot[f] {
		return m.t.at("")
	}
	return best
}

// found is how far a dotted name could be followed.
type found struct {
	files []*file // what importing it runs, the outermost first
	// last is the file of the whole name; nil when a part was not found, as the
	// rest may be a name within the module.
	last *file
	in   *folder // the package's folder, when the name is a package
	root *folder
}

// lookup follows a dotted name from a folder on.
func lookup(from *folder, parts []string) found {
	var out found
	at := from
	for i, part := range parts {
		if at == nil {
			return out // the name goes on in a module that is no package
		}
		sub := at.subs[part]
		var hit *file
		if sub != nil && sub.files["__init__.py"] != nil {
			hit = sub.files["__init__.py"]
		} else if ext := at.compiled[part]; ext != nil {
			hit, sub = ext, nil
		} else if py := at.files[part+".py"]; py != nil {
			hit, sub = py, nil
		}
		if hit == nil && sub == nil {
			return out
		}
		if hit != nil {
			out.files = append(out.files, hit)
		}
		at = sub
		if i == len(parts)-1 {
			out.last, out.in = hit, sub
		}
	}
	return out
}

// find looks a dotted name up along roots. A namespace package may have parts
// below several roots: the first that leads to a file is taken.
func (m *mapper) find(f *file, name string) found {
	first, _, _ := strings.Cut(name, ".")
	if !m.t.names[first] {
		return found{} // most imports lead out of the workspace
	}
	parts := strings.Split(name, ".")
	var best found
	for _, root := range m.rootsOf(f) {
		if root.subs[parts[0]] == nil && root.files[parts[0]+".py"] == nil && root.compiled[parts[0]] == nil {
			continue
		}
		if isStdlib(parts[0]) && !m.strong[root] {
			continue
		}
		hit := lookup(root, parts)
		hit.root = root
		if len(hit.files) > 0 && hit.files[0] == f && len(parts) == 1 {
			continue // a module that imports another of its own name: not itself
		}
		if len(hit.files) > len(best.files) {
			best = hit
		}
		if regular := root.subs[parts[0]] == nil || root.subs[parts[0]].files["__init__.py"] != nil; regular && len(hit.files) > 0 {
			break
		}
	}
	return best
}

// relative follows a relative import: level 1 is the file's own package.
func relative(f *file, level int, name string) found {
	at := f.in
	for ; level > 1 && at != nil; level-- {
		at = at.parent
	}
	if at == nil {
		return found{}
	}
	if name == "" {
		return found{last: at.files["__init__.py"], in: at}
	}
	return lookup(at, strings.Split(name, "."))
}
