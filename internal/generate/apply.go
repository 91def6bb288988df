package generate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/sync/errgroup"

	"github.com/weft-build/weft/gazelle"
	"github.com/weft-build/weft/internal/repository"
)

// run is one turn over the folders.
type run struct {
	o         Options
	workspace *gazelle.Workspace
	state     *state
	mappings  map[string][]string // by folder: those in force there

	mu     sync.Mutex
	result Result
	diffs  map[string][]byte // by file
}

// Apply brings the BUILD files up to date with a map.
func Apply(ctx context.Context, m *repository.Map, o Options) (Result, error) {
	start := time.Now()
	stop := gazelle.Listen()
	r := &run{o: o, state: loadState(o.Cache, o.Version), mappings: map[string][]string{}, diffs: map[string][]byte{}}
	var problems []repository.Problem
	r.workspace, problems = gazelle.Open(o.Root, m)
	folders := selected(m, o.Paths)
	r.result.Counts = m.Counts
	r.result.Problems = slices.Concat(about(m.Problems, o.Paths), problems, strangers(m, o.Paths))
	err := r.folders(ctx, m, folders)
	if err == nil && len(o.Paths) > 0 {
		r.needed(m, folders)
		r.result.Problems = append(r.result.Problems, sayNeeded(r.result.Needed)...)
	}
	r.result.Problems = append(r.result.Problems, stop()...)
	if err != nil {
		return Result{}, err
	}
	r.settle(m)
	err = r.state.save(o)
	r.result.FilesTook = time.Since(start)
	return r.result, err
}

func (r *run) folders(ctx context.Context, m *repository.Map, folders []*repository.Folder) error {
	for _, f := range folders {
		r.inherit(m, f.Path)
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range folders {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			r.folder(f)
			return nil
		})
	}
	return group.Wait()
}

// folder brings one BUILD file up to date.
func (r *run) folder(f *repository.Folder) {
	file := path.Join(f.Path, f.Build)
	key := r.key(f)
	if len(f.Rules)+len(f.Empty) == 0 || r.state.clean(file, key, r.o.Root) {
		r.done(&r.result.Unchanged, file, len(f.Rules)+len(f.Empty) > 0)
		return
	}
	old, err := read(r.o.Root, file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.leave(repository.Problem{File: file, Text: "is left alone, because it cannot be read: " + cause(err), Hint: "ls -l " + file})
		return
	}
	out, err := r.workspace.Update(f, old, r.mappings[f.Path])
	switch {
	case err != nil:
		r.leave(gazelle.Unreadable(file, err))
	case old == nil && out == nil:
	case out != nil && old != nil && bytes.Equal(out, old):
		r.state.keep(file, key, r.o.Root, old)
		r.done(&r.result.Unchanged, file, true)
	case r.o.Check:
		r.differ(file, old, out)
	default:
		r.write(file, key, out)
	}
}

// write replaces a file, or removes one of which nothing is left.
func (r *run) write(file, key string, out []byte) {
	list, err := &r.result.Written, error(nil)
	if out == nil {
		list, err = &r.result.Removed, remove(r.o.Root, file)
	} else {
		err = replace(r.o.Root, file, out)
	}
	if err != nil {
		r.leave(repository.Problem{File: file, Text: "cannot be written: " + cause(err), Hint: "ls -ld " + path.Dir(file) + " " + file})
		return
	}
	if out != nil {
		r.state.keep(file, key, r.o.Root, out)
	}
	r.done(list, file, true)
}

func (r *run) differ(file string, old, out []byte) {
	before, after, list := "a/"+file, "b/"+file, &r.result.Written
	if old == nil {
		before = "/dev/null"
	}
	if out == nil {
		after, list = "/dev/null", &r.result.Removed
	}
	text := diff.Diff(before, old, after, out)
	// git wants its own first line, and to be told of files that come and go.
	if _, rest, ok := bytes.Cut(text, []byte("\n")); ok {
		text = fmt.Appendf(nil, "diff --git a/%s b/%s\n", file, file)
		switch {
		case old == nil:
			text = append(text, "new file mode 100644\n"...)
		case out == nil:
			text = append(text, "deleted file mode 100644\n"...)
		}
		text = append(text, rest...)
	}
	r.mu.Lock()
	r.diffs[file] = text
	r.mu.Unlock()
	r.done(list, file, true)
}

// done puts a file on a list; a file that Weft has nothing to do with is not counted.
func (r *run) done(list *[]string, file string, ours bool) {
	if !ours {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	*list = append(*list, file)
}

func (r *run) leave(p repository.Problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Left = append(r.result.Left, p.File)
	r.result.Problems = append(r.result.Problems, p)
}

// settle puts in order what came as the folders were done.
func (r *run) settle(m *repository.Map) {
	for _, list := range [][]string{r.result.Written, r.result.Removed, r.result.Unchanged, r.result.Left} {
		slices.Sort(list)
	}
	for _, file := range union(r.result.Written, r.result.Removed) {
		r.result.Diff = append(r.result.Diff, r.diffs[file]...)
	}
	slices.SortStableFunc(r.result.Problems, func(a, b repository.Problem) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Line - b.Line
	})
	if len(r.o.Paths) == 0 {
		r.state.forget(m)
	}
}
