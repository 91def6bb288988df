package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/weft-build/weft/internal/bazel"
	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/ui"
)

func (s *session) envCommand() *cobra.Command {
	env := &cobra.Command{
		Use: "env", Short: "List, lock, build and enter environments", Args: subcommand,
		Example: "  weft env list\n  weft env lock\n  weft env build python3.9\n  weft env shell python3.9 -- python3 -VV",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	env.AddCommand(s.envList(), s.envLock(), s.envBuild(), s.envShell())
	return env
}

// nixOptions reads the workspace and the settings of an env command.
func (s *session) nixOptions(cmd *cobra.Command) (nixenv.Options, error) {
	r := request.Request{Dir: s.dir}
	var err error
	if r.Workspace, err = bazel.FindWorkspace(s.dir); err != nil {
		return nixenv.Options{}, err
	}
	if err := s.settle(&r, cmd); err != nil {
		return nixenv.Options{}, err
	}
	o := nixenv.Options{Workspace: r.Workspace, Locked: r.Locked, Nix: s.nix, DiskCache: r.DiskCache}
	for _, v := range r.Overrides {
		o.Overrides = append(o.Overrides, nixenv.Override{Name: v.Name, Ref: v.Ref})
	}
	o.Progress = func(line string) { fmt.Fprintln(s.stderr, "weft: "+ui.Clean(line)) }
	return o, nil
}

func (s *session) warn(warnings []nixenv.Warning) {
	for _, w := range warnings {
		s.say("warning", w.Message)
		if w.Hint != "" {
			s.say("hint", w.Hint)
		}
	}
}

// envFlags are the settings that every env command takes.
var envFlags = []string{"override-input", "locked", "nix"}

func (s *session) envList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the environments of the flake", Args: cobra.NoArgs, Example: "  weft env list"}
	addFlags(cmd.Flags(), envFlags...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		o, err := s.nixOptions(cmd)
		if err != nil {
			return err
		}
		lock, warnings, err := nixenv.Ensure(cmd.Context(), o)
		s.warn(warnings)
		if err != nil {
			return err
		}
		system, err := nixenv.System()
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.stdout, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tKIND\tVERSION\tSTORE PATH\tDESCRIPTION")
		for _, name := range lock.Names() {
			e := lock.Environments[name]
			path := "not for " + system
			if p, ok := lock.Paths(name, system); ok {
				path = p.OutPath
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", ui.Clean(name), e.Kind, e.Version, path, ui.Clean(e.Description))
		}
		return w.Flush()
	}
	return cmd
}

func (s *session) envLock() *cobra.Command {
	cmd := &cobra.Command{Use: "lock", Short: "Evaluate the flake and write environments.lock.json", Args: cobra.NoArgs,
		Example: "  weft env lock\n  weft env lock --override-input nixpkgs=path:/srv/nixpkgs"}
	addFlags(cmd.Flags(), "override-input", "nix")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		o, err := s.nixOptions(cmd)
		if err != nil {
			return err
		}
		lock, warnings, err := nixenv.Refresh(cmd.Context(), o)
		s.warn(warnings)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.stdout, "%s: %s\n", lock.Path, ui.Plural(len(lock.Environments), "environment"))
		return err
	}
	return cmd
}

func (s *session) envBuild() *cobra.Command {
	cmd := &cobra.Command{Use: "build [ENVIRONMENTS]...", Short: "Build or fetch environments", Example: "  weft env build\n  weft env build 'python3.*'",
		ValidArgsFunction: s.completeEnvironments}
	addFlags(cmd.Flags(), envFlags...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o, err := s.nixOptions(cmd)
		if err != nil {
			return err
		}
		_, built, err := s.realise(cmd, o, args)
		if err != nil {
			return err
		}
		for _, b := range built {
			if b.Err != nil {
				s.code = s.fail(cmd.Context(), b.Err)
				continue
			}
			fmt.Fprintf(s.stdout, "%s %s\n", b.Name, b.OutPath)
		}
		return nil
	}
	return cmd
}

// realise makes the environments that globs name, or all.
func (s *session) realise(cmd *cobra.Command, o nixenv.Options, globs []string) (nixenv.Lock, []nixenv.Realised, error) {
	lock, warnings, err := nixenv.Ensure(cmd.Context(), o)
	s.warn(warnings)
	if err != nil {
		return lock, nil, err
	}
	names, err := request.Select(globs, lock.Names())
	if err != nil {
		return lock, nil, err
	}
	built, err := nixenv.Realise(cmd.Context(), o, lock, names)
	return lock, built, err
}

func (s *session) envShell() *cobra.Command {
	cmd := &cobra.Command{Use: "shell ENVIRONMENT [-- COMMAND...]", Short: "Run a shell or a command in an environment",
		Long:    "Run a shell, or a command, with the environment first on the PATH. The tests see\nthe environment alone; a shell keeps the rest of the PATH, so that editors work.",
		Example: "  weft env shell python3.9\n  weft env shell octave -- octave-cli --eval 'ver'",
		Args:    cobra.MinimumNArgs(1), ValidArgsFunction: s.completeEnvironments}
	addFlags(cmd.Flags(), envFlags...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o, err := s.nixOptions(cmd)
		if err != nil {
			return err
		}
		lock, built, err := s.realise(cmd, o, args[:1])
		if err != nil {
			return err
		}
		if len(built) != 1 {
			return &request.UsageError{Msg: fmt.Sprintf("%q names %d environments", args[0], len(built)), Hinted: "weft env shell " + built[0].Name}
		}
		if built[0].Err != nil {
			return built[0].Err
		}
		command, err := nixenv.Shell(o, lock, built[0].Name, args[1:], os.Environ())
		if err != nil {
			return err
		}
		return proc.Exec(command)
	}
	return cmd
}

func (s *session) completeEnvironments(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	if s.settleDir() != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return s.knownEnvironments(), cobra.ShellCompDirectiveNoFileComp
}

// knownEnvironments reads the locks that are there and starts nothing.
func (s *session) knownEnvironments() []string {
	workspace, err := bazel.FindWorkspace(s.dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, o := range []nixenv.Options{{Workspace: workspace}, {Workspace: workspace, Overrides: []nixenv.Override{{}}}} {
		if lock, err := nixenv.ReadLock(o.LockPath()); err == nil {
			names = append(names, lock.Names()...)
		}
	}
	slices.SortFunc(names, strings.Compare)
	return slices.Compact(names)
}
