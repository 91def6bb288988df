package analysis

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// KeyError of os.environ, in frames that have source and in frozen ones, and
	// what pytest shows of os.environ.get and os.getenv.
	environFrameRE = regexp.MustCompile(`(?:/os\.py|<frozen os>):\d+: KeyError`)
	variableRE     = regexp.MustCompile(`KeyError: '(\w+)'`)
	environGetRE   = regexp.MustCompile(`where None = <(?:bound method \w+\.get of environ\(|function getenv at )[^\n]*>\('(\w+)'|assert '(\w+)' in environ\(`)

	noTerminalRE = regexp.MustCompile(`'/dev/tty'|Inappropriate ioctl for device`)
	noLocaleRE   = regexp.MustCompile(`unsupported locale setting`)
	noZoneRE     = regexp.MustCompile(`No time zone found with key ([\w/+-]+)`)
)

// variable knows environment variables that a cell does not have.
func (s *study) variable(r raised) (cause, bool) {
	name := ""
	if m := variableRE.FindStringSubmatch(r.said); m != nil && r.class == "KeyError" && environFrameRE.MatchString(r.text) {
		name = m[1]
	} else if m := environGetRE.FindStringSubmatch(r.text); m != nil {
		name = m[1] + m[2]
	}
	if name == "" {
		return cause{}, false
	}
	c := cause{kind: Variable, title: fmt.Sprintf("environment variable %s is not set in a cell", name), subject: name, key: name}
	if strings.HasPrefix(name, "XDG_") {
		c.kind, c.title = Home, fmt.Sprintf("environment variable %s is not set in a cell, whose home is empty", name)
	}
	return c, true
}

// terminal knows what asks for a terminal: a test has none.
func (s *study) terminal(r raised) (cause, bool) {
	login := strings.Contains(r.said, "No such device or address") && strings.Contains(r.text, "getlogin(")
	if r.assertion() || !login && !noTerminalRE.MatchString(r.said) {
		return cause{}, false
	}
	return cause{kind: Terminal, title: "the test asks for a terminal, and a cell has none: " + headline(named(r.class, r.detail))}, true
}

// place knows locales and time zones that the environment does not have.
func (s *study) place(r raised) (cause, bool) {
	if r.assertion() {
		return cause{}, false
	}
	if noLocaleRE.MatchString(r.said) {
		return cause{kind: Locale, title: "the test sets a locale, and the environment has C, C.UTF-8 and POSIX alone", subject: "locale"}, true
	}
	if m := noZoneRE.FindStringSubmatch(r.said); m != nil {
		return cause{kind: Locale, title: fmt.Sprintf("the environment has no time zone %s", m[1]), subject: m[1], key: "zone"}, true
	}
	return cause{}, false
}
