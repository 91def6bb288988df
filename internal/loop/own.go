package loop

import (
	"path/filepath"
	"slices"

	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/watch"
)

// locks are files that a pass writes itself, whether a save called for it or
// not: Nix the first, Weft the second.
var locks = []string{"flake.lock", nixenv.LockName}

// withoutOurs takes out of a batch what is no save: reports that were asked for,
// and locks that say what the loop knows. While a pass is under way, which may
// be writing them, locks are held back until it has ended.
func (l *loop) withoutOurs(changes map[string]watch.Change) {
	for path, c := range changes {
		switch {
		case slices.Contains(l.reports(), path):
		case !slices.Contains(locks, path):
			continue
		case l.pass != nil:
			l.held[path] = c
		case !l.memory.Current(l.o.Request):
			continue
		}
		delete(changes, path)
	}
}

// release are the locks that were held back.
func (l *loop) release() watch.Batch {
	b := watch.Batch{Changes: l.held}
	l.held = map[string]watch.Change{}
	return b
}

// reports are the files of --report, relative to the workspace.
func (l *loop) reports() []string {
	var out []string
	for _, f := range l.o.Request.Reports {
		path := f.Path
		if !filepath.IsAbs(path) {
			path = filepath.Join(l.o.Request.Dir, path)
		}
		if rel, err := filepath.Rel(l.o.Request.Workspace, path); err == nil {
			out = append(out, filepath.ToSlash(rel))
		}
	}
	return out
}
