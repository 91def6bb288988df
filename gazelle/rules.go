package gazelle

import (
	"fmt"
	"log"
	"strings"

	"github.com/bazelbuild/bazel-gazelle/language"
	"github.com/bazelbuild/bazel-gazelle/merger"
	"github.com/bazelbuild/bazel-gazelle/rule"

	"github.com/weft-build/weft/internal/repository"
)

// folder is one BUILD file while its rules are made.
type folder struct {
	file    *rule.File // nil when there is none yet
	kinds   map[string]rule.KindInfo
	aliases map[string]string
	gone    map[string]bool // names of rules that are to be deleted
}

// generate makes the rules of a folder, fitted to those that its BUILD file has.
func generate(wanted *repository.Folder, args language.GenerateArgs) language.GenerateResult {
	f := folder{file: args.File, kinds: kinds(), aliases: aliases(args.Config), gone: map[string]bool{}}
	var out language.GenerateResult
	for _, r := range wanted.Empty {
		empty := f.convert(r)
		f.clear(f.match(empty), empty)
		f.gone[r.Name] = true
		out.Empty = append(out.Empty, empty)
	}
	gen := make([]*rule.Rule, len(wanted.Rules))
	old := make([]*rule.Rule, len(wanted.Rules))
	renamed := map[string]string{}
	for i, r := range wanted.Rules {
		gen[i] = f.convert(r)
		if old[i] = f.match(gen[i]); old[i] != nil && old[i].Name() != r.Name {
			renamed[":"+r.Name] = ":" + old[i].Name()
		}
	}
	for i, r := range wanted.Rules {
		if len(renamed) > 0 {
			gen[i] = f.convert(rename(r, renamed))
		}
		f.clear(old[i], gen[i])
	}
	f.place(gen, old, out.Empty)
	out.Gen, out.Imports = gen, make([]any, len(gen))
	return out
}

func (f folder) convert(r repository.Rule) *rule.Rule {
	out := rule.NewRule(r.Kind, r.Name)
	out.SetSortedAttrs(nil) // the values know their order
	path := ""
	if f.file != nil {
		path = f.file.Path
	}
	for _, attr := range r.Attrs {
		out.SetAttr(attr.Name, value(attr, path))
	}
	return out
}

// match is the rule of the file that r will be merged with, or nil. A rule of
// another kind that has the name is said, unless it is marked "# keep".
func (f folder) match(r *rule.Rule) *rule.Rule {
	if f.file == nil {
		return nil
	}
	// Gazelle maps kinds after this, so both names of a kind may be there.
	old, err := merger.Match(f.file.Rules, r, f.kinds[r.Kind()], f.aliases)
	if err == nil {
		return old
	}
	for _, other := range f.file.Rules {
		if other.Name() == r.Name() && !other.ShouldKeep() && !f.gone[r.Name()] {
			start, _ := f.file.File.Stmt[other.Index()].Span()
			log.Print(sentence(repository.Problem{File: f.file.Path, Line: start.Line,
				Text: fmt.Sprintf("a %s has the name %q that a %s would get, which is left out", other.Kind(), r.Name(), r.Kind()),
				Hint: "give it another name, or mark it \"# keep\" when it takes the other's place"}))
		}
	}
	return nil
}

// rename gives the local labels of a rule the names that a person gave to what
// they name.
func rename(r repository.Rule, names map[string]string) repository.Rule {
	attrs := make([]repository.Attr, len(r.Attrs))
	for i, attr := range r.Attrs {
		if labels, ok := attr.Value.([]string); ok && labelLists[attr.Name] {
			changed := make([]string, len(labels))
			for j, label := range labels {
				if changed[j] = names[label]; changed[j] == "" {
					changed[j] = label
				}
			}
			attr.Value = changed
		}
		attrs[i] = attr
	}
	r.Attrs = attrs
	return r
}

// clear takes values out of an old rule that the new one does not have and
// that Gazelle's merger cannot take out: globs, dictionaries and sums.
func (f folder) clear(old, wanted *rule.Rule) {
	if old == nil || old.ShouldKeep() {
		return
	}
	for _, key := range old.AttrKeys() {
		if !f.kinds[wanted.Kind()].MergeableAttrs[key] || wanted.Attr(key) != nil || keeps(old, key) {
			continue
		}
		if rest, ok := remains(old.Attr(key)); !ok {
			continue
		} else if rest == nil {
			old.DelAttr(key)
		} else {
			old.SetAttr(key, rest)
		}
	}
}

// keeps says that an attribute is marked "# keep".
func keeps(r *rule.Rule, key string) bool {
	for _, c := range append(r.AttrComments(key).Before, r.AttrComments(key).Suffix...) {
		if text := strings.TrimSpace(strings.TrimPrefix(c.Token, "#")); text == "keep" || strings.HasPrefix(text, "keep: ") {
			return true
		}
	}
	return false
}

// place has a new rule written after the one that it follows in the map, so
// that a file's rules stay in order. Without a neighbour it goes to the end.
func (f folder) place(gen, old, empty []*rule.Rule) {
	if f.file == nil {
		return
	}
	gone := map[int]bool{} // statements that are deleted before rules are inserted
	for _, e := range empty {
		for _, r := range f.file.Rules {
			if r.Name() == e.Name() && (r.Kind() == e.Kind() || f.aliases[r.Kind()] == e.Kind()) && !r.ShouldKeep() {
				gone[r.Index()] = true
			}
		}
	}
	last := -1
	for i, r := range gen {
		if old[i] != nil {
			last = old[i].Index()
			for index := range gone {
				if index < old[i].Index() {
					last--
				}
			}
		} else if last >= 0 {
			r.SetPrivateAttr(merger.UnstableInsertIndexKey, last+1)
		}
	}
}
