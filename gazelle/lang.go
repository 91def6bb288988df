// Package gazelle is Weft's language extension of Gazelle: for a gazelle_binary
// of the user's own (`languages = ["@weft//gazelle"]`), and in-process for
// weft gen. It is a thin adapter, and the only package that knows Gazelle's
// API: what the rules are is internal/repository's to say, how they get into a
// BUILD file that people edit too is the merger's of Gazelle.
package gazelle

import (
	"context"
	"log"
	"os"
	"path/filepath"
	"sync"

	"github.com/bazelbuild/bazel-gazelle/config"
	"github.com/bazelbuild/bazel-gazelle/language"
	"github.com/bazelbuild/bazel-gazelle/rule"

	"github.com/weft-build/weft/internal/nixenv"
	"github.com/weft-build/weft/internal/repository"
)

// Directives are those that BUILD files may hold for Weft, without "gazelle:".
var Directives = []string{"weft", "weft_data", "weft_environments", "weft_isolation", "weft_types"}

// NewLanguage is called by the main function of a gazelle_binary.
func NewLanguage() language.Language {
	return &extension{read: readMap}
}

// extension is Gazelle's view of a map of the workspace. Imports and Resolve
// are the base's, which do nothing: the map has labels already.
type extension struct {
	language.BaseLang
	read  func(root string) (*repository.Map, error)
	once  sync.Once
	known *repository.Map
}

func (*extension) Name() string { return "weft" }

func (*extension) KnownDirectives() []string { return Directives }

func (*extension) Kinds() map[string]rule.KindInfo { return kinds() }

func (*extension) Loads() []rule.LoadInfo { return loads("rules_weft") }

// ApparentLoads are the loads under the name that MODULE.bazel gives rules_weft.
func (*extension) ApparentLoads(apparent func(module string) string) []rule.LoadInfo {
	return loads(apparent("rules_weft"))
}

// GenerateRules says what the map has for a folder. The map is that of the
// whole workspace, read when the first folder is asked for.
func (e *extension) GenerateRules(args language.GenerateArgs) language.GenerateResult {
	e.once.Do(func() { e.known = e.load(args.Config) })
	folder := e.known.Folders[args.Rel]
	if folder == nil {
		return language.GenerateResult{}
	}
	return generate(folder, args)
}

func (e *extension) load(c *config.Config) *repository.Map {
	m, err := e.read(c.RepoRoot)
	if err != nil {
		log.Printf("weft: %v", err)
		return &repository.Map{}
	}
	for _, p := range m.Problems {
		log.Print(sentence(p))
	}
	if p, ok := m.Unread(); ok {
		log.Printf("weft: no BUILD file is changed until %s can be read", p.File)
		return &repository.Map{}
	}
	return m
}

// readMap reads the workspace without a cache: a gazelle_binary has no place
// of its own to keep one.
func readMap(root string) (*repository.Map, error) {
	lock := os.Getenv(nixenv.LockVariable)
	if lock == "" {
		lock = filepath.Join(root, nixenv.LockName)
	}
	environments, err := repository.ReadEnvironments(lock)
	if err != nil {
		log.Printf("weft: %v", err)
	}
	return repository.Read(context.Background(), repository.Options{Root: root, Environments: environments})
}
