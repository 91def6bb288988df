package watch

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// tree is the workspace's files as they were last seen.
type tree struct {
	root      *folder
	leave     leave
	watch     func(dir string, id fileID, mount bool)
	expected  map[string]Digest // what Weft writes itself, see Ignore
	aliases   map[string][]*folder
	links     map[string][]place // by the real path of a file that links lead to
	look      int                // counts looks, to find what a look did not see
	remembers bool               // the first look is over
}

// folder is a folder by one of its paths: links give it more than one.
type folder struct {
	parent *folder
	name   string
	rel    string // of the workspace; "" is the root
	real   string // absolute, without links
	id     fileID
	closed bool // left out, but for what is named in it
	rules  rules
	files  map[string]*entry
	subs   map[string]*folder
	seen   int // the look that saw it
}

// entry is a regular file.
type entry struct {
	stamp  stamp
	digest Digest // zero: not known
	young  bool   // it may change and keep its stamp
	target string // of a link: the real path
	seen   int
}

// place is a name in a folder.
type place struct {
	in   *folder
	name string
}

func newTree(root string, watch func(dir string, id fileID, mount bool)) *tree {
	t := &tree{watch: watch, expected: map[string]Digest{}, aliases: map[string][]*folder{}, links: map[string][]place{}}
	t.root = &folder{files: map[string]*entry{}, subs: map[string]*folder{}}
	t.leave.init(root)
	t.settle(t.root, root)
	return t
}

// settle gives a folder its real path.
func (t *tree) settle(f *folder, real string) {
	if f.real == real {
		return
	}
	t.unsettle(f)
	f.real = real
	t.aliases[real] = append(t.aliases[real], f)
}

func (t *tree) unsettle(f *folder) {
	rest := slices.DeleteFunc(t.aliases[f.real], func(o *folder) bool { return o == f })
	if t.aliases[f.real] = rest; len(rest) == 0 {
		delete(t.aliases, f.real)
	}
}

// rescan looks at everything. A nil tell only remembers.
func (t *tree) rescan(ctx context.Context, tell tell) {
	t.leave.load()
	if info, err := os.Stat(t.root.real); err == nil {
		t.root.id = idOf(info)
		t.scan(ctx, t.root, tell)
	}
	t.remembers = ctx.Err() == nil || t.remembers
}

// examine looks at real paths.
func (t *tree) examine(paths []string, tell tell) {
	slices.Sort(paths) // a folder before what is in it
	for _, p := range paths {
		for _, at := range t.places(p) {
			t.visit(context.Background(), at.in, at.name, nil, tell)
			t.reload(at, tell)
		}
	}
}

// places are where a real path is in the workspace. Below a folder that is not
// known yet it is that folder.
func (t *tree) places(p string) []place {
	out := slices.Clone(t.links[p])
	for _, f := range t.aliases[p] {
		if f.parent != nil {
			out = append(out, place{f.parent, f.name})
		}
	}
	for dir, name := filepath.Dir(p), filepath.Base(p); ; dir, name = filepath.Dir(dir), filepath.Base(dir) {
		for _, f := range t.aliases[dir] {
			if at := (place{f, name}); !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
		if len(t.aliases[dir]) > 0 || dir == filepath.Dir(dir) {
			return out
		}
	}
}

// reload looks again at what a file of rules is about.
func (t *tree) reload(at place, tell tell) {
	switch {
	case at.name == ".gitignore":
		t.scan(context.Background(), at.in, tell)
	case at.name == ".bazelignore" && at.in == t.root:
		t.rescan(context.Background(), tell)
	}
}

// scan looks at all that is in a folder. It is watched before it is read, so
// that what comes later is hinted at.
func (t *tree) scan(ctx context.Context, f *folder, tell tell) {
	if ctx.Err() != nil {
		return
	}
	t.watch(f.real, f.id, f.parent == nil || f.parent.id.dev != f.id.dev)
	entries, err := os.ReadDir(f.real)
	if err != nil {
		return // the folder above, or a warning, tells
	}
	f.rules = t.leave.rulesOf(f, entries)
	t.look++
	look := t.look
	for _, e := range entries {
		t.visit(ctx, f, e.Name(), e, tell)
		if one := f.files[e.Name()]; one != nil {
			one.seen = look
		}
		if sub := f.subs[e.Name()]; sub != nil {
			sub.seen = look
		}
	}
	if ctx.Err() != nil {
		return
	}
	for name, one := range f.files {
		if one.seen != look {
			t.dropFile(f, name, tell)
		}
	}
	for name, sub := range f.subs {
		if sub.seen != look {
			t.dropFolder(f, name, tell)
		}
	}
}

// visit looks at a name in a folder; e is what reading the folder said of it,
// or nil.
func (t *tree) visit(ctx context.Context, f *folder, name string, e fs.DirEntry, tell tell) {
	real := filepath.Join(f.real, name)
	if e != nil && e.Type().IsRegular() && t.leave.out(f, name, false) {
		t.forget(f, name)
		return
	}
	info, err := os.Lstat(real)
	link := err == nil && info.Mode()&fs.ModeSymlink != 0
	if link {
		if f == t.root && strings.HasPrefix(name, "bazel-") && !t.leave.isNamed(name) {
			return // Bazel's output
		}
		info, err = os.Stat(real)
	}
	switch {
	case err != nil || !info.IsDir() && !info.Mode().IsRegular():
		t.dropFile(f, name, tell)
		t.dropFolder(f, name, tell)
	case t.leave.out(f, name, info.IsDir()):
		t.forget(f, name)
	case info.IsDir():
		t.dropFile(f, name, tell)
		t.enter(ctx, f, name, info, link, tell)
	default:
		t.dropFolder(f, name, tell)
		t.compare(f, name, info, link, tell)
	}
}

// forget drops what is left out now, which is no change.
func (t *tree) forget(f *folder, name string) {
	t.dropFile(f, name, nil)
	t.dropFolder(f, name, nil)
}

// enter looks at a folder.
func (t *tree) enter(ctx context.Context, f *folder, name string, info fs.FileInfo, link bool, tell tell) {
	real := filepath.Join(f.real, name)
	if link {
		var err error
		if real, err = filepath.EvalSymlinks(real); err != nil || leadsBack(f, real) || inStore(real) {
			t.dropFolder(f, name, tell)
			return
		}
	}
	sub := f.subs[name]
	if sub == nil {
		sub = &folder{parent: f, name: name, rel: path.Join(f.rel, name), files: map[string]*entry{}, subs: map[string]*folder{}}
		f.subs[name] = sub
	}
	t.settle(sub, real)
	sub.id, sub.closed = idOf(info), t.leave.closes(f, name)
	t.scan(ctx, sub, tell)
}

// leadsBack says that a real path is a folder's own or that of one above it.
func leadsBack(f *folder, real string) bool {
	for ; f != nil; f = f.parent {
		if f.real == real || strings.HasPrefix(f.real, strings.TrimSuffix(real, "/")+"/") {
			return true
		}
	}
	return false
}

// inStore says that a path never changes.
func inStore(real string) bool { return strings.HasPrefix(real, "/nix/store/") }

// compare holds a file against what is remembered of it.
func (t *tree) compare(f *folder, name string, info fs.FileInfo, link bool, tell tell) {
	old, now := f.files[name], stampOf(info)
	if old != nil && old.stamp == now && !old.young {
		return
	}
	e := &entry{stamp: now, young: now.young(time.Now())}
	if old != nil {
		e.seen = old.seen
	}
	if tell != nil || e.young {
		e.digest = digestFile(filepath.Join(f.real, name), now.size)
	}
	f.files[name] = e
	t.point(place{f, name}, old, e, link)
	switch {
	case old == nil:
		t.tell(path.Join(f.rel, name), Created, e.digest, tell)
	case e.digest == Digest{} || e.digest != old.digest:
		t.tell(path.Join(f.rel, name), Written, e.digest, tell)
	}
}

// point remembers where a link to a file leads, and has the folder there
// watched.
func (t *tree) point(at place, old, e *entry, link bool) {
	if link {
		e.target, _ = filepath.EvalSymlinks(filepath.Join(at.in.real, at.name))
	}
	if old != nil && old.target == e.target {
		return
	}
	t.unpoint(at, old)
	if e.target == "" || inStore(e.target) {
		return
	}
	t.links[e.target] = append(t.links[e.target], at)
	dir := filepath.Dir(e.target)
	if info, err := os.Stat(dir); err == nil {
		t.watch(dir, idOf(info), true)
	}
}

func (t *tree) unpoint(at place, e *entry) {
	if e == nil || e.target == "" {
		return
	}
	rest := slices.DeleteFunc(t.links[e.target], func(o place) bool { return o == at })
	if t.links[e.target] = rest; len(rest) == 0 {
		delete(t.links, e.target)
	}
}

func (t *tree) dropFile(f *folder, name string, tell tell) {
	e := f.files[name]
	if e == nil {
		return
	}
	t.unpoint(place{f, name}, e)
	delete(f.files, name)
	t.tell(path.Join(f.rel, name), Removed, Digest{}, tell)
}

func (t *tree) dropFolder(f *folder, name string, tell tell) {
	sub := f.subs[name]
	if sub == nil {
		return
	}
	for file := range sub.files {
		t.dropFile(sub, file, tell)
	}
	for below := range sub.subs {
		t.dropFolder(sub, below, tell)
	}
	t.unsettle(sub)
	delete(f.subs, name)
}

// tell tells of a change that is not Weft's own.
func (t *tree) tell(path string, c Change, d Digest, tell tell) {
	if tell == nil {
		return
	}
	want, ok := t.expected[path]
	delete(t.expected, path)
	if !ok || want != d || c != Removed && d == (Digest{}) {
		tell(path, c)
	}
}
