package octsource

import (
	"path"
	"strings"
)

// value is what is known of an expression that should be a string.
type value struct {
	text string
	// parts counts the literals in it; whole: all of it is known.
	parts int
	whole bool
	// deep: genpath, all folders below.
	deep bool
}

// Expressions nested deeper, or of more parts, are unknown.
const (
	nesting = 12
	steps   = 300
)

// here stands for mfilename ("fullpath"), so that its folder is path.Clean'ed
// to ".".
const here = "\x00"

// value evaluates the tokens from LO up to HI.
func (c *coder) value(lo, hi, depth int) value {
	if depth == 0 {
		c.steps = 0
	}
	if c.steps++; lo >= hi || depth > nesting || c.steps > steps {
		return value{}
	}
	t := c.tokens[lo]
	switch {
	case t.kind == literal && lo+1 == hi:
		return value{text: t.text, parts: 1, whole: true}
	case t.is("(") && t.match == hi-1:
		return c.value(lo+1, hi-1, depth+1)
	case t.is("[") && t.match == hi-1:
		return c.concat(c.elements(lo+1, hi-1), depth)
	case t.kind == name && lo+1 == hi:
		return c.known(t, depth)
	case t.kind == name && c.tokens[lo+1].is("(") && c.tokens[lo+1].match == hi-1:
		return c.result(t, c.arguments(lo+1), depth)
	}
	return value{}
}

// known is the value of a name that stands alone.
func (c *coder) known(t token, depth int) value {
	if tokens, ok := c.scope.values[t.text]; ok && c.level == 0 && c.scope.vars[t.text] {
		return c.value(tokens[0], tokens[1], depth+1)
	}
	return c.result(t, nil, depth)
}

// result is what a call of a function gives.
func (c *coder) result(fn token, args [][2]int, depth int) value {
	first := func() value {
		if len(args) == 0 {
			return value{}
		}
		return c.value(args[0][0], args[0][1], depth+1)
	}
	switch fn.text {
	case "pwd":
		return value{text: ".", whole: true}
	case "filesep":
		return value{text: "/", whole: true}
	case "pathsep":
		return value{text: ":", whole: true}
	case "mfilename":
		return value{text: here, whole: strings.HasPrefix(first().text, "fullpath")}
	case "fileparts":
		if v := first(); v.whole {
			return value{text: path.Clean(v.text + "/.."), parts: v.parts, whole: true}
		}
	case "fullfile":
		return c.join(args, depth)
	case "strcat", "cstrcat":
		return c.concat(args, depth)
	case "char", "canonicalize_file_name", "make_absolute_filename", "what":
		return first()
	case "genpath":
		v := first()
		v.deep = true
		return v
	}
	return value{}
}

func (c *coder) concat(elements [][2]int, depth int) value {
	all := value{whole: true}
	for i, e := range elements {
		v := c.value(e[0], e[1], depth+1)
		if i > 0 && !all.whole && all.text == "" {
			v.text = strings.TrimLeft(v.text, "/") // of a folder that is not known
		}
		all.text += v.text
		all.parts += v.parts
		all.whole = all.whole && v.whole
		all.deep = all.deep || v.deep
	}
	return all
}

func (c *coder) join(args [][2]int, depth int) value {
	all := value{whole: true}
	var texts []string
	for _, arg := range args {
		v := c.value(arg[0], arg[1], depth+1)
		if v.text != "" {
			texts = append(texts, strings.TrimRight(v.text, "/"))
		}
		all.parts += v.parts
		all.whole = all.whole && v.whole
	}
	all.text = strings.Join(texts, "/")
	return all
}

// elements of a row in square brackets: parted by commas or white space.
func (c *coder) elements(lo, hi int) [][2]int {
	var all [][2]int
	for i := lo; i < hi; {
		t := c.tokens[i]
		if t.is(",") || t.is(";") {
			i++
			continue
		}
		end := i + 1
		if t.kind == mark && t.match > i {
			end = t.match + 1
		} else if t.kind == name && end < hi && c.tokens[end].is("(") && c.tokens[end].match > 0 {
			end = c.tokens[end].match + 1
		}
		all = append(all, [2]int{i, end})
		i = end
	}
	return all
}

// joined notes what the tokens from LO up to HI say as a string, if they are
// more than one literal.
func (c *coder) joined(lo, hi int) {
	if v := c.value(lo, hi, 0); v.parts > 0 {
		c.addString(c.tokens[lo].line, v.clean(), true)
	}
}

func (c *coder) joinedCall(fn token, args [][2]int) {
	if v := c.result(fn, args, 0); v.parts > 0 {
		c.addString(fn.line, v.clean(), true)
	}
}

// clean is the value as a path.
func (v value) clean() string {
	text := strings.TrimPrefix(v.text, here)
	if strings.Contains(v.text, "/") {
		text = path.Clean(v.text)
	}
	return text
}

const longest = 260

func (c *coder) addString(line int, text string, joined bool) {
	key := String{Value: text}
	if text == "" || len(text) > longest || c.seen[key] {
		return
	}
	c.seen[key] = true
	c.file.Strings = append(c.file.Strings, String{line, text, joined})
}

// addPath notes an argument of addpath.
func (c *coder) addPath(arg [2]int, deep bool) {
	v := c.value(arg[0], arg[1], 0)
	if v.text == "" || v.parts == 0 && !v.whole {
		return
	}
	for folder := range strings.SplitSeq(v.text, ":") {
		c.folder(folder, deep || v.deep)
	}
}

func (c *coder) folder(text string, deep bool) {
	if text == "" || text == here || strings.HasPrefix(text, "-") {
		return
	}
	folder := strings.TrimPrefix(path.Clean(strings.ReplaceAll(text, `\`, "/")), here+"/")
	if deep {
		folder = path.Join(folder, "**")
	}
	if !c.folders[folder] {
		c.folders[folder] = true
		c.file.Paths = append(c.file.Paths, folder)
	}
}
