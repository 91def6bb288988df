package analysis

import (
	"sort"

	"github.com/weft-build/weft/internal/result"
)

// Dependency is an external dependency that integration tests have named with
// record_property("external_dependency", …).
type Dependency struct {
	Name    string   `json:"name"`
	Status  string   `json:"status"` // "OK", "FAIL" or "NOT RUN"
	Tests   int      `json:"tests"`
	Failing []string `json:"failing,omitempty"` // environments
}

// external folds the dependencies' tests: one failure in one environment is a
// FAIL there.
func (s *study) external() []Dependency {
	type tally struct {
		ran, failed int
		envs        map[string]bool
	}
	byName := map[string]*tally{}
	for _, c := range s.run.Cells {
		if c.Type != "integration" {
			continue
		}
		for _, k := range c.Cases {
			for _, p := range k.Properties {
				if p.Name != "external_dependency" || p.Value == "" {
					continue
				}
				t := byName[p.Value]
				if t == nil {
					t = &tally{envs: map[string]bool{}}
					byName[p.Value] = t
				}
				switch {
				case failed(k.Outcome):
					t.ran, t.failed = t.ran+1, t.failed+1
					t.envs[c.Environment] = true
				case k.Outcome != result.CaseSkipped:
					t.ran++
				}
			}
		}
	}
	var out []Dependency
	for name, t := range byName {
		d := Dependency{Name: name, Status: "OK", Tests: t.ran, Failing: s.sorted(t.envs)}
		switch {
		case t.failed > 0:
			d.Status = "FAIL"
		case t.ran == 0:
			d.Status = "NOT RUN"
		}
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
