package pysource

import "strings"

// alias is what a name stands for in the world of pytest's markers.
type alias struct {
	kind    aliasKind
	markers []string // that an expression has which was given to the name
	cases   []string // those of the pytest.param calls in it
}

type aliasKind uint8

const (
	noAlias     aliasKind = iota
	aliasModule           // pytest
	aliasMark             // pytest.mark
	aliasParam            // pytest.param
)

// aliases are the names that matter; nil where pytest is not imported.
type aliases map[string]alias

func (a *aliases) imported(name, module string) {
	kind := noAlias
	switch module {
	case "pytest":
		kind = aliasModule
	case "pytest.mark":
		kind = aliasMark
	case "pytest.param":
		kind = aliasParam
	default:
		return
	}
	if *a == nil {
		*a = aliases{}
	}
	a.add(name, alias{kind: kind})
}

// add gives a name another meaning besides those that it has.
func (a aliases) add(name string, to alias) {
	if a == nil || to.kind == noAlias && to.markers == nil && to.cases == nil {
		return
	}
	has := a[name]
	if to.kind != noAlias {
		has.kind = to.kind
	}
	has.markers = appendNew(has.markers, to.markers...)
	has.cases = appendNew(has.cases, to.cases...)
	a[name] = has
}

// resolve says what a dotted name stands for: its markers are those it marks
// with. The name's bytes are not kept.
func (a aliases) resolve(name []byte) alias {
	root := name
	var rest []byte
	for i, c := range name {
		if c == '.' {
			root, rest = name[:i], name[i+1:]
			break
		}
	}
	to, ok := a[string(root)]
	if !ok || rest == nil {
		return to
	}
	found := alias{markers: to.markers, cases: to.cases}
	attributes := string(rest)
	first, after, more := strings.Cut(attributes, ".")
	switch {
	case to.kind == aliasModule && attributes == "mark":
		found.kind = aliasMark
	case to.kind == aliasModule && attributes == "param":
		found.kind = aliasParam
	case to.kind == aliasModule && first == "mark" && more:
		marker, _, _ := strings.Cut(after, ".")
		found.markers = appendNew([]string{marker}, to.markers...)
	case to.kind == aliasMark:
		found.markers = appendNew([]string{first}, to.markers...)
	}
	return found
}

// marking takes a dotted name that may stand for markers.
func (r *reader) marking(name []byte) {
	if r.aliases == nil || r.purpose != decorating && !(r.purpose == assigning && r.given) {
		return
	}
	to := r.aliases.resolve(name)
	markers, cases := &r.decorations.markers, &r.decorations.cases
	if r.purpose == assigning {
		markers, cases = &r.markers, &r.cases
	}
	*cases = appendNew(*cases, to.cases...)
	switch owner := r.owner(); {
	case owner == nil:
		*markers = appendNew(*markers, to.markers...)
		if to.kind != noAlias {
			r.whole, r.wholeHas = alias{kind: to.kind}, 2*r.dots+1
		}
	case owner.callee == calleeParam && owner.keyword == keywordMarks:
		*cases = appendNew(*cases, to.markers...)
	}
}
