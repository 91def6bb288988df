package nixenv

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The bounds of what a digest reads, so that a flake that names its whole
// workspace, or a link to a disk, costs milliseconds.
const (
	maxSourceFiles = 5000      // files in all, and entries of one folder
	maxTreeEntries = 20000     // entries below one folder
	maxSourceFile  = 32 << 20  // bytes of one file; of a larger one only the size counts
	maxSourceBytes = 256 << 20 // bytes in all; of the files behind them only the sizes count
	maxScannedFile = 4 << 20   // bytes of a Nix file that is read for paths
)

// Digest is the digest of everything local that the environments come from:
// flake.nix, flake.lock, the files that they reach by literal paths, local path
// inputs, and the overrides. It reads a few files and starts no process. A file
// that is named but missing counts as missing, so that its coming is noticed.
//
// What a digest cannot see: a path that Nix computes from anything but a
// literal prefix, the other files of a folder that is used as a source, and an
// input without flake.nix that is the folder around the workspace or is larger
// than the bounds: Nix copies those whole, a digest does not read them.
func Digest(o Options) (string, error) {
	root, err := filepath.EvalSymlinks(o.Workspace)
	if err != nil {
		return "", fmt.Errorf("reading the flake: %w", err)
	}
	if _, err := os.Stat(filepath.Join(root, "flake.nix")); err != nil {
		return "", noFlake(o.Workspace, err)
	}
	left := int64(maxSourceBytes)
	s := source{base: root, entries: map[string]string{}, left: &left, replaced: map[string]bool{}}
	for _, override := range o.Overrides {
		s.replaced[override.Name] = true
	}
	s.flake(root)
	s.file(filepath.Join(root, "flake.lock"))
	if len(o.Overrides) > 0 { // such a lock is for one system only
		if s.entries["system"], err = o.system(); err != nil {
			return "", err
		}
	}
	overrides := slices.Clone(o.Overrides)
	slices.SortStableFunc(overrides, func(a, b Override) int { return strings.Compare(a.Name, b.Name) })
	for _, override := range overrides {
		s.override(override)
	}
	return s.digest(), nil
}

func noFlake(workspace string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &FlakeError{Reason: fmt.Sprintf("there is no flake.nix in %q", workspace), Next: "weft init"}
	}
	return fmt.Errorf("reading the flake: %w", err)
}

// source collects what a digest is made of.
type source struct {
	base    string            // keys are relative to it
	prefix  string            // of the keys; names the override that is being read
	entries map[string]string // key → what the file is
	left    *int64            // bytes that may still be read
	// replaced are the inputs of the flake in base that an override takes the
	// place of: what their own urls name does not count.
	replaced map[string]bool
}

func (s *source) override(o Override) {
	s.entries["override "+o.Name] = o.Ref
	dir, ok := localDir(o.Ref)
	if !ok {
		return
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	in := source{base: dir, prefix: "override " + o.Name + " ", entries: s.entries, left: s.left}
	in.flake(dir)
	in.file(filepath.Join(dir, "flake.lock"))
}

// localDir is the folder that a flake reference names, if it is an absolute path.
func localDir(ref string) (string, bool) {
	ref, query, _ := strings.Cut(ref, "?")
	for _, scheme := range []string{"path:", "git+file:"} {
		ref = strings.TrimPrefix(ref, scheme)
	}
	ref = strings.TrimPrefix(ref, "//") // path:///srv and git+file:///srv
	for _, field := range strings.Split(query, "&") {
		if sub, ok := strings.CutPrefix(field, "dir="); ok {
			ref = filepath.Join(ref, sub)
		}
	}
	return filepath.Clean(ref), filepath.IsAbs(ref)
}

// flake reads a flake's folder, or an input's that is none.
func (s *source) flake(dir string) {
	if _, err := os.Stat(filepath.Join(dir, "flake.nix")); err == nil {
		s.file(filepath.Join(dir, "flake.nix"))
		return
	}
	if strings.HasPrefix(s.base+"/", strings.TrimSuffix(dir, "/")+"/") && dir != s.base {
		s.entries[s.key(dir)] = "the folder around the flake" // whatever that is: a home, /tmp, even /
		return
	}
	s.tree(dir, func(string) bool { return true })
}

// reach reads what a path literal names: a file, or a folder's default.nix, or
// its flake.nix, or all Nix files in it.
func (s *source) reach(path string) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		s.file(path)
		return
	}
	for _, name := range []string{"default.nix", "flake.nix"} {
		if _, err := os.Stat(filepath.Join(path, name)); err == nil {
			s.file(filepath.Join(path, name))
			return
		}
	}
	s.tree(path, isNix)
}

func isNix(path string) bool { return filepath.Ext(path) == ".nix" }

// tree reads the wanted files of a folder, hidden ones and links aside. Of a
// folder that holds too much it reads none, lest what comes and goes in one
// corner of it makes every lock stale.
func (s *source) tree(dir string, want func(string) bool) {
	files, err := s.walk(dir, want)
	if err != nil {
		s.entries[s.key(dir)] = err.Error()
		return
	}
	for _, path := range files {
		s.file(path)
	}
}

var errTooMany = errors.New("too many entries")

// walk lists the wanted files of a folder, upper folders first.
func (s *source) walk(dir string, want func(string) bool) (files []string, err error) {
	left := maxTreeEntries
	for queue := []string{dir}; len(queue) > 0; queue = queue[1:] {
		found, err := entries(queue[0])
		if left -= len(found); left < 0 || errors.Is(err, errTooMany) {
			return nil, errTooMany
		}
		if err != nil {
			s.entries[s.key(queue[0])] = err.Error()
			continue
		}
		for _, e := range found {
			path := filepath.Join(queue[0], e.Name())
			switch {
			case strings.HasPrefix(e.Name(), "."):
			case e.IsDir():
				queue = append(queue, path)
			case e.Type().IsRegular() && want(path):
				files = append(files, path)
			}
		}
	}
	return files, nil
}

// entries are a folder's, sorted, unless there are too many of them.
func entries(dir string) ([]fs.DirEntry, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, plainReason(err)
	}
	defer func() { _ = f.Close() }()
	all, err := f.ReadDir(maxSourceFiles + 1)
	if err != nil && err != io.EOF {
		return nil, plainReason(err)
	}
	if len(all) > maxSourceFiles {
		return nil, errTooMany
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, nil
}

// file takes a file in, once, and follows what it names when it is a Nix file.
// A link counts as the file it leads to, from where Nix resolves its paths.
func (s *source) file(path string) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		s.entries[s.key(path)] = plainReason(err).Error()
		return
	}
	key := s.key(real)
	if _, ok := s.entries[key]; ok || len(s.entries) >= maxSourceFiles {
		return
	}
	what, data := s.content(real, isNix(real))
	s.entries[key] = what
	for _, r := range scanRefs(string(data)) {
		if r.kind != stringRef || filepath.Dir(real) != s.base || !s.isReplaced(string(data), r.text) {
			s.follow(real, r)
		}
	}
}

// isReplaced says that a url occurs in a flake as that of overridden inputs
// only. It knows the usual ways to write an input, and takes any other for one
// that counts.
func (s *source) isReplaced(flake, url string) bool {
	if _, ok := relativeInput(url); !ok {
		return false // nothing of this disk is meant
	}
	literal := regexp.QuoteMeta(strconv.Quote(url))
	rule := regexp.MustCompile(`([A-Za-z_][\w'-]*)"?\s*(?:\.\s*url|=\s*\{[^{}]*?\burl)\s*=\s*` + literal)
	found := rule.FindAllStringSubmatch(flake, -1)
	for _, m := range found {
		if !s.replaced[m[1]] {
			return false
		}
	}
	return len(found) > 0 && len(found) == strings.Count(flake, strconv.Quote(url))
}

func (s *source) follow(file string, r ref) {
	dir := filepath.Dir(file)
	switch {
	case r.kind == stringRef:
		if url, ok := relativeInput(r.text); ok && filepath.Base(file) == "flake.nix" {
			s.flake(filepath.Join(dir, url))
		}
	case filepath.IsAbs(r.text): // pure evaluation refuses it
	case r.kind == prefixRef:
		s.tree(filepath.Join(dir, r.text), isNix)
	default:
		s.reach(filepath.Join(dir, r.text) + filepath.FromSlash(r.joined))
	}
}

// relativeInput is the folder of an input url such as path:../.. or ./lib?dir=x.
func relativeInput(url string) (string, bool) {
	url, scheme := strings.CutPrefix(url, "path:")
	url, query, _ := strings.Cut(url, "?")
	if !scheme && !strings.HasPrefix(url, "./") && !strings.HasPrefix(url, "../") && url != ".." ||
		filepath.IsAbs(url) || strings.ContainsAny(url, " \t\n") {
		return "", false
	}
	for _, field := range strings.Split(query, "&") {
		if sub, ok := strings.CutPrefix(field, "dir="); ok {
			url = filepath.Join(url, sub)
		}
	}
	return url, true
}

// content says what a file is; the data comes along when it is to be scanned.
// A file of the kernel's (/proc, /sys) says that it is empty: opening one may
// block, so an empty file is taken at its word.
func (s *source) content(path string, scan bool) (what string, data []byte) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return plainReason(err).Error(), nil
	case !info.Mode().IsRegular():
		return "not a regular file", nil // a pipe would block
	case info.Size() > maxSourceFile, info.Size() > *s.left, info.Size() == 0:
		return fmt.Sprintf("%d bytes", info.Size()), nil
	}
	*s.left -= info.Size()
	data, err = os.ReadFile(path)
	if err != nil {
		return plainReason(err).Error(), nil
	}
	sum := sha256.Sum256(data)
	if !scan || len(data) > maxScannedFile {
		data = nil
	}
	return base64.StdEncoding.EncodeToString(sum[:]), data
}

// plainReason drops the path from a file system error: a digest must not depend
// on where the workspace is.
func plainReason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (s *source) key(path string) string {
	if rel, err := filepath.Rel(s.base, path); err == nil {
		path = filepath.ToSlash(rel)
	}
	return s.prefix + path
}

// digest is over the sorted entries. The first line is raised when a new weft
// would make another lock from the same files.
func (s *source) digest() string {
	h := sha256.New()
	_, _ = io.WriteString(h, "weft environments source 1\n")
	keys := make([]string, 0, len(s.entries))
	for key := range s.entries {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		_, _ = fmt.Fprintf(h, "%q %q\n", key, s.entries[key])
	}
	return "sha256-" + base64.StdEncoding.EncodeToString(h.Sum(nil))
}
