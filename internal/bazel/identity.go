package bazel

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// identify enters which Bazel a command would be answered by, and the
// environment that it would see. Behind a script or bazelisk stands another
// program, which these choose by the environment and by files of the workspace;
// for what they choose by beside that, the Bazel that worked here last counts.
func (c *Client) identify(k *key) {
	k.binary(c.Binary)
	for _, name := range []string{".bazelversion", ".bazeliskrc", "tools/bazel"} {
		k.file(filepath.Join(c.Workspace, name))
	}
	if home, err := os.UserHomeDir(); err == nil {
		k.file(filepath.Join(home, ".bazeliskrc"))
	}
	k.add(c.installed())
	environ := c.Env
	if environ == nil {
		environ = os.Environ()
	}
	environ = slices.DeleteFunc(slices.Clone(environ), ofTheTerminal)
	slices.Sort(environ)
	k.add(environ...)
}

// binary enters the executable and each link that leads to it.
func (k *key) binary(name string) {
	path, err := exec.LookPath(name)
	if err != nil {
		k.giveUp("%v", err)
		return
	}
	for range 40 { // more links than any kernel follows
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		k.add(path, target)
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	k.file(path)
}

// installed names the very Bazel that last built in the workspace: bazel-out
// leads to the output base, whose `install` leads to a folder that is named
// by a digest of Bazel; "" when nothing was built yet.
func (c *Client) installed() string {
	out, err := os.Readlink(filepath.Join(c.Workspace, "bazel-out"))
	if err != nil {
		return ""
	}
	base := filepath.Dir(filepath.Dir(filepath.Dir(out))) // BASE/execroot/_main/bazel-out
	install, _ := os.Readlink(filepath.Join(base, "install"))
	return install
}

// terminal are variables that differ between the windows of one user, or from
// one command to the next, and say nothing of what is to be built.
var terminal = []string{"PWD", "OLDPWD", "SHLVL", "_", "TERM", "COLORTERM", "COLUMNS", "LINES", "WINDOWID", "STY", "NO_COLOR", "FORCE_COLOR"}

var terminals = []string{"WEFT_", "TERM_", "SSH_", "TMUX", "XDG_SESSION_", "VTE_", "KITTY_", "VSCODE_", "ITERM_"}

func ofTheTerminal(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	if name == "WEFT_ENVIRONMENTS_LOCK" { // rules_weft reads it
		return false
	}
	return slices.Contains(terminal, name) || slices.ContainsFunc(terminals, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}
