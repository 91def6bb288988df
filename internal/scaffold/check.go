package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pyproject"
)

// Question asks which packages an interpreter of a flake input has.
type Question struct {
	Input       string // "nixpkgs-python39"
	Interpreter string // "python39"
	Attrs       []string
}

// Answer is what the input said.
type Answer struct {
	Exists bool              // the interpreter does
	Has    map[string]string // by attribute: its version, which may be unknown ("")
}

// Questions are those that tell whether the proposal can be built, one for
// each interpreter.
func (p Proposal) Questions() (all []Question) {
	for _, e := range p.Environments {
		i := slices.IndexFunc(all, func(q Question) bool { return q.Interpreter == e.interpreter() })
		if i < 0 {
			all = append(all, Question{Input: inputOf(e.Python), Interpreter: e.interpreter()})
			i = len(all) - 1
		}
		for _, pkg := range e.Packages {
			for _, attr := range pkg.Attrs {
				if !slices.Contains(all[i].Attrs, attr) {
					all[i].Attrs = append(all[i].Attrs, attr)
				}
			}
		}
	}
	return all
}

func (e Environment) interpreter() string {
	if e.Kind == KindOctave {
		return "octave"
	}
	return attrOf(e.Python)
}

// Settle applies the answers, which are in the order of the questions: of each
// package's names the one that exists stays, and a package without one is
// marked missing. gone are the Pythons that do not exist: propose again.
func (p Proposal) Settle(questions []Question, answers []Answer) (settled Proposal, gone []string) {
	by := map[string]Answer{}
	for i, q := range questions {
		by[q.Interpreter] = answers[i]
	}
	settled = Proposal{Notes: slices.Clone(p.Notes), Chosen: p.Chosen, Overridden: p.Overridden}
	for _, e := range p.Environments {
		a := by[e.interpreter()]
		if !a.Exists {
			if e.Kind == KindOctave {
				settled.Notes = append(settled.Notes, Note{Text: "octave is left out: the flake input nixpkgs has none", Hint: "add it to flake.nix when an input has it"})
			} else if !slices.Contains(gone, e.Python) {
				gone = append(gone, e.Python)
			}
			continue
		}
		e.Packages = slices.Clone(e.Packages)
		for i := range e.Packages {
			e.Packages[i].settle(a)
		}
		settled.Environments = append(settled.Environments, e)
	}
	settled.Notes = slices.Concat(settled.Notes, settled.missing(), settled.unfit())
	return settled, gone
}

func (p *Package) settle(a Answer) {
	i := slices.IndexFunc(p.Attrs, func(attr string) bool { _, ok := a.Has[attr]; return ok })
	p.Missing = i < 0
	if i >= 0 {
		p.Attrs = p.Attrs[i : i+1]
		p.Version = a.Has[p.Attr()]
	}
}

// missing says what no nixpkgs has, once for each requirement.
func (p Proposal) missing() (notes []Note) {
	where := map[string][]string{}
	var order []string
	for _, e := range p.Environments {
		for _, pkg := range e.Packages {
			if !pkg.Missing {
				continue
			}
			if where[pkg.Requirement] == nil {
				order = append(order, pkg.Requirement)
			}
			where[pkg.Requirement] = append(where[pkg.Requirement], e.Name)
		}
	}
	for _, requirement := range order {
		notes = append(notes, Note{
			Text: fmt.Sprintf("%s %s for %s: left out of flake.nix", p.lacks(), requirement, strings.Join(where[requirement], ", ")),
			Hint: remedies,
		})
	}
	return notes
}

// unfit says which requirements the packages' versions do not satisfy, once for
// each requirement and version. pip would not install them so; nixpkgs has one.
func (p Proposal) unfit() (notes []Note) {
	for _, e := range p.Environments {
		for _, pkg := range e.Packages {
			if pkg.Spec == "" || pkg.Version == "" || pyproject.Specifies(pkg.Spec, pkg.Version) {
				continue
			}
			n := Note{Text: fmt.Sprintf("nixpkgs has %s %s, which %s does not allow", pkg.Attr(), pkg.Version, oneLine(pkg.Requirement)),
				Hint: "weft test all shows whether it matters; else pin a nixpkgs that has another"}
			if !slices.Contains(notes, n) {
				notes = append(notes, n)
			}
		}
	}
	return notes
}

// lacks names what lacks a package: an input that stands in for another on a
// closed network says little about that other.
func (p Proposal) lacks() string {
	if p.Overridden {
		return "nixpkgs, as --override-input had it, lacks"
	}
	return "nixpkgs lacks"
}

// remedies are for a package that nixpkgs lacks.
const remedies = "pin a nixpkgs that has it, make it with buildPythonPackage, or keep the tests that need it out: # gazelle:weft_environments"

// remedyComments are the remedies in flake.nix.
var remedyComments = []string{
	"# (pin a nixpkgs that has it, make it with buildPythonPackage, or keep the tests that need it",
	"# out of this environment: gazelle:weft_environments in their BUILD file)",
}
