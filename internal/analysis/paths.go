package analysis

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

var (
	quotedPathRE = regexp.MustCompile(`(?:No such file or directory|unable to open file|unable to find file|cannot (?:find|open) file|can't open file|could not find file|error sourcing file)[: ]*(?:\w+\()?['"]([^'"\n]+)['"]`)
	barePathRE   = regexp.MustCompile(`(?:unable to (?:open|find) file|could not find file) (\S+)`)
	// What programs say, and Octave's cd.
	leadingPathRE = regexp.MustCompile(`(?m)^(?:[\w.+-]+: )?([\w.+@/-]+): No such file or directory$`)
	absentRE      = regexp.MustCompile(`where False = <(?:bound method \w+\.(?:exists|is_file|is_dir) of \w+\('([^'\n]+)'\)>\(|function (?:exists|lexists|isfile|isdir) at \w+>\((?:\w+\()?'([^'\n]+)')`)
	// Failures of Octave that name no file: the line that failed does.
	namelessRE = regexp.MustCompile(`(?m)cannot open file$|invalid stream number = -1|must exist and be a valid Octave scriptfile|^No such file or directory$`)
	markedRE   = regexp.MustCompile(`(?m)^> *\d+ \| %!(.*)$`)
	stringRE   = regexp.MustCompile(`"([^"\n]+)"|'([^'\n]+)'`)
	scratchRE  = regexp.MustCompile(`/weft-[0-9a-f]+/(?:tmp|basetemp)/|^/tmp/|^/var/tmp/`)

	privateHomeRE = regexp.MustCompile(`^.*/weft-[0-9a-f]+/home`)
	homeRE        = regexp.MustCompile(`/weft-[0-9a-f]+/home(?:/|$)|^~|^/home/|^/root/|^/Users/|/home/\.|/\.(?:config|cache|local|ssh|aws|netrc|gitconfig|bashrc|profile)\b|/homeless-shelter`)

	// Named after the version, which is another in each environment.
	packagesRE = regexp.MustCompile(`/lib/python[\d.]+/`)
	readOnlyRE = regexp.MustCompile(`(?:Read-only file system|Permission denied|unable to open output file)(?:: | )?(?:'[^'\n]+' -> )?(?:'([^'\n]+)')?`)
)

// presence is whether the workspace has a file.
type presence int

const (
	unknown presence = iota // nobody can look
	isAbsent
	isFile
	isFolder
)

func (s *study) inWorkspace(p string) presence {
	if s.workspace == nil {
		return unknown
	}
	info, err := fs.Stat(s.workspace, path.Clean(p))
	switch {
	case err != nil:
		return isAbsent
	case info.IsDir():
		return isFolder
	}
	return isFile
}

// missingPath knows files that are not there.
func (s *study) missingPath(r raised) (cause, bool) {
	p := s.pathOf(r)
	if p == "" {
		return cause{}, false
	}
	if strings.HasPrefix(p, "/") && opensToWrite(r) {
		return forbidden(p), true
	}
	if homeRE.MatchString(p) {
		p = privateHomeRE.ReplaceAllString(p, "~")
		return cause{kind: Home, title: fmt.Sprintf("reads %q of a home, and a cell's home is empty", p), subject: p, key: normal(p)}, true
	}
	if rel, ok := s.relative(path.Clean(p)); ok {
		return s.missingOwn(r, rel), true
	}
	return cause{kind: HostFile, title: fmt.Sprintf("reads %q, which is no file of the workspace", p), subject: p, key: normal(p)}, true
}

// missingOwn is a path of the private tree: of a file that nobody declared, or
// of one that the workspace has not either.
func (s *study) missingOwn(r raised, rel string) cause {
	c := cause{kind: UndeclaredFile, title: fmt.Sprintf("%q is not there: it is not declared as the test's data", rel), subject: rel, key: rel}
	switch there := s.inWorkspace(rel); {
	case there == isFolder:
		c.kind, c.title = UndeclaredFolder, fmt.Sprintf("folder %q is not there: none of its files is declared as the test's data", rel)
	case there == isAbsent && s.inWorkspace(path.Dir(rel)) == isFolder && path.Dir(rel) != "." && writes(r.text):
		c.kind, c.title = MissingFolder, fmt.Sprintf("writes %q, and a cell's tree has no folder %q: nothing in it is declared", rel, path.Dir(rel))
		c.subject = path.Dir(rel)
	case there == isAbsent:
		c.kind, c.title = UnsharedFile, fmt.Sprintf("%q is not there, and not in the workspace: what another test or an earlier run wrote is in no cell's tree", rel)
	}
	return c
}

// writes says whether the line that failed opens a file to write it.
func writes(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, ">") && writingRE.MatchString(line) || strings.HasPrefix(line, "mode = 'w") {
			return true
		}
	}
	return false
}

var writingRE = regexp.MustCompile(`["'](?:[wax]b?\+?|wt)["']|write_(?:text|bytes)\(|\bmkdir\(|\bsavefig\(|\bto_csv\(`)

// opensToWrite: Octave's fopen gives -1 for both, and the line says which.
func opensToWrite(r raised) bool {
	line := markedRE.FindStringSubmatch(r.text)
	return line != nil && strings.Contains(line[1], "fopen") && writingRE.MatchString(line[1])
}

// pathOf is the path that a failure says is not there; "" when it says none,
// or one that the test made itself.
func (s *study) pathOf(r raised) string {
	if r.assertion() {
		return s.asserted(r)
	}
	if m := quotedPathRE.FindStringSubmatch(r.said); m != nil {
		return notScratch(m[1])
	}
	if m := barePathRE.FindStringSubmatch(r.said); m != nil {
		return strings.Trim(m[1], `'"`)
	}
	if r.class == "CalledProcessError" {
		for _, re := range []*regexp.Regexp{quotedPathRE, leadingPathRE} {
			if m := re.FindStringSubmatch(r.output); m != nil {
				return notScratch(m[1])
			}
		}
	}
	if r.cell.JSON.Environment.Kind != "octave" {
		return ""
	}
	if m := leadingPathRE.FindStringSubmatch(r.said); m != nil {
		return notScratch(m[1])
	}
	return s.octavePath(r)
}

// asserted is the path that a test asserts to be there, when the workspace has
// it or a home could.
func (s *study) asserted(r raised) string {
	m := absentRE.FindStringSubmatch(r.text)
	if m == nil {
		return ""
	}
	p := m[1] + m[2]
	if homeRE.MatchString(p) {
		return p
	}
	if rel, ok := s.relative(path.Clean(p)); ok && s.inWorkspace(rel) > isAbsent {
		return p
	}
	return ""
}

func notScratch(p string) string {
	if !homeRE.MatchString(p) && scratchRE.MatchString(p) {
		return ""
	}
	return p
}

// octavePath is the first string of the marked line that looks like a path.
func (s *study) octavePath(r raised) string {
	line := markedRE.FindStringSubmatch(r.text)
	if line == nil || !namelessRE.MatchString(r.said) {
		return ""
	}
	for _, m := range stringRE.FindAllStringSubmatch(line[1], -1) {
		if p := m[1] + m[2]; strings.ContainsAny(p, "/.") && !strings.ContainsAny(p, " %*") {
			return notScratch(p)
		}
	}
	return ""
}

// readOnly knows what writes outside of a cell's tree.
func (s *study) readOnly(r raised) (cause, bool) {
	m := readOnlyRE.FindStringSubmatch(r.said)
	if m == nil || r.assertion() {
		return cause{}, false
	}
	if m[1] == "" {
		return cause{kind: ReadOnly, title: "writes where it may not: " + headline(named(r.class, r.detail))}, true
	}
	return forbidden(m[1]), true
}

// forbidden says what a path that cannot be written is of.
func forbidden(file string) cause {
	p := storeRE.ReplaceAllString(packagesRE.ReplaceAllString(file, "/"), "")
	c := cause{kind: ReadOnly, title: fmt.Sprintf("writes %q, which no test may", file), subject: file, key: normal(file)}
	switch {
	case p == file && strings.HasPrefix(p, "/nix/"):
		c.title, c.subject = fmt.Sprintf("writes %q into the Nix store, which is read-only", p), "environment"
	case p != file:
		c.title = fmt.Sprintf("writes %q into its environment, which is read-only", strings.TrimPrefix(p, "/"))
		c.subject, c.key = "environment", p
	case !strings.HasPrefix(file, "/"):
		c.title = fmt.Sprintf("may not write or run %q", file)
	}
	return c
}
