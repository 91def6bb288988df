package watch

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// name replaces the named files. Those that were left out until now are
// remembered; of the others hints may be under way, which must tell.
func (t *tree) name(paths []string) {
	var fresh []place
	for _, p := range paths {
		if at, ok := t.leftOut(p); ok && t.remembers && !slices.Contains(fresh, at) {
			fresh = append(fresh, at)
		}
	}
	t.leave.name(paths)
	for _, at := range fresh {
		t.visit(context.Background(), at.in, at.name, nil, nil)
	}
}

// leftOut finds where the way to a path ends because it is left out.
func (t *tree) leftOut(p string) (place, bool) {
	f := t.root
	names := strings.Split(p, "/")
	for i, name := range names {
		if f.subs[name] == nil || i == len(names)-1 {
			info, err := os.Stat(filepath.Join(f.real, name))
			return place{f, name}, err == nil && t.leave.out(f, name, info.IsDir())
		}
		f = f.subs[name]
	}
	return place{}, false
}
