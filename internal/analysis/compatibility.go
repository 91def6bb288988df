package analysis

import (
	"sort"

	"github.com/weft-build/weft/internal/result"
)

// Compatibility is what differs between environments, over every test that
// ran in two or more of them.
type Compatibility struct {
	NotMeasured string       `json:"notMeasured,omitempty"`
	Compared    int          `json:"compared"` // tests that ran in ≥ 2 environments
	Differences []Difference `json:"differences,omitempty"`
}

// Difference is a test whose outcome is not the same everywhere. Test is empty
// for a file as a whole, whose outcomes are its cells' verdicts. An
// environment that has no such cell is absent from Outcomes.
type Difference struct {
	File     string            `json:"file"`
	Type     string            `json:"type"`
	Test     string            `json:"test,omitempty"`
	Outcomes map[string]string `json:"outcomes"`
}

func (s *study) compatibility() Compatibility {
	var out Compatibility
	for _, key := range s.fileTypes() {
		cells := s.cells[key]
		tests := map[string]map[string]string{}
		for env, c := range cells {
			for _, k := range c.Cases {
				if k.Synthetic {
					continue
				}
				if tests[k.ID] == nil {
					tests[k.ID] = map[string]string{}
				}
				tests[k.ID][env] = outcome(k)
			}
		}
		explained := false
		for _, id := range sortedKeys(tests) {
			if len(tests[id]) < 2 {
				continue
			}
			out.Compared++
			if !differ(tests[id]) {
				continue
			}
			explained = true
			d := Difference{File: key.file, Type: key.kind, Test: id, Outcomes: tests[id]}
			for env, c := range cells {
				if _, ran := d.Outcomes[env]; !ran {
					d.Outcomes[env] = string(c.Verdict) // the file did not get so far
				}
			}
			out.Differences = append(out.Differences, d)
		}
		if verdicts := verdicts(cells); !explained && len(verdicts) > 1 && differ(verdicts) {
			out.Differences = append(out.Differences, Difference{File: key.file, Type: key.kind, Outcomes: verdicts})
		}
	}
	if out.Compared == 0 && len(out.Differences) == 0 {
		out.NotMeasured = "no test ran in two environments"
	}
	return out
}

func (s *study) fileTypes() []fileType {
	var out []fileType
	for key := range s.cells {
		out = append(out, key)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].file != out[j].file {
			return out[i].file < out[j].file
		}
		return out[i].kind < out[j].kind
	})
	return out
}

func outcome(k result.Case) string {
	if k.Flaky && !failed(k.Outcome) {
		return "flaky"
	}
	return string(k.Outcome)
}

// verdicts are the cells' that ran: one that did not run says nothing about
// compatibility.
func verdicts(cells map[string]*result.Cell) map[string]string {
	out := map[string]string{}
	for env, c := range cells {
		if c.Verdict != result.NotRun {
			out[env] = string(c.Verdict)
		}
	}
	return out
}

func differ(outcomes map[string]string) bool {
	first := ""
	for _, o := range outcomes {
		if first == "" {
			first = o
		}
		if o != first {
			return true
		}
	}
	return false
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
