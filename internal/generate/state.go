package generate

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/weft-build/weft/gazelle"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/repository"
	"github.com/weft-build/weft/internal/swap"
)

// CacheDir is the workspace's folder for what weft gen knows of unchanged files.
const CacheDir = nixenv.StateDir + "/gen"

// stateName is the file of the cache that this package keeps.
const stateName = "build-files.json"

// state is what the last run knew of BUILD files. One that is missing, broken
// or another weft's is as if there had been no run.
type state struct {
	Version string           `json:"version"`
	Files   map[string]entry `json:"files"` // by path, workspace-relative

	mu      sync.Mutex
	changed bool
}

// entry is a BUILD file as it was.
type entry struct {
	Size     int64    `json:"size"`
	Time     int64    `json:"time"`               // of its last change, in nanoseconds
	Key      string   `json:"key,omitempty"`      // what the map wanted of it; empty: it was not compared
	Mappings []string `json:"mappings,omitempty"` // gazelle.Mappings
}

func loadState(folder, version string) *state {
	s := &state{}
	if data, err := os.ReadFile(filepath.Join(folder, stateName)); folder == "" || err != nil || json.Unmarshal(data, s) != nil || s.Version != version {
		s = &state{}
	}
	s.Version = version
	if s.Files == nil {
		s.Files = map[string]entry{}
	}
	return s
}

// stamp is a file's size and time; false when it is not there.
func stamp(root, file string) (entry, bool) {
	info, err := os.Stat(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil || !info.Mode().IsRegular() {
		return entry{}, false
	}
	return entry{Size: info.Size(), Time: info.ModTime().UnixNano()}, true
}

// known is the entry of a file that has not changed since.
func (s *state) known(root, file string) (entry, bool) {
	now, ok := stamp(root, file)
	s.mu.Lock()
	defer s.mu.Unlock()
	was, had := s.Files[file]
	return was, ok && had && was.Size == now.Size && was.Time == now.Time
}

// Untouched are the BUILD files that nobody has changed since a run found or left
// them as its map wanted them, sorted. It reads no source: it holds where none
// can be understood.
func Untouched(o Options) []string {
	s := loadState(o.Cache, o.Version)
	var out []string
	for file, e := range s.Files {
		if s.clean(file, e.Key, o.Root) && e.Key != "" {
			out = append(out, file)
		}
	}
	slices.Sort(out)
	return out
}

func (s *state) clean(file, key, root string) bool {
	was, ok := s.known(root, file)
	return ok && was.Key == key
}

// keep notes that a file with this text is what a key wants.
func (s *state) keep(file, key, root string, text []byte) {
	now, ok := stamp(root, file)
	if !ok || now.Size != int64(len(text)) {
		return // changed again meanwhile
	}
	now.Key, now.Mappings = key, gazelle.Mappings(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Files[file], s.changed = now, true
}

// forget drops files that the map does not have any more.
func (s *state) forget(m *repository.Map) {
	for file, e := range s.Files {
		folder := home(m, file)
		if f := m.Folders[folder]; e.Key != "" && (f == nil || path.Join(folder, f.Build) != file) {
			delete(s.Files, file)
			s.changed = true
		}
	}
}

// save writes the state; it is private, because nobody else should read it as
// a contract.
func (s *state) save(o Options) error {
	if o.Cache == "" || !s.changed {
		return nil
	}
	data, err := json.Marshal(s)
	if err == nil {
		err = os.MkdirAll(o.Cache, 0o700)
	}
	if err == nil {
		err = swap.Write(filepath.Join(o.Cache, stateName), data, 0o600)
	}
	if err != nil && !o.Check {
		return &nixenv.StateError{Folder: o.Cache, Cause: err}
	}
	return nil // a check only takes longer the next time
}
