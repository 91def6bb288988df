package watch

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/git"
)

// leave says what is left out: what git ignores, hidden folders, Bazel's
// output, environments made in place, editors' own files. What is named stays.
type leave struct {
	root    string
	above   []scope // the rules of the folders above the workspace, the nearest first
	exclude scope   // .git/info/exclude
	bazel   []string
	named   map[string]bool
	holds   map[string]bool // folders that hold what is named
}

// scope is rules and the workspace's path from where they are.
type scope struct {
	rules rules
	at    string
}

func (l *leave) init(root string) {
	l.root = root
	l.load()
}

// load reads the rules that are not in the workspace, and .bazelignore.
func (l *leave) load() {
	l.above, l.exclude = nil, scope{}
	top, ok := git.Top(l.root)
	if ok {
		l.exclude = scope{readRules(excludeFile(top)), below(top, l.root)}
		for dir := l.root; dir != top; {
			dir = filepath.Dir(dir)
			l.above = append(l.above, scope{readRules(filepath.Join(dir, ".gitignore")), below(dir, l.root)})
		}
	}
	l.bazel = nil
	data, _ := os.ReadFile(filepath.Join(l.root, ".bazelignore"))
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			l.bazel = append(l.bazel, path.Clean(line))
		}
	}
}

// below is the path from a folder to one below it, with slashes; "" is itself.
func below(dir, to string) string {
	rel, err := filepath.Rel(dir, to)
	if err != nil || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}

// excludeFile is a repository's info/exclude, which worktrees share.
func excludeFile(top string) string {
	_, common := git.Dirs(top)
	return filepath.Join(common, "info", "exclude")
}

// name replaces the names.
func (l *leave) name(paths []string) {
	l.named, l.holds = map[string]bool{}, map[string]bool{}
	for _, p := range paths {
		l.named[p] = true
		for dir := path.Dir(p); dir != "." && !l.holds[dir]; dir = path.Dir(dir) {
			l.holds[dir] = true
		}
	}
}

func (l *leave) isNamed(rel string) bool { return l.named[rel] || l.holds[rel] }

// out says that a name in a folder is left out.
func (l *leave) out(f *folder, name string, dir bool) bool {
	return !l.isNamed(path.Join(f.rel, name)) && l.unwanted(f, name, dir)
}

// closes says that of a folder only what is named is told.
func (l *leave) closes(f *folder, name string) bool { return l.unwanted(f, name, true) }

// skipped are folders that hold no sources of the project.
var skipped = []string{"__pycache__", "node_modules", "CVS", "_darcs"}

func (l *leave) unwanted(f *folder, name string, dir bool) bool {
	rel := path.Join(f.rel, name)
	switch {
	case f.closed, !dir && editors(name):
		return true
	case dir && (strings.HasPrefix(name, ".") || slices.Contains(skipped, name) || slices.Contains(l.bazel, rel)):
		return true
	}
	if dir {
		if _, err := os.Lstat(filepath.Join(f.real, name, "pyvenv.cfg")); err == nil {
			return true
		}
	}
	return l.ignored(f, name, dir)
}

// ignored says that git ignores a name: the nearest rule that is about it counts.
func (l *leave) ignored(f *folder, name string, dir bool) bool {
	rel := name
	for ; f != nil; f = f.parent {
		if ignored, decided := matchRules(f.rules, rel, dir); decided {
			return ignored
		}
		if f.parent != nil {
			rel = f.name + "/" + rel
		}
	}
	for _, s := range append(l.above, l.exclude) {
		if ignored, decided := matchRules(s.rules, path.Join(s.at, rel), dir); decided {
			return ignored
		}
	}
	return false
}

// rulesOf are those of a folder's own .gitignore.
func (l *leave) rulesOf(f *folder, entries []fs.DirEntry) rules {
	if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".gitignore" }) {
		return nil
	}
	return readRules(filepath.Join(f.real, ".gitignore"))
}

// editors recognises files that editors keep beside the one that is edited.
func editors(name string) bool {
	switch {
	case name == "4913", name == ".DS_Store": // Vim's probe, macOS' own
	case strings.HasSuffix(name, "~"), strings.HasPrefix(name, ".#"), strings.HasPrefix(name, ".~lock."):
	case strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#"):
	case strings.HasSuffix(name, "___jb_tmp___"), strings.HasSuffix(name, "___jb_old___"):
	case strings.HasPrefix(name, ".goutputstream-"), strings.HasSuffix(name, ".kate-swp"):
	case strings.HasPrefix(name, ".") && len(path.Ext(name)) == 4 && strings.HasPrefix(path.Ext(name), ".sw"): // Vim's .x.swp
	default:
		return false
	}
	return true
}
