package nixenv

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
)

// LockVersion is the version of the lock that this weft writes, and the newest
// that it reads.
const LockVersion = 1

// Lock is the environments lock: every environment's store path per system.
// The fields of the lock's types are in the order of their JSON names, so that
// the file has its keys sorted at every level.
type Lock struct {
	Environments map[string]Environment `json:"environments"`
	Source       string                 `json:"source"` // Digest of what it was made from
	Version      int                    `json:"version"`

	// Path is the file it was read from or written to; absolute.
	Path string `json:"-"`
}

// Environment is one environment of the lock.
type Environment struct {
	Description string           `json:"description"`
	Kind        string           `json:"kind"`              // one of Kinds
	StandIn     []string         `json:"standIn,omitempty"` // what in it is a stand-in: "nixpkgs", "mrst"
	Systems     map[string]Paths `json:"systems"`           // empty when it evaluates on none
	Types       []string         `json:"types,omitempty"`   // test types it is for; empty = all
	Version     string           `json:"version"`           // of the interpreter
}

// Paths are an environment's store paths on one system.
type Paths struct {
	DrvPath string `json:"drvPath"`
	OutPath string `json:"outPath"`
}

// Kinds are the kinds of environments that there are rules for.
func Kinds() []string { return []string{"octave", "python"} }

// Names are the environments' names, sorted.
func (l Lock) Names() []string {
	names := make([]string, 0, len(l.Environments))
	for name := range l.Environments {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Paths looks an environment up for a system; false when it is not in the lock
// or not for that system.
func (l Lock) Paths(name, system string) (Paths, bool) {
	p, ok := l.Environments[name].Systems[system]
	return p, ok
}

// System is the host's name in Nix: x86_64-linux, aarch64-linux,
// aarch64-darwin or x86_64-darwin.
func System() (string, error) { return systemOf(runtime.GOOS, runtime.GOARCH) }

func systemOf(goos, goarch string) (string, error) {
	cpu := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[goarch]
	if cpu == "" || goos != "linux" && goos != "darwin" {
		return "", fmt.Errorf("there are no environments for %s/%s: weft runs on Linux and macOS, on x86-64 and arm64", goos, goarch)
	}
	return cpu + "-" + goos, nil
}

// ReadLock reads and checks a lock. The error is a *LockMissingError, a
// *LockCorruptError or a *LockVersionError, or wraps the file system's.
func ReadLock(path string) (Lock, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Lock{}, &LockMissingError{Path: path}
	}
	if err != nil {
		return Lock{}, fmt.Errorf("reading the environments lock: %w", err)
	}
	return ParseLock(path, data)
}

// ParseLock reads a lock from its text; path is for messages and Lock.Path.
// Keys that it does not know are let be.
func ParseLock(path string, data []byte) (Lock, error) {
	var head struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Lock{}, corrupt(path, data, err)
	}
	if head.Version != nil && *head.Version > LockVersion {
		return Lock{}, &LockVersionError{Path: path, Version: *head.Version}
	}
	l := Lock{Path: path}
	if err := json.Unmarshal(data, &l); err != nil {
		return Lock{}, corrupt(path, data, err)
	}
	if reason := l.fault(); reason != "" {
		return Lock{}, &LockCorruptError{Path: path, Reason: reason}
	}
	return l, nil
}

// corrupt finds the line and column of a JSON error.
func corrupt(path string, data []byte, err error) error {
	e := &LockCorruptError{Path: path, Reason: err.Error()}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var offset int64
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset - 1 // Offset counts the byte at fault
	case errors.As(err, &kind):
		offset, e.Reason = kind.Offset-1, fmt.Sprintf("%q cannot be of JSON type %s", kind.Field, kind.Value)
		if kind.Field == "" {
			e.Reason = "it is no JSON object but of type " + kind.Value
		}
	}
	if offset = max(offset, 0); offset <= int64(len(data)) {
		before := data[:offset]
		e.Line = bytes.Count(before, []byte("\n")) + 1
		e.Column = len(before) - bytes.LastIndexByte(before, '\n')
	}
	return e
}

// nameRule keeps names usable as a Bazel target's, as a file's and on a command line.
var nameRule = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*$`)

// fault is what is wrong with a lock that is JSON of the right shape; empty when nothing is.
func (l Lock) fault() string {
	switch {
	case l.Version < 1:
		return `"version" is missing`
	case l.Source == "":
		return `"source" is missing`
	case l.Environments == nil:
		return `"environments" is missing`
	}
	for _, name := range l.Names() {
		if !nameRule.MatchString(name) {
			return fmt.Sprintf("%q cannot be an environment's name", name)
		}
		if l.Environments[name].Kind == "" {
			return fmt.Sprintf("environment %q has no kind", name)
		}
		for system, p := range l.Environments[name].Systems {
			if !isStorePath(p.OutPath) || !isStorePath(p.DrvPath) {
				return fmt.Sprintf("environment %q has a path for %s that is not in a Nix store", name, system)
			}
		}
	}
	return ""
}

// storePath is STORE/HASH-NAME; the store's folder is /nix/store nearly everywhere.
var storePath = regexp.MustCompile(`^(/[^/\x00-\x1f]+)+/[0-9a-z]{32}-[0-9A-Za-z+._?=-]+$`)

func isStorePath(p string) bool { return storePath.MatchString(p) && filepath.Clean(p) == p }

// Marshal is the lock's text: sorted keys, two spaces, a newline at the end.
func (l Lock) Marshal() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(l); err != nil {
		return nil, fmt.Errorf("writing the environments lock: %w", err)
	}
	return b.Bytes(), nil
}

// WriteLock writes the lock in one step: a reader sees the old one or the new
// one. A lock that is the same already is not touched.
func WriteLock(path string, l Lock) error {
	data, err := l.Marshal()
	if err != nil {
		return err
	}
	if err := replaceFile(path, data); err != nil {
		return fmt.Errorf("writing the environments lock: %w", err)
	}
	return nil
}
