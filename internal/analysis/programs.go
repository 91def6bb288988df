package analysis

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

var (
	// What a shell, env, pytest's view of shutil.which, GitPython and subprocess
	// say of a program that is not on the PATH.
	noProgramREs = []*regexp.Regexp{
		regexp.MustCompile(`(?m)\bsh: (?:line )?\d+: ([\w.+-]+): (?:command )?not found`),
		regexp.MustCompile(`env: [‘'"]?([\w.+-]+)[’'"]?: No such file or directory`),
		regexp.MustCompile(`where None = <function which at \w+>\('([^']+)'\)`),
		regexp.MustCompile(`assert None is not None\n +\+  where None = <function which at \w+>\('([^']+)'\)`),
		regexp.MustCompile(`Cmd\('([^']+)'\) not found`),
		regexp.MustCompile(`Bad (git) executable`),
		regexp.MustCompile(`Command (?:'|\['|")([\w./+-]+)[^\n]* returned non-zero exit status 127`),
	}
	noFileRE = regexp.MustCompile(`No such file or directory: '([^'\n]+)'`)
	startsRE = regexp.MustCompile(`_execute_child|/subprocess\.py:\d+: FileNotFoundError|posix_spawn|os\.exec[vl]|create_subprocess`)
	systemRE = regexp.MustCompile(`\bsystem \(["']([\w.+-]+)`)

	noRepositoryRE = regexp.MustCompile(`not a git repository|InvalidGitRepositoryError|setuptools[_-]scm was unable to detect version`)
	gitFailedRE    = regexp.MustCompile(`Command '\['(?:[^']*/)?git', '([\w-]+)'[^\n]* returned non-zero exit status 128`)
	noIdentityRE   = regexp.MustCompile(`unable to auto-detect email address|Please tell me who you are|Author identity unknown`)

	noLibraryRE = regexp.MustCompile(`(\S+\.so[.\d]*): cannot open shared object file`)
)

// missingProgram knows programs that the environment does not have.
func (s *study) missingProgram(r raised) (cause, bool) {
	name := ""
	for _, re := range noProgramREs {
		if m := re.FindStringSubmatch(r.said + "\n" + r.output); m != nil {
			name = m[1]
			break
		}
	}
	if m := noFileRE.FindStringSubmatch(r.said); name == "" && m != nil && startsRE.MatchString(r.text) && isProgram(m[1]) {
		name = m[1]
	}
	if m := systemRE.FindStringSubmatch(r.text); name == "" && m != nil && regexp.MustCompile(`\(\) +127 `).MatchString(r.text) {
		name = m[1] // what Octave's assert shows of the status
	}
	if name == "" {
		return cause{}, false
	}
	base := path.Base(name)
	return cause{kind: MissingProgram, title: fmt.Sprintf("program %q is not in the environment", name), subject: base, key: base}, true
}

// isProgram tells what is looked for on the PATH, or where a system has its
// programs, from a file.
func isProgram(name string) bool {
	return !strings.Contains(name, "/") || regexp.MustCompile(`^(?:/usr(?:/local)?|/opt/[\w.-]+)?/s?bin/[^/]+$`).MatchString(name)
}

// repository knows what fails because a cell's tree is no git repository, or
// because git has no configuration there.
func (s *study) repository(r raised) (cause, bool) {
	all := r.said + "\n" + r.output
	if noIdentityRE.MatchString(all) {
		return cause{kind: Home, title: "git commits, and a cell's home has no .gitconfig that says who does", subject: "git's user.name and user.email", key: "git identity"}, true
	}
	title := "the test asks git about the repository, and a cell's tree is none"
	if m := gitFailedRE.FindStringSubmatch(all); m != nil && !noRepositoryRE.MatchString(all) {
		title = fmt.Sprintf("git %s ended with status 128, as it does outside of a repository, and a cell's tree is none", m[1])
	} else if !noRepositoryRE.MatchString(all) {
		return cause{}, false
	}
	c := cause{kind: Repository, title: title, subject: "git"}
	if strings.Contains(all, "SETUPTOOLS_SCM_PRETEND_VERSION") || strings.Contains(all, "setuptools-scm was unable") {
		c.subject = "setuptools_scm"
	}
	return c, true
}

// missingLibrary knows shared libraries that the loader does not find.
func (s *study) missingLibrary(r raised) (cause, bool) {
	m := noLibraryRE.FindStringSubmatch(r.said)
	if m == nil || r.assertion() {
		return cause{}, false
	}
	name := path.Base(m[1])
	return cause{kind: MissingLibrary, title: fmt.Sprintf("shared library %q is not in the environment", name), subject: name, key: name}, true
}
