package proc

import "bytes"

// The bounds of what is kept of a stream.
const (
	stderrLimit = 64 << 10
	lineLimit   = 1 << 20
)

// bounded keeps everything up to its limit and closes full at the first byte beyond.
type bounded struct {
	limit int
	data  []byte
	over  bool
	full  chan struct{}
}

// Write never fails: a reader that stopped reading would block the command.
func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.limit-len(b.data))
	b.data = append(b.data, p[:n]...)
	if n < len(p) && !b.over {
		b.over = true
		close(b.full)
	}
	return len(p), nil
}

// tail keeps the last bytes of a stream.
type tail struct {
	limit int
	data  []byte
	cut   bool
}

// Write keeps at most twice the limit, so that it copies rarely.
func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p...)
	if len(t.data) > 2*t.limit {
		t.data = append(t.data[:0], t.data[len(t.data)-t.limit:]...)
		t.cut = true
	}
	return len(p), nil
}

// String starts at the beginning of a line when something was cut off.
func (t *tail) String() string {
	data, cut := t.data, t.cut
	if len(data) > t.limit {
		data, cut = data[len(data)-t.limit:], true
	}
	if i := bytes.IndexByte(data, '\n'); cut && i >= 0 {
		data = data[i+1:]
	}
	return string(data)
}

// lines hands a stream on line by line.
type lines struct {
	emit func(string)
	part []byte
}

// Write emits each line that is complete, and a piece of one that is too long.
func (l *lines) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			l.part = append(l.part, p...)
			break
		}
		l.part = append(l.part, p[:i]...)
		p = p[i+1:]
		l.out()
	}
	if len(l.part) >= lineLimit {
		l.out()
	}
	return n, nil
}

// flush emits a last line that has no ending.
func (l *lines) flush() {
	if len(l.part) > 0 {
		l.out()
	}
}

func (l *lines) out() {
	l.emit(string(bytes.TrimSuffix(l.part, []byte("\r"))))
	l.part = l.part[:0]
}
