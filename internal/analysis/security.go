package analysis

import (
	"fmt"
	"sort"
	"strings"

	"github.com/weft-build/weft/internal/result"
)

// Security is what bandit and the advisory check found, each thing once.
type Security struct {
	BanditNotMeasured     string          `json:"banditNotMeasured,omitempty"`
	Bandit                []BanditFinding `json:"bandit,omitempty"`
	AdvisoriesNotMeasured string          `json:"advisoriesNotMeasured,omitempty"`
	Advisories            []Advisory      `json:"advisories,omitempty"`
	Warnings              []string        `json:"warnings,omitempty"`
}

// BanditFinding is a result of bandit and the environments that reported it.
type BanditFinding struct {
	result.BanditFinding
	Environments []string `json:"environments"`
}

// Advisory is a published advisory and the environments that it concerns.
type Advisory struct {
	result.Advisory
	Environments []string `json:"environments"`
}

func (s *study) security() Security {
	type seen struct {
		measured, missing map[string]bool
	}
	bandit, advisories := seen{set(), set()}, seen{set(), set()}
	byBandit := map[result.BanditFinding]map[string]bool{}
	byAdvisory := map[result.Advisory]map[string]bool{}
	ran := 0
	for _, c := range s.run.Cells {
		if c.Type == "security" && c.Verdict != result.NotRun {
			ran++
		}
		sec := c.JSON.Security
		if sec == nil || c.Verdict == result.NotRun {
			continue
		}
		mark(bandit.measured, bandit.missing, c.Environment, sec.Bandit != nil && !sec.BanditMissing)
		mark(advisories.measured, advisories.missing, c.Environment, sec.AdvisoriesMeasured)
		for _, f := range sec.Bandit {
			enter(byBandit, f, c.Environment)
		}
		for _, a := range sec.Advisories {
			enter(byAdvisory, a, c.Environment)
		}
	}
	var out Security
	for f, envs := range byBandit {
		out.Bandit = append(out.Bandit, BanditFinding{f, s.sorted(envs)})
	}
	for a, envs := range byAdvisory {
		out.Advisories = append(out.Advisories, Advisory{a, s.sorted(envs)})
	}
	sort.Slice(out.Bandit, func(i, j int) bool { return banditKey(out.Bandit[i]) < banditKey(out.Bandit[j]) })
	sort.Slice(out.Advisories, func(i, j int) bool { return advisoryKey(out.Advisories[i]) < advisoryKey(out.Advisories[j]) })
	out.BanditNotMeasured = s.securityReason(ran, bandit.measured, bandit.missing, "bandit")
	out.AdvisoriesNotMeasured = s.securityReason(ran, advisories.measured, advisories.missing, "advisories")
	for _, part := range []struct {
		what              string
		measured, missing map[string]bool
	}{{"bandit did not run in", bandit.measured, bandit.missing}, {"advisories were not checked in", advisories.measured, advisories.missing}} {
		if len(part.measured) > 0 && len(part.missing) > 0 {
			out.Warnings = append(out.Warnings, part.what+" "+list(s.sorted(part.missing)))
		}
	}
	return out
}

// mark files an environment under measured if any of its cells did measure.
func mark(measured, missing map[string]bool, env string, ok bool) {
	if ok {
		measured[env] = true
		delete(missing, env)
	} else if !measured[env] {
		missing[env] = true
	}
}

func enter[K comparable](m map[K]map[string]bool, key K, env string) {
	if m[key] == nil {
		m[key] = map[string]bool{}
	}
	m[key][env] = true
}

// securityReason says why a check was measured nowhere, in the words of the
// cells' own notes, which begin with what they are about.
func (s *study) securityReason(ran int, measured, missing map[string]bool, what string) string {
	if len(measured) > 0 {
		return ""
	}
	for _, c := range s.run.Cells {
		for _, note := range c.JSON.Notes {
			if c.Type == "security" && strings.HasPrefix(note, what) {
				_, why, ok := strings.Cut(note, ": ")
				if !ok {
					why = note
				}
				return why
			}
		}
	}
	switch {
	case len(missing) > 0:
		return "the cells of " + list(s.sorted(missing)) + " did not say why"
	case ran > 0:
		return "the security cells did not report it"
	}
	return "no security test ran"
}

// severityRank orders severities; one that nobody stated ranks above all, so
// that a gate never lets the unknown pass.
func severityRank(s string) int {
	switch strings.ToUpper(s) {
	case "UNDEFINED", "NONE", "NEGLIGIBLE":
		return 0
	case "LOW":
		return 1
	case "MEDIUM", "MODERATE":
		return 2
	case "HIGH":
		return 3
	case "CRITICAL":
		return 4
	}
	return 5
}

func banditKey(f BanditFinding) string {
	return fmt.Sprintf("%d %s %08d %s %s", 9-severityRank(f.Severity), f.File, f.Line, f.Test, f.Message)
}

func advisoryKey(a Advisory) string {
	return fmt.Sprintf("%d %s %s %s", 9-severityRank(a.Severity), a.Package, a.Version, a.ID)
}
