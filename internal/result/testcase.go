package result

import (
	"encoding/xml"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var treeRE = regexp.MustCompile(`(?:/[^\s'":,()]*)?/weft-[0-9a-f]+/tree/`)

// InWorkspace writes paths of a cell's private tree, whose name is another one
// each time, as they are in the workspace.
func InWorkspace(text string) string { return treeRE.ReplaceAllString(text, "") }

// testcase reads one testcase element into the cell.
func (p *suiteParser) testcase(c *SuiteCell, el xml.StartElement) error {
	if p.cases++; p.cases > p.maxCases {
		return fmt.Errorf("more than %d test cases", p.maxCases)
	}
	k := Case{
		Name:     p.one(attr(el, "name")),
		Class:    p.one(attr(el, "classname")),
		Outcome:  CasePassed,
		Duration: seconds(attr(el, "time")),
	}
	k.Line, _ = strconv.Atoi(attr(el, "line"))
	k.Line = max(k.Line, 0)
	k.ID = nodeID(attr(el, "file"), c.Name, k.Class, k.Name)
	err := p.children(func(child xml.StartElement) error { return p.caseChild(&k, child) })
	c.Cases = append(c.Cases, k)
	return err
}

func (p *suiteParser) caseChild(k *Case, el xml.StartElement) error {
	message, kind := InWorkspace(attr(el, "message")), attr(el, "type")
	if el.Name.Local == "properties" {
		return p.properties(func(name, value string) {
			switch {
			case name == "weft.synthetic":
				k.Synthetic = true
			case name == "weft.outcome" && value == string(CaseXPassed):
				k.Outcome = CaseXPassed
			default:
				k.Properties = append(k.Properties, Property{name, value})
			}
		})
	}
	text, err := p.text(maxText)
	text = InWorkspace(text)
	switch el.Name.Local {
	case "failure":
		k.fail(CaseFailed, kind, message, text)
	case "error":
		k.fail(CaseError, kind, message, text)
	case "skipped":
		if k.Outcome == CasePassed {
			k.Outcome, k.Message = CaseSkipped, message
			if kind == "pytest.xfail" {
				k.Outcome = CaseXFailed
			}
		}
	case "flakyFailure", "flakyError":
		k.Flaky = true
		k.first(message, text)
	case "rerunFailure", "rerunError":
		k.first(message, text)
	case "system-out":
		k.Stdout = text
	case "system-err":
		if len(k.Stdout) <= maxText {
			k.Stdout += text
		}
	}
	return err
}

// fail records what went wrong. A case may both fail and err in its teardown;
// the first word stays, as it is the cause.
func (k *Case) fail(o Outcome, kind, message, text string) {
	if k.Outcome == CaseFailed || k.Outcome == CaseError {
		if len(k.Text) < maxText {
			k.Text += "\n" + text
		}
		return
	}
	k.Outcome, k.Type = o, kind
	k.Message, _, _ = strings.Cut(strings.TrimSpace(message), "\n")
	k.Text = text
	if k.Message == "" {
		k.Message, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	}
}

func (k *Case) first(message, text string) {
	if k.FirstText != "" {
		return
	}
	k.FirstText = text
	if !strings.Contains(text, message) || text == "" {
		k.FirstText = strings.TrimSpace(message + "\n" + text)
	}
}

// failed says whether the case speaks against its cell.
func (o Outcome) failed() bool { return o == CaseFailed || o == CaseError }

// nodeID rebuilds pytest's node id from JUnit's attributes: the classname is
// the module's dotted path and the classes within it. A test may be written in
// another file than the one that collects it, which is the suite's.
func nodeID(file, suite, class, name string) string {
	if file == "" {
		return strings.TrimPrefix(class+"::"+name, "::")
	}
	if suite != file && within(class, module(suite)) {
		file = suite
	}
	id := file
	if inner, ok := strings.CutPrefix(class, module(file)+"."); ok {
		id += "::" + strings.ReplaceAll(inner, ".", "::")
	}
	if name == "" || name == file {
		return id
	}
	return id + "::" + name
}

func within(class, module string) bool {
	return module != "" && (class == module || strings.HasPrefix(class, module+"."))
}

func module(file string) string {
	file = strings.TrimSuffix(strings.TrimSuffix(file, ".py"), ".m")
	return strings.ReplaceAll(file, "/", ".")
}

// seconds reads JUnit's time attribute; what is no sane duration is 0.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > 1e9 {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}
