package scaffold

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// systems are those that the flake has environments for.
var systems = []string{"x86_64-linux", "aarch64-linux", "aarch64-darwin"}

// mrstRev pins the MATLAB Reservoir Simulation Toolbox: it has no release that
// a flake could name.
const mrstRev = "f8cbdee4de6b3dda5f95b00831f9adb53180eed2"

// inputs are the flake's, nixpkgs first.
func (p Proposal) inputs() []string {
	out := []string{"nixpkgs"}
	for _, e := range p.Environments {
		if input := inputOf(e.Python); !slices.Contains(out, input) {
			out = append(out, input)
		}
	}
	if p.mrst() {
		out = append(out, "mrst")
	}
	return out
}

func (p Proposal) mrst() bool {
	return slices.ContainsFunc(p.Environments, func(e Environment) bool { return e.MRST })
}

// refOfInput is the release that an input of nixpkgs follows.
func (p Proposal) refOfInput(input string) string {
	for _, e := range p.Environments {
		if inputOf(e.Python) == input && e.Python != "" {
			return refOf(e.Python)
		}
	}
	return mainRef
}

// writer collects lines at a depth.
type writer struct {
	strings.Builder
	depth int
}

func (w *writer) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if text != "" {
		text = strings.Repeat("  ", w.depth) + text
	}
	w.WriteString(text + "\n")
}

// open writes a line and goes in; shut comes back and writes one.
func (w *writer) open(format string, args ...any) { w.line(format, args...); w.depth++ }
func (w *writer) shut(text string)                { w.depth--; w.line("%s", text) }

// list is `before[ … ]after`, in one line when it has one element at most.
func (w *writer) list(before string, elements []string, after string) {
	if len(elements) <= 1 && !slices.ContainsFunc(elements, func(e string) bool { return strings.HasPrefix(e, "#") }) {
		w.line("%s[ %s ]%s", before, strings.Join(elements, " "), after)
		return
	}
	w.open("%s[", before)
	for _, e := range elements {
		w.line("%s", e)
	}
	w.shut("]" + after)
}

// Flake renders flake.nix.
func (p Proposal) Flake(description string) string {
	w := &writer{}
	w.line("# Written by weft init, and yours from here on: it is not written over once you have changed it.")
	w.open("{")
	w.line("description = %s;", nixString(description))
	w.line("")
	p.flakeInputs(w)
	w.line("")
	w.open("outputs =")
	if all := p.inputs(); len(all) <= 2 {
		w.line("{ %s, ... }:", strings.Join(all, ", "))
	} else {
		w.open("{")
		for _, input := range all {
			w.line("%s,", input)
		}
		w.line("...")
		w.shut("}:")
	}
	p.flakeOutputs(w, "};")
	w.depth--
	w.shut("}")
	return w.String()
}

// Addition is what a flake of the user's own needs.
func (p Proposal) Addition() string {
	w := &writer{}
	p.flakeInputs(w)
	w.line("# Its outputs, which take those inputs as arguments:")
	p.flakeOutputs(w, "}")
	return w.String()
}

func (p Proposal) flakeOutputs(w *writer, end string) {
	w.open("let")
	w.line("# Weft's Nix library lies beside the rules: see rules_weft/nix.")
	w.line("weft = import ./%s/nix { inherit nixpkgs; };", RulesDir)
	w.list("systems = ", quoted(systems), ";")
	shared := p.sharedLists(w)
	w.shut("in")
	w.open("rec {")
	w.line("# Each is a column of the matrix: `weft test all` runs the tests in every one of them.")
	w.open("weftEnvironments = weft.eachSystem systems (")
	w.line("system:")
	p.letPackages(w)
	w.open("{")
	for _, e := range p.Environments {
		w.environment(e, shared)
	}
	w.shut("}")
	w.shut(");")
	w.line("# `nix develop .#%s` is the very environment of the tests.", shellName(p))
	w.line("devShells = weft.devShells weftEnvironments;")
	w.shut(end)
}

func shellName(p Proposal) string {
	if len(p.Environments) == 0 {
		return "NAME"
	}
	if name := nixName(p.Environments[0].Name); strings.HasPrefix(name, `"`) {
		return "'" + name + "'"
	}
	return p.Environments[0].Name
}

func (p Proposal) flakeInputs(w *writer) {
	w.open("inputs = {")
	for _, input := range p.inputs() {
		switch input {
		case "mrst":
			w.open("mrst = {")
			w.line("url = %q;", "github:SINTEF-AppliedCompSci/MRST/"+mrstRev)
			w.line("flake = false;")
			w.shut("};")
		case "nixpkgs":
			w.line("# sh, the coreutils and %s come from here.", p.from(input))
			w.line("%s.url = %q;", input, "github:NixOS/nixpkgs/"+mainRef)
		default:
			w.line("# Each Python comes from a release that has it: %s from here.", p.from(input))
			w.line("%s.url = %q;", input, "github:NixOS/nixpkgs/"+p.refOfInput(input))
		}
	}
	w.shut("};")
}

// from names the interpreters that an input gives.
func (p Proposal) from(input string) string {
	var names []string
	for _, e := range p.Environments {
		if inputOf(e.Python) == input && !slices.Contains(names, e.of()) {
			names = append(names, e.of())
		}
	}
	if len(names) == 0 {
		return "nothing else"
	}
	return strings.Join(names, ", ")
}

func (p Proposal) letPackages(w *writer) {
	w.open("let")
	for _, input := range p.inputs() {
		if input != "mrst" && (input != "nixpkgs" || p.from(input) != "nothing else") {
			w.line("%s = %s.legacyPackages.${system};", pkgsOf(input), input)
		}
	}
	w.shut("in")
}

func pkgsOf(input string) string {
	return "pkgs" + strings.TrimPrefix(strings.TrimPrefix(input, "nixpkgs"), "-python")
}

func quoted(words []string) (out []string) {
	for _, word := range words {
		out = append(out, nixString(word))
	}
	return out
}

// nixString is a string literal of Nix.
func nixString(s string) string {
	text, _ := json.Marshal(s) // of a string: cannot fail
	out := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(text))
	return strings.ReplaceAll(out, "${", `\${`)
}

var identifier = regexp.MustCompile(`^[A-Za-z_][\w'-]*$`)

// nixName is an attribute name, in quotes where it needs them.
func nixName(name string) string {
	if identifier.MatchString(name) {
		return name
	}
	return nixString(name)
}
