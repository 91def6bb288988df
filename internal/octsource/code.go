package octsource

import "maps"

// reader gathers what the code of a file says.
type reader struct {
	file     *File
	calls    map[string]bool
	packages map[string]bool
	seen     map[String]bool
	folders  map[string]bool
}

// code reads the file's own code.
func (r *reader) code(rows []row) {
	c := &coder{reader: r, report: r.file.problem, define: func(name string) {
		r.file.Functions = append(r.file.Functions, name)
	}}
	c.run(rows, newScope())
	if r.file.Function && len(r.file.Functions) > 0 {
		r.file.Name = r.file.Functions[0]
	}
	maps.Copy(r.calls, c.calls())
}

// blocks reads the code of the tests: each is a function of its own, with the
// shared variables and the functions of `%!function` blocks.
func (r *reader) blocks(blocks []block) {
	calls, shared := map[string]bool{}, map[string]bool{}
	defined := map[string]bool{}
	for _, b := range blocks {
		rows, names := b.code()
		for _, name := range names {
			shared[name] = true
		}
		c := &coder{reader: r, report: r.file.problem, define: func(name string) { defined[name] = true }}
		if b.kind == "error" || b.kind == "warning" || b.kind == "fail" {
			c.report = func(int, string) {} // it may be what the test wants
		}
		scope := newScope()
		maps.Copy(scope.vars, shared)
		c.run(rows, scope)
		maps.Copy(calls, c.calls())
	}
	for name := range calls {
		if !defined[name] {
			r.calls[name] = true
		}
	}
}

// scope is a function, or the code outside of all.
type scope struct {
	vars map[string]bool
	uses map[string]string // dotted name → its first part
	// values are the tokens of what was last assigned to a name.
	values map[string][2]int
}

func newScope() *scope {
	return &scope{vars: map[string]bool{}, uses: map[string]string{}, values: map[string][2]int{}}
}

// coder reads the statements of one piece of code.
type coder struct {
	*reader
	tokens []token
	scope  *scope
	scopes []*scope
	// opened are the blocks that are open.
	opened []opened
	// handles are names behind @: of functions, whatever the variables are.
	handles map[string]bool
	report  func(line int, text string)
	define  func(name string)
	// level counts code in strings in code in strings.
	level int
	steps int // of the value that is evaluated
}

type opened struct {
	word  string
	outer *scope // of a function: what surrounds it
}

func (c *coder) run(rows []row, s *scope) {
	c.tokens = lex(rows, c.report)
	c.scope, c.scopes, c.handles = s, []*scope{s}, map[string]bool{}
	for lo := 0; lo < len(c.tokens); {
		hi := lo
		for hi < len(c.tokens) && c.tokens[hi].kind != stop {
			hi++
		}
		c.statement(lo, hi)
		lo = hi + 1
	}
}

// calls are the names used that are no variables of their function.
func (c *coder) calls() map[string]bool {
	calls := maps.Clone(c.handles)
	for _, s := range c.scopes {
		for dotted, first := range s.uses {
			if !s.vars[first] {
				calls[dotted] = true
			}
		}
	}
	return calls
}

// statement reads the tokens from LO up to HI: keywords and what is between.
func (c *coder) statement(lo, hi int) {
	for lo < hi {
		if c.tokens[lo].kind == keyword {
			lo = c.keyword(lo, hi)
			continue
		}
		end := lo
		for end < hi && c.tokens[end].kind != keyword {
			end++
		}
		c.simple(lo, end)
		lo = end
	}
}

func (c *coder) simple(lo, hi int) {
	if t := c.tokens[lo]; t.kind == name {
		if n := len(c.opened); n > 0 && parts[c.opened[n-1].word] && c.opened[n-1].word != "methods" {
			c.scope.vars[t.text] = true
		}
		if lo+1 < hi && c.tokens[lo+1].kind == word {
			c.command(lo, hi)
			return
		}
	}
	c.expression(lo, hi)
}

// keyword reads the keyword at LO and returns what follows it and its own.
func (c *coder) keyword(lo, hi int) int {
	text := c.tokens[lo].text
	switch {
	case text == "function":
		return c.function(lo+1, hi)
	case text == "classdef":
		c.push(text)
		c.classdef(lo+1, hi)
		return hi
	case parts[text]:
		c.push(text)
		return hi
	case openers[text]:
		c.push(text)
	case text == "until" || text == "end" || len(text) > 3 && text[:3] == "end":
		c.pop(text)
	case text == "global" || text == "persistent":
		return c.declared(lo+1, hi)
	case text == "catch" && lo+2 == hi && c.tokens[lo+1].kind == name && c.tokens[lo+1].line == c.tokens[lo].line:
		c.scope.vars[c.tokens[lo+1].text] = true
		return hi
	}
	return lo + 1
}

func (c *coder) push(word string) { c.opened = append(c.opened, opened{word, c.scope}) }

// pop ends a block; functions may lack their end, so an end of their own kind
// ends all that is within.
func (c *coder) pop(end string) {
	for n := len(c.opened); n > 0; n = len(c.opened) {
		last := c.opened[n-1]
		c.opened = c.opened[:n-1]
		c.scope = last.outer
		if end != "endfunction" || last.word == "function" {
			return
		}
	}
}

func (c *coder) declared(lo, hi int) int {
	for lo < hi && c.tokens[lo].kind == name {
		c.scope.vars[c.tokens[lo].text] = true
		if lo++; lo < hi && c.tokens[lo].is("=") {
			return lo + 1
		}
	}
	return lo
}

// function reads a function's head and returns what follows it.
func (c *coder) function(lo, hi int) int {
	c.push("function")
	c.scope = newScope()
	c.scopes = append(c.scopes, c.scope)
	if lo < hi && c.tokens[lo].is("[") && c.tokens[lo].match > 0 {
		c.names(lo+1, c.tokens[lo].match)
		lo = c.tokens[lo].match + 2
	} else if lo+1 < hi && c.tokens[lo].kind == name && c.tokens[lo+1].is("=") {
		c.scope.vars[c.tokens[lo].text] = true
		lo += 2
	}
	if lo >= hi || c.tokens[lo].kind != name {
		return lo
	}
	dotted, next := c.dotted(lo, hi)
	c.define(dotted)
	if next < hi && c.tokens[next].is("(") && c.tokens[next].match > 0 {
		c.parameters(next, c.tokens[next].match)
		next = c.tokens[next].match + 1
	}
	return next
}

// names makes the names from LO up to HI variables, what is in brackets among
// them left out.
func (c *coder) names(lo, hi int) {
	for i := lo; i < hi; i++ {
		t := c.tokens[i]
		switch {
		case t.kind == name:
			c.scope.vars[t.text] = true
		case t.kind == mark && t.match > i:
			i = t.match
		}
	}
}

// parameters are the names behind the opening bracket and each comma; what is
// their default is code.
func (c *coder) parameters(lo, hi int) {
	for _, arg := range c.arguments(lo) {
		if arg[0] < arg[1] && c.tokens[arg[0]].kind == name {
			c.scope.vars[c.tokens[arg[0]].text] = true
		}
	}
	c.expression(lo+1, hi)
}

// classdef reads `(attributes) Name < Super & pkg.Other`.
func (c *coder) classdef(lo, hi int) {
	if lo < hi && c.tokens[lo].is("(") && c.tokens[lo].match > 0 {
		lo = c.tokens[lo].match + 1
	}
	if lo >= hi || c.tokens[lo].kind != name {
		return
	}
	if !c.file.Class {
		c.file.Class, c.file.Name = true, c.tokens[lo].text
	}
	c.expression(lo+1, hi)
}

// dotted is the name at I with the fields behind it, and what follows.
func (c *coder) dotted(i, hi int) (string, int) {
	text := c.tokens[i].text
	for i++; i+1 < hi && c.tokens[i].is(".") && c.tokens[i+1].kind == field; i += 2 {
		text += "." + c.tokens[i+1].text
	}
	return text, i
}
