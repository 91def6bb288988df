package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/ui"
)

const scopeHelp = `A scope is one of
  all                                   every test of the workspace
  unit, integration, performance,
  security, compatibility               the tests of one type
  a test file                           its tests
  any other file                        the tests that depend on it
  a folder                              the tests below it
  a Bazel pattern (//tests/...)         the tests it names
The words after it are environments, test types, or both, separated by commas
or spaces; globs work: 'python3.*'. What follows -- is passed to bazel test.`

func (s *session) testCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "test SCOPE [ENVIRONMENTS|TYPES]... [-- BAZEL FLAGS]",
		Short: "Run tests in environments and report",
		Long:  "Run the tests of a scope in every environment, or in those named, and write one\nreport to .weft/runs.\n\n" + scopeHelp,
		Example: "  weft test all\n  weft test unit python3.9,python3.10\n  weft test src/s01_load_data.py unit,integration,performance\n" +
			"  weft test tests/ 'python3.*' --remote-cache http://localhost:8080\n  weft test all --report junit=junit.xml -- --runs_per_test=3",
		ValidArgsFunction: s.completeSelection,
		RunE:              s.runTest,
	}
	addFlags(cmd.Flags())
	cmd.Flags().BoolP("verbose", "v", false, "show every cell, and the talk of Nix and Bazel")
	return cmd
}

func (s *session) runTest(cmd *cobra.Command, args []string) error {
	r, err := s.request(cmd, args)
	if err != nil {
		return err
	}
	view := s.view(cmd)
	out, err := pipeline.Run(cmd.Context(), r, s.tools(), view)
	view.Close()
	if err != nil {
		return err
	}
	if r.DryRun {
		return s.printPlan(out, false)
	}
	s.code = out.ExitCode
	return nil
}

// view is the live view on a terminal, plain lines elsewhere.
func (s *session) view(cmd *cobra.Command) ui.View {
	verbose, _ := cmd.Flags().GetBool("verbose")
	return ui.New(ui.Options{Stdout: s.stdout, Stderr: s.stderr, Env: s.env, Verbose: verbose, Dir: s.start, Now: time.Now})
}

func (s *session) planCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "plan SCOPE [ENVIRONMENTS|TYPES]... [-- BAZEL FLAGS]",
		Short:             "Show what weft test would run",
		Long:              "Show the cells, the environments and the predicted time of a weft test, and run\nnothing.\n\n" + scopeHelp,
		Example:           "  weft plan all\n  weft plan src/s01_load_data.py\n  weft plan unit python3.11 --command",
		ValidArgsFunction: s.completeSelection,
	}
	addFlags(cmd.Flags(), "jobs", "remote-cache", "disk-cache", "workers", "isolation", "override-input", "locked", "coverage", "no-wait", "bazel", "nix")
	command := cmd.Flags().Bool("command", false, "print the bazel command that weft test would run, and nothing else")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		r, err := s.request(cmd, args)
		if err != nil {
			return err
		}
		view := s.view(cmd)
		out, err := pipeline.Plan(cmd.Context(), r, s.tools(), view)
		view.Close()
		if err != nil {
			return err
		}
		return s.printPlan(out, *command)
	}
	return cmd
}

func (s *session) printPlan(out pipeline.Outcome, command bool) error {
	if command {
		_, err := fmt.Fprintln(s.stdout, proc.Quote(out.Command))
		return err
	}
	return writePlan(s.stdout, out)
}

// writePlan prints one line per environment and type, then the files.
func writePlan(w io.Writer, out pipeline.Outcome) error {
	var b strings.Builder
	environment, testType := "", ""
	for _, c := range out.Plan.Cells {
		if c.Environment != environment {
			environment, testType = c.Environment, ""
			fmt.Fprintln(&b, environment)
		}
		if c.Type != testType {
			testType = c.Type
			fmt.Fprintln(&b, "  "+testType)
		}
		fmt.Fprintln(&b, "    "+ui.Clean(c.File))
	}
	predicted := "time unknown: nothing of this has run yet"
	if out.Predicted > 0 {
		predicted = fmt.Sprintf("about %s if nothing comes from a cache", ui.About(out.Predicted))
	}
	fmt.Fprintf(&b, "%s in %s, %s\n", ui.Plural(len(out.Plan.Cells), "cell"), ui.Plural(len(out.Plan.Environments), "environment"), predicted)
	_, err := io.WriteString(w, b.String())
	return err
}

// completeSelection completes scopes first, then environments and types.
func (s *session) completeSelection(_ *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	if s.settleDir() != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	if len(args) == 0 {
		return request.Words(), cobra.ShellCompDirectiveDefault
	}
	done := ""
	if i := strings.LastIndex(prefix, ","); i >= 0 {
		done = prefix[:i+1]
	}
	var out []string
	for _, w := range append(s.knownEnvironments(), request.Types...) {
		out = append(out, done+w)
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// latest is the folder of the newest run.
func latest(workspace string) string { return filepath.Join(workspace, ".weft", "runs", "latest") }
