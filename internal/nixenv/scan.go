package nixenv

import "strings"

// ref is a literal in a Nix file that may name another file.
type ref struct {
	text   string
	kind   refKind
	joined string // a string literal right behind it: ./. + "/x.nix"
}

type refKind int

const (
	pathRef   refKind = iota // a path literal: ./x.nix, ../y, nix/lib
	prefixRef                // a path literal up to an interpolation: ./envs/ of ./envs/${name}.nix
	stringRef                // a string literal or a bare URI, without interpolation
)

// scanRefs finds the path and string literals of a Nix file. It knows Nix's
// lexical rules (comments, both kinds of strings, interpolation, URIs, <search
// paths>) and nothing of its grammar, so that it can be run over anything: a
// file that Nix would refuse gives some refs or none, never an error.
func scanRefs(src string) []ref {
	s := scanner{src: src, modes: []mode{{kind: code}}}
	for s.i < len(s.src) {
		switch m := &s.modes[len(s.modes)-1]; m.kind {
		case code:
			s.code(m)
		case quoted:
			s.quoted(m)
		default:
			s.indented()
		}
	}
	return s.refs
}

type modeKind int

const (
	code     modeKind = iota
	quoted            // between double quotes
	indented          // between pairs of single quotes
)

type mode struct {
	kind   modeKind
	depth  int  // of braces, in code
	begin  int  // of the content, in a quoted string
	broken bool // the quoted string has an interpolation
}

type scanner struct {
	src   string
	i     int
	modes []mode
	refs  []ref
	plus  bool // the last token is the + behind a path literal
	path  bool // the last token is a path literal
}

func (s *scanner) at(prefix string) bool { return strings.HasPrefix(s.src[s.i:], prefix) }

func (s *scanner) push(k modeKind) { s.modes = append(s.modes, mode{kind: k, begin: s.i}) }

// pop leaves a mode; the outermost one is never left.
func (s *scanner) pop() {
	if len(s.modes) > 1 {
		s.modes = s.modes[:len(s.modes)-1]
	}
}

// skipTo moves behind the next occurrence of end, or to the end of the file.
func (s *scanner) skipTo(end string) {
	if n := strings.Index(s.src[s.i:], end); n >= 0 {
		s.i += n + len(end)
		return
	}
	s.i = len(s.src)
}

func (s *scanner) code(m *mode) {
	switch c := s.src[s.i]; {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		s.i++
	case c == '#':
		s.skipTo("\n")
	case s.at("/*"):
		s.i += 2
		s.skipTo("*/")
	case c == '"':
		s.i++
		s.push(quoted)
	case s.at("''"):
		s.i += 2
		s.push(indented)
		s.path, s.plus = false, false
	case c == '{':
		s.i++
		m.depth++
		s.path, s.plus = false, false
	case c == '}':
		s.i++
		s.path, s.plus = false, false
		if m.depth--; m.depth < 0 {
			m.depth = 0
			s.pop()
		}
	case c == '+' && s.path:
		s.i++
		s.plus, s.path = true, false
	default:
		s.token()
	}
}

// token reads a path, a URI or an identifier, whichever is longest, as Nix does.
func (s *scanner) token() {
	s.path, s.plus = false, false
	rest := s.src[s.i:]
	path, uri, word := pathLen(rest), uriLen(rest), wordLen(rest)
	switch {
	case rest[0] == '<':
		s.i += 1 + searchLen(rest[1:])
	case strings.HasPrefix(rest, "//"):
		s.i += 2 // the update operator
	case rest[0] == '~':
		s.i += 1 + pathLen(rest[1:]) // pure evaluation refuses the home folder
	case path > 0 && path >= uri && path >= word:
		s.i += path
		r := ref{text: rest[:path]}
		if s.at("${") {
			r.kind, r.text = prefixRef, r.text[:strings.LastIndexByte(r.text, '/')+1]
		}
		s.refs, s.path = append(s.refs, r), r.kind == pathRef
	case uri > 0 && uri >= word:
		s.i += uri
		s.refs = append(s.refs, ref{text: rest[:uri], kind: stringRef})
	default:
		s.i += max(word, 1)
	}
}

// quoted reads on inside "…".
func (s *scanner) quoted(m *mode) {
	switch c := s.src[s.i]; {
	case c == '\\':
		m.broken = true // an escape: no path that a flake would name
		s.i += 2
	case c == '"':
		s.endString(m)
	case s.at("${"):
		m.broken = true
		s.i += 2
		s.push(code)
	case c == '$' && s.i+1 < len(s.src) && s.src[s.i+1] != '"' && s.src[s.i+1] != '\\':
		s.i += 2 // $$ keeps the next brace from interpolating
	default:
		s.i++
	}
}

func (s *scanner) endString(m *mode) {
	text := s.src[m.begin:s.i]
	switch {
	case m.broken:
	case s.plus:
		s.refs[len(s.refs)-1].joined = text
	default:
		s.refs = append(s.refs, ref{text: text, kind: stringRef})
	}
	s.path, s.plus = false, false
	s.i++
	s.pop()
}

// indented reads on between pairs of single quotes; a pair before a third one,
// a dollar or a backslash is an escape.
func (s *scanner) indented() {
	switch {
	case s.at("'''"), s.at("''$"):
		s.i += 3
	case s.at("''\\"):
		s.i += 4
	case s.at("''"):
		s.i += 2
		s.pop()
	case s.at("${"):
		s.i += 2
		s.push(code)
	case s.at("$") && !s.at("$'"):
		s.i += 2
	default:
		s.i++
	}
}

func isLetter(c byte) bool   { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool    { return c >= '0' && c <= '9' }
func isPathChar(c byte) bool { return isLetter(c) || isDigit(c) || strings.IndexByte("._-+", c) >= 0 }

func run(s string, is func(byte) bool) int {
	n := 0
	for n < len(s) && is(s[n]) {
		n++
	}
	return n
}

// pathLen is the length of a path literal: chars, then at least one /chars. A
// slash right before an interpolation counts too.
func pathLen(s string) int {
	n, parts := run(s, isPathChar), 0
	for n < len(s) && s[n] == '/' {
		k := run(s[n+1:], isPathChar)
		if k == 0 {
			if strings.HasPrefix(s[n+1:], "${") || parts > 0 && !strings.HasPrefix(s[n+1:], "/") {
				n++
				parts++
			}
			break
		}
		n, parts = n+1+k, parts+1
	}
	if parts == 0 {
		return 0
	}
	return n
}

// uriLen is the length of a bare URI: a scheme, a colon and something behind it.
func uriLen(s string) int {
	if !isLetter(s[0]) {
		return 0
	}
	n := run(s, func(c byte) bool { return isLetter(c) || isDigit(c) || strings.IndexByte("+-.", c) >= 0 })
	if n >= len(s) || s[n] != ':' {
		return 0
	}
	k := run(s[n+1:], func(c byte) bool { return isLetter(c) || isDigit(c) || strings.IndexByte("%/?:@&=+$,-_.!~*'", c) >= 0 })
	if k == 0 {
		return 0
	}
	return n + 1 + k
}

// wordLen is the length of an identifier or a number.
func wordLen(s string) int {
	if isLetter(s[0]) || s[0] == '_' {
		return run(s, func(c byte) bool { return isLetter(c) || isDigit(c) || strings.IndexByte("_'-", c) >= 0 })
	}
	return run(s, isDigit)
}

// searchLen is the length of what follows the < of <nixpkgs/lib>; 0 when it is
// the operator.
func searchLen(s string) int {
	n := run(s, func(c byte) bool { return isPathChar(c) || c == '/' })
	if n > 0 && n < len(s) && s[n] == '>' {
		return n + 1
	}
	return 0
}
