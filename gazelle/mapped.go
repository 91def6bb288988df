package gazelle

import (
	"log"
	"maps"
	"slices"
	"strings"

	"github.com/bazelbuild/bazel-gazelle/config"
	"github.com/bazelbuild/bazel-gazelle/rule"
)

// mapped are the kinds of a file after its map_kind directives, which the
// gazelle command applies and its merger does not.
type mapped struct {
	kinds   map[string]rule.KindInfo
	applied []config.MappedKind
}

// mapKinds gives the rules the kinds that map_kind directives say.
func mapKinds(c *config.Config, kinds map[string]rule.KindInfo, rules []*rule.Rule) mapped {
	m := mapped{kinds: maps.Clone(kinds)}
	for _, r := range rules {
		info, ours := kinds[r.Kind()]
		to, ok := replacement(c.KindMap, r.Kind())
		if !ours || !ok {
			continue
		}
		m.kinds[to.KindName] = info
		if !slices.Contains(m.applied, to) {
			m.applied = append(m.applied, to)
		}
		r.SetKind(to.KindName)
	}
	return m
}

// replacement follows map_kind directives from one to the next.
func replacement(kinds map[string]config.MappedKind, kind string) (config.MappedKind, bool) {
	var out config.MappedKind
	path := []string{kind}
	for {
		next, ok := kinds[kind]
		if !ok {
			return out, len(path) > 1
		}
		if slices.Contains(path[1:], next.KindName) {
			log.Printf("map_kind goes in a circle: %s", strings.Join(append(path, next.KindName), " -> "))
			return out, false
		}
		path, out = append(path, next.KindName), next
		if kind == next.KindName {
			return out, true
		}
		kind = next.KindName
	}
}

// loads are the known loads with those of the mapped kinds.
func (m mapped) loads(known []rule.LoadInfo) []rule.LoadInfo {
	out := slices.Clone(known)
	for _, to := range m.applied {
		i := slices.IndexFunc(out, func(l rule.LoadInfo) bool { return l.Name == to.KindLoad })
		if i < 0 {
			out = append(out, rule.LoadInfo{Name: to.KindLoad, Symbols: []string{to.KindName}})
			continue
		}
		out[i].Symbols = append(slices.Clone(out[i].Symbols), to.KindName)
	}
	return out
}
