package pyproject

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// version is a version of PEP 440, with local labels left out.
type version struct {
	epoch   int
	release []int
	// pre, post and dev are how versions of one release are ordered: a
	// development release comes before a pre-release, that before the release,
	// that before a post-release.
	pre, post, dev [2]int
	local          string
}

var versionPattern = regexp.MustCompile(`^v?(?:(\d+)!)?(\d+(?:\.\d+)*)` +
	`(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?` +
	`((?:-(\d+))|(?:[-_.]?(post|rev|r)[-_.]?(\d*)))?` +
	`([-_.]?dev[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`)

const (
	before = -1 // sorts before any number
	after  = math.MaxInt
)

func parseVersion(text string) (version, bool) {
	m := versionPattern.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if m == nil {
		return version{}, false
	}
	v := version{epoch: number(m[1]), local: m[11]}
	for _, part := range strings.Split(m[2], ".") {
		v.release = append(v.release, number(part))
	}
	isPre, isPost, isDev := m[3] != "", m[5] != "", m[9] != ""
	switch {
	case isPre:
		phase := map[byte]int{'a': 0, 'b': 1, 'c': 2, 'r': 2, 'p': 2}[m[3][0]]
		v.pre = [2]int{phase, number(m[4])}
	case isDev && !isPost:
		v.pre = [2]int{before, 0}
	default:
		v.pre = [2]int{after, 0}
	}
	v.post = [2]int{before, 0}
	if isPost {
		v.post = [2]int{0, number(m[6] + m[8])}
	}
	v.dev = [2]int{after, 0}
	if isDev {
		v.dev = [2]int{0, number(m[10])}
	}
	return v, true
}

// String is the version as PEP 440 normalizes it, which is how installers write
// it: 8.5.0.dev0 for "8.5.0.dev".
func (v version) String() string {
	var b strings.Builder
	if v.epoch != 0 {
		fmt.Fprintf(&b, "%d!", v.epoch)
	}
	for i, part := range v.release {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(strconv.Itoa(part))
	}
	if v.pre[0] != after && v.pre[0] != before {
		fmt.Fprintf(&b, "%s%d", []string{"a", "b", "rc"}[v.pre[0]], v.pre[1])
	}
	if v.isPost() {
		fmt.Fprintf(&b, ".post%d", v.post[1])
	}
	if v.dev[0] != after {
		fmt.Fprintf(&b, ".dev%d", v.dev[1])
	}
	if v.local != "" {
		b.WriteString("+" + localSeparator.Replace(v.local))
	}
	return b.String()
}

var localSeparator = strings.NewReplacer("-", ".", "_", ".")

// number is 0 for "", and the largest number for one that is too long.
func number(digits string) int {
	if digits == "" {
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return math.MaxInt - 1
	}
	return n
}

func (v version) compare(w version) int {
	if c := cmp.Compare(v.epoch, w.epoch); c != 0 {
		return c
	}
	for i := range max(len(v.release), len(w.release)) {
		if c := cmp.Compare(v.part(i), w.part(i)); c != 0 {
			return c
		}
	}
	return cmp.Or(slices.Compare(v.pre[:], w.pre[:]), slices.Compare(v.post[:], w.post[:]), slices.Compare(v.dev[:], w.dev[:]))
}

func (v version) part(i int) int {
	if i < len(v.release) {
		return v.release[i]
	}
	return 0
}

func (v version) isPre() bool  { return v.pre[0] != after || v.dev[0] != after }
func (v version) isPost() bool { return v.post[0] != before }

// startsWith says whether v is of the series w, as "3.9.*" means it.
func (v version) startsWith(w version) bool {
	for i, part := range w.release {
		if v.part(i) != part {
			return false
		}
	}
	return v.epoch == w.epoch
}

func (v version) sameRelease(w version) bool {
	return v.startsWith(w) && w.startsWith(v)
}

// Specifies says whether a version specifier of PEP 440 allows a version. A
// version of two numbers, "3.9", stands for the releases of its series: it is
// allowed when either 3.9 itself or a late 3.9.x is, so ">=3.9.1" and "<=3.9"
// both allow it. What is not understood allows everything.
func Specifies(spec, text string) bool {
	if allows(spec, text) {
		return true
	}
	return seriesPattern.MatchString(text) && allows(spec, text+".99")
}

var seriesPattern = regexp.MustCompile(`^\d+\.\d+$`)

func allows(spec, text string) bool {
	for _, part := range strings.Split(spec, ",") {
		if m := clausePattern.FindStringSubmatch(strings.TrimSpace(part)); m != nil && clause(m[1], m[2], text) == no {
			return false
		}
	}
	return true
}

// clause says whether `text` fulfils `op wanted`.
func clause(op, wanted, text string) truth {
	if op == "===" {
		return truthOf(strings.EqualFold(wanted, text))
	}
	v, ok := parseVersion(text)
	if !ok {
		return unknown
	}
	series, isSeries := strings.CutSuffix(wanted, ".*")
	w, ok := parseVersion(series)
	if !ok {
		return unknown
	}
	switch op {
	case "==", "!=":
		same := v.compare(w) == 0 && (w.local == "" || w.local == v.local)
		if isSeries {
			same = v.startsWith(w)
		}
		return truthOf(same == (op == "=="))
	case "~=":
		stem := w
		stem.release = w.release[:max(1, len(w.release)-1)]
		return truthOf(v.compare(w) >= 0 && v.startsWith(stem))
	case "<=":
		return truthOf(v.compare(w) <= 0)
	case ">=":
		return truthOf(v.compare(w) >= 0)
	case "<":
		return truthOf(v.compare(w) < 0 && (w.isPre() || !v.isPre() || !v.sameRelease(w)))
	case ">":
		return truthOf(v.compare(w) > 0 && (w.isPost() || !v.isPost() || !v.sameRelease(w)))
	}
	return unknown
}
