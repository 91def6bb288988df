package nixenv

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/proc"
)

// Shell is the command that runs argv, or the user's own shell when argv is
// empty, inside a realised environment; hand it to proc.Exec. environ is the
// caller's environment. It is a place to work in, not the closed world of a
// cell: PATH is the environment's bin and then the caller's PATH, and all other
// variables stay, but for those that would lead an interpreter to another one's
// packages. WEFT_ENVIRONMENT names the environment.
func Shell(o Options, l Lock, name string, argv, environ []string) (proc.Command, error) {
	system, err := o.system()
	if err != nil {
		return proc.Command{}, err
	}
	paths, ok := l.Paths(name, system)
	if !ok {
		return proc.Command{}, notThere(l, name, system)
	}
	if !exists(paths.OutPath) {
		return proc.Command{}, &BuildError{Environment: name, Reason: "it is not built", Next: "weft env build " + name}
	}
	bin := filepath.Join(paths.OutPath, "bin")
	env, outer := inner(environ)
	path := bin
	if outer["PATH"] != "" {
		path += string(filepath.ListSeparator) + outer["PATH"]
	}
	if len(argv) == 0 {
		argv = []string{outer["SHELL"]}
		if argv[0] == "" {
			argv[0] = filepath.Join(bin, "sh")
		}
	}
	return proc.Command{Purpose: fmt.Sprintf("running a command in environment %q", name), Argv: argv,
		Env: append(env, "PATH="+path, "WEFT_ENVIRONMENT="+name)}, nil
}

// replaced are the variables that do not reach the inner environment.
var replaced = []string{"PATH", "PYTHONHOME", "PYTHONPATH", "OCTAVE_HOME", "OCTAVE_PATH", "WEFT_ENVIRONMENT"}

// inner is environ without the replaced variables; outer has all of it by name.
func inner(environ []string) (env []string, outer map[string]string) {
	outer = map[string]string{}
	for _, setting := range environ {
		key, value, _ := strings.Cut(setting, "=")
		outer[key] = value
		if !slices.Contains(replaced, key) {
			env = append(env, setting)
		}
	}
	return env, outer
}
