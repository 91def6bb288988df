package bazel

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/weft-build/weft/internal/bazel/querypb"
	"github.com/weft-build/weft/internal/event"
	"github.com/weft-build/weft/internal/texts"
)

// Targets are the facts that one query yields: everything that the plan needs,
// and the graph that tells what a file affects.
type Targets struct {
	Files  []File
	Suites []Suite
	// Rules are all rules of the workspace by label, with their inputs.
	Rules map[string]Rule

	read map[string]bool // see paths
}

// Rule is one rule and what it reads.
type Rule struct {
	Class  string
	Inputs []string // labels of sources and rules: "//tests:test_a.py"; for a generated file its rule's
	Tests  []string // of a test_suite: the tests it names
}

// File is a weft_file target: one test file with its cells.
type File struct {
	Label        string
	Src          string // label of the test file
	Kind         string // "python" or "octave"
	Types        []string
	Environments []string // names, globs already expanded by the macro
	Timeout      int      // seconds
	Isolation    string   // "cell", "suite" or "package"; empty is cell
}

// Suite is a weft_suite_test target.
type Suite struct {
	Label       string
	Type        string
	Environment string
	Files       []string // labels of weft_file targets
	PerFile     bool     // the manual suite of a single file
}

// Sources returns the workspace-relative paths of the source files that rules
// name, sorted.
func (t *Targets) Sources() []string {
	var out []string
	for path := range t.paths() {
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}

// Reads reports whether a rule names the source file.
func (t *Targets) Reads(path string) bool { return t.paths()[path] }

// paths are the inputs of rules that are not rules themselves.
func (t *Targets) paths() map[string]bool {
	if t.read == nil {
		t.read = map[string]bool{}
		for _, rule := range t.Rules {
			for _, in := range rule.Inputs {
				if _, isRule := t.Rules[in]; !isRule && Path(in) != "" {
					t.read[Path(in)] = true
				}
			}
		}
	}
	return t.read
}

// queryAttributes are the attributes that Targets is read from; asking for no
// others keeps the answer of a large workspace small.
var queryAttributes = []string{"src", "kind", "types", "environments", "timeout_seconds", "isolation", "test_type", "environment", "files", "per_file", "tests"}

// maxTarget bounds one rule of the answer.
const maxTarget = 64 << 20

// parseTargets reads the output of `bazel query --output=streamed_proto`.
func parseTargets(in io.Reader) (*Targets, error) {
	t := &Targets{Rules: map[string]Rule{}}
	makers := map[string]string{} // a generated file's label → its rule's
	r := bufio.NewReaderSize(in, 1<<16)
	var labels texts.Table
	opts := protodelim.UnmarshalOptions{MaxSize: maxTarget}
	for {
		var target querypb.Target
		err := opts.UnmarshalFrom(r, &target)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading bazel query's answer: %w", err)
		}
		if rule := target.GetRule(); rule != nil {
			share(rule, &labels)
			t.add(rule)
			for _, out := range rule.GetRuleOutput() {
				makers[out] = rule.GetName()
			}
		}
	}
	for _, rule := range t.Rules {
		for i, in := range rule.Inputs {
			if maker, made := makers[in]; made {
				rule.Inputs[i] = maker
			}
		}
	}
	slices.SortFunc(t.Files, func(a, b File) int { return strings.Compare(a.Label, b.Label) })
	slices.SortFunc(t.Suites, func(a, b Suite) int { return strings.Compare(a.Label, b.Label) })
	return t, nil
}

// share writes a rule's labels as local does, and has one copy of each text.
func share(rule *querypb.Rule, labels *texts.Table) {
	one := func(text string) string { return labels.One(local(text)) }
	all := func(list []string) {
		for i, text := range list {
			list[i] = one(text)
		}
	}
	rule.Name, rule.RuleClass = new(one(rule.GetName())), new(labels.One(rule.GetRuleClass()))
	all(rule.RuleInput)
	all(rule.RuleOutput)
	for _, a := range rule.Attribute {
		if a.StringValue != nil {
			a.StringValue = new(one(*a.StringValue))
		}
		all(a.StringListValue)
	}
}

func (t *Targets) add(rule *querypb.Rule) {
	label, class := rule.GetName(), rule.GetRuleClass()
	a := map[string]*querypb.Attribute{}
	for _, attr := range rule.GetAttribute() {
		a[attr.GetName()] = attr
	}
	r := Rule{Class: class, Inputs: rule.GetRuleInput()}
	switch class {
	case "weft_file":
		t.Files = append(t.Files, File{
			Label: label, Src: a["src"].GetStringValue(), Kind: a["kind"].GetStringValue(),
			Types: a["types"].GetStringListValue(), Environments: a["environments"].GetStringListValue(),
			Timeout: int(a["timeout_seconds"].GetIntValue()), Isolation: a["isolation"].GetStringValue(),
		})
	case "weft_suite_test":
		t.Suites = append(t.Suites, Suite{
			Label: label, Type: a["test_type"].GetStringValue(), Environment: a["environment"].GetStringValue(),
			Files: a["files"].GetStringListValue(), PerFile: a["per_file"].GetBooleanValue(),
		})
	case "test_suite":
		r.Tests = a["tests"].GetStringListValue()
	}
	t.Rules[label] = r
}

// local writes a label of the main repository as //package:name, whatever form
// and encoding Bazel prints it in ("@@//a:b", "@//a:b", "//a").
func local(label string) string {
	label = event.Text(label)
	if l := strings.TrimLeft(label, "@"); strings.HasPrefix(l, "//") {
		label = l
	}
	if strings.HasPrefix(label, "//") && !strings.Contains(label, ":") {
		label += ":" + label[strings.LastIndex(label, "/")+1:]
	}
	return label
}

// Path returns the workspace-relative path that a label of a source file
// names, "" for a label of another repository.
func Path(label string) string {
	pkg, name, ok := strings.Cut(strings.TrimPrefix(label, "//"), ":")
	switch {
	case !ok, !strings.HasPrefix(label, "//"):
		return ""
	case pkg == "":
		return name
	}
	return pkg + "/" + name
}

// Package returns a label's package: "tests" for "//tests:x".
func Package(label string) string {
	pkg, _, _ := strings.Cut(strings.TrimPrefix(label, "//"), ":")
	return pkg
}
