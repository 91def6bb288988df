package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// programs are where the peers' programs lie.
type programs struct {
	weft, tools, xdist, ibazel string
	before                     string // another weft; empty is none
	// missing says why a peer cannot be measured, by its name.
	missing map[string]string
}

// findPrograms fetches what is not there yet, from Debian and the Go proxy. What
// cannot be had is named, and the others are measured.
func findPrograms(ctx context.Context, weft string) programs {
	p := programs{weft: weft, missing: map[string]string{}}
	fetched, err := command(ctx, "", nil, "tools/bench/programs/prepare")
	folder := strings.TrimSpace(firstLine(fetched.output))
	p.tools, p.xdist = filepath.Join(folder, "tools"), filepath.Join(folder, "xdist")
	for name, module := range map[string]string{
		peerTox: filepath.Join(p.tools, "tox"), peerNox: filepath.Join(p.tools, "nox"), peerXdist: filepath.Join(p.xdist, "xdist"),
	} {
		if err != nil {
			p.missing[name] = "Debian's packages cannot be had: " + firstLine(err.Error())
		} else if _, e := os.Stat(module); e != nil {
			p.missing[name] = fmt.Sprintf("Debian's package of %s cannot be had", name)
		}
	}
	built, err := command(ctx, "", nil, "tools/lint/go-tool", "--path", "ibazel")
	if err != nil {
		p.missing[peerIbazel] = "it cannot be built from the Go proxy: " + firstLine(err.Error())
	}
	p.ibazel = strings.TrimSpace(firstLine(built.output))
	return p
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
