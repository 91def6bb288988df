package analysis

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// Recommendation is what to do next, derived from a finding, a gate or a
// measurement. Change is something to write, Command something to run.
type Recommendation struct {
	Finding string `json:"finding,omitempty"` // "F1"
	Text    string `json:"text"`
	Change  string `json:"change,omitempty"`
	Command string `json:"command,omitempty"`
}

func (s *study) recommend(a Analysis, opt Options) []Recommendation {
	var out []Recommendation
	if n := s.notReached(); n > 0 {
		out = append(out, Recommendation{
			Text:    fmt.Sprintf("run the scope again: the interruption left %s out; what has run comes from the cache", plural(n, "cell")),
			Command: shellCommand("weft", "test", s.run.Scope),
		})
	}
	for _, f := range a.Findings {
		if r := s.advise(f); r.Text != "" {
			r.Finding = f.ID
			if r.Command == "" {
				r.Command = f.Rerun
			}
			out = append(out, r)
		}
	}
	out = append(out, adviseSecurity(a.Security, opt)...)
	out = append(out, advisePerformance(a.Performance)...)
	for _, g := range a.Gates {
		if !g.Passed && g.Name == "coverage" && a.Coverage.NotMeasured == "" {
			out = append(out, adviseCoverage(a.Coverage))
		}
	}
	return merge(out)
}

// advise gives a finding's remedy; an assertion or an exception of the
// project's own has none that could be derived, beyond where it is.
func (s *study) advise(f Finding) Recommendation {
	envs := list(f.Environments)
	label := ""
	if len(f.Tests) > 0 {
		label = f.Tests[0].Label
	}
	if f.Spread == Flaky {
		return adviseFlaky(f)
	}
	switch f.Kind {
	case Undefined:
		if strings.Contains(f.Evidence, "MRST is in this environment but was not started") {
			return Recommendation{Text: fmt.Sprintf("let %s ask for MRST, so that it is started before its tests", f.Tests[0].File), Change: "% needs MRST"}
		}
	case MissingPackage:
		return s.adviseModule(f, label)
	case UndeclaredDependency:
		return s.adviseDependency(f)
	case MissingPlugin:
		return Recommendation{Text: fmt.Sprintf("add %s to the packages of %s in flake.nix", f.subject, envs)}
	case UnimportedModule:
		return Recommendation{Text: fmt.Sprintf("import it where it is used: under plain pytest a file before this one had done so, and here each file has a process of its own, unless `# gazelle:weft_isolation package` brings them together (%s)", where(f)), Change: "import " + f.subject}
	case MissingMetadata:
		return s.adviseMetadata(f, label)
	case MissingProgram:
		return adviseProgram(f)
	case MissingLibrary:
		return Recommendation{Text: fmt.Sprintf("the loader looks where the environment's own programs do: take %q from a Python package that brings it, or name its file in the store (%s)", f.subject, where(f))}
	case Repository:
		return adviseRepository(f, label)
	case Syntax:
		if f.needs == "" {
			return Recommendation{}
		}
		return s.leaveOut(f, label, fmt.Sprintf("write %s without %s, or leave %s out", f.Location, f.subject, envs))
	case UndeclaredFile:
		return s.adviseFile(f, label)
	case UndeclaredFolder:
		return s.adviseFolder(f, label)
	case MissingFolder:
		return Recommendation{Text: fmt.Sprintf("let %s make the folder before it writes, or write below tmp_path", where(f)), Change: fmt.Sprintf("os.makedirs(%q, exist_ok=True)", f.subject)}
	case UnsharedFile:
		return Recommendation{Text: fmt.Sprintf("each test file runs in a fresh copy of its declared files: let %s write %q itself or by a fixture, or keep it in the workspace and declare it as data; `# gazelle:weft_isolation package` lets the files of a folder share one copy", where(f), f.subject)}
	case Network:
		return adviseNetwork(f)
	case Service:
		return adviseService(f)
	case Home:
		return adviseHome(f, label)
	case Variable:
		return Recommendation{Text: fmt.Sprintf("a cell has the variables that Weft sets and no others of the machine: give %s a value where the test is declared", f.subject), Change: envChange(label, f.subject, "…")}
	case Terminal:
		return Recommendation{Text: fmt.Sprintf("let %s open a pseudo-terminal (the pty module works in a cell), or do without one", where(f))}
	case Locale:
		return adviseLocale(f)
	case HostFile:
		if strings.HasPrefix(f.subject, "/dev/") || strings.HasPrefix(f.subject, "/sys/") || strings.HasPrefix(f.subject, "/proc/") {
			return Recommendation{Text: fmt.Sprintf("a sandbox has no %s: skip %s where it is not there", f.subject, where(f))}
		}
		return Recommendation{Text: fmt.Sprintf("copy %q into the workspace and declare it as data of %s, or take it from a package of the environment", f.subject, label)}
	case ReadOnly:
		return adviseReadOnly(f)
	case TimedOut:
		return s.adviseTimeout(f, label)
	case Memory:
		return Recommendation{Text: "run fewer cells at once, or let the test need less", Command: f.Rerun + " --jobs 1"}
	case NothingFound:
		t := f.Tests[0]
		write := fmt.Sprintf("mark a test in %s with @pytest.mark.%s", t.File, t.Type)
		if t.Type == "unit" {
			write = "write a test without another type's marker in " + t.File
		}
		return Recommendation{Text: fmt.Sprintf("%s, or take %q out of types of %s", write, t.Type, label)}
	case NotBuilt:
		return Recommendation{Text: fmt.Sprintf("mend environment %s in flake.nix; this builds it alone and shows the whole error", f.subject)}
	case NoResult:
		if f.Location == "" || !strings.Contains(f.Location, "//") {
			return Recommendation{}
		}
		return Recommendation{Text: "see what Bazel says about the suite", Command: shellCommand("bazel", "test", "--test_output=all", f.Location)}
	case SuiteBroken:
		return Recommendation{Text: "see why the suite itself failed"}
	}
	return Recommendation{}
}

func where(f Finding) string {
	if f.Location != "" {
		return f.Location
	}
	return f.Tests[0].File
}

func (s *study) adviseModule(f Finding, label string) Recommendation {
	if f.needs != "" && f.Spread == InSome {
		return s.leaveOut(f, label, fmt.Sprintf("import %q only where Python has it, or leave %s out", f.subject, list(f.Environments)))
	}
	if f.subject == "pip" {
		return Recommendation{Text: fmt.Sprintf("a cell installs nothing, and has no network to take it from: name what %s installs among the packages of %s in flake.nix", where(f), list(f.Environments))}
	}
	text := fmt.Sprintf("add the package that provides %q to %s in flake.nix", f.subject, list(f.Environments))
	if attribute := attributes[f.subject]; attribute != "" {
		text += " (ps." + attribute + ")"
	}
	return s.leaveOut(f, label, text+", or leave it out there")
}

// leaveOut proposes the environments that pass, as the attribute or, where
// weft gen keeps the BUILD files, as its directive.
func (s *study) leaveOut(f Finding, label, text string) Recommendation {
	r := Recommendation{Text: text}
	if len(f.Passing) == 0 || label == "" {
		return r
	}
	if s.generated {
		r.Change = fmt.Sprintf("# gazelle:weft_environments %s  (in %s, for all of its folder; or environments with # keep on %s)", strings.Join(f.Passing, ","), path.Join(packageName(label), "BUILD.bazel"), label)
		return r
	}
	quoted := make([]string, len(f.Passing))
	for i, env := range f.Passing {
		quoted[i] = strconv.Quote(env)
	}
	r.Change = fmt.Sprintf("environments = [%s],  # of %s", strings.Join(quoted, ", "), label)
	return r
}

func (s *study) adviseTimeout(f Finding, label string) Recommendation {
	limit := 0.0
	for _, t := range f.Tests {
		if c := s.cells[fileType{t.File, t.Type}][t.Environments[0]]; c != nil {
			limit = c.JSON.TimeoutSeconds
		}
	}
	r := Recommendation{Text: fmt.Sprintf("find what hangs in %s, or give it more time", where(f))}
	if limit > 0 && label != "" {
		r.Change = fmt.Sprintf("timeout_seconds = %d,  # of %s, now %g", int(2*limit), label, limit)
	}
	return r
}

func adviseFlaky(f Finding) Recommendation {
	r := Recommendation{Text: fmt.Sprintf("make %s independent of order, time and chance; this repeats it", where(f))}
	t := f.Tests[0]
	r.Command = shellCommand("weft", "test", t.File, t.Type+","+t.Environments[0], "--", "--runs_per_test=10")
	return r
}
