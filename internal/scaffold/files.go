package scaffold

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// RulesDir is the folder of the vendored rules, and of what init keeps beside
// them.
const RulesDir = "rules_weft"

// The files that init keeps in RulesDir.
const (
	VersionFile  = RulesDir + "/VERSION"
	ManifestFile = RulesDir + "/files.sha256"
	bazelrcFile  = RulesDir + "/weft.bazelrc"
)

// File is one that a workspace should have.
type File struct {
	Path string
	Data []byte // all of it, where there is none yet
	// Merge adds what is missing to a file that others write too; nil: the file
	// is init's as a whole.
	Merge func(old []byte) []byte
	// Once: a file that is there is right, whatever it says.
	Once bool
	// With is the file that this one makes no sense without: it is written only
	// where that one is init's own.
	With string
	// Vendored: --upgrade brings it up to date, and nothing else does.
	Vendored bool
}

// Source is what Files renders from.
type Source struct {
	Survey   Survey
	Proposal Proposal
	// Asked says that the workspace's flake.nix came from the same proposal, which
	// nixpkgs was asked about then: it stands as it is.
	Asked    bool
	Vendored fs.FS  // this repository's rules/ and nix/lib/
	Version  string // of weft
	// Top says that the workspace is the top of its git repository, or in none:
	// a workflow belongs there.
	Top bool
	// First says that the workspace has not been made yet. A workflow that the
	// user removed does not come back.
	First bool
	// Has says that the workspace has a file, which may make another one
	// superfluous.
	Has func(name string) bool
}

// Files renders a workspace's files, vendored ones first.
func Files(src Source) ([]File, error) {
	files, err := vendored(src.Vendored)
	if err != nil {
		return nil, err
	}
	name := moduleName(src.Survey)
	module := moduleLines(src.Vendored)
	files = append(files,
		File{Path: "flake.nix", Data: []byte(src.Proposal.Flake(description(src.Survey))), Once: src.Asked},
		File{Path: "flake.lock", Data: src.Proposal.Lock(), Once: true, With: "flake.nix"},
		File{Path: "MODULE.bazel", Data: []byte(fmt.Sprintf("module(name = %q)\n\n", name) + module), Merge: addModule(module)},
		File{Path: ".bazelrc", Data: []byte(bazelrcLines), Merge: addBlock(bazelrcLines, bazelrcImport)},
		File{Path: ".bazelignore", Data: lines(ignoredByBazel), Merge: addLines(ignoredByBazel, "")},
		File{Path: ".gitignore", Data: lines(ignoredByGit), Merge: addLines(ignoredByGit, "# Weft's and Bazel's")},
		File{Path: "weft.toml", Data: []byte(weftTOML), Once: true},
	)
	if !src.Has("BUILD") {
		files = append(files, File{Path: "BUILD.bazel", Data: []byte(rootBuild), Once: true})
	}
	if !src.Has(".bazelversion") {
		files = append(files, File{Path: ".bazeliskrc", Data: []byte(bazeliskrc), Once: true})
	}
	if src.First && src.Top && (src.Survey.GitHub || len(src.Survey.CI) == 0) {
		files = append(files, File{Path: ".github/workflows/weft.yml", Data: []byte(workflow), Once: true})
	}
	// The version says that all the others are there.
	return append(files, File{Path: VersionFile, Data: []byte(src.Version + "\n"), Vendored: true}), nil
}

// vendored are the rules, the Nix library beside them, and the settings that
// every workspace's .bazelrc imports.
func vendored(from fs.FS) (files []File, err error) {
	err = fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		to := path.Join(RulesDir, strings.TrimPrefix(name, "rules/"))
		if inNix, ok := strings.CutPrefix(name, "nix/lib/"); ok {
			to = path.Join(RulesDir, "nix", inNix)
		}
		files = append(files, File{Path: to, Data: data, Vendored: true})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the embedded rules: %w", err)
	}
	files = append(files, File{Path: bazelrcFile, Data: []byte(weftBazelrc), Vendored: true})
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// project is the distribution that stands for the repository: the one at its
// top, or the only one.
func project(s Survey) string {
	all := s.main()
	for _, d := range all {
		if d.Name != "" && (d.Dir == "" || len(all) == 1) {
			return d.Name
		}
	}
	return ""
}

func description(s Survey) string {
	if name := project(s); name != "" {
		return "The environments that the tests of " + name + " run in"
	}
	return "The environments that the tests run in"
}

var notModule = regexp.MustCompile(`[^a-z0-9._-]+`)

// moduleName is the project's name as Bazel takes it.
func moduleName(s Survey) string {
	name := strings.Trim(notModule.ReplaceAllString(strings.ToLower(project(s)), "-"), "0123456789._-")
	if name == "" || name == RulesDir {
		return "project"
	}
	return name
}

func lines(all []string) []byte { return []byte(strings.Join(all, "\n") + "\n") }

// addLines adds those lines that a file lacks.
func addLines(wanted []string, comment string) func([]byte) []byte {
	return func(old []byte) []byte {
		var missing []string
		for _, line := range wanted {
			if !hasLine(old, line) {
				missing = append(missing, line)
			}
		}
		if len(missing) == 0 {
			return old
		}
		if comment != "" {
			missing = append([]string{comment}, missing...)
		}
		return appendText(old, string(lines(missing)), comment != "")
	}
}

// hasLine knows a path with or without its slashes.
func hasLine(text []byte, line string) bool {
	for _, have := range strings.Split(string(text), "\n") {
		if strings.Trim(strings.TrimSpace(have), "/") == strings.Trim(line, "/") {
			return true
		}
	}
	return false
}

// addBlock adds a text unless the file has its marker already.
func addBlock(block, marker string) func([]byte) []byte {
	return func(old []byte) []byte {
		if hasLine(old, marker) {
			return old
		}
		return appendText(old, block, true)
	}
}

// addModule adds the rules to MODULE.bazel unless it knows them.
func addModule(block string) func([]byte) []byte {
	return func(old []byte) []byte {
		if bytes.Contains(old, []byte(`"`+RulesDir+`"`)) || bytes.Contains(old, []byte("@"+RulesDir+"//")) {
			return old
		}
		return appendText(old, block, true)
	}
}

// appendText keeps the file's line ends.
func appendText(old []byte, text string, apart bool) []byte {
	out := slices.Clone(old)
	end := "\n"
	if bytes.Contains(old, []byte("\r\n")) {
		end = "\r\n"
	}
	if len(out) > 0 && !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, end...)
	}
	if apart && len(bytes.TrimSpace(out)) > 0 {
		out = append(out, end...)
	}
	return append(out, strings.ReplaceAll(text, "\n", end)...)
}
