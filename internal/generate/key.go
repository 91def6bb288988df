package generate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/weft-build/weft/gazelle"
	"github.com/weft-build/weft/internal/repository"
)

// key names everything that a BUILD file's text depends on, but for its old text.
func (r *run) key(f *repository.Folder) string {
	b := make(text, 0, 4096)
	b.add(r.workspace.RulesWeft(), f.Build)
	b.list(r.mappings[f.Path])
	b.rules(f.Rules)
	b.rules(f.Empty)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// text is made of strings and lists so that no two values look the same.
type text []byte

func (b *text) add(words ...string) {
	for _, w := range words {
		*b = append(*b, byte(len(w)), byte(len(w)>>8), byte(len(w)>>16))
		*b = append(*b, w...)
	}
}

func (b *text) list(words []string) {
	*b = append(*b, byte(len(words)), byte(len(words)>>8), byte(len(words)>>16))
	b.add(words...)
}

func (b *text) rules(rules []repository.Rule) {
	*b = append(*b, byte(len(rules)), byte(len(rules)>>8), byte(len(rules)>>16))
	for _, r := range rules {
		b.add(r.Kind, r.Name)
		*b = append(*b, byte(len(r.Attrs)))
		for _, attr := range r.Attrs {
			b.add(attr.Name)
			b.value(attr.Value)
		}
	}
}

func (b *text) value(value any) {
	switch v := value.(type) {
	case string:
		*b = append(*b, 's')
		b.add(v)
	case []string:
		*b = append(*b, 'l')
		b.list(v)
	case repository.Glob:
		*b = append(*b, 'g')
		b.list(v.Include)
		b.list(v.Exclude)
	case map[string][]string:
		*b = append(*b, 'd', byte(len(v)))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			b.add(key)
			b.list(v[key])
		}
	default:
		*b = append(*b, 'v')
		b.add(fmt.Sprint(v))
	}
}

// inherit finds the mappings in force in a folder: its parents', then its own.
func (r *run) inherit(m *repository.Map, folder string) []string {
	if known, ok := r.mappings[folder]; ok {
		return known
	}
	var out []string
	if folder != "" {
		out = slices.Clone(r.inherit(m, parent(folder)))
	}
	out = append(out, r.own(m, folder)...)
	r.mappings[folder] = out
	return out
}

// own are the mappings in a folder's BUILD file.
func (r *run) own(m *repository.Map, folder string) []string {
	names := []string{"BUILD.bazel", "BUILD"}
	if f := m.Folders[folder]; f != nil {
		names = []string{f.Build}
	}
	for _, name := range names {
		file := path.Join(folder, name)
		if was, ok := r.state.known(r.o.Root, file); ok {
			return was.Mappings
		}
		if content, err := read(r.o.Root, file); err == nil {
			return r.state.look(file, r.o.Root, content)
		}
	}
	return nil
}

// look notes the mappings of a file that has changed, or is new.
func (s *state) look(file, root string, content []byte) []string {
	mappings := gazelle.Mappings(content)
	if now, ok := stamp(root, file); ok && now.Size == int64(len(content)) {
		now.Mappings = mappings
		s.mu.Lock()
		defer s.mu.Unlock()
		s.Files[file], s.changed = now, true
	}
	return mappings
}
