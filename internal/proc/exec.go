package proc

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Exec replaces weft's process with the command, keeping the terminal, stdin
// and the process group: what an interactive shell needs. It only returns when
// that was not possible.
func Exec(c Command) error {
	if len(c.Argv) == 0 || c.Argv[0] == "" {
		return &StartError{Purpose: c.Purpose, Err: errors.New("the command is empty")}
	}
	path, err := c.lookPath()
	if err != nil {
		return startError(c, err)
	}
	if c.Dir != "" {
		if err := os.Chdir(c.Dir); err != nil {
			return startError(c, err)
		}
	}
	return startError(c, syscall.Exec(path, c.Argv, c.env()))
}

// env is the environment that the command gets.
func (c Command) env() []string {
	if c.Env == nil {
		return os.Environ()
	}
	return c.Env
}

// lookPath finds the executable as exec.LookPath does, with the PATH of c.Env
// instead of weft's own. It checks Dir as well: the system reports a missing
// folder, a missing executable and a missing #! interpreter all alike.
func (c Command) lookPath() (string, error) {
	if info, err := os.Stat(c.Dir); c.Dir != "" && err != nil {
		return "", err
	} else if c.Dir != "" && !info.IsDir() {
		return "", &fs.PathError{Op: "chdir", Path: c.Dir, Err: syscall.ENOTDIR}
	}
	file := c.Argv[0]
	if filepath.Base(file) != file {
		if _, err := os.Stat(c.inDir(file)); errors.Is(err, fs.ErrNotExist) {
			return "", exec.ErrNotFound
		}
		return file, nil
	}
	for _, dir := range filepath.SplitList(value(c.env(), "PATH")) {
		if !filepath.IsAbs(dir) {
			continue // as in os/exec: never run what lies in the current folder by chance
		}
		path := filepath.Join(dir, file)
		if info, err := os.Stat(path); err == nil && !info.IsDir() && unix.Access(path, unix.X_OK) == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

func (c Command) inDir(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(c.Dir, file)
}

// value is the last setting of a variable, the one that counts.
func value(env []string, key string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if len(env[i]) > len(key) && env[i][:len(key)] == key && env[i][len(key)] == '=' {
			return env[i][len(key)+1:]
		}
	}
	return ""
}

func signalName(s syscall.Signal) string {
	if name := unix.SignalName(s); name != "" {
		return name
	}
	return s.String()
}
