//go:build unix && !linux

package proc

import "syscall"

// groupAttr gives the child a process group of its own.
func groupAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
