package proc

import "syscall"

// groupAttr gives the child a process group of its own and ends it when weft
// is killed so hard that it cannot do so itself.
func groupAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
