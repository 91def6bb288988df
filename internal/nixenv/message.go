package nixenv

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// message is what is left of nix's stderr when everything but the cause is cut.
type message struct {
	text      string // the cause; may have several lines
	place     string // file:line:column, as near to the user's own flake as is known
	input     string // the flake input that nix was fetching
	untracked string // the file that git does not know yet
}

// String is the cause with its place and input.
func (m message) String() string {
	text := m.text
	if m.input != "" && !strings.Contains(text, m.input) {
		text = "fetching the flake input " + m.input + ": " + text
	}
	if m.place == "" {
		return text
	}
	first, rest, more := strings.Cut(text, "\n")
	if first = strings.TrimRight(first, ";,.:") + ", at " + m.place; more {
		return first + "\n" + rest
	}
	return first
}

var (
	errorRule     = regexp.MustCompile(`^\s*error: (.*\S)`)
	placeRule     = regexp.MustCompile(`^\s*at (\S.*:\d+:\d+):$`)
	excerptRule   = regexp.MustCompile(`^\s*(?:\d+)?\|`)
	traceRule     = regexp.MustCompile(`^\s*… `)
	inputRule     = regexp.MustCompile(`… while fetching the input '([^']*)'`)
	hintRule      = regexp.MustCompile(`^\s*(Did you mean .*)`)
	untrackedRule = regexp.MustCompile(`(?i)path '([^']*)' in the repository .* is not tracked by git`)
	// What older versions said of a file that git does not know.
	absentRule = regexp.MustCompile(`(?:getting status of '|path ')/nix/store/[0-9a-z]{32}-source/([^']*)'|does not contain a '/?([^']*)' file`)
	sourceRule = regexp.MustCompile(`/nix/store/[0-9a-z]{32}-(?:[0-9a-z]{32}-)?source/`)
)

// shorten finds the cause in what nix printed: the last error, without traces,
// source excerpts and warnings, in the words of the flake in dir.
func shorten(stderr, dir string) message {
	var m message
	lines := strings.Split(strings.TrimSpace(stripControls(stderr)), "\n")
	var ownPlace, anyPlace string
	inError := false
	for _, line := range lines {
		switch {
		case errorRule.MatchString(line):
			m.text, m.place, inError = errorRule.FindStringSubmatch(line)[1], "", true
		case placeRule.MatchString(line):
			place := placeRule.FindStringSubmatch(line)[1]
			short, own := shortPlace(place, dir)
			switch {
			case inError:
				m.place = short
			case own:
				ownPlace = short
			case !strings.HasPrefix(place, "«"):
				anyPlace = short
			}
			inError = false
		case inputRule.MatchString(line):
			m.input = inputRule.FindStringSubmatch(line)[1]
		case hintRule.MatchString(line):
			m.text += "\n" + hintRule.FindStringSubmatch(line)[1]
		case traceRule.MatchString(line), excerptRule.MatchString(line):
			inError = false
		case inError:
			m.text += "\n" + strings.TrimSpace(line)
		}
	}
	for _, place := range []string{ownPlace, anyPlace} {
		if m.place == "" {
			m.place = place
		}
	}
	if m.untracked = untracked(m.text, dir); m.untracked != "" {
		m.text, m.place = "git does not know "+m.untracked+" yet, and nix sees only what git knows", ""
	}
	if m.text == "" { // nothing that looks like an error: better all than nothing
		m.text = lines[len(lines)-1]
	}
	m.text = strings.TrimSpace(sourceRule.ReplaceAllString(m.text, ""))
	return m
}

// untracked is the file, relative to its repository, that nix misses only
// because git does not know it.
func untracked(text, dir string) string {
	if f := untrackedRule.FindStringSubmatch(text); f != nil {
		return f[1]
	}
	f := absentRule.FindStringSubmatch(text)
	root, ok := repository(dir)
	if f == nil || !ok {
		return ""
	}
	if file := f[1] + f[2]; file != "" && exists(filepath.Join(root, file)) {
		return file
	}
	return ""
}

// repository is the git repository that a folder belongs to.
func repository(dir string) (root string, ok bool) {
	for up := dir; ; up = filepath.Dir(up) {
		if exists(filepath.Join(up, ".git")) {
			return up, true
		}
		if up == filepath.Dir(up) {
			return "", false
		}
	}
}

// shortPlace drops the store folder that nix copied a flake to. own says that
// the file is one of the workspace's, or of the repository around it.
func shortPlace(place, dir string) (short string, own bool) {
	short = sourceRule.ReplaceAllString(place, "")
	file, _, _ := strings.Cut(short, ":")
	if filepath.IsAbs(file) {
		rel, err := filepath.Rel(dir, file)
		if err != nil || strings.HasPrefix(rel, "..") {
			return short, false
		}
		return rel + short[len(file):], true
	}
	if short == place {
		return short, false
	}
	for up := dir; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, file)); err == nil {
			return short, true
		}
		if up == filepath.Dir(up) {
			return place, false
		}
	}
}
