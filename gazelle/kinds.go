package gazelle

import (
	"slices"
	"strings"

	"github.com/bazelbuild/bazel-gazelle/config"
	"github.com/bazelbuild/bazel-gazelle/rule"

	"github.com/weft-build/weft/internal/repository"
)

// kinds are repository.Kinds in Gazelle's words.
func kinds() map[string]rule.KindInfo {
	out := make(map[string]rule.KindInfo, len(repository.Kinds))
	for _, k := range repository.Kinds {
		out[k.Name] = rule.KindInfo{MatchAttrs: k.MatchAttrs, NonEmptyAttrs: set(k.NonEmpty), MergeableAttrs: set(k.Mergeable)}
	}
	return out
}

func set(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, name := range names {
		out[name] = true
	}
	return out
}

// loads are the .bzl files of the kinds, with rules_weft under the name that
// the workspace has for it; empty is the usual one.
func loads(rulesWeft string) []rule.LoadInfo {
	var out []rule.LoadInfo
	for _, k := range repository.Kinds {
		if k.Load == "" {
			continue
		}
		file := k.Load
		if rest, ok := strings.CutPrefix(file, "@rules_weft//"); ok && rulesWeft != "" {
			file = "@" + rulesWeft + "//" + rest
		}
		if i := slices.IndexFunc(out, func(l rule.LoadInfo) bool { return l.Name == file }); i >= 0 {
			out[i].Symbols = append(out[i].Symbols, k.Name)
		} else {
			out = append(out, rule.LoadInfo{Name: file, Symbols: []string{k.Name}})
		}
	}
	return out
}

// aliases are the names by which the rules of a kind may go in a BUILD file,
// besides the kind's own: those of alias_kind and map_kind directives.
func aliases(c *config.Config) map[string]string {
	out := map[string]string{}
	for alias, kind := range c.AliasMap {
		out[alias] = kind
	}
	for kind, mapped := range c.KindMap {
		out[mapped.KindName] = kind
	}
	return out
}
