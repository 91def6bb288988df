package generate

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/weft-build/weft/internal/repository"
)

// needed finds stale BUILD files that were not asked for, and that the rules of
// those that were name: directly, or by one another.
func (r *run) needed(m *repository.Map, asked []*repository.Folder) {
	seen := map[string]bool{}
	for _, f := range asked {
		seen[f.Path] = true
	}
	queue := asked
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, name := range packages(f) {
			next := m.Folders[name]
			if next == nil || seen[name] {
				continue
			}
			seen[name] = true
			queue = append(queue, next)
			if r.stale(m, next) {
				r.result.Needed = append(r.result.Needed, path.Join(next.Path, next.Build))
			}
		}
	}
}

// stale says that a BUILD file is not what the map wants, and changes nothing.
func (r *run) stale(m *repository.Map, f *repository.Folder) bool {
	r.inherit(m, f.Path)
	file := path.Join(f.Path, f.Build)
	key := r.key(f)
	if r.state.clean(file, key, r.o.Root) {
		return false
	}
	old, _ := read(r.o.Root, file)
	out, err := r.workspace.Update(f, old, r.mappings[f.Path])
	if err == nil && old != nil && bytes.Equal(out, old) {
		r.state.keep(file, key, r.o.Root, old)
		return false
	}
	return err == nil && !bytes.Equal(out, old)
}

// packages are those that a folder's rules name by labels.
func packages(f *repository.Folder) []string {
	var out []string
	for _, r := range f.Rules {
		for _, attr := range r.Attrs {
			labels, _ := attr.Value.([]string)
			for _, label := range labels {
				if rest, ok := strings.CutPrefix(label, "//"); ok {
					name, _, _ := strings.Cut(rest, ":")
					out = append(out, name)
				}
			}
		}
	}
	return out
}

// sayNeeded is the problem of what is needed and was not asked for.
func sayNeeded(files []string) []repository.Problem {
	if len(files) == 0 {
		return nil
	}
	p := repository.Problem{File: files[0], Text: "is stale, and rules that were asked for need it", Hint: "weft gen"}
	if len(files) > 1 {
		p.Text = fmt.Sprintf("is stale like %d more, and rules that were asked for need them", len(files)-1)
	}
	return []repository.Problem{p}
}
