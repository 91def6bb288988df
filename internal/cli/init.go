package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	weft "github.com/weft-build/weft"
	"github.com/weft-build/weft/internal/git"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/scaffold"
	"github.com/weft-build/weft/internal/ui"
)

// initWishes are the settings that weft init alone has.
type initWishes struct {
	yes, upgrade bool
	environments []string
}

func (s *session) initCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a repository a Weft workspace",
		Long: "Look at the repository, propose the environments that its tests should run in, and\n" +
			"write what it takes: flake.nix, flake.lock, MODULE.bazel, .bazelrc, weft.toml, the\n" +
			"rules (in rules_weft), BUILD files, and a workflow. What will be written is shown and\n" +
			"asked about; a file that weft init did not write is not written over unless you say so.\n" +
			"Run again, it writes what is missing, and nothing when all is there.\n\n" +
			"The project is the folder you stand in if it has a pyproject.toml, setup.py or\n" +
			"setup.cfg, else the top of its git repository; -C PATH names it.",
		Example: "  weft init\n  weft init --dry-run\n  weft init --yes --environments python3.11,minimal\n  weft init --upgrade",
		Args:    cobra.NoArgs,
		RunE:    s.runInit,
	}
	addFlags(cmd.Flags(), "yes", "dry-run", "upgrade", "environments", "override-input", "nix")
	return cmd
}

// initialiser is one run of weft init.
type initialiser struct {
	*session
	root    string
	inGit   bool
	before  scaffold.Manifest // of the last run
	request request.Request
	answers *answers
}

func (s *session) runInit(cmd *cobra.Command, _ []string) error {
	i := &initialiser{session: s}
	if err := i.settleRoot(cmd.Flags().Changed("directory")); err != nil {
		return err
	}
	i.request = request.Request{Dir: s.dir, Workspace: i.root}
	if err := s.settle(&i.request, cmd); err != nil {
		return err
	}
	i.answers = newAnswers(cmd.Context(), s.stdin, s.stderr)
	i.before = scaffold.ReadManifest(os.DirFS(i.root))
	if len(i.environments) == 0 {
		i.environments = i.before.Environments
	}
	plan, proposal, err := i.plan(cmd.Context())
	if err != nil {
		return err
	}
	return i.carryOut(cmd.Context(), plan, proposal)
}

// settleRoot finds the folder that is to be the workspace.
func (i *initialiser) settleRoot(named bool) error {
	root, err := filepath.EvalSymlinks(i.dir)
	if err != nil {
		return err
	}
	top, inGit := git.Top(root)
	i.root, i.inGit = root, inGit
	if !named {
		i.root = projectAround(root, top)
	}
	if i.root != root {
		fmt.Fprintf(i.stderr, "weft: the project is %s; for this folder alone: weft -C . init\n", i.root)
	}
	home, _ := os.UserHomeDir()
	if real, err := filepath.EvalSymlinks(home); err == nil {
		home = real
	}
	if i.root == home || i.root == filepath.Dir(i.root) {
		return &request.UsageError{Msg: fmt.Sprintf("%q is no project", i.root), Hinted: "go to the project's folder, or name it: weft -C PATH init"}
	}
	return nil
}

// projectAround is the workspace at or above a folder, else the folder itself
// when it is a project's, else the top of its repository.
func projectAround(dir, top string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if isThere(d, scaffold.VersionFile) {
			return d
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	for _, name := range []string{"pyproject.toml", "setup.py", "setup.cfg"} {
		if isThere(dir, name) {
			return dir
		}
	}
	if top != "" {
		return top
	}
	return dir
}

func isThere(dir, name string) bool {
	_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil
}

// plan looks, proposes, and compares.
func (i *initialiser) plan(ctx context.Context) (scaffold.Plan, scaffold.Proposal, error) {
	workspace := os.DirFS(i.root)
	if i.upgrade {
		return i.upgradePlan()
	}
	survey, err := scaffold.Look(workspace)
	if err != nil {
		return scaffold.Plan{}, scaffold.Proposal{}, i.named(err)
	}
	proposal, asked, digest, err := i.propose(ctx, survey)
	if err != nil {
		return scaffold.Plan{}, scaffold.Proposal{}, err
	}
	top, inGit := git.Top(i.root)
	files, err := scaffold.Files(scaffold.Source{
		Survey: survey, Proposal: proposal, Asked: asked, Vendored: weft.Vendored, Version: version(),
		Top: !inGit || top == i.root, First: !isThere(i.root, scaffold.VersionFile), Has: i.has,
	})
	if err != nil {
		return scaffold.Plan{}, scaffold.Proposal{}, err
	}
	plan, err := scaffold.Compare(workspace, files, false)
	plan.Proposed(digest, i.environments)
	for _, n := range plan.Notes {
		i.sayNote(n)
	}
	return plan, proposal, err
}

// named puts the folder into the error of one that has no sources.
func (i *initialiser) named(err error) error {
	if empty, ok := err.(*scaffold.EmptyError); ok {
		empty.Dir = i.root
	}
	return err
}

// upgradePlan is about the vendored rules alone.
func (i *initialiser) upgradePlan() (scaffold.Plan, scaffold.Proposal, error) {
	if !isThere(i.root, scaffold.RulesDir) {
		return scaffold.Plan{}, scaffold.Proposal{}, &request.UsageError{
			Msg: fmt.Sprintf("there is no %s in %q to upgrade", scaffold.RulesDir, i.root), Hinted: "weft init"}
	}
	files, err := scaffold.Files(scaffold.Source{Vendored: weft.Vendored, Version: version(), Has: i.has})
	if err != nil {
		return scaffold.Plan{}, scaffold.Proposal{}, err
	}
	plan, err := scaffold.Compare(os.DirFS(i.root), files, true)
	return plan, scaffold.Proposal{}, err
}

// has says that there is such a file; a folder build is no BUILD, whatever the
// file system thinks of capitals.
func (i *initialiser) has(name string) bool {
	info, err := os.Stat(filepath.Join(i.root, name))
	return err == nil && info.Mode().IsRegular()
}

func (i *initialiser) sayNote(n scaffold.Note) {
	if n.Info {
		fmt.Fprintln(i.stderr, "weft: "+ui.Clean(n.Text))
		return
	}
	i.say("warning", n.Text)
	if n.Hint != "" {
		i.say("hint", n.Hint)
	}
}

// applyEnvironments splits what commas join.
func applyEnvironments(_ *request.Request, s *session, values []string) error {
	for _, value := range values {
		for _, name := range strings.Split(value, ",") {
			if name = strings.TrimSpace(name); name != "" {
				s.environments = append(s.environments, name)
			}
		}
	}
	return nil
}
