package scaffold

import (
	"bytes"
	"encoding/json"
)

// mrstModified is the time of mrstRev's commit.
const mrstModified = 1772487684

// Lock renders flake.lock as nix itself writes it, with every input that a hash
// is known for; nix adds what is missing when it has a network.
func (p Proposal) Lock() []byte {
	type object = map[string]any
	root, nodes := object{}, object{}
	for _, input := range p.inputs() {
		root[input] = input
		if input == "mrst" {
			nodes[input] = object{
				"flake":    false,
				"locked":   object{"lastModified": mrstModified, "owner": "SINTEF-AppliedCompSci", "repo": "MRST", "rev": mrstRev, "type": "github"},
				"original": object{"owner": "SINTEF-AppliedCompSci", "repo": "MRST", "rev": mrstRev, "type": "github"},
			}
			continue
		}
		pin := pins[p.refOfInput(input)]
		nodes[input] = object{
			"locked": object{"lastModified": pin.lastModified, "narHash": pin.narHash, "owner": "NixOS", "repo": "nixpkgs",
				"rev": pin.rev, "type": "github"},
			"original": object{"owner": "NixOS", "ref": pin.ref, "repo": "nixpkgs", "type": "github"},
		}
	}
	nodes["root"] = object{"inputs": root}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(object{"nodes": nodes, "root": "root", "version": 7}) // of strings and numbers: cannot fail
	return b.Bytes()
}

// Probe is a flake that has the proposal's inputs and nothing else, for asking
// them what they have.
func (p Proposal) Probe() map[string][]byte {
	w := &writer{}
	w.open("{")
	p.flakeInputs(w)
	w.line("outputs = inputs: { inherit inputs; };")
	w.shut("}")
	return map[string][]byte{"flake.nix": []byte(w.String()), "flake.lock": p.Lock()}
}
