package pysource

import "strings"

// binding is a name that an import gives to a module, or to something in one.
type binding struct {
	name string
	to   Reference
}

// importModules reads `import a.b, c as d`.
func (r *reader) importModules() {
	r.next()
	for {
		module, first := r.dotted()
		if module == "" {
			break
		}
		name, to := first, first
		if alias := r.as(); alias != "" {
			name, to = alias, module
		}
		r.imported(Import{Module: module})
		r.bind(name, Reference{0, to})
		if r.kind != operator || r.op != ',' {
			break
		}
		r.next()
	}
	r.walk(false)
}

// importNames reads `from .m import a, b as c`.
func (r *reader) importNames() {
	var i Import
	for r.next(); r.kind == operator && r.op == '.'; r.next() {
		i.Level++
	}
	if r.kind != word || string(r.text()) != "import" {
		i.Module, _ = r.dotted()
	}
	if r.kind != word || string(r.text()) != "import" || i.Module == "" && i.Level == 0 {
		r.walk(false)
		return
	}
	r.next()
	if r.kind == operator && r.op == '(' {
		r.next()
	}
	prefix := i.Module
	if prefix != "" {
		prefix += "."
	}
	i.Names = []string{}
	for {
		if r.kind == operator && r.op == '*' {
			i.Names = append(i.Names, "*")
			r.next()
			break
		}
		if r.kind != word {
			break
		}
		name := string(r.text())
		r.seen.add(r.text())
		r.next()
		i.Names = append(i.Names, name)
		given := name
		if alias := r.as(); alias != "" {
			given = alias
		}
		r.bind(given, Reference{i.Level, prefix + name})
		if r.kind != operator || r.op != ',' {
			break
		}
		r.next()
	}
	r.imported(i)
	if r.kind == operator && r.op == ')' {
		r.next()
	}
	r.walk(false)
}

// dotted reads a dotted name, and says its first part too.
func (r *reader) dotted() (name, first string) {
	if r.kind != word {
		return "", ""
	}
	r.seen.add(r.text())
	first = string(r.text())
	name = first
	r.next()
	if r.kind != operator || r.op != '.' {
		return name, first
	}
	var b strings.Builder
	b.WriteString(name)
	for r.kind == operator && r.op == '.' {
		r.next()
		if r.kind != word {
			break
		}
		r.seen.add(r.text())
		b.WriteByte('.')
		b.Write(r.text())
		r.next()
	}
	return b.String(), first
}

// as reads `as name`, if it is there.
func (r *reader) as() string {
	if r.kind != word || string(r.text()) != "as" {
		return ""
	}
	r.next()
	if r.kind != word {
		return ""
	}
	name := string(r.text())
	r.next()
	return name
}

func (r *reader) imported(i Import) {
	b := r.top()
	i.Line = r.at
	i.Optional, i.Typing, i.Local = b.optional, b.typing, b.scope == functionScope
	r.file.Imports = append(r.file.Imports, i)
}

func (r *reader) bind(name string, to Reference) {
	r.names = append(r.names, binding{name, to})
	if to.Level == 0 {
		if call := lastPart([]byte(to.Name)); string(call) != name && len(r.renamed) < maxMeanings && calleeOf(call).imports() {
			r.renamed = append(r.renamed, binding{name, Reference{0, string(call)}})
		}
		r.aliases.imported(name, to.Name)
	}
	if b := r.top(); b.scope == moduleScope && !b.typing && couldBeTest(name) {
		r.define(Definition{Kind: Name, Name: name, Line: r.at})
	}
}

// uses resolves the dotted names that begin with an imported name. They are
// resolved in the end, for a function may come before the import of what it uses.
func (r *reader) uses() []Reference {
	if len(r.names) == 0 || len(r.chains.list) == 0 {
		return nil
	}
	given := make(map[string][]Reference, len(r.names))
	for _, b := range r.names {
		if len(given[b.name]) < maxMeanings {
			given[b.name] = appendNew(given[b.name], b.to)
		}
	}
	var uses []Reference
	known := map[Reference]bool{}
	for _, chain := range r.chains.list {
		root, rest, _ := strings.Cut(chain, ".")
		for _, to := range given[root] {
			use := Reference{to.Level, to.Name + "." + rest}
			if !known[use] {
				known[use] = true
				uses = append(uses, use)
			}
		}
	}
	return uses
}

func appendNew[T comparable](to []T, items ...T) []T {
next:
	for _, item := range items {
		for _, has := range to {
			if has == item {
				continue next
			}
		}
		to = append(to, item)
	}
	return to
}

// maxMeanings is how many imports one name is followed to.
const maxMeanings = 100

// maxDistinct is how many distinct strings and dotted names of a source are
// kept: what has more is data.
const maxDistinct = 100_000

// set is a set of strings in the order in which they came.
type set struct {
	has  map[string]struct{}
	list []string
}

func (s *set) clear() {
	if s.has == nil || len(s.list) > 1000 {
		s.has = map[string]struct{}{}
	}
	clear(s.has)
	s.list = s.list[:0]
}

func (s *set) add(item []byte) {
	if _, ok := s.has[string(item)]; ok || len(s.list) >= maxDistinct {
		return
	}
	text := string(item)
	s.has[text] = struct{}{}
	s.list = append(s.list, text)
}
