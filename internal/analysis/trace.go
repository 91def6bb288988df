package analysis

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// A frame as pytest writes it ("src/a.py:5: ValueError"), as Python does
	// (`File "src/a.py", line 5`), or as Octave's trace ("tests/test_a.m:5").
	frameRE = regexp.MustCompile(`File "([^"\n]+)", line (\d+)|([\w./@+-]+\.(?:py|m)):(\d+)`)
	// An exception's own line, bare or behind pytest's "E   ".
	exceptionRE = regexp.MustCompile(`(?m)^(?:E\s+)?((?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Iteration|Timeout|Warning|Group|NotFound)|Failed)(?:: *(.*))?$`)
	assertRE    = regexp.MustCompile(`(?m)^(?:E\s+)?(?:AssertionError: *)?assert\b`)

	storeRE   = regexp.MustCompile(`/nix/store/[a-z0-9]{32}-[^/\s'",:)\]]+`)
	pointerRE = regexp.MustCompile(`0x[0-9a-fA-F]+`)
	numberRE  = regexp.MustCompile(`[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`)
	tmpRE     = regexp.MustCompile(`/(?:tmp|var/tmp|build)/[^\s'":,)]*`)
)

// location is the deepest frame of the trace that lies in the workspace. A
// trace of faulthandler begins with it, the others end with it.
func (s *study) location(text string) string {
	found := ""
	_, newestFirst, ok := strings.Cut(text, "(most recent call first):")
	if ok {
		text = newestFirst
	}
	for _, m := range frameRE.FindAllStringSubmatch(text, -1) {
		file, line := m[1]+m[3], m[2]+m[4]
		if rel, in := s.relative(file); in {
			if found = rel + ":" + line; ok {
				break
			}
		}
	}
	return found
}

// relative turns a path of the private tree into a workspace-relative one. A
// path of the environment, or of nobody known, is not ok.
func (s *study) relative(path string) (string, bool) {
	if strings.Contains(path, "/nix/store/") || strings.Contains(path, "site-packages") || strings.Contains(path, "/weft_launcher/") || strings.HasPrefix(path, "<") {
		return "", false
	}
	if !strings.HasPrefix(path, "/") {
		path = strings.TrimPrefix(path, "./")
		return path, path != "" && !strings.HasPrefix(path, "../")
	}
	best := ""
	for file := range s.files {
		if strings.HasSuffix(path, "/"+file) && len(file) > len(best) {
			best = file
		}
	}
	if best != "" {
		return best, true
	}
	for at := 1; at < len(path); {
		next := strings.IndexByte(path[at:], '/')
		if next < 0 {
			break
		}
		if s.top[path[at:at+next]] {
			return path[at:], true
		}
		at += next + 1
	}
	return "", false
}

// exception finds the class and the message of what was raised: in the
// suite's own words first, else in the last such line of the trace.
func exception(kind, message, text string) (class, detail string) {
	if m := exceptionRE.FindStringSubmatch(message); m != nil {
		return short(m[1]), m[2]
	}
	if all := exceptionRE.FindAllStringSubmatch(text, -1); len(all) > 0 {
		m := all[len(all)-1]
		return short(m[1]), m[2]
	}
	switch {
	case assertRE.MatchString(message), assertRE.MatchString(text), strings.Contains(message, "ASSERT errors for:"):
		return "AssertionError", message
	case strings.HasSuffix(kind, "Error"), strings.HasSuffix(kind, "Exception"):
		return short(kind), message
	}
	return "", message
}

func short(class string) string {
	if i := strings.LastIndexByte(class, '.'); i >= 0 {
		class = class[i+1:]
	}
	return class
}

// normal takes out of a message what differs from run to run.
func normal(message string) string {
	message = storeRE.ReplaceAllString(message, "/nix/store/…")
	message = pointerRE.ReplaceAllString(message, "0x…")
	message = tmpRE.ReplaceAllString(message, "/…")
	message = numberRE.ReplaceAllString(message, "#")
	return strings.Join(strings.Fields(message), " ")
}

// headline cuts a message to a title's length.
func headline(message string) string {
	message = strings.Join(strings.Fields(message), " ")
	if r := []rune(message); len(r) > 160 {
		message = string(r[:160]) + "…"
	}
	return message
}

// plural is "1 test", "2 tests".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
