package result

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf8"
)

// sanitiser passes on at most max bytes of text that XML 1.0 allows. What it
// does not allow (control characters, invalid UTF-8) becomes U+FFFD, so that
// one stray byte in a log does not cost a whole suite's results.
type sanitiser struct {
	src  *bufio.Reader
	left int64
	rest []byte // of a rune that did not fit
}

func newSanitiser(r io.Reader, max int64) *sanitiser {
	return &sanitiser{src: bufio.NewReaderSize(r, 64<<10), left: max}
}

func (s *sanitiser) Read(p []byte) (int, error) {
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	for n < len(p) {
		r, size, err := s.src.ReadRune()
		if err != nil {
			if n > 0 {
				return n, nil // the error comes back with the next call
			}
			return 0, err
		}
		if s.left -= int64(size); s.left < 0 {
			return n, ErrTooLarge
		}
		if !allowed(r) {
			r = utf8.RuneError
		}
		if r < utf8.RuneSelf {
			p[n] = byte(r)
			n++
			continue
		}
		var buf [utf8.UTFMax]byte
		enc := buf[:utf8.EncodeRune(buf[:], r)]
		k := copy(p[n:], enc)
		n += k
		s.rest = append([]byte(nil), enc[k:]...)
		if s.src.Buffered() == 0 {
			break // do not wait for more when there is something to give
		}
	}
	return n, nil
}

// allowed is XML 1.0's Char production.
func allowed(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return true
	case r < 0x20, r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return true
}

// clip keeps the first and last halves of what is longer than n bytes.
type clip struct {
	n          int
	head, tail []byte
	cut        int
}

func (c *clip) write(b []byte) {
	if room := c.n/2 - len(c.head); room > 0 {
		k := min(room, len(b))
		c.head = append(c.head, b[:k]...)
		b = b[k:]
	}
	c.tail = append(c.tail, b...)
	if over := len(c.tail) - c.n/2; over > c.n { // amortised: not at each write
		c.cut += over
		c.tail = append(c.tail[:0], c.tail[over:]...)
	}
}

func (c *clip) String() string {
	tail := c.tail
	if over := len(tail) - c.n/2; over > 0 {
		c.cut += over
		tail = tail[over:]
		c.tail = tail
	}
	if c.cut == 0 {
		return string(c.head) + string(tail)
	}
	return validTail(string(c.head)) + "\n… cut …\n" + validHead(string(tail))
}

// validTail and validHead drop the halves of a rune at a cut.
func validTail(s string) string {
	for i := 0; i < utf8.UTFMax && len(s) > 0; i++ {
		if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

func validHead(s string) string {
	for i := 0; i < utf8.UTFMax && len(s) > 0 && !utf8.RuneStart(s[0]); i++ {
		s = s[1:]
	}
	return s
}

var errDeep = errors.New("testsuite elements are nested too deeply")
