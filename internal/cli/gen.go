package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/repository"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/ui"
)

func (s *session) genCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "gen [PATHS]...",
		Short: "Write BUILD files: one rule per test file and per module",
		Long: "Find the tests as pytest would, and what each of them needs, and say so in BUILD\n" +
			"files. Without a path, those of the whole workspace; a folder means what lies below\n" +
			"it, a file its folder. Rules and comments that people wrote stay, and what they\n" +
			"mark \"# keep\" is left as it is.\n\n" +
			"Lines in a BUILD file that count for its folder and those below:\n" +
			"  # gazelle:weft_data GLOB             files that its tests read; //GLOB is from the root\n" +
			"  # gazelle:weft_types TYPE,…          unit, integration, performance, security, compatibility\n" +
			"  # gazelle:weft_environments NAME,…   globs are allowed\n" +
			"  # gazelle:weft_isolation LEVEL       cell, suite or package\n" +
			"  # gazelle:exclude GLOB               no tests and no sources\n" +
			"  # gazelle:weft off                   leave the BUILD files alone; on takes them up again",
		Example:           "  weft gen\n  weft gen tests\n  weft gen src/loader.py tests/unit\n  weft gen --check",
		ValidArgsFunction: s.completeFolders,
		RunE:              s.runGen,
	}
	addFlags(cmd.Flags(), "override-input")
	cmd.Flags().Bool("check", false, "write nothing; print what would change as a diff, and exit with 1 if there is any")
	return cmd
}

func (s *session) runGen(cmd *cobra.Command, args []string) error {
	workspace, err := bazel.FindWorkspace(s.dir)
	if err != nil {
		return &request.UsageError{Msg: err.Error(), Hinted: "weft init, or name a workspace: weft -C PATH gen"}
	}
	r := request.Request{Dir: s.dir, Workspace: workspace}
	if err := s.settle(&r, cmd); err != nil {
		return err
	}
	o := generate.Options{Root: workspace, Cache: filepath.Join(workspace, generate.CacheDir), Version: version()}
	o.Check, _ = cmd.Flags().GetBool("check")
	if o.Paths, err = s.workspacePaths(workspace, args); err != nil {
		return err
	}
	if o.Environments, err = repository.ReadEnvironments(pipeline.LockPath(r)); err != nil {
		s.say("warning", err.Error()+": what the environments have is taken to be unknown")
	}
	done, err := generate.Run(cmd.Context(), o)
	var state *nixenv.StateError
	if err != nil && !errors.As(err, &state) {
		return err
	}
	if ended := s.sayGenerated(done, o, args); ended != nil {
		return ended
	}
	return err
}

// sayGenerated prints the diff and the summary, and settles the exit code.
func (s *session) sayGenerated(r generate.Result, o generate.Options, args []string) error {
	for _, p := range r.Problems {
		word := "warning"
		if slices.Contains(r.Left, p.File) {
			word = "error"
		}
		s.sayProblem(word, p)
	}
	if _, err := s.stdout.Write(r.Diff); err != nil {
		return fmt.Errorf("writing the diff: %w", err)
	}
	fmt.Fprintln(s.stderr, "weft: "+summary(r, o))
	switch {
	case len(r.Left) > 0:
		s.code = exitBuild
	case o.Check && r.Stale():
		s.code = exitFailed
		s.say("hint", proc.Quote(append([]string{"weft", "gen"}, args...)))
	}
	return nil
}

func (s *session) sayProblem(word string, p repository.Problem) {
	text := p.Text
	switch {
	case p.File != "" && p.Line > 0:
		text = fmt.Sprintf("%s:%d: %s", p.File, p.Line, text)
	case p.File != "":
		text = p.File + ": " + text
	}
	s.say(word, text)
	if p.Hint != "" {
		s.say("hint", p.Hint)
	}
}

// summary is "3 BUILD files written, 12 unchanged; 40 test files, 120 sources".
func summary(r generate.Result, o generate.Options) string {
	written, removed := "written", "removed"
	if o.Check {
		written, removed = "to be written", "to be removed"
	}
	parts := []string{ui.Plural(len(r.Written), "BUILD file") + " " + written}
	for _, part := range []struct {
		files []string
		what  string
	}{{r.Removed, removed}, {r.Left, "left alone"}} {
		if len(part.files) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", len(part.files), part.what))
		}
	}
	text := strings.Join(append(parts, fmt.Sprintf("%d unchanged", len(r.Unchanged))), ", ")
	if len(o.Paths) > 0 {
		return text
	}
	return fmt.Sprintf("%s; %s, %s", text, ui.Plural(r.Counts.Tests, "test file"), ui.Plural(r.Counts.Sources, "source"))
}

// workspacePaths are paths as the user wrote them, relative to the workspace.
func (s *session) workspacePaths(workspace string, args []string) ([]string, error) {
	root, err := filepath.EvalSymlinks(workspace)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, arg := range args {
		name := arg
		if !filepath.IsAbs(name) {
			name = filepath.Join(s.dir, name)
		}
		real, err := filepath.EvalSymlinks(name)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil, &request.UsageError{Msg: fmt.Sprintf("there is no file or folder %q", arg), Hinted: "weft gen works on what is there; without a path, on the whole workspace"}
		}
		if err != nil {
			return nil, fmt.Errorf("looking for %q: %w", arg, err)
		}
		rel, err := filepath.Rel(root, real)
		if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
			return nil, &request.UsageError{Msg: fmt.Sprintf("%q lies outside of the workspace %q", arg, workspace), Hinted: "weft -C " + proc.Quote([]string{arg}) + " gen"}
		}
		if rel = filepath.ToSlash(rel); rel == "." {
			return nil, nil // the whole workspace
		}
		out = append(out, rel)
	}
	return out, nil
}

// completeFolders leaves folders to the shell.
func (s *session) completeFolders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}
