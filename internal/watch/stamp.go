package watch

import (
	"crypto/sha256"
	"hash"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// Digest is a content's SHA-256. The zero Digest is that of no file.
type Digest [sha256.Size]byte

// DigestOf is a content's digest.
func DigestOf(content []byte) Digest { return sha256.Sum256(content) }

// maxDigested bounds the files that are read, in bytes: of larger ones, and of
// those that cannot be read, a new stamp is a change.
const maxDigested = 16 << 20

// DigestFile is the digest of a file's content; zero when it cannot be read, or
// is larger than is read of any.
func DigestFile(path string) Digest { return digestFile(path, 0) }

// digestFile reads a file's digest; zero when it cannot.
func digestFile(path string, size int64) (d Digest) {
	if size > maxDigested {
		return Digest{}
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // it may have become a pipe
	if err != nil {
		return Digest{}
	}
	defer func() { _ = f.Close() }()
	var h hash.Hash = sha256.New()
	if n, err := io.Copy(h, io.LimitReader(f, maxDigested+1)); err != nil || n > maxDigested {
		return Digest{}
	}
	h.Sum(d[:0])
	return d
}

// fileID names a file on this machine as long as it is there.
type fileID struct{ dev, ino uint64 }

func idOf(info fs.FileInfo) fileID {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fileID{uint64(s.Dev), uint64(s.Ino)}
	}
	return fileID{}
}

// stamp tells a changed file from an unchanged one, but for changes within one
// tick of the file system's clock.
type stamp struct {
	size, mtime int64 // bytes, Unix nanoseconds
	id          fileID
}

func stampOf(info fs.FileInfo) stamp {
	return stamp{info.Size(), info.ModTime().UnixNano(), idOf(info)}
}

// The ticks of file systems: the kernel's slowest is 10 ms, and those that
// keep whole seconds keep two at worst.
const (
	fineTick   = 20 * time.Millisecond
	coarseTick = 2 * time.Second
)

// young says that a file could change again and keep its stamp.
func (s stamp) young(now time.Time) bool {
	tick := fineTick
	if s.mtime%int64(time.Second) == 0 {
		tick = coarseTick
	}
	return now.UnixNano()-s.mtime < int64(tick)
}
