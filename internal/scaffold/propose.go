package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pyproject"
)

// Wishes are what the user asks for.
type Wishes struct {
	// Environments choose among those proposed, and may name ones that would not
	// have been; empty are those proposed.
	Environments []string
	// Gone are known Pythons that the flake's inputs turned out not to have.
	Gone []string
}

// UnknownEnvironmentError is a wish that cannot be met.
type UnknownEnvironmentError struct {
	Name  string
	Known []string
}

func (e *UnknownEnvironmentError) Error() string {
	return fmt.Sprintf("weft init knows no environment %q", e.Name)
}

// Hint names those that there are.
func (e *UnknownEnvironmentError) Hint() string { return "there are " + strings.Join(e.Known, ", ") }

// Propose says which environments the tests should run in: each Python of the
// project's with what its tests need; minimal, the newest with no more than it
// takes to collect them; full, the newest with every optional feature; Octave.
func Propose(s Survey, w Wishes) (Proposal, error) {
	var p Proposal
	p.Notes = slices.Clone(s.Notes)
	var wanted []string
	for _, v := range wishedPythons(w.Environments) {
		if slices.Contains(w.Gone, v) {
			p.Notes = append(p.Notes, gonePython(v))
		} else {
			wanted = append(wanted, v)
		}
	}
	versions, chosen, notes := choosePythons(s, w.Gone)
	p.Chosen = chosen && len(wanted) == 0
	if len(w.Environments) == 0 {
		p.Notes = append(p.Notes, notes...)
	}
	all := s.environments(ascending(slices.Concat(versions, wanted)))
	if len(w.Environments) > 0 {
		return p, p.wish(w.Environments, all)
	}
	for _, e := range all {
		if e.Kind == KindPython && s.Python == 0 {
			continue
		}
		switch twin := p.twin(e); {
		case e.Name == "minimal" && twin != "", e.Name == "full" && twin != "":
			p.Notes = append(p.Notes, Note{Info: true, Text: fmt.Sprintf("%s is left out: it would have the packages of %s", e.Name, twin)})
		case e.Kind == KindOctave && s.OctaveTests == 0:
			if s.Octave > 0 {
				p.Notes = append(p.Notes, Note{Info: true, Text: "octave is left out: no .m file has a test (a %!test block, or test_ in its name)"})
			}
		default:
			p.Environments = append(p.Environments, e)
			if e.MRST {
				p.Notes = append(p.Notes, Note{Info: true, Text: "mrst is pinned by its commit; its hash is not known here, and `nix flake lock` adds it to flake.lock"})
			}
		}
	}
	return p, nil
}

// wishedPythons are the versions of the environments of that form.
func wishedPythons(names []string) (versions []string) {
	for _, name := range names {
		if v, ok := strings.CutPrefix(name, "python"); ok && refOf(v) != "" {
			versions = append(versions, v)
		}
	}
	return versions
}

// wish takes over the environments that the user names, in the usual order.
func (p *Proposal) wish(names []string, all []Environment) error {
	var known []string
	for _, v := range pythons {
		known = append(known, "python"+v.version)
	}
	known = append(known, "minimal", "full", "octave")
	for _, name := range names {
		if !slices.Contains(known, name) {
			return &UnknownEnvironmentError{Name: name, Known: known}
		}
	}
	for _, e := range all {
		if slices.Contains(names, e.Name) {
			p.Environments = append(p.Environments, e)
		}
	}
	return nil
}

// twin is the environment that has the same Python and packages already.
func (p *Proposal) twin(e Environment) string {
	for _, other := range p.Environments {
		if other.Kind == e.Kind && other.Python == e.Python && slices.Equal(attrs(other), attrs(e)) {
			return other.Name
		}
	}
	return ""
}

func attrs(e Environment) (out []string) {
	for _, p := range e.Packages {
		out = append(out, p.Attr())
	}
	slices.Sort(out)
	return out
}

// environments are all that could be made of the versions.
func (s Survey) environments(versions []string) (all []Environment) {
	n := needsOf(s)
	for _, v := range versions {
		all = append(all, Environment{Name: "python" + v, Kind: KindPython, Python: v, Packages: n.testing(v),
			Description: fmt.Sprintf("Python %s with what the tests need", v)})
	}
	if len(versions) > 0 {
		v := versions[len(versions)-1]
		all = append(all,
			Environment{Name: "minimal", Kind: KindPython, Python: v, Packages: n.least(s, v), Types: []string{"unit", "compatibility"},
				Description: fmt.Sprintf("Python %s with what the project needs at the least", v)},
			Environment{Name: "full", Kind: KindPython, Python: v, Packages: chosen(n.extras, groupExtras, v, n.testing(v)),
				Description: fmt.Sprintf("Python %s with every optional feature", v)})
	}
	return append(all, s.octave())
}

func (n needs) testing(python string) []Package {
	return chosen(n.tests, groupTests, python, chosen(n.runtime, groupRuntime, python, nil))
}

// least leaves out of the tests' requirements what no test file imports and is
// no plugin of pytest's: with it, tests are collected as anywhere else.
func (n needs) least(s Survey, python string) []Package {
	return slices.DeleteFunc(n.testing(python), func(p Package) bool {
		return p.Group == groupTests && p.Name != "pytest" && !strings.HasPrefix(p.Name, "pytest-") && !imports(s.TestImports, p.Name) &&
			!slices.ContainsFunc(fromOptions(s.Options), func(r pyproject.Requirement) bool { return r.Name == p.Name })
	})
}

func (s Survey) octave() Environment {
	e := Environment{Name: "octave", Kind: KindOctave, MRST: s.MRST, Description: "GNU Octave"}
	if s.MRST {
		e.Description = "GNU Octave with MRST"
	}
	for _, name := range s.OctavePackages {
		e.Packages = append(e.Packages, Package{Name: name, Requirement: name, Attrs: []string{name}, Group: groupRuntime})
	}
	return e
}
