package proc

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// restricted is where Ubuntu's kernel says that the namespaces of a user who is
// not root give no rights: they can be made, and nothing can be mounted in them.
const restricted = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"

// Namespaces says why this user cannot make the namespaces that a sandbox
// consists of; nil when it can. Only trying tells: a container's seccomp filter,
// a limit of 0 and an exhausted limit all look alike from outside. No program
// runs for it: the child ends when it finds nothing that it could execute.
func Namespaces() error {
	if data, err := os.ReadFile(restricted); err == nil && os.Geteuid() != 0 && strings.TrimSpace(string(data)) == "1" {
		return fmt.Errorf("%s is 1", restricted)
	}
	const flags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC | syscall.CLONE_NEWNET
	_, _, err := syscall.StartProcess(os.DevNull, []string{os.DevNull}, &syscall.ProcAttr{Sys: &syscall.SysProcAttr{Cloneflags: flags}})
	if errors.Is(err, syscall.EACCES) { // the child lived to be refused a device as its program
		return nil
	}
	return fmt.Errorf("making a user namespace: %w", err)
}
