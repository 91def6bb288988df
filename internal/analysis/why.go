package analysis

import (
	"fmt"
	"sort"

	"github.com/weft-build/weft/internal/result"
)

// why says what distinguishes the environments that show a finding from those
// that do not. It says nothing rather than guess.
func (s *study) why(f Finding) string {
	if f.Spread == Flaky {
		return "the same code, in the same environment, both failed and passed"
	}
	if f.Spread == InAll {
		return ""
	}
	if f.needs != "" {
		if text := s.byNeed(f); text != "" {
			return text
		}
	}
	if len(f.Passing) == 0 {
		return "no environment passes it; elsewhere it was skipped or failed for another cause"
	}
	switch f.Kind {
	case MissingPackage, MissingPlugin, MissingProgram:
		return fmt.Sprintf("%s is among the packages of %s and not of %s", f.subject, list(f.Passing), list(f.Environments))
	}
	if text := s.boundary(f); text != "" {
		return text
	}
	if env, twin := s.twins(f); twin != "" {
		return fmt.Sprintf("%s and %s have the same %s %s, so what differs is their packages", env, twin, s.envs[env].Kind, s.version(env))
	}
	return ""
}

// byNeed explains with the version that a feature came or went with, if the
// environments' versions bear it out.
func (s *study) byNeed(f Finding) string {
	for _, env := range f.Environments {
		if older(s.version(env), f.needs) == f.removed {
			return ""
		}
	}
	env := f.Environments[0]
	if f.removed {
		return fmt.Sprintf("Python %s removed %s, and %s has %s", f.needs, f.subject, env, s.version(env))
	}
	return fmt.Sprintf("%s needs Python %s, and %s has %s", f.subject, f.needs, env, s.version(env))
}

// boundary finds a version that parts the environments into two.
func (s *study) boundary(f Finding) string {
	if s.envs[f.Environments[0]].Kind != s.envs[f.Passing[0]].Kind {
		return ""
	}
	bad, ok := s.byVersion(f.Environments), s.byVersion(f.Passing)
	kind := s.envs[ok[0]].Kind
	switch {
	case older(s.version(bad[len(bad)-1]), s.version(ok[0])):
		return fmt.Sprintf("it passes from %s %s on (%s), and %s has %s", kind, s.version(ok[0]), ok[0], bad[len(bad)-1], s.version(bad[len(bad)-1]))
	case older(s.version(ok[len(ok)-1]), s.version(bad[0])):
		return fmt.Sprintf("it fails from %s %s on (%s); the newest that passes is %s in %s", kind, s.version(bad[0]), bad[0], s.version(ok[len(ok)-1]), ok[len(ok)-1])
	}
	return ""
}

func (s *study) byVersion(envs []string) []string {
	out := append([]string(nil), envs...)
	sort.SliceStable(out, func(i, j int) bool { return older(s.version(out[i]), s.version(out[j])) })
	return out
}

// twins are a failing and a passing environment with the same interpreter.
func (s *study) twins(f Finding) (failing, passing string) {
	for _, failing := range f.Environments {
		a := s.envs[failing]
		for _, passing := range f.Passing {
			if b := s.envs[passing]; a.Version != "" && a.Version == b.Version && a.Kind == b.Kind {
				return failing, passing
			}
		}
	}
	return "", ""
}

// environmentFindings tells of the environments that could not be made.
func (s *study) environmentFindings() []Finding {
	var out []Finding
	for _, e := range s.run.Environments {
		if e.NotBuilt == "" {
			continue
		}
		n := 0
		for _, c := range s.run.Cells {
			if c.Environment == e.Name && c.Verdict == result.NotRun {
				n++
			}
		}
		out = append(out, Finding{
			Kind: NotBuilt, Spread: s.spreadOf(1), Environments: []string{e.Name},
			Title:    fmt.Sprintf("environment %s could not be made; %s not run", e.Name, plural(n, "cell")),
			Evidence: e.NotBuilt, Rerun: shellCommand("weft", "env", "build", e.Name), subject: e.Name,
		})
	}
	return out
}

func (s *study) spreadOf(n int) Spread {
	if n >= len(s.order) {
		return InAll
	}
	return InSome
}

// problemFindings makes findings of the problems that say something about
// results: suites that broke beside their cells, a cache that died.
func (s *study) problemFindings() []Finding {
	var out []Finding
	for _, p := range s.run.Problems {
		f := Finding{Title: p.Message, Spread: InAll, Rerun: p.Hint}
		switch p.Kind {
		case "suite":
			f.Kind = SuiteBroken
		case "remote cache":
			f.Kind = CacheDied
			f.Why = "tests went on without it; their results are not affected"
		default:
			continue
		}
		for env := range s.order {
			f.Environments = append(f.Environments, env)
		}
		f.Environments = s.sorted(set(f.Environments...))
		out = append(out, f)
	}
	return out
}
