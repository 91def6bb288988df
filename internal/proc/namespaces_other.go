//go:build unix && !linux

package proc

import "errors"

// Namespaces says why this user cannot make the namespaces that a sandbox
// consists of: only Linux has them.
func Namespaces() error { return errors.New("only Linux has namespaces") }
