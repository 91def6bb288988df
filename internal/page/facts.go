package page

import (
	"time"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/result"
)

// note is result.Problem for the page.
type note struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

func notesOf(problems []result.Problem) []note {
	out := make([]note, len(problems))
	for i, p := range problems {
		out[i] = note(p)
	}
	return out
}

// saved is loop.Saved for the page.
type saved struct {
	Paths  []string  `json:"paths"`
	More   int       `json:"more"` // paths that are left out
	Effect string    `json:"effect"`
	Why    []string  `json:"why"` // of the paths that have one: "x.txt: no rule names it"
	At     time.Time `json:"at"`
}

// maxPaths is how many paths of a save the page names; a change of branch may have thousands.
const maxPaths = 20

func savesOf(saves []loop.Saved) []saved {
	out := make([]saved, len(saves))
	for i, s := range saves {
		paths := s.Paths[:min(maxPaths, len(s.Paths))]
		out[i] = saved{Paths: paths, More: len(s.Paths) - len(paths), Effect: s.Effect, Why: []string{}, At: s.At}
		for _, path := range paths {
			if why := s.Why[path]; why != "" {
				out[i].Why = append(out[i].Why, path+": "+why)
			}
		}
	}
	return out
}
