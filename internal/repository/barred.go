package repository

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// bar says why no rule is made for the sources of a folder and of those below
// it, and why their BUILD files are left alone. Their other files may still be
// the data of a rule above.
type bar struct {
	problem Problem
	said    bool
}

// unnameable is the bar of a folder that cannot be a Bazel package: Bazel takes
// printable ASCII without ":" and "\\" and passes over all others in silence.
func unnameable(rel, name string) *bar {
	ascii := !strings.ContainsFunc(name, func(r rune) bool { return r >= 0x7f })
	if ascii && nameable(name) {
		return nil
	}
	return &bar{problem: Problem{File: rel,
		Text: fmt.Sprintf("%q cannot be a Bazel package, so what it holds is left out", name),
		Hint: "rename it to ASCII letters, digits, _ and -, or name it in .bazelignore"}}
}

// outside is the bar of a folder behind a link that leads out of the workspace:
// its BUILD files would be written into what is not the workspace's.
func (t *tree) outside(rel, real string) *bar {
	root, err := filepath.EvalSymlinks(t.root)
	if err != nil || within(root, real) {
		return nil
	}
	return &bar{problem: Problem{File: rel,
		Text: "the link leads out of the workspace, to " + real + ": the sources there are left out",
		Hint: "copy the folder into the workspace, or name the link in .bazelignore"}}
}

// bars says that a file is not the map's to know: a source of a barred folder,
// or one whose name no label can have. Of a folder's data the first is said.
func (t *tree) bars(f *folder, name, rel string) bool {
	ext := path.Ext(name)
	source := ext == ".py" || ext == ".m"
	if !nameable(name) {
		if !source && f.unnamed {
			return true
		}
		what := "so it is left out"
		if !source {
			f.unnamed, what = true, "and a rule that globs its folder fails"
		}
		t.problem(Problem{File: rel, Text: fmt.Sprintf("%q cannot be in a Bazel label, %s", name, what),
			Hint: renameHint})
		return true
	}
	if f.barred == nil || !source {
		return false
	}
	if !f.barred.said {
		f.barred.said = true
		t.problem(f.barred.problem)
	}
	return true
}

const renameHint = "rename it: a label has no \":\", no backslash, no control character, and is UTF-8"

// Unnameable says that no label can name a file, and what to do about it.
func Unnameable(name string) (hint string, yes bool) { return renameHint, !nameable(name) }

// nameable says that a label can name a file.
func nameable(name string) bool {
	return utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == ':' || r == '\\'
	})
}
