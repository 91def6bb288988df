package result

import (
	"errors"
	"io"
	"unicode/utf8"
)

// sanitiser passes on at most max bytes of text that XML 1.0 allows. What it
// does not allow (control characters, invalid UTF-8) becomes U+FFFD, so that
// one stray byte in a log does not cost a whole suite's results.
type sanitiser struct {
	src   io.Reader
	left  int64
	raw   []byte // what was read; begins with carry bytes of a rune cut before
	carry int
	out   []byte // of which clean has not been given yet
	clean []byte
	err   error
}

func newSanitiser(r io.Reader, max int64) *sanitiser {
	return &sanitiser{src: r, left: max, raw: make([]byte, 32<<10)}
}

func (s *sanitiser) Read(p []byte) (int, error) {
	for len(s.clean) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.fill()
	}
	n := copy(p, s.clean)
	s.clean = s.clean[n:]
	return n, nil
}

// fill reads and cleans the next piece. A rune whose end is not there yet
// waits for the piece after.
func (s *sanitiser) fill() {
	n, err := s.src.Read(s.raw[s.carry:])
	s.err = err
	if s.left -= int64(n); s.left < 0 {
		n, s.err = max(n+int(s.left), 0), ErrTooLarge
	}
	data := s.raw[:s.carry+n]
	keep := 0
	if s.err == nil {
		keep = cutRune(data)
	}
	s.out = clean(s.out[:0], data[:len(data)-keep])
	s.clean = s.out
	s.carry = copy(s.raw, data[len(data)-keep:])
}

// cutRune is the length of the incomplete rune at the end of data.
func cutRune(data []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		if tail := data[len(data)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

func clean(out, data []byte) []byte {
	for len(data) > 0 {
		n := 0
		for n < len(data) && data[n] < utf8.RuneSelf && allowed(rune(data[n])) {
			n++
		}
		out = append(out, data[:n]...)
		if data = data[n:]; len(data) == 0 {
			break
		}
		r, size := utf8.DecodeRune(data)
		if !allowed(r) {
			r = utf8.RuneError
		}
		out = utf8.AppendRune(out, r)
		data = data[size:]
	}
	return out
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
