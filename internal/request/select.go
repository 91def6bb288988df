package request

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Select returns the known environments that the globs name, in the globs'
// order; no globs name all. A glob that names none is a *UsageError with the
// nearest name.
func Select(globs, known []string) ([]string, error) {
	if len(globs) == 0 {
		return known, nil
	}
	var chosen []string
	for _, glob := range globs {
		hit := false
		for _, name := range known {
			if ok, _ := path.Match(glob, name); ok {
				hit = true
				if !slices.Contains(chosen, name) {
					chosen = append(chosen, name)
				}
			}
		}
		if !hit {
			return nil, unknownEnvironment(glob, known)
		}
	}
	return chosen, nil
}

func unknownEnvironment(glob string, known []string) error {
	hint := "the environments are " + strings.Join(known, ", ") + "; the types " + strings.Join(Types, ", ")
	if near := Nearest(glob, append(slices.Clone(known), Types...)); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	if strings.ContainsAny(glob, "/:") {
		hint = "a run has one scope, and environments or test types after it: name the folder of the files"
	}
	return &UsageError{Msg: fmt.Sprintf("no environment or test type is called %q", glob), Hinted: hint}
}
