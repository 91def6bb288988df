package scaffold

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/weft-build/weft/internal/pyproject"
)

// pin is a nixpkgs release at a revision whose hash is known, so that the lock
// can be written without a network.
type pin struct {
	ref, rev, narHash string
	lastModified      int64
}

var pins = map[string]pin{
	"nixos-24.11": {"nixos-24.11", "50ab793786d9de88ee30ec4e4c24fb4236fc2674", "sha256-/bVBlRpECLVzjV19t5KMdMFWSwKLtb5RyXdjz3LJT+g=", 1751274312},
	"nixos-25.11": {"nixos-25.11", "b6018f87da91d19d0ab4cf979885689b469cdd41", "sha256-twXPFqFsrrY5r28Zh7Homgcp2gUMBgQ6WDS98Q/3xFI=", 1782847189},
	"nixos-26.05": {"nixos-26.05", "6b316287bae2ee04c9b93c8c858d930fd07d7338", "sha256-bXMRa9VTsHSPXL4Cw8R6JJLQeY3Y/IP4+YJCYVmQ7FY=", 1780453794},
}

// mainRef is the release of the input nixpkgs, which sh and the coreutils come
// from as well.
const mainRef = "nixos-25.11"

// pythons are the known ones, ascending, and the release that each is taken
// from: the main one where it has the Python, else the last that has it, or
// the first whose packages are made for it.
var pythons = []struct{ version, ref string }{
	{"3.9", "nixos-24.11"},
	{"3.10", mainRef},
	{"3.11", mainRef},
	{"3.12", mainRef},
	{"3.13", mainRef},
	{"3.14", "nixos-26.05"},
}

// refOf is the release that a known Python is taken from.
func refOf(version string) string {
	for _, p := range pythons {
		if p.version == version {
			return p.ref
		}
	}
	return ""
}

// attrOf is the name of an interpreter in nixpkgs: python311.
func attrOf(version string) string { return "python" + strings.ReplaceAll(version, ".", "") }

// inputOf is the flake input that has a Python.
func inputOf(version string) string {
	if refOf(version) == mainRef || version == "" {
		return "nixpkgs"
	}
	return "nixpkgs-" + attrOf(version)
}

// choosePythons gives the project's Pythons, ascending. gone are known ones
// that the inputs turned out not to have.
func choosePythons(s Survey, gone []string) (versions []string, chosen bool, notes []Note) {
	wanted := slices.Clone(s.Matrix.Pythons)
	for _, d := range s.main() {
		wanted = append(wanted, d.Pythons...)
	}
	for _, version := range ascending(wanted) {
		switch {
		case !strings.Contains(version, "."): // "Python :: 3" says nothing
		case !allowed(s, version):
			if slices.Contains(s.Matrix.Pythons, version) {
				notes = append(notes, Note{Info: true, Text: fmt.Sprintf("Python %s is left out: requires-python does not allow it", version)})
			}
		case refOf(version) == "":
			notes = append(notes, unknownPython(version))
		case slices.Contains(gone, version):
			notes = append(notes, gonePython(version))
		default:
			versions = append(versions, version)
		}
	}
	if len(versions) > 0 {
		return versions, false, notes
	}
	for i := len(pythons) - 1; i >= 0 && len(versions) < 2; i-- {
		if v := pythons[i].version; allowed(s, v) && !slices.Contains(gone, v) {
			versions = append(versions, v)
		}
	}
	slices.Reverse(versions)
	return versions, true, notes
}

func unknownPython(version string) Note {
	return Note{
		Text: fmt.Sprintf("Python %s is left out: no nixpkgs release that weft knows has it", version),
		Hint: fmt.Sprintf("add an input with a nixpkgs that has %s to flake.nix, and an environment \"python%s\" that takes it", attrOf(version), version),
	}
}

func gonePython(version string) Note {
	return Note{
		Text: fmt.Sprintf("Python %s is left out: the flake input %s has no %s", version, inputOf(version), attrOf(version)),
		Hint: "replace the input with a nixpkgs that has it: --override-input " + inputOf(version) + "=FLAKEREF",
	}
}

// allowed says that every requires-python takes some release of a Python.
func allowed(s Survey, version string) bool {
	for _, d := range s.main() {
		if d.RequiresPython != "" && !pyproject.Specifies(d.RequiresPython, version) {
			return false
		}
	}
	return true
}

// ascending sorts versions by their numbers and drops doubles.
func ascending(versions []string) []string {
	out := slices.Clone(versions)
	slices.SortFunc(out, func(a, b string) int { return slices.CompareFunc(numbers(a), numbers(b), cmp.Compare[int]) })
	return slices.Compact(out)
}

func numbers(version string) (n []int) {
	for _, part := range strings.Split(version, ".") {
		i, _ := strconv.Atoi(part)
		n = append(n, i)
	}
	return n
}
