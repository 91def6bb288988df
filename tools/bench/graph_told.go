package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/weft-build/weft/internal/bep"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/result"
)

// tellWord is the first argument by which the stand-in calls this program.
const tellWord = "tell"

// graphTests is how many tests passed in each cell.
const graphTests = 10

// standIn writes a program that is Bazel but for `bazel test`: to run 100,000
// cells takes hours and measures nothing of what weft keeps, so this program
// tells of them as Bazel would when all have passed.
func standIn(path string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return os.WriteFile(path, fmt.Appendf(nil, "#!/bin/sh\nif [ \"$1\" = test ]; then exec %s \"$@\"; fi\nexec bazel \"$@\"\n", proc.Quote([]string{self, tellWord})), 0o755)
}

// tell answers a `bazel test` in the workspace that it is called in.
func (g graphShape) tell(args []string) error {
	events, patterns := "", []string(nil)
	for i, arg := range args {
		if path, ok := strings.CutPrefix(arg, "--build_event_binary_file="); ok {
			events = path
		}
		if path, ok := strings.CutPrefix(arg, "--target_pattern_file="); ok {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			patterns = strings.Fields(string(text))
		}
		if arg == "--" {
			patterns = args[i+1:]
			break
		}
	}
	out, err := os.OpenFile(events, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	if slices.Contains(patterns, "//...") {
		patterns = g.suites()
	}
	results := filepath.Join(filepath.Dir(events), "told")
	if err := os.Mkdir(results, 0o755); err != nil {
		return err
	}
	for n, label := range patterns {
		path := filepath.Join(results, fmt.Sprintf("%d.xml", n))
		if err := g.tellSuite(path, label); err != nil {
			return fmt.Errorf("%s: %w", label, err)
		}
		if err := tellEvent(out, &bep.BuildEvent{
			Id: &bep.BuildEventId{Id: &bep.BuildEventId_TestResult{TestResult: &bep.BuildEventId_TestResultId{Label: label, Run: 1, Shard: 1, Attempt: 1}}},
			Payload: &bep.BuildEvent_TestResult{TestResult: &bep.TestResult{Status: bep.TestStatus_PASSED,
				TestActionOutput: []*bep.File{{Name: "test.xml", File: &bep.File_Uri{Uri: "file://" + path}}, {Name: "test.log", File: &bep.File_Uri{Uri: "file://" + path + ".log"}}}}},
		}); err != nil {
			return err
		}
	}
	return tellEvent(out, &bep.BuildEvent{LastMessage: true, Id: &bep.BuildEventId{},
		Payload: &bep.BuildEvent_Finished{Finished: &bep.BuildFinished{ExitCode: &bep.BuildFinished_ExitCode{Name: "SUCCESS"}}}})
}

func tellEvent(to io.Writer, e *bep.BuildEvent) error {
	_, err := protodelim.MarshalTo(to, e)
	return err
}

// suites are those of all folders and environments.
func (g graphShape) suites() (labels []string) {
	for first := 0; first < g.files; first += graphFolder {
		for _, e := range g.environments {
			labels = append(labels, "//"+g.folder(first)+":tests.unit@"+e)
		}
	}
	return labels
}

// tellSuite writes a suite's test.xml: that of a folder's files, or of one file alone.
func (g graphShape) tellSuite(path, label string) error {
	folder, name, _ := strings.Cut(strings.TrimPrefix(label, "//"), ":")
	name, environment, _ := strings.Cut(name, ".unit@")
	var first, last int
	if _, err := fmt.Sscanf(folder, "project/area%d/tests", &first); err != nil {
		return err
	}
	first *= graphFolder
	last = min(first+graphFolder, g.files)
	if name != "tests" {
		if !strings.HasPrefix(name, "late_") { // those are about the folder's first file
			if _, err := fmt.Sscanf(name, "test_number_%d", &first); err != nil {
				return err
			}
		}
		last = first + 1
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	suites := []toldSuite{}
	for i := first; i < last; i++ {
		one, err := toldCell("//"+folder+":"+g.test(i), filepath.Join(folder, g.test(i)+".py"), environment)
		if err != nil {
			return err
		}
		suites = append(suites, one)
	}
	return xml.NewEncoder(file).Encode(struct {
		XMLName xml.Name    `xml:"testsuites"`
		Suites  []toldSuite `xml:"testsuite"`
	}{Suites: suites})
}

// toldSuite is a cell in a suite's test.xml, as the launcher writes it.
type toldSuite struct {
	Name     string       `xml:"name,attr"`
	Property toldProperty `xml:"properties>property"`
	Cases    []toldCase   `xml:"testcase"`
}

type toldProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type toldCase struct {
	Class string  `xml:"classname,attr"`
	File  string  `xml:"file,attr"`
	Line  int     `xml:"line,attr"`
	Name  string  `xml:"name,attr"`
	Time  float64 `xml:"time,attr"`
}

func toldCell(label, file, environment string) (toldSuite, error) {
	store := "/nix/store/" + strings.Repeat("0", 32) + "-" + environment
	zero, cpu := 0, 0.2
	j := result.CellJSON{Version: result.CellVersion, Label: label, File: file, Type: "unit", Verdict: result.Passed, ExitCode: &zero, Attempt: 1,
		Environment: result.CellEnvironment{Name: environment, Kind: "python", Version: "3.11.0", StorePath: store},
		Interpreter: result.Interpreter{Executable: store + "/bin/python3", Version: "3.11.0"}, Start: time.Now().UTC(), DurationSeconds: 0.25, CPUSeconds: &cpu,
		TimeoutSeconds: 60, Counts: result.Counts{Tests: graphTests, Passed: graphTests}, Sandbox: result.Sandbox{Network: "loopback", Interfaces: []string{"lo"}}}
	text, err := json.Marshal(j)
	s := toldSuite{Name: file, Property: toldProperty{"weft.cell", string(text)}}
	class := strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", ".")
	for i := range graphTests {
		s.Cases = append(s.Cases, toldCase{class, file, 10*i + 1, fmt.Sprintf("test_the_thing_%d", i), 0.012})
	}
	return s, err
}
