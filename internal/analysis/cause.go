package analysis

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/weft-build/weft/internal/result"
)

// failure is one thing that went wrong: in a case, or with a cell as a whole.
type failure struct {
	cell          *result.Cell
	kase          *result.Case // nil: the cell as a whole
	flaky         bool
	kind          string // the exception's class, as the suite gave it
	message, text string
	output        string // what the test printed, on both streams
}

// cause is what failures are grouped by.
type cause struct {
	kind     Kind
	title    string
	subject  string
	needs    string // a Python version
	removed  bool
	location string
	key      string
}

var (
	quotedRE = regexp.MustCompile(`'[^'\n]*'|"[^"\n]*"`)
	unionRE  = regexp.MustCompile(`unsupported operand type\(s\) for \|: '[^']*(?:type|NoneType|_GenericAlias|ABCMeta)[^']*'`)
)

// cause says why the failure happened. Failures with equal keys share a cause.
func (s *study) cause(f failure) cause {
	c := s.classify(f)
	if c.location == "" {
		c.location = s.location(f.text)
	}
	if c.location == "" {
		c.location = f.cell.File
		if f.kase != nil && f.kase.Line > 0 {
			c.location = fmt.Sprintf("%s:%d", f.cell.File, f.kase.Line)
		}
	}
	if c.key == "" {
		c.key = c.title + "\x00" + c.location
	}
	c.key = string(c.kind) + "\x00" + c.key
	return c
}

// raised is a failure with what it says taken apart.
type raised struct {
	failure
	class, detail string
	// said is the error in its own words, without the source code that a trace
	// shows around it, which may hold any words.
	said string
}

// assertion says whether a test made up its own mind: then a message may quote
// what the code under test said, rightly.
func (r raised) assertion() bool { return r.class == "AssertionError" || r.class == "Failed" }

// recognisers are asked in this order; the first that knows the failure says
// its cause.
var recognisers = []func(*study, raised) (cause, bool){
	(*study).missingName, (*study).badSyntax, (*study).missingFixture, (*study).undefined,
	(*study).repository, (*study).missingProgram, (*study).missingLibrary, (*study).service, (*study).network,
	(*study).variable, (*study).missingPath, (*study).readOnly, (*study).terminal, (*study).place,
}

func (s *study) classify(f failure) cause {
	if f.kase == nil {
		if c, ok := wholeCell(f.cell); ok {
			return c
		}
	}
	r := raised{failure: f, said: f.message + "\n" + errorLines(f.text)}
	r.class, r.detail = exception(f.kind, f.message, f.text)
	if r.class == "" && r.detail == "" {
		r.detail, _, _ = strings.Cut(strings.TrimSpace(f.text), "\n")
	}
	for _, recognise := range recognisers {
		if c, ok := recognise(s, r); ok {
			return c
		}
	}
	return s.unknown(r)
}

// errorLines are those that pytest marks as the error, else the whole text.
func errorLines(text string) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if rest, ok := strings.CutPrefix(line, "E  "); ok {
			out = append(out, strings.TrimPrefix(rest, " "))
		}
	}
	if len(out) == 0 {
		return text
	}
	return strings.Join(out, "\n")
}

// unknown groups what is no cause of Weft's by what was raised where.
func (s *study) unknown(r raised) cause {
	c := cause{kind: Exception, title: headline(named(r.class, r.detail))}
	c.location = s.location(r.text)
	if r.assertion() {
		// What an assertion says is made of the values at hand, which differ
		// between environments: the place names the cause.
		c.kind = Assertion
		if c.location != "" {
			c.key = r.class + "\x00" + c.location
			return c
		}
	}
	if r.class == "" && r.kase != nil && r.kase.Outcome == result.CaseFailed && r.cell.JSON.Environment.Kind != "octave" {
		c.kind = Assertion // pytest.fail without a trace
	}
	detail := r.detail
	if c.location != "" {
		// Raised at one place: what the message quotes is the value at hand.
		detail = quotedRE.ReplaceAllString(detail, "'…'")
	}
	c.key = r.class + "\x00" + normal(detail) + "\x00" + c.location
	return c
}

func (s *study) badSyntax(r raised) (cause, bool) {
	switch r.class {
	case "SyntaxError", "IndentationError", "TabError":
		return s.syntax(r.cell.Environment, r.class, r.detail, r.text), true
	case "TypeError":
		if unionRE.MatchString(r.said) {
			return cause{kind: Syntax, title: `"X | Y" as a type`, subject: "X | Y as a type", needs: "3.10"}, true
		}
	}
	return cause{}, false
}

func named(class, detail string) string {
	switch {
	case class == "" || strings.HasPrefix(detail, class):
		return detail
	case detail == "":
		return class
	}
	return class + ": " + detail
}

// wholeCell classifies what is no case's doing.
func wholeCell(c *result.Cell) (cause, bool) {
	title := headline(c.Reason)
	switch c.Verdict {
	case result.Timeout:
		return cause{kind: TimedOut, title: title, key: c.File + normal(title)}, true
	case result.Crashed:
		return cause{kind: Crash, title: title, key: c.File + normal(title)}, true
	case result.OutOfMemory:
		return cause{kind: Memory, title: title, key: c.File + normal(title)}, true
	case result.NoTests:
		return cause{kind: NothingFound, title: fmt.Sprintf("no %s test in %s", c.Type, c.File), key: c.File + "\x00" + c.Type}, true
	case result.Infrastructure:
		return cause{kind: Launcher, title: title, key: normal(title)}, true
	case result.NotRun:
		return cause{kind: NoResult, title: title, location: c.Suite, key: normal(title)}, true
	}
	return cause{}, false
}
