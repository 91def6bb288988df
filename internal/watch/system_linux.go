package watch

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	watchesLimit   = "fs.inotify.max_user_watches"
	instancesLimit = "fs.inotify.max_user_instances"
)

// limitError reads what the limit is now.
func limitError(sysctl string, err error) error {
	data, _ := os.ReadFile(filepath.Join("/proc/sys", filepath.FromSlash(strings.ReplaceAll(sysctl, ".", "/"))))
	value, _ := strconv.Atoi(strings.TrimSpace(string(data)))
	return &LimitError{Sysctl: sysctl, Value: value, Err: err}
}

// remoteKinds are file systems whose files change without this machine's doing,
// by the numbers of statfs(2).
var remoteKinds = map[uint32]string{
	unix.NFS_SUPER_MAGIC:  "NFS",
	unix.SMB_SUPER_MAGIC:  "SMB",
	unix.CIFS_SUPER_MAGIC: "SMB",
	unix.SMB2_SUPER_MAGIC: "SMB",
	unix.FUSE_SUPER_MAGIC: "FUSE",
	unix.V9FS_MAGIC:       "9P",
	unix.CEPH_SUPER_MAGIC: "Ceph",
	unix.AFS_SUPER_MAGIC:  "AFS",
	unix.AFS_FS_MAGIC:     "AFS",
	unix.CODA_SUPER_MAGIC: "Coda",
	unix.NCP_SUPER_MAGIC:  "NCP",
	0x0bd00bd0:            "Lustre",
	0x786f4256:            "VirtualBox's shared folders",
	0xbacbacbc:            "VMware's shared folders",
}

// remote names the file system of a folder if it is a network's or FUSE's.
func remote(dir string) string {
	var fs unix.Statfs_t
	if unix.Statfs(dir, &fs) != nil {
		return ""
	}
	return remoteKinds[uint32(fs.Type)]
}
