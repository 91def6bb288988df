package scaffold

import (
	"fmt"
	"slices"
	"strings"
)

// shared are the lists that flake.nix writes once, by group: what every Python
// environment which has the group has alike.
type shared map[string]sharedList

type sharedList struct {
	attrs  []string
	absent []string // requirements that none of them could have
	lacks  string   // Proposal.lacks
}

func (l sharedList) lines() (out []string) {
	out = attributes(l.attrs)
	for _, requirement := range l.absent {
		out = append(out, "# "+l.lacks+" "+oneLine(requirement))
	}
	if len(l.absent) > 0 {
		out = append(out, remedyComments...)
	}
	return out
}

// sharedLists writes the lists and returns what stands in them.
func (p Proposal) sharedLists(w *writer) shared {
	out := shared{"": {lacks: p.lacks()}}
	for _, g := range []struct{ name, comment string }{
		{groupRuntime, "What the project needs to run."},
		{groupTests, "What its tests need besides."},
		{groupExtras, "Its optional features."},
	} {
		list := p.common(g.name)
		if len(list.attrs) == 0 {
			continue // each environment says what it has
		}
		out[g.name] = list
		w.line("# %s", g.comment)
		w.list(g.name+" = ps: ", list.lines(), ";")
	}
	return out
}

// common is what all environments that have a group have of it, sorted; that
// minimal has less is its purpose.
func (p Proposal) common(group string) (list sharedList) {
	list.lacks = p.lacks()
	count, missing, users := map[string]int{}, map[string]int{}, 0
	for _, e := range p.Environments {
		if e.Kind != KindPython || e.Name == "minimal" || !e.has(group) {
			continue
		}
		users++
		for _, pkg := range e.Packages {
			switch {
			case pkg.Group != group:
			case pkg.Missing:
				missing[pkg.Requirement]++
			default:
				count[pkg.Attr()]++
			}
		}
	}
	for attr, n := range count {
		if n == users {
			list.attrs = append(list.attrs, attr)
		}
	}
	for requirement, n := range missing {
		if n == users {
			list.absent = append(list.absent, requirement)
		}
	}
	slices.Sort(list.attrs)
	slices.Sort(list.absent)
	return list
}

// of names the interpreter to a person.
func (e Environment) of() string {
	if e.Kind == KindOctave {
		return "Octave"
	}
	return "Python " + e.Python
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func (e Environment) has(group string) bool {
	return slices.ContainsFunc(e.Packages, func(p Package) bool { return p.Group == group })
}

func attributes(attrs []string) (out []string) {
	for _, attr := range attrs {
		out = append(out, "ps."+nixName(attr))
	}
	return out
}

// environment writes one.
func (w *writer) environment(e Environment, s shared) {
	if e.Name == "minimal" {
		w.line("# So that a test notices an import too many.")
	}
	call, pkgs := "weft.pythonEnvironment", pkgsOf(inputOf(e.Python))
	if e.Kind == KindOctave {
		call = "weft.octaveEnvironment"
	}
	w.open("%s = %s {", nixName(e.Name), call)
	if e.Kind == KindOctave {
		w.line("inherit (%s) octave;", pkgs)
		if e.MRST {
			w.line("inherit mrst;")
		}
	} else {
		w.line("python = %s.%s;", pkgs, attrOf(e.Python))
	}
	w.packages(e, s)
	w.line("description = %s;", nixString(e.Description))
	if len(e.Types) > 0 {
		w.list("types = ", quoted(e.Types), ";")
	}
	w.shut("};")
}

// packages writes an environment's, by the shared lists and what it has beyond.
func (w *writer) packages(e Environment, s shared) {
	if e.Kind != KindPython {
		s = shared{"": s[""]} // the lists are of Python packages
	}
	var terms, rest []string
	for _, group := range []string{groupRuntime, groupTests, groupExtras} {
		list := s[group].attrs
		whole := len(list) > 0
		for _, attr := range list {
			whole = whole && slices.ContainsFunc(e.Packages, func(p Package) bool { return p.Group == group && p.Attr() == attr && !p.Missing })
		}
		if whole {
			terms = append(terms, group+" ps")
		}
		for _, p := range e.Packages {
			if p.Group == group && !p.Missing && !(whole && slices.Contains(list, p.Attr())) {
				rest = append(rest, p.Attr())
			}
		}
	}
	slices.Sort(rest)
	w.missing(e, s)
	switch {
	case len(terms) == 0 && len(rest) == 0:
	case len(terms) == 1 && len(rest) == 0:
		w.line("packages = %s;", strings.TrimSuffix(terms[0], " ps"))
	case len(terms) == 0:
		w.list("packages = ps: ", attributes(rest), ";")
	default:
		w.joined(terms, rest)
	}
}

// missing says what an environment alone, or with some others, cannot have.
func (w *writer) missing(e Environment, s shared) {
	some := false
	for _, p := range e.Packages {
		if p.Missing && !slices.Contains(s[p.Group].absent, p.Requirement) {
			w.line("# %s %s for %s", s[""].lacks, oneLine(p.Requirement), e.of())
			some = true
		}
	}
	if some {
		for _, comment := range remedyComments {
			w.line("%s", comment)
		}
	}
}

// joined writes lists that are put together, in one line when they fit.
func (w *writer) joined(terms, rest []string) {
	if len(rest) > 0 {
		terms = append(slices.Clone(terms), fmt.Sprintf("[ %s ]", strings.Join(attributes(rest), " ")))
	}
	if line := fmt.Sprintf("packages = ps: %s;", strings.Join(terms, " ++ ")); len(line)+2*w.depth <= 100 && len(rest) <= 1 {
		w.line("%s", line)
		return
	}
	w.open("packages =")
	w.line("ps:")
	last := len(terms) - 1
	for i, term := range terms {
		if i > 0 {
			term = "++ " + term
		}
		switch {
		case i == last && len(rest) > 1:
			w.list("++ ", attributes(rest), ";")
		case i == last:
			w.line("%s;", term)
		default:
			w.line("%s", term)
		}
	}
	w.depth--
}
