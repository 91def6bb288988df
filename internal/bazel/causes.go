package bazel

import (
	"fmt"
	"regexp"
	"strings"
)

// shownCauses is how many lines of causes are worth reading at once.
const shownCauses = 12

// Causes picks the errors out of Bazel's stderr: each with its place, without
// traces and without what only repeats an earlier one.
func Causes(stderr string) string {
	var out, summaries, told []string
	for _, c := range causes(stderr) {
		switch {
		case summary(c.text):
			summaries = append(summaries, c.text)
		case !repeats(c.text, told):
			out = append(out, c.text)
			told = append(told, c.message)
		}
	}
	if len(out) == 0 && len(summaries) > 0 { // better the summary than nothing
		out = summaries[:1]
	}
	out = strings.Split(strings.Join(out, "\n"), "\n")
	if len(out) > shownCauses {
		out = append(out[:shownCauses], fmt.Sprintf("… and %d lines more", len(out)-shownCauses))
	}
	return strings.Join(out, "\n")
}

// cause is one error of Bazel's: text is what to show, message the part of it
// that later errors repeat.
type cause struct{ text, message string }

var (
	causeRule = regexp.MustCompile(`^(?:ERROR|FATAL): (.*)$`)
	frameRule = regexp.MustCompile(`^\s*File "(.*)", line (\d+), column (\d+), in `)
	faultRule = regexp.MustCompile(`^Error(?: in [A-Za-z_]\w*)?: (.*)$`)
	traceRule = regexp.MustCompile(`^\s*Traceback \(most recent call last\):$`)
	whereRule = regexp.MustCompile(`^(?:/[^:]*|[^:\s]+):\d+:\d+: (.*)`)
)

// causes splits stderr at its ERROR lines. What is indented belongs to the
// line above, and so does the last line of a trace.
func causes(stderr string) []cause {
	var all []cause
	var block []string
	flush := func() {
		if len(block) > 0 {
			all = append(all, asCause(block))
		}
		block = nil
	}
	for line := range strings.SplitSeq(stderr, "\n") {
		line = strings.TrimRight(line, "\r ")
		m := causeRule.FindStringSubmatch(line)
		switch {
		case m != nil:
			flush()
			block = []string{m[1]}
		case len(block) == 0:
		case strings.HasPrefix(line, "\t"), strings.HasPrefix(line, "  "), faultRule.MatchString(line):
			block = append(block, line)
		default:
			flush()
		}
	}
	flush()
	return all
}

// asCause reduces a trace to its outermost place, which is the user's own file,
// and what went wrong.
func asCause(block []string) cause {
	fault, place, trace := "", "", false
	for i, line := range block {
		if traceRule.MatchString(line) || i == 0 && strings.HasSuffix(line, "Traceback (most recent call last):") {
			trace = true
		} else if m := frameRule.FindStringSubmatch(line); m != nil && place == "" {
			place = m[1] + ":" + m[2] + ":" + m[3]
		} else if m := faultRule.FindStringSubmatch(line); m != nil {
			fault = m[1]
		}
	}
	head := strings.TrimSpace(strings.TrimSuffix(block[0], "Traceback (most recent call last):"))
	switch {
	case trace && fault != "" && head != "":
		return cause{text: head + " " + fault, message: fault}
	case trace && fault != "":
		return cause{text: place + ": " + fault, message: fault}
	}
	text := strings.Join(block, "\n")
	message := block[0]
	if m := whereRule.FindStringSubmatch(message); m != nil {
		message = m[1]
	}
	return cause{text: text, message: message}
}

// repeats says that an error holds one that was told already.
func repeats(text string, told []string) bool {
	for _, t := range told {
		if t != "" && strings.Contains(text, t) {
			return true
		}
	}
	return false
}

// summaryRule recognises Bazel's last words, which only say that there were errors.
var summaryRule = regexp.MustCompile(`^(?:Build did NOT complete successfully|Command failed|Analysis of target|Couldn't start the build|` +
	`package contains errors: \S+$|Error evaluating '.*': error loading package|error loading package .*: Package .* contains errors$|` +
	`command succeeded, but there were errors|.* \d+ input file\(s\) do not exist$)`)

func summary(text string) bool { return summaryRule.MatchString(text) }
