package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/request"
)

func (s *session) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "report [RUN]", Short: "Show a past run's report again",
		Long:    "Render the report of a run of this workspace, the newest when none is named, in\nany format.",
		Example: "  weft report\n  weft report --format junit > junit.xml\n  weft report 20261123T120000.123Z-4711 --format json",
		Args:    cobra.MaximumNArgs(1), ValidArgsFunction: s.completeRuns,
	}
	format := cmd.Flags().StringP("format", "f", "markdown", "`FORMAT`: "+strings.Join(request.ReportFormats, ", "))
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		workspace, err := bazel.FindWorkspace(s.dir)
		if err != nil {
			return err
		}
		folder := latest(workspace)
		if len(args) == 1 {
			folder = filepath.Join(filepath.Dir(folder), filepath.Base(args[0]))
		}
		return s.printReport(folder, *format)
	}
	return cmd
}

func (s *session) printReport(folder, format string) error {
	render, ok := pipeline.Renderer(format)
	if !ok {
		return (&request.Request{Jobs: 1, Reports: []request.ReportFile{{Format: format, Path: "-"}}}).Validate()
	}
	f, err := os.Open(filepath.Join(folder, "report.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return &request.UsageError{Msg: fmt.Sprintf("there is no report of run %q", filepath.Base(folder)), Hinted: "weft test all"}
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	r, err := report.Read(f)
	if err != nil {
		return fmt.Errorf("reading the report of run %s: %w", filepath.Base(folder), err)
	}
	return writeAll(s.stdout, func(w io.Writer) error { return render(w, r) })
}

func writeAll(w io.Writer, render func(io.Writer) error) error {
	if err := render(w); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (s *session) completeRuns(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	if s.settleDir() != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	workspace, err := bazel.FindWorkspace(s.dir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	entries, _ := os.ReadDir(filepath.Dir(latest(workspace)))
	var ids []string
	for _, e := range entries {
		if e.IsDir() {
			ids = append(ids, e.Name())
		}
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
