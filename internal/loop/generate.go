package loop

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/git"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/repository"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
	"github.com/weft-build/weft/internal/watch"
)

// keeper writes BUILD files of tests that are new, renamed or gone, as weft gen
// does. It keeps only those that were what weft gen would write before: the
// others are a person's, who would not want them rewritten for a new file
// beside them.
type keeper struct {
	o     generate.Options
	first chan struct{}         // closed when the workspace has been looked at
	blind error                 // it could not be; after first
	kept  map[string]bool       // folders; after first
	known map[watch.Digest]bool // contents of BUILD files that were kept: a branch may bring them back
	said  map[string]bool       // folders whose files are not kept, and that was said
	owed  []string              // folders that could not be worked on; with the next
}

// newKeeper looks at the workspace beside what else goes on.
func newKeeper(ctx context.Context, o generate.Options) *keeper {
	k := &keeper{o: o, first: make(chan struct{}), kept: map[string]bool{}, known: map[watch.Digest]bool{}, said: map[string]bool{}}
	go func() {
		defer close(k.first)
		k.lookRound(ctx)
	}()
	return k
}

// lookRound keeps the BUILD files that are as weft gen writes them, and those that
// are as it left them: a test may have come or gone while nobody watched.
func (k *keeper) lookRound(ctx context.Context) {
	o := k.o
	o.Check = true
	k.keep(generate.Untouched(o))
	r, err := generate.Run(ctx, o)
	k.blind = usable(err)
	k.keep(r.Unchanged)
}

// keep takes BUILD files that are as weft gen writes them.
func (k *keeper) keep(files []string) {
	for _, file := range files {
		k.kept[path.Dir(file)] = true
		k.known[watch.DigestFile(filepath.Join(k.o.Root, file))] = true
	}
}

// look keeps those of the folders that are as weft gen writes them, and no others.
func (k *keeper) look(ctx context.Context, folders []string) {
	o := k.o
	o.Check = true
	for _, folder := range folders {
		o.Paths = append(o.Paths, inside(folder))
		if at := watch.DigestFile(filepath.Join(o.Root, inside(folder))); at == (watch.Digest{}) {
			delete(k.kept, folder)
		} else {
			k.kept[folder] = k.known[at] || generate.Bare(o.Root, inside(folder))
		}
	}
	if len(folders) == 0 {
		return
	}
	if r, err := generate.Run(ctx, o); usable(err) == nil {
		k.keep(r.Unchanged)
	}
}

// inside is a path that means a folder to weft gen, and none below it.
func inside(folder string) string { return path.Join(folder, "BUILD.bazel") }

// usable is the error of a run of generate, but for a cache that could not be written.
func usable(err error) error {
	var state *nixenv.StateError
	if errors.As(err, &state) {
		return nil
	}
	return err
}

// looked takes BUILD files that a person has saved: one that is not what weft
// gen would write is the person's from now on.
func (k *keeper) looked(ctx context.Context, changes map[string]watch.Change) {
	var folders []string
	for file := range changes {
		if base := path.Base(file); base == "BUILD.bazel" || base == "BUILD" {
			folders = append(folders, path.Dir(file))
		}
	}
	if len(folders) > 0 {
		<-k.first
		k.look(ctx, folders)
	}
}

// keeps says that a folder's BUILD file is weft gen's, or declares nothing; one in
// which there is none is as the nearest folder above it that has one.
func (k *keeper) keeps(root, folder string) bool {
	<-k.first
	for {
		if kept, ok := k.kept[folder]; ok {
			return kept
		}
		for _, name := range []string{"BUILD.bazel", "BUILD"} {
			if _, err := os.Lstat(filepath.Join(root, folder, name)); err == nil {
				return generate.Bare(root, path.Join(folder, name))
			}
		}
		if folder == "." {
			return false
		}
		folder = path.Dir(folder)
	}
}

// written is what a keeper did.
type written struct {
	files    []string // BUILD files that were written or removed
	problems []repository.Problem
	left     []string // folders that are not kept, said for the first time
	err      error
}

// write brings the BUILD files of folders up to date, and those that they need.
func (k *keeper) write(ctx context.Context, folders []string) written {
	var out written
	<-k.first
	folders = slices.Compact(slices.Sorted(slices.Values(slices.Concat(folders, k.owed))))
	k.owed = nil
	o := k.o
	if k.blind != nil {
		if k.lookRound(ctx); k.blind != nil { // what is whose can be said later
			k.owed = folders
			return written{err: k.blind}
		}
	}
	k.look(ctx, slices.DeleteFunc(slices.Clone(folders), func(folder string) bool { return k.keeps(o.Root, folder) }))
	for _, folder := range folders {
		switch {
		case k.keeps(o.Root, folder):
			o.Paths = append(o.Paths, inside(folder))
		case !k.said[folder]:
			k.said[folder] = true
			out.left = append(out.left, folder)
		}
	}
	for len(o.Paths) > 0 && out.err == nil {
		r, err := generate.Run(ctx, o)
		if out.err = usable(err); out.err != nil {
			k.owed = folders
		}
		out.files = append(out.files, slices.Concat(r.Written, r.Removed)...)
		for _, p := range r.Problems {
			if slices.Contains(r.Left, p.File) {
				out.problems = append(out.problems, p)
			}
		}
		k.keep(slices.Concat(r.Written, r.Unchanged))
		for _, file := range r.Removed {
			delete(k.kept, path.Dir(file))
		}
		o.Paths = slices.DeleteFunc(r.Needed, func(file string) bool {
			return !k.keeps(o.Root, path.Dir(file)) || slices.Contains(out.files, file)
		})
	}
	return out
}

// generate has the BUILD files of folders brought up to date, and returns those
// that were. The watcher is told of them, for they are no saves.
func (l *loop) generate(ctx context.Context, w *watch.Watcher, folders []string) []string {
	l.keeper.o = l.generateOptions()
	done := l.keeper.write(ctx, folders)
	l.ungenerated(ctx, folders, done)
	if len(done.left) > 0 {
		l.note("gen", fmt.Sprintf("the BUILD files of %s are not weft gen's, so they are left alone", strings.Join(done.left, ", ")), "weft gen brings them up to date, and this watch keeps them from then on")
	}
	if len(done.files) == 0 {
		return nil
	}
	ours := map[string]watch.Digest{}
	for _, file := range done.files {
		ours[file] = watch.DigestFile(filepath.Join(l.o.Request.Workspace, file))
	}
	w.Ignore(ours)
	return slices.Sorted(maps.Keys(ours))
}

// tellGenerated tells which BUILD files were brought up to date, if any: after the
// save that called for it.
func (l *loop) tellGenerated(files []string) {
	if len(files) > 0 {
		l.tell(Generated{Files: files})
	}
}

// ungenerated complains of what kept BUILD files of folders from being written.
func (l *loop) ungenerated(ctx context.Context, folders []string, done written) {
	switch {
	case ctx.Err() != nil:
		return
	case done.err != nil: // the files were not looked at
		l.complain("gen", result.Problem{Kind: "gen", Message: "writing BUILD files: " + done.err.Error(), Hint: request.HintOf(done.err)})
		return
	}
	l.complain("gen")
	found := map[string][]result.Problem{}
	for _, p := range done.problems {
		found["gen "+p.File] = append(found["gen "+p.File], result.Problem{Kind: "gen", Message: p.File + ": " + p.Text, Hint: p.Hint})
	}
	for _, topic := range l.topics("gen ") {
		if file := strings.TrimPrefix(topic, "gen "); found[topic] == nil && slices.Contains(folders, path.Dir(file)) {
			l.complain(topic)
		}
	}
	for topic, problems := range found {
		l.complain(topic, problems...)
	}
}

// gitPatience is how long a git that changes files is waited for.
const gitPatience = 5 * time.Second

// awaitGit waits until git has changed the files that it is changing: it fails
// where a BUILD file is written under it.
func (l *loop) awaitGit(ctx context.Context) {
	for end := time.Now().Add(gitPatience); git.Working(l.o.Request.Workspace, time.Now()) && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// keep has a keeper for a workspace in which no pass came to choose, as it has no
// tests yet, once there are environments.
func (l *loop) keep(ctx context.Context) {
	if l.keeper != nil {
		return
	}
	if o := l.generateOptions(); o.Environments != nil {
		l.keeper = newKeeper(ctx, o)
	}
}

// generateOptions are what weft gen works with here.
func (l *loop) generateOptions() generate.Options {
	root := l.o.Request.Workspace
	// An unreadable lock is said by the pass that reads it.
	environments, _ := repository.ReadEnvironments(pipeline.LockPath(l.o.Request))
	return generate.Options{
		Root: root, Environments: environments,
		Cache: filepath.Join(root, generate.CacheDir), Version: l.o.Tools.Weft,
	}
}
