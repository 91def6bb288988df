package analysis

import (
	"regexp"
	"strings"
)

// syntaxFeature is syntax that a version of Python brought.
type syntaxFeature struct {
	re   *regexp.Regexp
	name string
	from string
}

// From the "What's New" pages of the versions named.
var features = []syntaxFeature{
	{regexp.MustCompile(`^\s*match\s+[^=].*:\s*(?:#.*)?$|^\s*case\s+.+:`), `the "match" statement`, "3.10"},
	{regexp.MustCompile(`^\s*except\s*\*`), `"except*"`, "3.11"},
	{regexp.MustCompile(`^\s*(?:async\s+)?with\s*\(`), "a parenthesised with statement", "3.10"},
	{regexp.MustCompile(`^\s*type\s+\w+(?:\[.*\])?\s*=`), `the "type" statement`, "3.12"},
	{regexp.MustCompile(`^\s*(?:(?:async\s+)?def|class)\s+\w+\[`), "type parameters", "3.12"},
	{regexp.MustCompile(`:=`), `":="`, "3.8"},
}

// syntax names the newer syntax in the marked line of a SyntaxError, when
// there is one and the environment is older than it.
func (s *study) syntax(env, class, detail, text string) cause {
	c := cause{kind: Syntax, title: headline(named(class, detail)), location: s.location(text)}
	c.key = c.location
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimPrefix(line, "E")
		line = strings.TrimPrefix(line, ">")
		for _, f := range features {
			if f.re.MatchString(line) && older(s.version(env), f.from) {
				c.title, c.subject, c.needs = f.name+" is a syntax error", f.name, f.from
				return c
			}
		}
	}
	if strings.HasPrefix(detail, "f-string:") && older(s.version(env), "3.12") {
		c.subject, c.needs = "this f-string", "3.12"
	}
	return c
}

// Modules of the standard library by the version that brought them, and by
// the first version without them (PEP 594, PEP 632).
var (
	stdlibSince = map[string]string{"tomllib": "3.11", "zoneinfo": "3.9", "graphlib": "3.9"}
	stdlibUntil = map[string]string{
		"asynchat": "3.12", "asyncore": "3.12", "distutils": "3.12", "imp": "3.12", "smtpd": "3.12",
		"aifc": "3.13", "audioop": "3.13", "cgi": "3.13", "cgitb": "3.13", "chunk": "3.13", "crypt": "3.13",
		"imghdr": "3.13", "mailcap": "3.13", "msilib": "3.13", "nis": "3.13", "nntplib": "3.13",
		"ossaudiodev": "3.13", "pipes": "3.13", "sndhdr": "3.13", "spwd": "3.13", "sunau": "3.13",
		"telnetlib": "3.13", "uu": "3.13", "xdrlib": "3.13",
	}
)

func stdlibVersion(module string) (version string, removed bool) {
	if v := stdlibSince[module]; v != "" {
		return v, false
	}
	return stdlibUntil[module], stdlibUntil[module] != ""
}
