package repository

import (
	"cmp"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// linked notes a folder that is another of the workspace's too, by a link.
func (t *tree) linked(rel, real string) {
	root, err := filepath.EvalSymlinks(t.root)
	if err != nil {
		return
	}
	if to, err := filepath.Rel(root, real); err == nil && filepath.IsLocal(to) {
		t.links[rel] = clean(filepath.ToSlash(to))
	}
}

// share has the one BUILD file of a folder and of a link to it say what both
// need: two would be written over each other for ever.
func (m *mapper) share(out *Map) {
	for _, link := range slices.Sorted(maps.Keys(m.t.links)) {
		for _, name := range slices.Sorted(maps.Keys(out.Folders)) {
			if !inside(link, name) {
				continue
			}
			real := clean(path.Join(m.t.links[link], strings.TrimPrefix(name, link)))
			if other := out.Folders[real]; other != nil && real != name {
				out.Folders[name].join(other)
				delete(out.Folders, real)
			}
		}
	}
}

// join adds the rules of another folder.
func (f *Folder) join(other *Folder) {
	for _, r := range other.Rules {
		if i := slices.IndexFunc(f.Rules, func(own Rule) bool { return own.Name == r.Name }); i >= 0 {
			f.Rules[i].join(r)
		} else {
			f.Rules = append(f.Rules, r)
		}
	}
	sortRules(f.Rules)
	f.Empty = slices.DeleteFunc(f.Empty, func(e Rule) bool {
		return slices.ContainsFunc(f.Rules, func(r Rule) bool { return r.Name == e.Name })
	})
}

// join adds what is in the lists of another rule.
func (r *Rule) join(other Rule) {
	for _, attr := range other.Attrs {
		i := slices.IndexFunc(r.Attrs, func(own Attr) bool { return own.Name == attr.Name })
		if i < 0 {
			r.Attrs = append(r.Attrs, attr)
			continue
		}
		own, isList := r.Attrs[i].Value.([]string)
		more, both := attr.Value.([]string)
		if isList && both {
			all := slices.Concat(own, more)
			slices.Sort(all)
			r.Attrs[i].Value = slices.Compact(all)
		}
	}
}

// sortRules puts a folder's rules in the order in which they are written.
func sortRules(rules []Rule) {
	slices.SortStableFunc(rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(place(a.Kind), place(b.Kind)), strings.Compare(a.Name, b.Name))
	})
}
