package octsource

// lambda is an anonymous function: its parameters are variables up to a token.
type lambda struct {
	names map[string]bool
	end   int
	open  int // the bracket that it stands in
}

// expression reads the tokens from LO up to HI.
func (c *coder) expression(lo, hi int) {
	var lambdas []lambda
	brackets := []int{-1}
	for i := lo; i < hi; i++ {
		for n := len(lambdas); n > 0 && i >= lambdas[n-1].end; n = len(lambdas) {
			lambdas = lambdas[:n-1]
		}
		t := c.tokens[i]
		switch {
		case t.kind == literal:
			c.addString(t.line, t.text, false)
		case t.kind == name:
			i = c.use(i, lo, hi, lambdas) - 1
		case t.is("="):
			c.assign(i, lo, hi, len(brackets) == 1)
		case t.is("@") && i+1 < hi && c.tokens[i+1].is("(") && c.tokens[i+1].match > 0:
			i++
			lambdas = append(lambdas, c.lambda(i, hi, brackets[len(brackets)-1], lambdas))
			i = c.tokens[i].match
		case t.is("[") || t.is("(") || t.is("{"):
			brackets = append(brackets, i)
			if t.is("[") && t.match > i {
				c.joined(i, t.match+1)
			}
		case (t.is("]") || t.is(")") || t.is("}")) && len(brackets) > 1:
			brackets = brackets[:len(brackets)-1]
		}
	}
}

// lambda is the one whose parameters begin at the bracket I.
func (c *coder) lambda(i, hi, open int, outer []lambda) lambda {
	l := lambda{names: map[string]bool{}, open: open}
	for j := i + 1; j < c.tokens[i].match; j++ {
		if c.tokens[j].kind == name {
			l.names[c.tokens[j].text] = true
		}
	}
	if n := len(outer); n > 0 && outer[n-1].open == open {
		l.end = outer[n-1].end // ends where the one around it does
		return l
	}
	for l.end = c.tokens[i].match + 1; l.end < hi; l.end++ {
		t := c.tokens[l.end]
		if t.kind != mark {
			continue
		}
		if t.match > l.end {
			l.end = t.match
		} else if t.is(",") || t.is(";") || t.match >= 0 {
			break
		}
	}
	return l
}

// use notes the name at I, calls of functions that name others included, and
// returns what follows the name.
func (c *coder) use(i, lo, hi int, lambdas []lambda) int {
	t := c.tokens[i]
	dotted, next := c.dotted(i, hi)
	if i > lo && c.tokens[i-1].is("@") {
		c.handles[t.text], c.handles[dotted] = true, true
		return next
	}
	for _, l := range lambdas {
		if l.names[t.text] {
			return next
		}
	}
	c.scope.uses[t.text], c.scope.uses[dotted] = t.text, t.text
	if next == i+1 && next < hi && c.tokens[next].is("(") && c.tokens[next].match > 0 {
		c.call(t, c.arguments(next))
	}
	return next
}

// arguments are those in the bracket at OPEN, as [from, to) of tokens.
func (c *coder) arguments(open int) [][2]int {
	var all [][2]int
	begin, end := open+1, c.tokens[open].match
	for i := begin; i < end; i++ {
		t := c.tokens[i]
		switch {
		case t.kind == mark && t.match > i:
			i = t.match
		case t.is(",") || t.is(";"):
			all = append(all, [2]int{begin, i})
			begin = i + 1
		}
	}
	if begin < end || len(all) > 0 {
		all = append(all, [2]int{begin, end})
	}
	return all
}

// assign makes what stands before the "=" at I a variable: a, a(1).b{2}, [a, b].
func (c *coder) assign(i, lo, hi int, outermost bool) {
	for j := i - 1; j >= lo; j-- {
		t := c.tokens[j]
		switch {
		case t.kind == name:
			c.scope.vars[t.text] = true
			if outermost && j == i-1 && c.level == 0 {
				c.scope.values[t.text] = [2]int{i + 1, hi}
			}
			return
		case t.is("]") && t.match >= lo:
			if j == i-1 {
				c.names(t.match+1, j)
			}
			return
		case (t.is(")") || t.is("}")) && t.match > lo:
			j = t.match
		case t.kind != field && !t.is("."):
			return
		}
	}
}
