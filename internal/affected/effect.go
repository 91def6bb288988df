package affected

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/watch"
)

// Settings is the workspace's file of settings, whose change is told apart.
const Settings = "weft.toml"

// Effect is what a change calls for. More than one thing can hold.
type Effect struct {
	// Files are the test files that the graph knows to depend on what changed.
	// After a query the new graph's count as well.
	Files Files
	// Everything says that any test may depend on it, beyond what the graph knows.
	Everything   bool
	Query        bool     // the graph itself may be another
	Environments bool     // what the flake says may be another
	Settings     bool     // weft.toml is another
	Generate     []string // folders whose BUILD files may be stale, for weft gen; "." is the workspace's own
	// Why says, by path, what is not plain: that nothing is affected, and why, or
	// what the graph cannot tell.
	Why map[string]string
}

// Nothing says that there is nothing to do. Why says the reasons.
func (e Effect) Nothing() bool {
	return e.Files.Len() == 0 && !e.Everything && !e.Query && !e.Environments && !e.Settings && len(e.Generate) == 0
}

// Of is the effect of a batch of changes.
func (ix *Index) Of(changes map[string]watch.Change) Effect {
	e := Effect{Why: map[string]string{}}
	var from []int32
	for p, c := range changes {
		from = append(from, ix.one(p, c, &e)...)
	}
	slices.Sort(e.Generate)
	e.Generate = slices.Compact(e.Generate)
	if e.Everything {
		e.Files = ix.all()
	} else {
		e.Files = ix.reach(from...)
	}
	return e
}

// one adds a change's effect but for the files, and returns the nodes that they
// are reached from.
func (ix *Index) one(p string, c watch.Change, e *Effect) (from []int32) {
	from, used := ix.named(p)
	named := len(from) > 0
	if ix.inModule(p) {
		e.Everything, e.Query = true, true
		e.Environments = e.Environments || strings.HasSuffix(p, ".nix") // as the flake library beside vendored rules
		e.Why[p] = "it is part of another Bazel module, which any test may use"
		return from
	}
	special := ix.special(p, e)
	if isBuild(p) {
		from = append(from, ix.packages[folderOf(p)]...)
		return from
	}
	switch {
	case c != watch.Written: // a glob may take it in, a rule may name what is gone
		e.Query = true
		e.Generate = append(e.Generate, shown(folderOf(p)))
	case isProject(p), isSource(p) && !named:
		e.Generate = append(e.Generate, shown(folderOf(p)))
	case special:
	case !named:
		e.Why[p] = "no rule names it"
		return from
	}
	if named && !used && !special {
		e.Why[p] = "rules name it, but no test depends on them, unless by a flag, as security tests do on advisories"
		from = append(from, ix.security...)
	}
	return from
}

// named are the nodes of a file: its own, and those of folders that rules name
// whole. used says that a test depends on one of them.
func (ix *Index) named(p string) (nodes []int32, used bool) {
	for ; p != ""; p = folderOf(p) {
		if n, ok := ix.nodes[p]; ok {
			nodes = append(nodes, n)
			used = used || ix.used[n]
		}
	}
	return nodes, used
}

// special adds what a file means by its name.
func (ix *Index) special(p string, e *Effect) bool {
	name := path.Base(p)
	switch {
	case isBuild(p):
		e.Query = true
	case strings.HasSuffix(name, ".bzl"):
		e.Query, e.Everything = true, true
		e.Why[p] = "any BUILD file may load it"
	case slices.Contains([]string{"MODULE.bazel", "MODULE.bazel.lock", "WORKSPACE", "WORKSPACE.bazel", "REPO.bazel"}, name), strings.HasSuffix(name, ".MODULE.bazel"):
		e.Query, e.Everything = true, true
		e.Why[p] = "it says which modules and environments there are"
	case slices.Contains([]string{".bazelversion", ".bazelignore"}, p), name == ".bazelrc", strings.HasSuffix(name, ".bazelrc"):
		e.Query, e.Everything = true, true
		e.Why[p] = "it says how Bazel runs"
	case name == "flake.nix", name == "flake.lock", strings.HasSuffix(name, ".nix"), p == "environments.lock.json":
		e.Environments = true
	case p == Settings:
		e.Settings = true
	default:
		return false
	}
	return true
}

func (ix *Index) inModule(p string) bool {
	return slices.ContainsFunc(ix.modules, func(m string) bool { return strings.HasPrefix(p, m+"/") })
}

func isBuild(p string) bool {
	name := path.Base(p)
	return name == "BUILD.bazel" || name == "BUILD"
}

// isSource says that weft gen makes rules for such files.
func isSource(p string) bool {
	return slices.Contains([]string{".py", ".pyi", ".m"}, path.Ext(p))
}

// isProject says that weft gen reads a project's settings from it.
func isProject(p string) bool {
	return slices.Contains([]string{"pyproject.toml", "pytest.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "setup.py", "conftest.py"}, path.Base(p))
}

// folderOf is a file's folder; "" is the workspace.
func folderOf(p string) string {
	if dir := path.Dir(p); dir != "." {
		return dir
	}
	return ""
}

// shown is a folder as weft gen takes it.
func shown(folder string) string {
	if folder == "" {
		return "."
	}
	return folder
}

// Summary says in a few words what a batch affects, for a person.
func (e Effect) Summary() string {
	var out []string
	add := func(yes bool, text string) {
		if yes {
			out = append(out, text)
		}
	}
	add(e.Everything, "any test")
	add(!e.Everything && e.Files.Len() > 0, counted(e.Files.Len(), "test file"))
	add(e.Query, "the target graph is read again")
	add(e.Environments, "the environments")
	add(e.Settings, "the settings")
	add(len(e.Generate) > 0, "BUILD files in "+strings.Join(e.Generate, ", "))
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, "; ")
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
