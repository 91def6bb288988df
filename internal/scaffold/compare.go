package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Change is one file that would be written or removed.
type Change struct {
	Path     string
	Old, New []byte // nil: there is none
	// Ask says that the file is not init's, or was changed by hand since.
	Ask bool
	// Adds: what is there stays, and lines come to it.
	Adds     bool
	Vendored bool
	// Once: what the file says later on is not looked at.
	Once bool
	with string // File.With
}

// Plan is what it takes to get from a workspace to the files.
type Plan struct {
	Changes  []Change
	Notes    []Note
	manifest Manifest // of what need not change
	before   []byte   // the manifest's file
}

// Compare holds files against a workspace. With upgrade only the vendored
// files count; without, those of another version of weft are left alone.
func Compare(workspace fs.FS, files []File, upgrade bool) (Plan, error) {
	c := comparer{workspace: workspace, manifest: ReadManifest(workspace)}
	c.plan.manifest = c.manifest.clone()
	c.plan.before, _ = fs.ReadFile(workspace, ManifestFile)
	other := !upgrade && c.otherVersion(files)
	for _, f := range files {
		if upgrade && !f.Vendored || other && f.Vendored {
			continue
		}
		if err := c.file(f); err != nil {
			return Plan{}, err
		}
	}
	if !other {
		c.leftovers(files)
	}
	return c.plan, nil
}

type comparer struct {
	workspace fs.FS
	manifest  Manifest
	plan      Plan
}

// otherVersion says that the workspace has the rules of another weft, which
// differ, and notes it.
func (c *comparer) otherVersion(files []File) bool {
	old, err := fs.ReadFile(c.workspace, VersionFile)
	if err != nil {
		return false
	}
	version, differ := "", false
	for _, f := range files {
		if f.Path == VersionFile {
			version = strings.TrimSpace(string(f.Data))
		} else if f.Vendored {
			have, _ := fs.ReadFile(c.workspace, f.Path)
			differ = differ || !bytes.Equal(have, f.Data) && c.manifest.Files[f.Path] != digest(f.Data)
		}
	}
	if had := strings.TrimSpace(string(old)); had != version {
		if differ {
			c.plan.Notes = append(c.plan.Notes, Note{
				Text: fmt.Sprintf("%s is of weft %s and left as it is; this is weft %s", RulesDir, had, version), Hint: "weft init --upgrade"})
		}
		return true
	}
	return false
}

func (c *comparer) file(f File) error {
	old, err := fs.ReadFile(c.workspace, f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		if info, err := fs.Lstat(c.workspace, f.Path); err == nil {
			return &FileError{Doing: "reading", Path: f.Path, Err: fmt.Errorf("%s that leads nowhere", kindOf(info.Mode()))}
		}
		if f.With == "" || c.own(f.With) || slices.ContainsFunc(c.plan.Changes, func(other Change) bool { return other.Path == f.With }) {
			c.change(f, Change{Path: f.Path})
		}
		return nil
	}
	if err != nil {
		return &FileError{Doing: "reading", Path: f.Path, Err: err}
	}
	if f.Merge != nil {
		if merged := f.Merge(old); !bytes.Equal(merged, old) {
			c.plan.Changes = append(c.plan.Changes, Change{Path: f.Path, Old: old, New: merged, Ask: c.manifest.Files[f.Path] != digest(old), Adds: true})
		}
		return nil
	}
	now, offered := digest(old), c.manifest.Files[f.Path]
	switch {
	case f.Once: // flake.nix keeps its digest
	case bytes.Equal(old, f.Data):
		c.plan.manifest.Files[f.Path] = now
	case offered == digest(f.Data): // changed by hand, and nothing new is offered
	default:
		c.change(f, Change{Path: f.Path, Old: old, Ask: now != offered})
	}
	return nil
}

func (c *comparer) change(f File, change Change) {
	change.New, change.Vendored, change.Once, change.with = f.Data, f.Vendored, f.Once, f.With
	if change.New == nil {
		change.New = []byte{}
	}
	c.plan.Changes = append(c.plan.Changes, change)
}

// own says that a file is init's, or will be.
func (c *comparer) own(name string) bool {
	data, err := fs.ReadFile(c.workspace, name)
	return errors.Is(err, fs.ErrNotExist) || err == nil && digest(data) == c.manifest.Files[name]
}

func kindOf(mode fs.FileMode) string {
	if mode&fs.ModeSymlink != 0 {
		return "a link"
	}
	return "a file"
}

// leftovers are vendored files that the new rules do not have any more.
func (c *comparer) leftovers(files []File) {
	for _, name := range slices.Sorted(maps.Keys(c.manifest.Files)) {
		if !strings.HasPrefix(name, RulesDir+"/") || slices.ContainsFunc(files, func(f File) bool { return f.Path == name }) {
			continue
		}
		old, err := fs.ReadFile(c.workspace, name)
		if err != nil {
			delete(c.plan.manifest.Files, name)
			continue
		}
		c.plan.Changes = append(c.plan.Changes, Change{Path: name, Old: old, Vendored: true, Ask: digest(old) != c.manifest.Files[name]})
	}
}

// Leave takes changes out that the user declined. What init offers unchanged
// the next time it does not offer again, but for the rules, of which a part
// that is missing must be said every time.
func (p *Plan) Leave(declined func(Change) bool) (left []Change) {
	p.Changes = slices.DeleteFunc(p.Changes, func(c Change) bool {
		if !declined(c) {
			return false
		}
		left = append(left, c)
		if !c.Vendored && !c.Adds && c.New != nil {
			p.manifest.Files[c.Path] = digest(c.New)
		}
		return true
	})
	p.Changes = slices.DeleteFunc(p.Changes, func(c Change) bool {
		return slices.ContainsFunc(left, func(l Change) bool { return l.Path == c.with })
	})
	return left
}

// Proposed records the digest of the proposal that nixpkgs was asked about, and
// what the user chose.
func (p *Plan) Proposed(digest string, environments []string) {
	p.manifest.Proposal, p.manifest.Environments = digest, environments
}

// Manifest is the change of the manifest that goes with the others, if any.
func (p Plan) Manifest() (Change, bool) {
	m := p.manifest.clone()
	for _, c := range p.Changes {
		if c.New == nil {
			delete(m.Files, c.Path)
		} else if !c.Adds && !c.Once {
			m.Files[c.Path] = digest(c.New)
		}
	}
	data := m.Bytes()
	if len(m.Files) == 0 || bytes.Equal(data, p.before) {
		return Change{}, false
	}
	return Change{Path: ManifestFile, Old: p.before, New: data, Vendored: true}, true
}
