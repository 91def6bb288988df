package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/pyproject"
)

// Survey is what a repository says about itself.
type Survey struct {
	Distributions []pyproject.Distribution
	// Matrix is that of all its distributions together.
	Matrix pyproject.Matrix
	// Options are the words of pytest's addopts, in all its configurations.
	Options []string
	// Python and Octave count source files; OctaveTests those with tests.
	Python, Octave, OctaveTests int
	// OctavePackages are those that a literal `pkg load` names, sorted.
	OctavePackages []string
	// MRST says that Octave sources use the MATLAB Reservoir Simulation Toolbox.
	MRST bool
	// TestImports are the top-level modules that test files import.
	TestImports map[string]bool
	// CI are the files of other continuous integration, and GitHub says that the
	// repository is, or may well be, one of GitHub's.
	CI     []string
	GitHub bool
	Notes  []Note
}

// EmptyError is a folder with nothing in it to test.
type EmptyError struct{ Dir string }

func (e *EmptyError) Error() string {
	return fmt.Sprintf("there is no Python or Octave source file in %q", e.Dir)
}

// Hint says what to type next.
func (e *EmptyError) Hint() string {
	return "go to the project's folder, or name it: weft -C PATH init"
}

// Look reads a workspace. What cannot be read becomes a note.
func Look(workspace fs.FS) (Survey, error) {
	s := Survey{TestImports: map[string]bool{}}
	l := looker{Survey: &s, fs: workspace}
	if err := fs.WalkDir(workspace, ".", l.visit); err != nil {
		return s, fmt.Errorf("looking at the repository: %w", err)
	}
	if s.Python == 0 && s.Octave == 0 {
		return s, &EmptyError{}
	}
	slices.Sort(s.OctavePackages)
	s.OctavePackages = slices.Compact(s.OctavePackages)
	l.project()
	l.integration()
	return s, nil
}

type looker struct {
	*Survey
	fs      fs.FS
	folders []string
}

// visit takes in one file or folder.
func (l *looker) visit(name string, entry fs.DirEntry, err error) error {
	if err != nil {
		l.note(Note{Text: fmt.Sprintf("%s is left out: %s", name, plain(err))})
		if entry != nil && entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	if entry.IsDir() {
		if name != "." && l.skip(name, entry.Name()) {
			return fs.SkipDir
		}
		l.folders = append(l.folders, strings.TrimPrefix(name, "."))
		return nil
	}
	if !entry.Type().IsRegular() {
		return nil
	}
	switch path.Ext(name) {
	case ".py":
		l.python(name)
	case ".m":
		l.octave(name)
	}
	return nil
}

// skip says that a folder is not the project's own source.
func (l *looker) skip(name, base string) bool {
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "bazel-") || strings.HasSuffix(base, ".egg-info") {
		return true
	}
	if slices.Contains([]string{"node_modules", "__pycache__", "site-packages", RulesDir}, base) {
		return true
	}
	for _, mark := range []string{"pyvenv.cfg", "conda-meta", "MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel", "REPO.bazel"} {
		if _, err := fs.Stat(l.fs, path.Join(name, mark)); err == nil {
			return true
		}
	}
	return false
}

func (l *looker) note(n Note) { l.Notes = append(l.Notes, n) }

// plain is a file error without its path.
func plain(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

var (
	testFile    = regexp.MustCompile(`^(conftest|test_.*|.*_test|tests?)\.py$`)
	importLine  = regexp.MustCompile(`(?m)^[ \t]*(?:from[ \t]+([A-Za-z_]\w*)|import[ \t]+([^#\n;]+))`)
	octaveCode  = regexp.MustCompile(`(?m)^[ \t]*(function|classdef)\b|^%!`)
	octaveTest  = regexp.MustCompile(`(?m)^%!(test|assert|error|fail|testif|xtest)\b`)
	octaveLoads = regexp.MustCompile(`(?m)^[ \t]*(?:%![ \t]*)?pkg[ \t(]+['"]?load['", \t]+([a-z][\w-]*)`)
	mrst        = regexp.MustCompile(`\b(mrstModule|mrstPath|ROOTDIR|computeGeometry|initResSol)\b`)
)

// largest is the size of a source that is read; a larger one is generated.
const largest = 1 << 20

func (l *looker) read(name string) string {
	if info, err := fs.Stat(l.fs, name); err != nil || info.Size() > largest {
		return ""
	}
	data, err := fs.ReadFile(l.fs, name)
	if err != nil {
		l.note(Note{Text: fmt.Sprintf("%s is left out: %s", name, plain(err))})
	}
	return string(data)
}

func (l *looker) python(name string) {
	l.Python++
	inTests := slices.ContainsFunc(strings.Split(path.Dir(name), "/"), func(part string) bool { return part == "tests" || part == "test" })
	if !inTests && !testFile.MatchString(path.Base(name)) {
		return
	}
	for _, m := range importLine.FindAllStringSubmatch(l.read(name), -1) {
		for _, module := range strings.Split(m[1]+m[2], ",") {
			module, _, _ = strings.Cut(strings.TrimSpace(module), " ")
			module, _, _ = strings.Cut(module, ".")
			l.TestImports[module] = true
		}
	}
}

func (l *looker) octave(name string) {
	text := l.read(name)
	isTest := strings.HasPrefix(path.Base(name), "test_")
	if !isTest && !octaveCode.MatchString(text) {
		return // Objective-C, Mathematica
	}
	l.Octave++
	if isTest || octaveTest.MatchString(text) {
		l.OctaveTests++
	}
	for _, m := range octaveLoads.FindAllStringSubmatch(text, -1) {
		l.OctavePackages = append(l.OctavePackages, m[1])
	}
	l.MRST = l.MRST || mrst.MatchString(text)
}

// project reads the packaging metadata, the matrix and pytest's options.
func (l *looker) project() {
	var problems []pyproject.Problem
	l.Distributions, problems = pyproject.Read(l.fs, l.folders)
	l.problems(problems)
	folders := []string{""}
	for _, d := range l.Distributions {
		if d.Dir != "" {
			folders = append(folders, d.Dir)
		}
	}
	for _, folder := range folders {
		m, problems := pyproject.ReadMatrix(l.fs, folder)
		l.problems(problems)
		l.Matrix.Pythons = append(l.Matrix.Pythons, m.Pythons...)
		l.Matrix.Requires = append(l.Matrix.Requires, m.Requires...)
		l.Matrix.Sources = append(l.Matrix.Sources, m.Sources...)
		p, problems := pyproject.ReadPytest(l.fs, folder)
		l.problems(problems)
		l.Options = append(l.Options, p.Addopts...)
	}
	l.Matrix.Pythons = ascending(l.Matrix.Pythons)
}

func (l *looker) problems(found []pyproject.Problem) {
	for _, p := range found {
		where := p.File
		if p.Line > 0 {
			where = fmt.Sprintf("%s:%d", p.File, p.Line)
		}
		if n := (Note{Text: where + ": " + p.Text}); !slices.Contains(l.Notes, n) {
			l.note(n)
		}
	}
}

// otherCI are the files that say that another service runs the tests.
var otherCI = []string{".gitlab-ci.yml", ".circleci", "azure-pipelines.yml", "Jenkinsfile", ".travis.yml", "appveyor.yml",
	".appveyor.yml", ".drone.yml", ".woodpecker.yml", ".woodpecker", "bitbucket-pipelines.yml", ".cirrus.yml", ".builds"}

// integration finds out which continuous integration there is.
func (l *looker) integration() {
	for _, name := range otherCI {
		if _, err := fs.Stat(l.fs, name); err == nil {
			l.CI = append(l.CI, name)
		}
	}
	if info, err := fs.Stat(l.fs, ".github"); err == nil && info.IsDir() {
		l.GitHub = true
	}
	if config, err := fs.ReadFile(l.fs, ".git/config"); err == nil && strings.Contains(string(config), "github.com") {
		l.GitHub = true
	}
}
