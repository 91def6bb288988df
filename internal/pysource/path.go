package pysource

// path is a run of strings with slashes between them: the literal part of
// `a / "b" / "c"`.
type path struct {
	state pathState
	parts int
	line  int
	value []byte
}

type pathState uint8

const (
	pathNone  pathState = iota
	pathPart            // the last operand is a string
	pathSlash           // the last token is the slash after it
)

// pathPart takes a string after a slash, at the token after it.
func (r *reader) pathPart(l *literal) {
	p := &r.path
	if p.state != pathSlash {
		p.value, p.parts, p.line = p.value[:0], 0, l.line
	}
	if len(p.value) > maxString {
		return
	}
	if p.parts > 0 {
		p.value = append(p.value, '/')
	}
	p.value = append(p.value, l.value...)
	p.parts++
	p.state = pathPart
}

// pathToken goes on with a run of strings, or ends it.
func (r *reader) pathToken() {
	slash := r.kind == operator && r.op == '/'
	switch {
	case r.path.state == pathPart && slash:
		r.path.state = pathSlash
	case r.path.state == pathSlash && r.kind.ofString() && r.kind != fieldOpen:
	default:
		r.endPath()
	}
}

func (r *reader) endPath() {
	if r.path.state != pathNone && r.path.parts > 1 {
		r.keep(r.path.value, r.path.line, true)
	}
	r.path.state = pathNone
}

// join is what is known of the arguments of a call that joins paths.
type join struct {
	start  int32 // where its strings begin in expression.joined
	parts  int32
	line   int32
	string bool // the present argument is a string
	broken bool // an argument was none
}

// joinArgument takes a string that is a whole argument.
func (r *reader) joinArgument(f *frame, value []byte) {
	if f.join.parts == 0 {
		f.join.line = int32(r.literal.line)
	} else {
		r.joined = append(r.joined, '/')
	}
	r.joined = append(r.joined, value...)
	f.join.parts++
	f.join.string = true
}

// endArgument ends an argument: one that is no string ends the run.
func (r *reader) endArgument(f *frame) {
	if f.callee != calleeJoin {
		return
	}
	if !f.join.string {
		r.keepJoin(f)
		f.join.broken = f.join.broken || !r.before.is(',')
	}
	f.join.string = false
}

func (r *reader) keepJoin(f *frame) {
	if f.join.parts > 1 {
		r.keep(r.joined[f.join.start:], int(f.join.line), true)
	}
	r.joined, f.join.parts = r.joined[:f.join.start], 0
}

// endJoin ends the call. When all arguments were strings it is the beginning
// of what comes after a slash: Path("a") / "b".
func (r *reader) endJoin(f *frame) {
	if f.callee != calleeJoin {
		return
	}
	whole, start := !f.join.broken && f.join.parts > 0, f.join.start
	if whole {
		r.path = path{pathPart, 1, int(f.join.line), append(r.path.value[:0], r.joined[start:]...)}
	}
	r.keepJoin(f)
	r.joined = r.joined[:start]
}
