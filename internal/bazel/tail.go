package bazel

import (
	"io"
	"os"
	"sync"
	"time"
)

// poll is how often a growing event file is looked at: a read of nothing costs
// some microseconds, and what is waited for is a verdict.
const poll = 5 * time.Millisecond

// tail reads a file that another process is still writing: at its end it waits
// for more until finish is called, then gives what is left and io.EOF.
type tail struct {
	path string
	f    *os.File
	once sync.Once
	over chan struct{}
}

func newTail(path string) *tail { return &tail{path: path, over: make(chan struct{})} }

// finish says that nobody writes any more.
func (t *tail) finish() { t.once.Do(func() { close(t.over) }) }

func (t *tail) Read(p []byte) (int, error) {
	if t.f == nil {
		f, err := os.Open(t.path)
		if err != nil {
			return 0, err
		}
		t.f = f
	}
	for {
		over := t.finished()
		n, err := t.f.Read(p)
		if n > 0 || err != nil && err != io.EOF {
			return n, err
		}
		if over {
			_ = t.f.Close()
			return 0, io.EOF
		}
		select {
		case <-t.over:
		case <-time.After(poll):
		}
	}
}

func (t *tail) finished() bool {
	select {
	case <-t.over:
		return true
	default:
		return false
	}
}
