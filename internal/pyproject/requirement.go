package pyproject

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	namePattern   = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?`)
	separators    = regexp.MustCompile(`[-_.]+`)
	clausePattern = regexp.MustCompile(`^(===|~=|==|!=|<=|>=|<|>)\s*([^\s,;()<>=!~][^\s,;()<>=~]*)$`)
)

// Normalize writes a distribution's or an extra's name as PEP 503 has it.
func Normalize(name string) string {
	return strings.ToLower(separators.ReplaceAllString(strings.TrimSpace(name), "-"))
}

// ParseRequirement reads one dependency specifier of PEP 508.
func ParseRequirement(text string) (Requirement, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxLine {
		return Requirement{}, fmt.Errorf("reading requirement: it has %d characters, at most %d are read", len(text), maxLine)
	}
	r := Requirement{Text: text}
	name := namePattern.FindString(text)
	if name == "" {
		return r, fmt.Errorf("reading requirement %q: it does not begin with a name", text)
	}
	r.Name = Normalize(name)
	rest, err := r.takeExtras(strings.TrimSpace(text[len(name):]))
	if err != nil {
		return r, fmt.Errorf("reading requirement %q: %w", text, err)
	}
	constraint, marker := splitMarker(rest)
	if err := r.takeConstraint(constraint); err != nil {
		return r, fmt.Errorf("reading requirement %q: %w", text, err)
	}
	if _, err := parseMarker(marker); marker != "" && err != nil {
		return r, fmt.Errorf("reading requirement %q: %w", text, err)
	}
	r.Marker = marker
	return r, nil
}

func (r *Requirement) takeExtras(rest string) (string, error) {
	if !strings.HasPrefix(rest, "[") {
		return rest, nil
	}
	inner, rest, closed := strings.Cut(rest[1:], "]")
	if !closed {
		return "", fmt.Errorf("`[` is not closed")
	}
	for _, extra := range strings.Split(inner, ",") {
		extra = strings.TrimSpace(extra)
		if extra == "" {
			continue
		}
		if namePattern.FindString(extra) != extra {
			return "", fmt.Errorf("%q is not the name of an extra", extra)
		}
		r.Extras = append(r.Extras, Normalize(extra))
	}
	return strings.TrimSpace(rest), nil
}

// splitMarker cuts at the semicolon. That of a URL needs a space before it,
// since a URL may hold semicolons.
func splitMarker(rest string) (constraint, marker string) {
	at := strings.Index(rest, ";")
	if strings.HasPrefix(rest, "@") {
		at = strings.Index(rest, " ;")
		if at < 0 {
			at = strings.Index(rest, "; ")
		}
	}
	if at < 0 {
		return strings.TrimSpace(rest), ""
	}
	return strings.TrimSpace(rest[:at]), strings.TrimSpace(strings.TrimLeft(rest[at:], " ;"))
}

func (r *Requirement) takeConstraint(text string) error {
	if url, isURL := strings.CutPrefix(text, "@"); isURL {
		r.URL = strings.TrimSpace(url)
		if r.URL == "" || r.URL[0] == ';' || strings.ContainsAny(r.URL, " \t") {
			return fmt.Errorf("%q is not a URL", r.URL)
		}
		return nil
	}
	if strings.HasPrefix(text, "(") {
		if !strings.HasSuffix(text, ")") {
			return fmt.Errorf("`(` is not closed")
		}
		text = text[1 : len(text)-1]
	}
	spec, err := canonicalSpec(text)
	r.Spec = spec
	return err
}

// canonicalSpec writes a version specifier without spaces: ">=1.2,<2".
func canonicalSpec(text string) (string, error) {
	var clauses []string
	for _, clause := range strings.Split(text, ",") {
		clause = strings.TrimSpace(clause)
		if clause == "" {
			continue
		}
		m := clausePattern.FindStringSubmatch(clause)
		if m == nil {
			return "", fmt.Errorf("%q is not a version specifier", clause)
		}
		clauses = append(clauses, m[1]+m[2])
	}
	return strings.Join(clauses, ","), nil
}

// String is the requirement as a Requires-Dist field has it, its name as written.
func (r Requirement) String() string {
	name := namePattern.FindString(r.Text)
	if Normalize(name) != r.Name {
		name = r.Name
	}
	var b strings.Builder
	b.WriteString(name)
	if len(r.Extras) > 0 {
		b.WriteString("[" + strings.Join(r.Extras, ",") + "]")
	}
	if r.URL != "" {
		b.WriteString(" @ " + r.URL)
		if r.Marker != "" {
			b.WriteString(" ")
		}
	}
	b.WriteString(r.Spec)
	if r.Marker != "" {
		b.WriteString("; " + r.Marker)
	}
	return b.String()
}

// under is the requirement with a further condition.
func (r Requirement) under(marker string) Requirement {
	r.Marker = joinMarkers(r.Marker, marker)
	return r
}

func joinMarkers(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return bracketed(a) + " and " + bracketed(b)
}

func bracketed(marker string) string {
	if tree, err := parseMarker(marker); err == nil && tree.op == "or" {
		return "(" + marker + ")"
	}
	return marker
}
