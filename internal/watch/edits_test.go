package watch

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// contents are a folder's files and what is in them, links and .git aside.
func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && e.Name() == ".git":
			return filepath.SkipDir
		case e.Type().IsRegular() && e.Name() != marker:
			data, err := os.ReadFile(path)
			rel, _ := filepath.Rel(root, path)
			out[filepath.ToSlash(rel)] = string(data)
			return err
		}
		return nil
	}))
	return out
}

// hold fails when batches said other than what happened between two states.
// Files may be told that are as they were: they were changed in between.
func hold(t *testing.T, told map[string]Change, before, after map[string]string, touched map[string]bool) {
	t.Helper()
	for path := range union(before, after) {
		was, had := before[path]
		is, has := after[path]
		want := Change(0)
		switch {
		case !had && has:
			want = Created
		case had && !has:
			want = Removed
		case was != is:
			want = Written
		}
		if got := told[path]; got != want && !(want == 0 && got == Written && touched[path]) {
			t.Errorf("%s: told %v, want %v", path, got, want)
		}
	}
	for path := range told {
		if _, had := before[path]; had {
			continue
		}
		if _, has := after[path]; !has {
			t.Errorf("%s: told %v, and it was never there", path, told[path])
		}
	}
}

func union(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// editor makes random edits.
type editor struct {
	t       *testing.T
	root    string
	r       *rand.Rand
	n       int
	touched map[string]bool
}

func (e *editor) in(rel string) string { return filepath.Join(e.root, filepath.FromSlash(rel)) }

func (e *editor) text() string { e.n++; return fmt.Sprint("text ", e.n) }

// any is a file that is there.
func (e *editor) any() string {
	var names []string
	must(e.t, filepath.WalkDir(e.root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && d.Name() != marker {
			names = append(names, strings.TrimPrefix(path, e.root+"/"))
		}
		return err
	}))
	f := names[e.r.IntN(len(names))]
	e.touched[f] = true
	return f
}

func (e *editor) fresh() string {
	e.n++
	return fmt.Sprintf("src/p%d/n%d.py", e.r.IntN(5), e.n)
}

func (e *editor) edit() {
	t := e.t
	f := e.any()
	switch e.r.IntN(11) {
	case 0, 1, 2:
		write(t, e.root, f, e.text())
	case 3:
		write(t, e.root, f+".new", e.text())
		must(t, os.Rename(e.in(f+".new"), e.in(f)))
	case 4:
		to := e.fresh()
		must(t, os.MkdirAll(filepath.Dir(e.in(to)), 0o755), os.Rename(e.in(f), e.in(to)))
	case 5:
		must(t, os.Remove(e.in(f)))
		write(t, e.root, e.fresh(), e.text()) // so that some are left
	case 6:
		must(t, os.Chtimes(e.in(f), time.Now(), time.Now()))
	case 7:
		e.n++
		write(t, e.root, fmt.Sprintf("src/d%d/deep/er/x.py", e.n), e.text())
	case 8:
		e.n++
		must(t, os.Rename(e.in("src"), e.in("moved")), os.Mkdir(e.in("src"), 0o755), os.Rename(e.in("moved"), e.in(fmt.Sprintf("src/m%d", e.n))))
	case 9: // an edit of a file that is being deleted
		file, err := os.OpenFile(e.in(f), os.O_WRONLY, 0)
		must(t, err, os.Remove(e.in(f)))
		_, err = file.WriteString(e.text())
		must(t, err, file.Close())
		write(t, e.root, e.fresh(), e.text())
	case 10: // the deepest folders come up again
		e.n++
		dirs, _ := filepath.Glob(e.in("src/m*"))
		if len(dirs) > 0 {
			must(t, os.Rename(dirs[0], e.in(fmt.Sprintf("up%d", e.n))))
		}
	}
}

func TestOfAThousandEditsNoneIsLost(t *testing.T) {
	root := t.TempDir()
	for i := range 40 {
		write(t, root, fmt.Sprintf("src/p%d/f%d.py", i%5, i), fmt.Sprint(i))
	}
	w := open(t, Options{Root: root})
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	e := &editor{t: t, root: root, r: rand.New(rand.NewPCG(seed, 0)), touched: map[string]bool{}}
	for done := 0; done < 1000; {
		before := contents(t, root)
		e.touched = map[string]bool{}
		for range 1 + e.r.IntN(40) {
			e.edit()
			done++
			if e.r.IntN(20) == 0 {
				time.Sleep(time.Duration(e.r.IntN(60)) * time.Millisecond) // so that batches end among the edits
			}
		}
		all := maps.Clone(e.touched)
		for f := range before { // what was moved about may be back
			all[f] = true
		}
		told, warnings := collect(t, w)
		hold(t, told, before, contents(t, root), all)
		if len(warnings) > 0 {
			t.Errorf("warned %v", warnings)
		}
		if t.Failed() {
			t.Fatalf("after %d edits", done)
		}
	}
}

// TestEditsUnderALook edits while batches are taken, with no rest between.
func TestEditsUnderALook(t *testing.T) {
	root := t.TempDir()
	for i := range 40 {
		write(t, root, fmt.Sprintf("src/p%d/f%d.py", i%5, i), fmt.Sprint(i))
	}
	w := open(t, Options{Root: root})
	before := contents(t, root)
	e := &editor{t: t, root: root, r: rand.New(rand.NewPCG(7, 7)), touched: map[string]bool{}}
	edited := make(chan struct{})
	go func() {
		defer close(edited)
		for range 300 {
			e.edit()
		}
	}()
	all := Batch{Changes: map[string]Change{}}
	take := func() {
		for ; ; time.Sleep(time.Millisecond) {
			select {
			case <-edited:
				return
			default:
			}
			w.hint(Hint{Path: root + "/nothing"})
			b, _ := w.take(t.Context(), time.Now().Add(maxWait))
			for path, c := range b.Changes {
				all.add(path, c)
			}
		}
	}
	take()
	rest, _ := collect(t, w)
	for path, c := range rest {
		all.add(path, c)
	}
	delete(all.Changes, marker)
	after := contents(t, root)
	touched := map[string]bool{}
	for f := range union(before, after) {
		touched[f] = true
	}
	hold(t, all.Changes, before, after, touched)
}

func TestBranchSwitchAndBurst(t *testing.T) {
	root := t.TempDir()
	runGit(t, root, "", "init", "-q", "-b", "one")
	for i := range 300 {
		write(t, root, fmt.Sprintf("p%d/f%d.py", i%20, i), fmt.Sprint(i))
	}
	commit := func() {
		runGit(t, root, "", "add", "-A")
		runGit(t, root, "", "commit", "-q", "-m", "x")
	}
	commit()
	runGit(t, root, "", "checkout", "-q", "-b", "two")
	for i := range 150 {
		must(t, os.Remove(filepath.Join(root, fmt.Sprintf("p%d/f%d.py", i%20, i))))
		write(t, root, fmt.Sprintf("q%d/g%d.py", i%20, i), fmt.Sprint(i))
		write(t, root, fmt.Sprintf("p%d/f%d.py", (i+150)%20, i+150), fmt.Sprint("two ", i))
	}
	write(t, root, ".gitignore", "/burst/no/\n"+marker+"\n")
	commit()
	w := open(t, Options{Root: root, Named: []string{marker}})
	for _, branch := range []string{"one", "two", "one"} {
		before := contents(t, root)
		runGit(t, root, "", "checkout", "-q", branch)
		told, _ := collect(t, w)
		hold(t, told, before, contents(t, root), nil)
	}
	runGit(t, root, "", "checkout", "-q", "two")
	runGit(t, root, "", "checkout", "-q", "one")
	if told, _ := collect(t, w); len(told) > 0 {
		t.Errorf("there and back: told %d changes", len(told))
	}

	before := contents(t, root)
	for i := range 10_000 {
		write(t, root, fmt.Sprintf("burst/b%d/f%d.py", i%100, i), fmt.Sprint(i))
	}
	told, _ := collect(t, w)
	hold(t, told, before, contents(t, root), nil)
	if len(told) != 10_000 {
		t.Errorf("told %d changes, want 10,000", len(told))
	}
}
