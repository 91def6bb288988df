package analysis

import (
	"fmt"
	"path"
	"sort"
	"strings"
)

// ownModule finds the source of the workspace that is the module: a/b.py or
// a/b/__init__.py for a.b, below any folder; the shortest path wins. A folder
// a/ with sources is a package without an __init__.py.
func (s *study) ownModule(module string) string {
	at := strings.ReplaceAll(module, ".", "/")
	var found []string
	folder := ""
	for _, source := range s.sources {
		slashed := "/" + source
		switch {
		case strings.HasSuffix(slashed, "/"+at+".py"), strings.HasSuffix(slashed, "/"+at+"/__init__.py"):
			found = append(found, source)
		case strings.HasPrefix(source, at+"/") && strings.HasSuffix(source, ".py"):
			folder = at + "/"
		}
	}
	if len(found) == 0 {
		return folder
	}
	sort.Slice(found, func(i, j int) bool {
		if len(found[i]) != len(found[j]) {
			return len(found[i]) < len(found[j])
		}
		return found[i] < found[j]
	})
	return found[0]
}

// undeclared is the cause of a module that the workspace has and the cell was
// not given.
func undeclared(c cause, module, source string) cause {
	c.kind, c.needs, c.removed = UndeclaredDependency, "", false
	c.title = fmt.Sprintf("no module named %q: %s is not declared as a dependency", module, source)
	c.subject, c.key = source, source
	return c
}

// adviseDependency writes the deps of the test files that import the source.
func adviseDependency(f Finding) Recommendation {
	seen := map[string]bool{}
	var labels []string
	for _, t := range f.Tests {
		if t.Label != "" && !seen[t.Label] {
			seen[t.Label] = true
			labels = append(labels, t.Label)
		}
	}
	r := Recommendation{Text: fmt.Sprintf("declare the python_sources that has %s in deps, with its source root in imports", f.subject)}
	if len(labels) > 0 {
		r.Text = fmt.Sprintf("declare the python_sources that has %s in deps of %s, with its source root in imports", f.subject, list(labels))
		r.Change = fmt.Sprintf("deps = [%q],  # of %s", packageOf(f.subject), strings.Join(labels, ", "))
	}
	return r
}

// packageOf is the label of the folder that a source lies in. The root has no
// such short label, so there it is the one that is named like the source.
func packageOf(source string) string {
	dir, base := path.Split(source)
	if dir == "" {
		return "//:" + strings.TrimSuffix(base, ".py")
	}
	return "//" + strings.TrimSuffix(dir, "/")
}
