package octsource

import (
	"regexp"
	"strings"
)

// Functions whose arguments name others, by what their first argument is.
var (
	// A function's name or, after @, its code.
	takeName = set(`feval str2func cellfun arrayfun structfun spfun bsxfun fzero fminsearch fminbnd fminunc fsolve quad
		quadl quadv quadgk integral integral2 ode45 ode23 ode15s lsode dblquad exist which autoload nargin nargout
		is_function_handle parfeval`)
	takeCode = set("eval evalc evalin fail")
	takeFile = set("run source")
	// What these are given decides what is run.
	dynamic = set("feval str2func eval evalc evalin run source")
)

// levels of code in strings that are read.
const levels = 3

var fileName = regexp.MustCompile(`([A-Za-z_]\w*)(\.m)?$`)

// call reads a call of FN with the arguments ARGS.
func (c *coder) call(fn token, args [][2]int) {
	switch {
	case fn.text == "addpath" || fn.text == "genpath":
		for _, arg := range args {
			c.addPath(arg, fn.text == "genpath")
		}
	case fn.text == "fullfile" || fn.text == "strcat":
		c.joinedCall(fn, args)
	case fn.text == "pkg":
		var words []string
		for _, arg := range args {
			v := c.value(arg[0], arg[1], 0)
			words = append(words, v.text)
		}
		c.pkg(words)
	case len(args) > 0 && (takeName[fn.text] || takeCode[fn.text] || takeFile[fn.text]):
		if fn.text == "evalin" && len(args) > 1 {
			args = args[1:]
		}
		c.named(fn, args[0])
	}
}

// named reads the argument that says what is run.
func (c *coder) named(fn token, arg [2]int) {
	if arg[0] < arg[1] && c.tokens[arg[0]].is("@") {
		return
	}
	v := c.value(arg[0], arg[1], 0)
	if !v.whole {
		if dynamic[fn.text] {
			c.file.Dynamic = true
		}
		return
	}
	switch {
	case takeCode[fn.text] || strings.HasPrefix(v.text, "@"):
		c.inner(v.text, fn.line)
	case takeFile[fn.text]:
		c.script(v.text)
	default:
		c.handle(v.text)
	}
}

// inner reads code that stands in a string.
func (c *coder) inner(text string, line int) {
	if c.level >= levels {
		return
	}
	var rows []row
	for part := range strings.SplitSeq(text, "\n") {
		rows = append(rows, row{line, part})
	}
	sub := &coder{reader: c.reader, report: func(int, string) {}, define: c.define, level: c.level + 1}
	sub.run(rows, c.scope)
	for _, s := range sub.scopes {
		if s != c.scope {
			c.scopes = append(c.scopes, s)
		}
	}
	for name := range sub.handles {
		c.handles[name] = true
	}
}

// script notes the name of a file given to run or source.
func (c *coder) script(file string) {
	if m := fileName.FindStringSubmatch(file); m != nil {
		c.handles[m[1]] = true
	}
}

var dottedName = regexp.MustCompile(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$`)

func (c *coder) handle(text string) {
	if dottedName.MatchString(text) {
		first, _, _ := strings.Cut(text, ".")
		c.handles[first], c.handles[text] = true, true
	}
}

func (c *coder) pkg(words []string) {
	if len(words) == 0 || words[0] != "load" {
		return
	}
	for _, w := range words[1:] {
		if w != "" && !strings.HasPrefix(w, "-") {
			c.packages[w] = true
		}
	}
}

// command reads `name word word`.
func (c *coder) command(lo, hi int) {
	fn := c.tokens[lo]
	c.scope.uses[fn.text] = fn.text
	var words []string
	for _, t := range c.tokens[lo+1 : hi] {
		words = append(words, t.text)
		c.addString(t.line, t.text, false)
	}
	switch {
	case fn.text == "pkg":
		c.pkg(words)
	case fn.text == "addpath" || fn.text == "genpath":
		for _, w := range words {
			c.folder(w, fn.text == "genpath")
		}
	case takeFile[fn.text]:
		c.script(words[0])
	case takeName[fn.text] || fn.text == "import":
		c.handle(strings.TrimSuffix(words[0], ".*"))
	case fn.text == "eval":
		c.inner(strings.Join(words, " "), fn.line)
	}
}
