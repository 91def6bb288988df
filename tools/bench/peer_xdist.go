package main

import (
	"runtime"
	"strconv"
)

// newXdist runs pytest -n with as many processes as the machine has processors,
// in one environment after the other.
func newXdist(at *site, xdist string) (*plainPeer, error) {
	p := &plainPeer{at: at, environ: []string{"PYTHONPATH=" + xdist}}
	for _, e := range at.environments {
		p.commands = append(p.commands, []string{e.python(), "-m", "pytest", "-q", "-n", strconv.Itoa(runtime.NumCPU()), "tests"})
	}
	return p, nil
}
