package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/page"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/ui"
)

// watchWishes are the settings that weft watch alone has.
type watchWishes struct {
	generate bool
	bell     string
	serve    string // address of the live page; empty is none
	json     bool
}

// bells are the values of --bell.
var bells = []string{ui.BellOff, ui.BellRing, ui.BellNotify}

func (s *session) watchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch SCOPE [ENVIRONMENTS|TYPES]... [-- BAZEL FLAGS]",
		Short: "Keep the answer current: a save runs what it affects",
		Long: "Run the tests of a scope in every environment, or in those named, and then, at each\n" +
			"save, those that it affects. The report in .weft/runs is of the whole scope, always.\n\n" +
			"On a terminal, a board shows every test file in every environment, and the failures\n" +
			"under it; h lists its keys. Elsewhere there are lines, and with --json one event a\n" +
			"line. --serve adds a live page in the browser.\n\n" + scopeHelp,
		Example: "  weft watch all\n  weft watch unit python3.11\n  weft watch src/s01_load_data.py\n" +
			"  weft watch all --serve 127.0.0.1:0\n  weft watch all --json",
		ValidArgsFunction: s.completeSelection,
		RunE:              s.runWatch,
	}
	addFlags(cmd.Flags())
	addFlags(cmd.Flags(), "generate", "bell", "serve", "json")
	_ = cmd.Flags().MarkHidden("dry-run") // there is none; what asks for it all the same is told of weft plan
	cmd.Flags().BoolP("verbose", "v", false, "show every cell, and the talk of Nix and Bazel")
	return cmd
}

func (s *session) runWatch(cmd *cobra.Command, args []string) error {
	r, err := s.request(cmd, args)
	if err != nil {
		return err
	}
	if r.DryRun {
		return &request.UsageError{Msg: "a watch has no dry run", Hinted: "weft plan " + strings.Join(args, " ")}
	}
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	var left atomic.Bool // a person left; that is no interruption
	quit := func() {
		left.Store(true)
		cancel()
	}
	commands := make(chan loop.Command)
	sinks := sinks{}
	address := ""
	if s.serve != "" {
		p, err := page.Serve(ctx, page.Options{Address: s.serve, Title: strings.Join(args, " ") + " in " + filepath.Base(r.Workspace), Now: time.Now, Commands: commands})
		if err != nil {
			return err
		}
		defer p.Close()
		sinks, address = append(sinks, p), p.URL()
	}
	defer untilPipe()()
	verbose, _ := cmd.Flags().GetBool("verbose")
	view := ui.NewWatch(ui.WatchOptions{
		Stdin: s.stdin, Stdout: s.stdout, Stderr: s.stderr, Env: s.env, Workspace: r.Workspace, Dir: s.start,
		Scope: strings.Join(args, " "), Page: address, Now: time.Now, Commands: commands, Quit: quit,
		JSON: s.json, Verbose: verbose, Bell: s.bell,
	})
	lent := view.Lent
	s.lent.Store(&lent)
	err = loop.Run(ctx, loop.Options{
		Request: r, Tools: s.tools(), Sink: append(sinks, view), Commands: commands, Generate: s.generate,
		Reload: func() (request.Request, bool, error) {
			again, err := s.request(cmd, args)
			return again, s.generate, err
		},
	})
	view.Close()
	if left.Load() && cmd.Context().Err() == nil {
		return nil
	}
	return err
}

// untilPipe makes writing to a pipe that nobody reads an error of the writer's,
// who ends the watch with all that it started; by default a process dies of it at
// once. It is a handler and no ignoring, which processes inherit.
func untilPipe() (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGPIPE)
	return func() { signal.Stop(signals) }
}

// sinks are told one after the other.
type sinks []loop.Sink

// Update tells each.
func (s sinks) Update(u loop.Update) {
	for _, sink := range s {
		sink.Update(u)
	}
}

func applyBell(_ *request.Request, s *session, v []string) error {
	if !slices.Contains(bells, v[0]) {
		return fmt.Errorf("it is one of %s, not %q", strings.Join(bells, ", "), v[0])
	}
	s.bell = v[0]
	return nil
}
