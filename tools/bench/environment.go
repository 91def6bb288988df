package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// environment is an interpreter with its packages, in the Nix store; every peer
// runs the same.
type environment struct {
	name    string
	version string // the interpreter's
	path    string
}

func (e environment) python() string { return filepath.Join(e.path, "bin", "python3") }

// packages is where the environment's packages lie, for interpreters that run
// outside it, such as those of tox's virtual environments.
func (e environment) packages() (string, error) {
	found, err := filepath.Glob(filepath.Join(e.path, "lib", "python3*", "site-packages"))
	if err == nil && len(found) != 1 {
		err = fmt.Errorf("%s has %d site-packages folders", e.path, len(found))
	}
	if err != nil {
		return "", err
	}
	return found[0], nil
}

// readEnvironments reads the environments lock of a workspace. One made under an
// override of inputs lies in .weft and goes first.
func readEnvironments(dir string, names []string) ([]environment, error) {
	text, err := os.ReadFile(filepath.Join(dir, ".weft", "environments.lock.json"))
	if errors.Is(err, fs.ErrNotExist) {
		text, err = os.ReadFile(filepath.Join(dir, "environments.lock.json"))
	}
	if err != nil {
		return nil, err
	}
	var lock struct {
		Environments map[string]struct {
			Version string `json:"version"`
			Systems map[string]struct {
				OutPath string `json:"outPath"`
			} `json:"systems"`
		} `json:"environments"`
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, fmt.Errorf("reading the environments lock: %w", err)
	}
	var all []environment
	for _, name := range names {
		e := environment{name: name, version: lock.Environments[name].Version}
		for _, s := range lock.Environments[name].Systems {
			if _, err := os.Stat(s.OutPath); err == nil {
				e.path = s.OutPath
			}
		}
		if e.path == "" {
			return nil, fmt.Errorf("environment %s is not on this machine", name)
		}
		all = append(all, e)
	}
	return slices.Clip(all), nil
}
