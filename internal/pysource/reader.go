package pysource

import (
	"bytes"
	"sync"
)

// reader makes a File of tokens, statement by statement.
type reader struct {
	lexer
	file   *File
	blocks []block
	// classes are the class definitions that are being read, outermost first.
	classes     []Definition
	names       []binding // that imports give
	renamed     []binding // those of functions that import, from and to
	aliases     aliases
	chains      set // dotted names in use
	strings     map[string]int
	seen        mentions
	decorations decorations
	looking     *looking // what Calls and Constants look for; nil for Read

	statement
	expression
}

var readers = sync.Pool{New: func() any { return new(reader) }}

// Read says what the source says. It never fails: see File.Problem.
func Read(data []byte) *File {
	source, problem := decode(data)
	r := readers.Get().(*reader)
	defer readers.Put(r)
	r.prepare(source, 1)
	r.lexer.problem = problem
	r.module()
	file := r.file
	file.Uses = r.uses()
	file.Mentions = r.seen.list()
	file.Problem = r.lexer.problem
	r.prepare(nil, 1)
	return file
}

// prepare prepares for a source; what was used for another is used again, unless
// that was uncommonly large.
func (r *reader) prepare(source []byte, line int) {
	r.reset(source, line)
	r.file = &File{}
	r.blocks = append(r.blocks[:0], block{scope: moduleScope, first: true})
	r.classes, r.names, r.renamed, r.aliases, r.seen = r.classes[:0], r.names[:0], r.renamed[:0], nil, mentions{}
	if len(r.strings) > 1000 || r.strings == nil {
		r.strings = map[string]int{}
	}
	clear(r.strings)
	r.chains.clear()
	r.statement = statement{}
	r.decorations, r.looking = decorations{}, nil
	r.expression.clear()
}

func (r *reader) module() {
	r.next()
	for r.kind != endOfFile {
		if r.kind != newline {
			r.settle()
			r.logicalLine()
		}
		for r.top().inline {
			r.leave()
		}
		if r.kind == newline {
			r.next()
		}
	}
	for len(r.blocks) > 1 {
		r.leave()
	}
}

// logicalLine reads the statements of a line, `if x: import y; import z` included.
func (r *reader) logicalLine() {
	for r.kind != newline && r.kind != endOfFile {
		if r.kind == operator && r.op == ';' {
			r.next()
			continue
		}
		r.read()
		r.top().first = false
		r.enterPending()
	}
}

// statement is what is known of the statement that is being read.
type statement struct {
	at      int // its line
	purpose purpose
	header  bool   // of a definition: no name before a bracket at depth 0 is called
	pending *block // what its colon opened
	caught  bool   // there is a name in it that catches a failed import
	bases   []string
	assignment
}

// purpose says what the dotted names and strings of an expression are taken for.
type purpose uint8

const (
	plain      purpose = iota
	decorating         // at module or class level
	assigning          // likewise
	catching
	suppressing
	deriving // in a class's header
)

// read reads one statement, up to its end or to the colon of a header.
func (r *reader) read() {
	r.statement = statement{at: r.line, assignment: r.assignment.none()}
	r.expression.begin()
	decorations := r.decorations
	r.decorations = decorations.none()
	if r.looking != nil && r.looking.decorates >= 0 && !(r.kind == operator && r.op == '@') && !r.definitionBegins() {
		r.looking.decorates = -1
	}
	if r.kind == operator && r.op == '@' {
		r.decorations = decorations
		r.decorator()
		return
	}
	if r.kind != word {
		r.simple()
		return
	}
	switch string(r.text()) {
	case "import":
		r.importModules()
	case "from":
		r.importNames()
	case "async":
		r.next()
		if r.kind == word && string(r.text()) == "def" {
			r.function(decorations)
		}
		// Any other statement can do without the word.
	case "def":
		r.function(decorations)
	case "class":
		r.class(decorations)
	case "if", "elif", "else":
		r.condition()
	case "try", "except", "finally":
		r.attempt()
	case "with":
		r.with()
	case "for", "while":
		r.open(r.top().inner(plainBlock))
	case "match", "case":
		r.match()
	case "type":
		if !r.wordFollows() {
			r.simple()
			return
		}
		r.next() // a keyword here
		r.walk(false)
	default:
		r.simple()
	}
}

// wordFollows says whether the next token, on this line, is a word.
func (r *reader) wordFollows() bool {
	rest := bytes.TrimLeft(r.data[r.pos:], " \t")
	n := wordLength(rest)
	return n > 0 && classes[rest[0]] == classLetter && !keyword(rest[:n])
}

// definitionBegins says whether the token begins a definition.
func (r *reader) definitionBegins() bool {
	if r.kind != word {
		return false
	}
	w := string(r.text())
	return w == "def" || w == "class" || w == "async"
}
