package pysource

// assignment is what is known of the targets of the statement that is being
// read, and of its value.
type assignment struct {
	targets  targets
	group    []span   // the names since the last `=`
	several  bool     // the group is a tuple or a list
	single   []string // the targets that are one name
	tests    []string // the targets that could be tests
	sign     token    // the last `=`
	given    bool     // an `=` was passed
	all      bool     // a target is the module's __all__
	plugins  bool     // a target is the module's pytest_plugins
	markers  []string // in the value
	cases    []string // of pytest.param in the value
	tokens   int      // how many the value has, parentheses left out
	whole    alias    // of a dotted name in the value,
	wholeHas int      // that has so many tokens
}

type span struct{ start, end int }

func (a assignment) none() assignment {
	return assignment{group: a.group[:0], single: a.single[:0], tests: a.tests[:0]}
}

// targets says where in its targets a statement is.
type targets uint8

const (
	targetsOver      targets = iota
	targetsName              // a name can come
	targetsAfterName         // a comma, a colon or `=` can come
	targetsAnnotation
)

// expectTargets prepares for a statement that may be an assignment.
func (r *reader) expectTargets() {
	if r.top().scope != functionScope {
		r.purpose, r.targets = assigning, targetsName
	}
}

// targetToken takes a token that may belong to the targets of an assignment.
func (r *reader) targetToken() {
	if r.kind == operator && r.op == '=' || r.kind == operator && r.op == opInplace {
		if len(r.group) > 0 && r.depth == 0 {
			r.give()
			return
		}
	}
	if r.targets == targetsAnnotation {
		return
	}
	next := targetsOver
	switch r.kind {
	case word:
		if r.targets == targetsName && !keyword(r.text()) {
			r.group = append(r.group, span{r.start, r.end})
			next = targetsAfterName
		}
	case operator:
		r.several = r.several || r.op == ',' || r.op == '['
		switch r.op {
		case '(', '[', '*':
			if r.targets == targetsName {
				next = targetsName
			}
		case ')', ']':
			next = r.targets
		case ',':
			if r.targets == targetsAfterName {
				next = targetsName
			}
		case ':':
			if r.targets == targetsAfterName && len(r.group) == 1 && r.depth == 0 {
				next = targetsAnnotation
			}
		}
	}
	if r.targets = next; next == targetsOver {
		r.group = r.group[:0]
	}
}

// give takes the names before an `=`.
func (r *reader) give() {
	for _, at := range r.group {
		name := string(r.data[at.start:at.end])
		if couldBeTest(name) {
			r.tests = append(r.tests, name)
		}
		if !r.several {
			r.single = append(r.single, name)
			r.wantStrings(name)
		}
	}
	r.group, r.several = r.group[:0], false
	r.targets = targetsName
	if r.op == opInplace {
		r.targets = targetsOver
		r.tests = r.tests[:0]
	}
	r.sign = token{r.kind, r.op, r.start, r.end}
	r.given, r.tokens = true, -1 // the sign itself will be counted
	r.markers, r.cases, r.wholeHas = nil, nil, 0
}

func (r *reader) wantStrings(name string) {
	if r.top().scope == moduleScope {
		r.all = r.all || name == "__all__"
		r.plugins = r.plugins || name == "pytest_plugins"
	}
}

// appended takes `x.append(…)` and `x.extend(…)` like `x += …`, and says
// whether this is that.
func (r *reader) appended(name []byte) bool {
	if r.purpose != assigning || r.given || r.nameBefore != (token{}) {
		return false
	}
	switch string(name) {
	case "pytestmark.append", "pytestmark.extend":
		r.single = append(r.single, "pytestmark")
	case "__all__.append", "__all__.extend":
		r.wantStrings("__all__")
	default:
		return false
	}
	r.given = true
	return true
}

// assign does what the assignment that was read means.
func (r *reader) assign() {
	if !r.given {
		return
	}
	whole := alias{}
	if r.wholeHas > 0 && r.wholeHas == r.tokens {
		whole = r.whole
	}
	if r.looking != nil && r.looking.constants != nil && r.sign.end > 0 {
		r.lookAtValue(r.single)
	}
	for _, name := range r.single {
		if name == "pytestmark" {
			r.mark()
			continue
		}
		r.aliases.add(name, whole)
		r.aliases.add(name, alias{markers: r.markers, cases: r.cases})
	}
	for _, name := range r.tests {
		r.define(Definition{Kind: Name, Name: name, Line: r.at, Markers: sorted(r.markers)})
	}
}

// mark gives the markers of a pytestmark to the class or the module.
func (r *reader) mark() {
	to := &r.file.Markers
	if r.top().scope == classScope {
		to = &r.classes[len(r.classes)-1].Markers
	}
	*to = sorted(appendNew(*to, r.markers...))
}
