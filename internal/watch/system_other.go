//go:build unix && !linux

package watch

const (
	watchesLimit   = "kern.maxfilesperproc" // kqueue opens what it watches
	instancesLimit = "kern.maxfilesperproc"
)

func limitError(sysctl string, err error) error { return &LimitError{Sysctl: sysctl, Err: err} }

// remote names no file system: those systems tell of network mounts as of others.
func remote(string) string { return "" }
