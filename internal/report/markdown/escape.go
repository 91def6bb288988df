package markdown

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"
	"unicode"
)

var ansiRE = regexp.MustCompile("\x1b\\[[0-9;?]*[ -/]*[@-~]")

// visible replaces what would not show, or would change how the rest shows:
// control characters and the marks that turn the writing direction around.
func visible(s string, keep string) string {
	s = strings.ToValidUTF8(ansiRE.ReplaceAllString(s, ""), "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(keep, r):
			return r
		case r == '\n', r == '\r', r == '\t', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C:
			return '\uFFFD'
		}
		return r
	}, s)
}

// text escapes what Markdown or HTML would read as markup. Underscores within
// a word are none, and stay readable.
func text(s string) string {
	runes := []rune(strings.TrimSpace(visible(s, "")))
	var b strings.Builder
	for i, r := range runes {
		special := strings.ContainsRune("\\`*<>[]|~$&", r)
		if r == '_' {
			inside := i > 0 && i < len(runes)-1 && wordRune(runes[i-1]) && wordRune(runes[i+1])
			special = !inside
		}
		if i == 0 && strings.ContainsRune("#+-=", r) {
			special = true
		}
		if special {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// code makes a code span, in which nothing is markup but its own fence and,
// in a table, the bar.
func code(s string) string {
	s = strings.TrimSpace(visible(s, ""))
	if s == "" {
		return "–"
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// cellCode is code for a table, where a bar ends the cell even in a span.
func cellCode(s string) string { return strings.ReplaceAll(code(s), "|", "\\|") }

// block is a fenced block that its content cannot close.
func block(s string) string {
	s = strings.Trim(visible(strings.ReplaceAll(s, "\r\n", "\n"), "\n\t"), "\n")
	fence := strings.Repeat("`", max(3, longestRun(s)+1))
	return fence + "text\n" + s + "\n" + fence
}

func longestRun(s string) int {
	longest, n := 0, 0
	for _, r := range s {
		if r != '`' {
			n = 0
			continue
		}
		n++
		longest = max(longest, n)
	}
	return longest
}

// seconds writes a duration as people say it.
func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	switch {
	case math.IsNaN(s) || s <= 0:
		return "0 s"
	case d < time.Microsecond:
		return fmt.Sprintf("%.3g ns", s*1e9)
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", s*1e6)
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", s*1e3)
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", s)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// signed is a relative change in percent.
func signed(change float64) string {
	if math.Abs(change) < 0.0005 {
		return "±0.0 %"
	}
	return fmt.Sprintf("%+.1f %%", 100*change)
}
