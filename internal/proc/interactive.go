package proc

import (
	"errors"
	"os"
	"os/exec"
)

// Interactive is a program that gets the terminal for a while: an editor that
// weft watch opens. Whoever draws on the terminal has to let go of it, run the
// program and take the terminal back, so that this prepares the process and
// leaves starting it to the caller. Unlike what Run starts it stays in weft's
// process group: only the foreground group may read from the terminal.
func Interactive(c Command, in, out *os.File) (*exec.Cmd, error) {
	if len(c.Argv) == 0 || c.Argv[0] == "" {
		return nil, &StartError{Purpose: c.Purpose, Err: errors.New("the command is empty")}
	}
	path, err := c.lookPath()
	if err != nil {
		return nil, startError(c, err)
	}
	return &exec.Cmd{Path: path, Args: c.Argv, Dir: c.Dir, Env: c.env(), Stdin: in, Stdout: out, Stderr: out}, nil
}
