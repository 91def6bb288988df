package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/page"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/scaffold"
	"github.com/weft-build/weft/internal/ui"
	"github.com/weft-build/weft/internal/watch"
)

// The exit codes; docs/formats.md lists them with their meaning.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitBuild       = 3
	exitNothing     = 4
	exitFault       = 70
	exitInterrupted = 130
)

// fail prints an error with its hint and returns its exit code.
func (s *session) fail(ctx context.Context, err error) int {
	if isInterrupt(ctx, err) {
		fmt.Fprintln(s.stderr, "weft: interrupted")
		return exitInterrupted
	}
	s.say("error", err.Error())
	if hint := request.HintOf(err); hint != "" {
		s.say("hint", hint)
	}
	return codeOf(err)
}

// say prints a message whose further lines are indented under the first.
func (s *session) say(word, text string) {
	fmt.Fprintf(s.stderr, "weft: %s: %s\n", word, strings.ReplaceAll(ui.Block(text), "\n", "\n  "))
}

func codeOf(err error) int {
	switch {
	case is[*request.UsageError](err), is[*page.AddressError](err), is[*configError](err), is[*generate.SettingsError](err), is[*bazel.NoWorkspaceError](err),
		is[*pipeline.BusyError](err), is[*nixenv.LockMissingError](err), is[*nixenv.LockCorruptError](err),
		is[*scaffold.EmptyError](err), is[*scaffold.UnknownEnvironmentError](err), is[*nixenv.LockVersionError](err), is[*nixenv.LockStaleError](err), is[*nixenv.OverrideError](err):
		return exitUsage
	case is[*plan.NothingError](err):
		return exitNothing
	case is[*bazel.Error](err), is[*nixenv.NixError](err), is[*nixenv.FlakeError](err), is[*nixenv.BuildError](err),
		is[*nixenv.StateError](err), is[*scaffold.FileError](err), is[*watch.GoneError](err):
		return exitBuild
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "accepts "), strings.HasPrefix(err.Error(), "requires "):
		return exitUsage // cobra has no types for these
	case errors.Is(err, fs.ErrPermission):
		return exitBuild
	}
	return exitFault
}

func is[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}
