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

// Manifest says, by path, the digest of what init last offered for a file: one
// that has it is init's own, one that has another was changed by hand.
type Manifest map[string]string

const manifestHead = "# What weft init wrote. A file with another digest was changed since and is not written over: sha256sum --check " + ManifestFile + "\n"

// ReadManifest reads that of a workspace; without one it is empty.
func ReadManifest(workspace fs.FS) Manifest {
	m := Manifest{}
	data, _ := fs.ReadFile(workspace, ManifestFile)
	for _, line := range strings.Split(string(data), "\n") {
		if digest, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok && len(digest) == sha256.Size*2 {
			m[name] = digest
		}
	}
	return m
}

// Bytes is the manifest in the form of sha256sum.
func (m Manifest) Bytes() []byte {
	var b strings.Builder
	b.WriteString(manifestHead)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, "%s  %s\n", m[name], name)
	}
	return []byte(b.String())
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
