package nixenv

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/weft-build/weft/internal/proc"
)

// flakeError turns a failed nix eval into what is wrong with the flake.
func (o Options) flakeError(err error) error {
	var exit *proc.ExitError
	if !errors.As(err, &exit) || exit.Cause != nil {
		return err
	}
	m := shorten(exit.Stderr, o.Workspace)
	e := &FlakeError{Reason: evaluating + m.String(), Stderr: exit.Stderr, Next: o.evalCommand(".#weftEnvironments"), apart: true}
	switch {
	case m.untracked != "":
		e.Reason, e.Next, e.apart = m.String(), "git add -N "+o.trackable(m.untracked), false
	case strings.Contains(m.text, "does not provide attribute"):
		e.Reason, e.Next, e.apart = "flake.nix has no output weftEnvironments", exampleOutput, false
	case m.input != "" || strings.Contains(m.text, "unable to download"):
		e.Next, e.apart = "on a closed network, replace the input: --override-input NAME=path:FOLDER", false
	case strings.HasPrefix(m.text, "syntax error"):
		e.apart = false
	}
	return e
}

// evalCommand is the nix command that shows an attribute's whole trace.
func (o Options) evalCommand(attribute string) string {
	argv := []string{"nix", "eval", "--show-trace", attribute}
	for _, override := range o.Overrides {
		argv = append(argv, "--override-input", override.Name, proc.Redact(override.Ref, o.secrets()))
	}
	return proc.Quote(argv)
}

// evaluating opens the message of a flake that does not evaluate.
const evaluating = "evaluating flake.nix: "

// exampleOutput is the hint for a flake that has no environments yet.
const exampleOutput = `weftEnvironments.x86_64-linux."python3.11" = weft.lib.pythonEnvironment { python = pkgs.python311; packages = ps: [ ps.pytest ]; };`

// trackable is the path of a file of the repository as git wants it in the workspace.
func (o Options) trackable(file string) string {
	if root, ok := repository(o.Workspace); ok {
		if rel, err := filepath.Rel(o.Workspace, filepath.Join(root, file)); err == nil {
			file = rel
		}
	}
	return proc.Quote([]string{file})
}
