package nixenv

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// failure is what nix build says about one derivation that it could not make.
type failure struct {
	drv    string
	reason string // one line
	log    string // the last lines of its log
	needs  bool   // it failed because something that it needs did
}

var (
	drvRule      = regexp.MustCompile(`'(/[^' ]*\.drv)'`)
	needsRule    = regexp.MustCompile(`\d+ dependenc(?:y|ies) (?:failed|of derivation)`)
	reasonRule   = regexp.MustCompile(`^\s*Reason: (.*?)\.?$`)
	builderRule  = regexp.MustCompile(`[Bb]uilder(?: for '[^']*')? (failed .*?)(?: at ".*")?[;,.:]?$`)
	mismatchRule = regexp.MustCompile(`hash mismatch in fixed-output derivation`)
	logRule      = regexp.MustCompile(`^\s*> ?(.*)$`)
	detailRule   = regexp.MustCompile(`^\s*(Required system: .*|Current system: .*|specified: .*|got: .*|Required features: .*|Available features: .*)$`)
)

// parseFailures reads the errors of nix build --keep-going, one per derivation,
// in the words of Nix 2.18 ("builder for … failed with exit code 1;") and of
// newer ones ("Cannot build …. Reason: …").
func parseFailures(stderr string) []failure {
	var all []failure
	var block []string
	flush := func() {
		if f, ok := parseFailure(block); ok {
			all = append(all, f)
		}
		block = nil
	}
	for _, line := range strings.Split(stripControls(stderr), "\n") {
		switch {
		case strings.HasPrefix(line, "error:"):
			flush()
			block = []string{line}
		case block != nil && (strings.HasPrefix(line, " ") || line == ""):
			block = append(block, line)
		default:
			flush()
		}
	}
	flush()
	return all
}

func parseFailure(block []string) (failure, bool) {
	if len(block) == 0 {
		return failure{}, false
	}
	head := strings.TrimSpace(strings.TrimPrefix(block[0], "error:"))
	drv := drvRule.FindStringSubmatch(head)
	if drv == nil || strings.HasPrefix(head, "build of ") {
		return failure{}, false
	}
	f := failure{drv: drv[1]}
	var log, details []string
	for _, line := range block {
		switch {
		case reasonRule.MatchString(line):
			f.reason = reasonRule.FindStringSubmatch(line)[1]
		case logRule.MatchString(line):
			log = append(log, logRule.FindStringSubmatch(line)[1])
		case detailRule.MatchString(line):
			details = append(details, strings.Join(strings.Fields(line), " "))
		}
	}
	f.log = strings.TrimSpace(strings.Join(log, "\n"))
	switch {
	case f.reason != "":
	case mismatchRule.MatchString(head):
		f.reason = "hash mismatch"
	case builderRule.MatchString(head):
		f.reason = "builder " + builderRule.FindStringSubmatch(head)[1]
	default:
		f.reason = strings.ReplaceAll(head, "'"+f.drv+"'", "it")
	}
	f.needs = needsRule.MatchString(head + " " + f.reason)
	if len(details) > 0 {
		f.reason += ": " + strings.ToLower(strings.Join(details, ", "))
	}
	return f, true
}

// blame finds out why an environment was not built: its own derivation failed,
// or one that it needs.
func (r *realisation) blame(ctx context.Context, name string, failures []failure, stderr string) error {
	own := r.drvs[name]
	for _, f := range failures {
		if f.drv == own && !f.needs {
			return f.asError(name, f.reason)
		}
	}
	var roots []failure
	if len(failures) > 0 {
		closure := r.closure(ctx, own)
		roots = slices.DeleteFunc(slices.Clone(failures), func(f failure) bool {
			return f.needs || !slices.Contains(closure, f.drv)
		})
	}
	if len(roots) == 0 { // nix gave up before it built anything
		return &BuildError{Environment: name, Derivation: own, Reason: "not built: " + oneLine(shorten(stderr, r.o.Workspace).String()), Next: "weft env build " + name}
	}
	reason := "it needs " + drvName(roots[0].drv) + ": " + roots[0].reason
	for _, f := range roots[1:] {
		reason += "; and " + drvName(f.drv) + ": " + f.reason
	}
	return roots[0].asError(name, reason)
}

func (f failure) asError(name, reason string) error {
	e := &BuildError{Environment: name, Derivation: f.drv, Reason: reason, Log: f.log, Next: "nix log " + f.drv}
	if f.log == "" {
		e.Next = "nix build --no-link " + "'" + f.drv + "^out'"
	}
	return e
}

// closure is a derivation and all that it needs; only itself when nix cannot say.
func (r *realisation) closure(ctx context.Context, drv string) []string {
	res, err := r.o.run(ctx, "reading what the environments need", "path-info", "--recursive", drv)
	if err != nil {
		return []string{drv}
	}
	return strings.Fields(string(res.Stdout))
}

// drvName is the readable part of a derivation's path.
func drvName(drv string) string {
	return strings.TrimSuffix(storeHash.ReplaceAllString(drv, ""), ".drv")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
