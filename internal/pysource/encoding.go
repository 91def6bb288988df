package pysource

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// decode is the source as UTF-8 with "\n" line ends and without a byte order
// mark and NULs, and what is wrong with it. Where the encoding is not known,
// the bytes stay as they are: the ASCII among them can still be read.
func decode(data []byte) ([]byte, *Problem) {
	data, marked := bytes.CutPrefix(data, []byte("\xef\xbb\xbf"))
	var problem *Problem
	report := func(line int, format string, args ...any) {
		if problem == nil {
			problem = &Problem{line, fmt.Sprintf(format, args...)}
		}
	}
	data = unixLines(data)
	declared, line := cookie(data)
	encoding := canonical(declared)
	switch {
	case encoding == "utf-8" || declared == "":
		if !utf8.Valid(data) {
			report(firstInvalid(data), "bytes that are not UTF-8, and no other encoding is declared")
		}
	case marked:
		report(line, "encoding %q is declared after the byte order mark of UTF-8", declared)
	case ascii(data):
		if encoding == "" && !asciiCompatible(declared) {
			report(line, "encoding %q is not known", declared)
		}
	case encoding == "ascii":
		report(line, "encoding %q is declared, and there are bytes beyond it", declared)
	case encoding == "":
		report(line, "encoding %q is not known", declared)
	default:
		data = transcode(data, charmaps[encoding])
	}
	if at := bytes.IndexByte(data, 0); at >= 0 {
		report(1+bytes.Count(data[:at], []byte("\n")), "a NUL byte")
		data = bytes.ReplaceAll(data, []byte{0}, []byte(" "))
	}
	return data, problem
}

// unixLines ends lines as the tokenizer of Python sees them.
func unixLines(data []byte) []byte {
	if bytes.IndexByte(data, '\r') < 0 {
		return data
	}
	out := make([]byte, 0, len(data))
	for i, c := range data {
		if c != '\r' {
			out = append(out, c)
		} else if i+1 == len(data) || data[i+1] != '\n' {
			out = append(out, '\n')
		}
	}
	return out
}

// cookie is the encoding that the first two lines declare (PEP 263), and where.
func cookie(data []byte) (name string, line int) {
	for line := 1; line <= 2; line++ {
		text, rest, _ := bytes.Cut(data, []byte("\n"))
		text = bytes.TrimLeft(text, " \t\f")
		if len(text) > 0 && text[0] != '#' {
			break
		}
		if name := coding(text); name != "" {
			return name, line
		}
		data = rest
	}
	return "", 0
}

func coding(comment []byte) string {
	for {
		at := bytes.Index(comment, []byte("coding"))
		if at < 0 {
			return ""
		}
		comment = comment[at+len("coding"):]
		if len(comment) == 0 || comment[0] != ':' && comment[0] != '=' {
			continue
		}
		value := bytes.TrimLeft(comment[1:], " \t")
		n := 0
		for n < len(value) && (isWord(value[n]) && value[n] < utf8.RuneSelf || value[n] == '-' || value[n] == '.') {
			n++
		}
		if n > 0 {
			return string(value[:n])
		}
	}
}

// canonical is the encoding's name here, or "" when it is not one of ours.
func canonical(name string) string {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	for _, of := range []struct{ canonical, prefix string }{
		{"utf-8", "utf-8"}, {"latin-1", "latin-1"}, {"latin-1", "iso-8859-1"}, {"latin-1", "iso-latin-1"},
	} {
		if name == of.prefix || strings.HasPrefix(name, of.prefix+"-") {
			return of.canonical
		}
	}
	switch strings.ReplaceAll(name, "-", "") {
	case "utf8", "utf8sig", "u8", "utf", "cp65001":
		return "utf-8"
	case "ascii", "usascii", "646", "ansix3.41968", "iso646us":
		return "ascii"
	case "latin1", "latin", "l1", "iso88591", "8859", "cp819":
		return "latin-1"
	case "iso885915", "latin9", "l9":
		return "iso-8859-15"
	case "cp1252", "windows1252", "1252":
		return "cp1252"
	}
	return ""
}

// asciiCompatible says whether ASCII bytes mean ASCII in an encoding that is
// not decoded here.
func asciiCompatible(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	for _, family := range []string{"cp", "windows-", "iso-8859", "iso8859", "latin", "koi8", "euc", "gb", "big5", "mac", "tis-620", "shift-jis", "sjis"} {
		if strings.HasPrefix(name, family) {
			return true
		}
	}
	return false
}

func ascii(data []byte) bool {
	for _, c := range data {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func firstInvalid(data []byte) (line int) {
	line = 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

// charmaps are the one-byte encodings by where they differ from Latin-1.
var charmaps = map[string]map[byte]rune{
	"latin-1": {},
	"iso-8859-15": {
		0xa4: '€', 0xa6: 'Š', 0xa8: 'š', 0xb4: 'Ž', 0xb8: 'ž', 0xbc: 'Œ', 0xbd: 'œ', 0xbe: 'Ÿ',
	},
	"cp1252": {
		0x80: '€', 0x82: '‚', 0x83: 'ƒ', 0x84: '„', 0x85: '…', 0x86: '†', 0x87: '‡', 0x88: 'ˆ', 0x89: '‰',
		0x8a: 'Š', 0x8b: '‹', 0x8c: 'Œ', 0x8e: 'Ž', 0x91: '‘', 0x92: '’', 0x93: '“', 0x94: '”', 0x95: '•',
		0x96: '–', 0x97: '—', 0x98: '˜', 0x99: '™', 0x9a: 'š', 0x9b: '›', 0x9c: 'œ', 0x9e: 'ž', 0x9f: 'Ÿ',
	},
}

func transcode(data []byte, differences map[byte]rune) []byte {
	out := make([]byte, 0, len(data)+len(data)/8)
	for _, c := range data {
		if c < utf8.RuneSelf {
			out = append(out, c)
			continue
		}
		r, ok := differences[c]
		if !ok {
			r = rune(c)
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}
