package scaffold

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Manifest is what init remembers of its last run.
type Manifest struct {
	// Files are, by path, the digests of what init last offered: a file that has
	// its digest is init's own, one that has another was changed by hand.
	Files map[string]string
	// Proposal is the digest of the flake as it was before nixpkgs was asked what
	// it has; empty when it could not be asked.
	Proposal string
	// Environments are those that the user chose, in place of those proposed.
	Environments []string
}

const (
	manifestHead     = "# What weft init wrote; a file with another digest was changed since and is not written over. sha256sum --check " + ManifestFile + "\n"
	manifestProposal = "# proposal "
	manifestChosen   = "# environments "
)

// ReadManifest reads that of a workspace; without one it is empty.
func ReadManifest(workspace fs.FS) Manifest {
	m := Manifest{Files: map[string]string{}}
	data, _ := fs.ReadFile(workspace, ManifestFile)
	for _, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if proposal, ok := strings.CutPrefix(line, manifestProposal); ok {
			m.Proposal = proposal
		} else if names, ok := strings.CutPrefix(line, manifestChosen); ok {
			m.Environments = strings.Fields(names)
		} else if digest, name, ok := strings.Cut(line, "  "); ok && len(digest) == sha256.Size*2 {
			m.Files[name] = digest
		}
	}
	return m
}

// Bytes is the manifest in the form of sha256sum.
func (m Manifest) Bytes() []byte {
	var b strings.Builder
	b.WriteString(manifestHead)
	if m.Proposal != "" {
		b.WriteString(manifestProposal + m.Proposal + "\n")
	}
	if len(m.Environments) > 0 {
		b.WriteString(manifestChosen + strings.Join(m.Environments, " ") + "\n")
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		fmt.Fprintf(&b, "%s  %s\n", m.Files[name], name)
	}
	return []byte(b.String())
}

func (m Manifest) clone() Manifest {
	m.Files = maps.Clone(m.Files)
	return m
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
