package pysource

// expression is what is known of the expressions of the statement that is
// being read.
type expression struct {
	frames []frame
	before token // the token before the present one
	lambda int   // how many lambdas at depth 0 wait for their colon

	name       []byte // the dotted name that is being read, or was just read
	dots       int
	inName     bool
	trailing   bool  // its last token was a dot
	nameBefore token // the token before it

	literal literal
	path    path
	joined  []byte // the arguments of the open join calls, one after the other
}

// token is what is kept of a token that was passed.
type token struct {
	kind       kind
	op         byte
	start, end int
}

func (t token) is(op byte) bool { return t.kind == operator && t.op == op }

// frame is an open bracket or field.
type frame struct {
	open    byte // 0 for a field
	opaque  bool // arguments, a subscript or a field: markers in it are not its statement's
	callee  callee
	keyword keywordName
	arg     int32 // the index of the argument
	owner   int32 // the nearest opaque frame, itself included; -1 for none
	dynamic int32 // 1 + the index in File.Dynamic
	join    join
	literal literal // of a field: the string that it is in
}

func (e *expression) clear() {
	if cap(e.joined) > 1<<16 || cap(e.literal.value) > 1<<16 {
		e.joined, e.literal.value = nil, nil
	}
	e.begin()
}

func (e *expression) begin() {
	e.frames, e.name, e.joined = e.frames[:0], e.name[:0], e.joined[:0]
	e.before, e.lambda, e.inName = token{}, 0, false
	e.literal.active, e.path.state = false, pathNone
}

// owner is the nearest frame around that is opaque.
func (e *expression) owner() *frame {
	if n := len(e.frames); n > 0 && e.frames[n-1].owner >= 0 {
		return &e.frames[e.frames[n-1].owner]
	}
	return nil
}

// walk passes tokens up to the end of the statement, or up to the colon that
// ends a header, and then says true.
func (r *reader) walk(header bool) bool {
	for {
		if r.inName && r.continueName() {
			continue
		}
		if r.literal.active && !r.kind.ofString() {
			r.endLiteral()
		}
		if r.path.state != pathNone {
			r.pathToken()
		}
		if r.targets != targetsOver {
			r.targetToken()
		}
		switch r.kind {
		case endOfFile, newline:
			r.frames = r.frames[:0]
			return false
		case word:
			r.word()
		case text, stringStart, stringText, stringEnd:
			r.literalToken()
		case fieldOpen:
			r.openField()
		case fieldClose:
			r.closeFrame()
		case operator:
			if len(r.frames) == 0 && (r.op == ';' || r.op == ':' && header && r.lambda == 0) {
				return r.op == ':'
			}
			r.operatorToken()
		}
		r.tokens++
		r.before = token{r.kind, r.op, r.start, r.end}
		r.next()
	}
}

func (r *reader) operatorToken() {
	switch r.op {
	case '(', '[', '{':
		r.openFrame()
	case ')', ']', '}':
		r.closeFrame()
	case ',':
		if n := len(r.frames); n > 0 {
			f := &r.frames[n-1]
			r.endArgument(f)
			f.arg++
			f.keyword = keywordNone
		}
	case '=':
		if n := len(r.frames); n > 0 && r.before.kind == word && (r.nameBefore.is('(') || r.nameBefore.is(',')) {
			r.frames[n-1].keyword = keywordOf(r.data[r.before.start:r.before.end])
		}
	case ':':
		if len(r.frames) == 0 && r.lambda > 0 {
			r.lambda--
		}
	}
}

// word takes the first word of a dotted name, a keyword or a later attribute.
func (r *reader) word() {
	w := r.text()
	r.seen.add(w)
	if r.before.is('.') {
		r.name = r.name[:0]
		return
	}
	if len(r.frames) == 0 && string(w) == "lambda" {
		r.lambda++
	}
	r.name = append(r.name[:0], w...)
	r.dots, r.inName, r.trailing = 0, true, false
	r.nameBefore = r.before
}

// continueName takes the token if it belongs to the dotted name, and else ends that.
func (r *reader) continueName() bool {
	switch {
	case r.kind == operator && r.op == '.' && !r.trailing:
		r.trailing = true
	case r.kind == word && r.trailing:
		r.seen.add(r.text())
		r.name = append(append(r.name, '.'), r.text()...)
		r.dots++
		r.trailing = false
	default:
		r.endName()
		return false
	}
	if r.targets != targetsOver {
		r.targetToken()
	}
	r.tokens++
	r.before = token{r.kind, r.op, r.start, r.end}
	r.next()
	return true
}

// endName takes the dotted name that was read.
func (r *reader) endName() {
	r.inName = false
	if r.dots > 0 && string(r.name[:min(5, len(r.name))]) != "self." {
		r.chains.add(r.name)
	}
	switch r.purpose {
	case plain:
	case decorating, assigning:
		r.marking(r.name)
	case catching:
		r.caught = r.caught || catches(lastPart(r.name))
	case suppressing:
		if n := len(r.frames); n > 0 && r.frames[n-1].callee == calleeSuppress {
			r.caught = r.caught || catches(lastPart(r.name))
		}
	case deriving:
		if len(r.frames) == 1 && r.frames[0].open == '(' && (r.nameBefore.is('(') || r.nameBefore.is(',')) && !(r.kind == operator && r.op == '=') {
			r.bases = append(r.bases, string(r.name))
		}
	}
}

func lastPart(name []byte) []byte {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return name
}

// openFrame takes an opening bracket.
func (r *reader) openFrame() {
	f := frame{open: r.op, owner: -1}
	n := len(r.frames)
	if n > 0 {
		f.owner = r.frames[n-1].owner
	}
	called := r.op != '{' && r.afterOperand() && !(r.header && n == 0)
	named := called && r.op == '(' && r.before.kind == word
	if named && r.looking != nil {
		r.lookAtCall()
	}
	switch {
	case named && r.appended(r.name):
	case called:
		f.opaque, f.owner = true, int32(n)
		if named {
			r.call(&f)
		}
	case r.op == '(':
		r.tokens--
	}
	r.frames = append(r.frames, f)
}

// afterOperand says whether what was passed last can be called.
func (r *reader) afterOperand() bool {
	switch r.before.kind {
	case word:
		return !keyword(r.data[r.before.start:r.before.end])
	case text, stringEnd:
		return true
	case operator:
		return r.before.op == ')' || r.before.op == ']' || r.before.op == '}'
	}
	return false
}

// closeFrame takes a closing bracket, or the end of a field.
func (r *reader) closeFrame() {
	n := len(r.frames)
	if n == 0 {
		return
	}
	f := &r.frames[n-1]
	if f.open != 0 {
		r.endArgument(f)
		r.endJoin(f)
		if f.open == '(' && !f.opaque {
			r.tokens--
		}
	} else {
		f.literal.value = r.literal.value[:0]
		r.literal = f.literal
	}
	r.frames = r.frames[:n-1]
}
