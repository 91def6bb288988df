package pyproject

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

const (
	maxFile = 4 << 20  // bytes of a file that is read
	maxLine = 64 << 10 // characters of a requirement
)

// reader reads files of the workspace and gathers what it could not read.
type reader struct {
	workspace fs.FS
	problems  []Problem
}

func (r *reader) report(file string, line int, format string, args ...any) {
	r.add(Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// unread reports a file of which nothing is known.
func (r *reader) unread(file string, line int, format string, args ...any) {
	r.add(Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...), Unread: true})
}

func (r *reader) add(p Problem) {
	for _, q := range r.problems {
		if p == q {
			return
		}
	}
	r.problems = append(r.problems, p)
}

// read is the content of a file; ok is false when it is not there, or cannot
// be read, which is reported.
func (r *reader) read(file string) (data []byte, ok bool) {
	if !r.isFile(file) {
		return nil, false
	}
	f, err := r.workspace.Open(file)
	if err == nil {
		defer f.Close()
		data, err = io.ReadAll(io.LimitReader(f, maxFile+1))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false
	case err != nil:
		r.unread(file, 0, "reading it: %v", bare(err))
		return nil, false
	case len(data) > maxFile:
		r.report(file, 0, "it is larger than %d MiB and is not read", maxFile>>20)
		return nil, false
	}
	return data, true
}

// bare is an error without the path that fs puts before it.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (r *reader) isFile(name string) bool {
	if !fs.ValidPath(name) {
		return false
	}
	info, err := fs.Stat(r.workspace, name)
	return err == nil && info.Mode().IsRegular()
}

func (r *reader) isFolder(name string) bool {
	info, err := fs.Stat(r.workspace, fsName(name))
	return fs.ValidPath(fsName(name)) && err == nil && info.IsDir()
}

func (r *reader) exists(name string) bool { return r.isFile(name) || r.isFolder(name) }

// entries are those of a folder; none when it cannot be read.
func (r *reader) entries(folder string) []fs.DirEntry {
	entries, _ := fs.ReadDir(r.workspace, fsName(folder))
	return entries
}

// fsName is a workspace-relative folder as io/fs names it.
func fsName(folder string) string {
	if folder == "" {
		return "."
	}
	return folder
}

// within is a path in the workspace that is written relative to a folder; ok
// is false when it leads out of the workspace.
func within(folder, name string) (string, bool) {
	name = strings.ReplaceAll(name, `\`, "/")
	if path.IsAbs(name) {
		return "", false
	}
	p := path.Join(folder, name)
	if p == "." {
		p = ""
	}
	return p, p != ".." && !strings.HasPrefix(p, "../")
}

// parents are a folder and those above it, up to the workspace's root.
func parents(folder string) []string {
	var all []string
	for folder != "" && folder != "." {
		all = append(all, folder)
		folder = path.Dir(folder)
	}
	return append(all, "")
}
