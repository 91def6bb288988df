// Package cli is the command line: argv, variables and weft.toml in; messages,
// hints and exit codes out. Only this package exits, and only it and ui print.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/pipeline"
	"github.com/weft-build/weft/internal/request"
)

// Version is set by the linker; go install leaves it to the module's version.
var Version = ""

// session is what one command works with.
type session struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) (string, bool)
	dir            string // where the user stands, or -C
	start          string // where the user stands
	bazel, nix     string
	initWishes
	watchWishes
	// lent says that the terminal is another program's for now, and its Ctrl-C; nil
	// is that it never is.
	lent atomic.Pointer[func() bool]
	code int // exit code of a command that ended without an error
}

// Main runs weft and returns its exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	s := &session{stdin: stdin, stdout: stdout, stderr: stderr, env: os.LookupEnv, bazel: "bazel", nix: "nix"}
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(stderr, "weft: error: a fault of Weft's own: %v\n%s", r, debug.Stack())
			fmt.Fprintln(stderr, "weft: hint: please report it with the lines above")
			code = exitFault
		}
	}()
	ctx, stop := s.untilSignal()
	defer stop()
	root := s.root()
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		return s.fail(ctx, err)
	}
	return s.code
}

// untilSignal is a context that a signal to end ends, unless it is meant for
// the program that has the terminal.
func (s *session) untilSignal() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for got := range signals {
			if lent := s.lent.Load(); got == os.Interrupt && lent != nil && (*lent)() {
				continue
			}
			cancel()
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel()
	}
}

func (s *session) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "weft",
		Short: "Run one test suite through every environment it must work in",
		Long: "Weft runs one test suite through every environment it must work in: environments\n" +
			"are Nix flake outputs, tests run under Bazel, and one report says what failed,\n" +
			"where, and why only there.",
		Example:       "  weft test all\n  weft test unit 'python3.*'\n  weft test src/s01_load_data.py unit,integration\n  weft plan all --command",
		Version:       version(),
		SilenceErrors: true, SilenceUsage: true,
		Args: subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentFlags().StringVarP(&s.dir, "directory", "C", "", "work as if started in `PATH`")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return s.settleDir() }
	root.SetIn(s.stdin)
	root.SetOut(s.stdout)
	root.SetErr(s.stderr)
	root.SetVersionTemplate("weft {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &request.UsageError{Msg: flagText(err), Hinted: flagHint(cmd, err)}
	})
	root.AddCommand(s.initCommand(), s.testCommand(), s.watchCommand(), s.planCommand(), s.envCommand(), s.genCommand(), s.reportCommand())
	completeFlags(root)
	return root
}

func (s *session) settleDir() error {
	s.start, _ = os.Getwd()
	dir := s.dir
	if dir == "" {
		dir = "."
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if info, err := os.Stat(abs); err != nil || !info.IsDir() {
		return &request.UsageError{Msg: fmt.Sprintf("%q is not a folder", s.dir), Hinted: "weft -C PATH test all"}
	}
	s.dir = abs
	return nil
}

// request makes the request of a command from its arguments and settings.
func (s *session) request(cmd *cobra.Command, args []string) (request.Request, error) {
	r := request.Request{Command: cmd.Name(), Dir: s.dir}
	var bazelFlags []string
	if n := cmd.ArgsLenAtDash(); n >= 0 {
		args, bazelFlags = args[:n], args[n:]
	}
	if len(args) == 0 {
		return r, &request.UsageError{Msg: "what shall be tested? a scope is missing", Hinted: r.Line("all")}
	}
	var err error
	if r.Workspace, err = bazel.FindWorkspace(s.dir); err != nil {
		return r, err
	}
	if r.Scope, err = r.ParseScope(args[0]); err != nil {
		return r, err
	}
	if r.Environments, r.Types, err = r.ParseSelection(args[1:]); err != nil {
		return r, err
	}
	r.BazelFlags = bazelFlags
	return r, s.settle(&r, cmd)
}

func (s *session) settle(r *request.Request, cmd *cobra.Command) error {
	config, err := readConfig(r.Workspace)
	if err != nil {
		return err
	}
	return settle(r, s, cmd.Flags(), config)
}

func (s *session) tools() pipeline.Tools {
	return pipeline.Tools{Bazel: s.bazel, Nix: s.nix, Weft: version(), Cores: runtime.NumCPU(), Now: time.Now}
}

func version() string {
	if Version != "" {
		return Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "devel"
}

// subcommand refuses a word that is no command, naming the nearest.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, c := range cmd.Commands() {
		known = append(known, c.Name())
	}
	hint := cmd.CommandPath() + " --help"
	if near := request.Nearest(args[0], known); near != "" {
		hint = fmt.Sprintf("did you mean %s %s?", cmd.CommandPath(), near)
	}
	return &request.UsageError{Msg: fmt.Sprintf("%q is not a command of %s", args[0], cmd.CommandPath()), Hinted: hint}
}

// flagText is an error of a flag's in words; of the flags that the table does
// not read, those that are on or off alone have values.
func flagText(err error) string {
	var bad *pflag.InvalidValueError
	if errors.As(err, &bad) && bad.GetFlag().Value.Type() == "bool" {
		return fmt.Sprintf("--%s: %q is not true or false", bad.GetFlag().Name, bad.GetValue())
	}
	return err.Error()
}

// flagHint suggests the flag that was meant, or says what it means.
func flagHint(cmd *cobra.Command, err error) string {
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
	if _, bad, ok := strings.Cut(err.Error(), "unknown flag: "); ok {
		if near := request.Nearest(bad, known); near != "" {
			return fmt.Sprintf("did you mean %s?", near)
		}
	}
	var bad *pflag.InvalidValueError
	if errors.As(err, &bad) {
		return fmt.Sprintf("--%s: %s", bad.GetFlag().Name, bad.GetFlag().Usage)
	}
	return cmd.CommandPath() + " --help"
}

// isInterrupt says that the user stopped the command.
func isInterrupt(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, context.Canceled)
}
