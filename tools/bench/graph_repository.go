package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/weft-build/weft/internal/nixenv"
)

// graphShape is a workspace that is only read, never run: test files in folders of
// a hundred, each with a source that five share and one that all use.
type graphShape struct {
	files        int
	environments []string
}

// cells is how many pairs of file and environment there are.
func (g graphShape) cells() int { return g.files * len(g.environments) }

const graphFolder = 100 // test files

func (g graphShape) folder(i int) string {
	return fmt.Sprintf("project/area%03d/tests", i/graphFolder)
}
func (g graphShape) test(i int) string { return fmt.Sprintf("test_number_%06d", i) }

// write makes the workspace, with the rules of a folder.
func (g graphShape) write(dir, rules string) error {
	if err := writeFiles(dir, map[string]string{"flake.nix": "{ outputs = _: { }; }\n"}); err != nil {
		return err
	}
	source, err := nixenv.Digest(nixenv.Options{Workspace: dir})
	if err != nil {
		return err
	}
	lock, err := g.lock(dir, source)
	if err != nil {
		return err
	}
	files := map[string]string{
		"MODULE.bazel": "module(name = \"bench\")\nbazel_dep(name = \"rules_weft\", version = \"0.1.0\")\n" +
			fmt.Sprintf("local_path_override(module_name = \"rules_weft\", path = %q)\n", rules) +
			"weft = use_extension(\"@rules_weft//:extensions.bzl\", \"weft\")\nweft.environments(lock = \"//:environments.lock.json\")\nuse_repo(weft, \"environments\")\n",
		"environments.lock.json": lock,
		".bazelrc":               newBazelState(dir, "output", "").settings(),
		"BUILD.bazel":            "",
		"lib/all.py":             "",
		"lib/BUILD.bazel":        graphLoads + sources("all", ""),
	}
	for first := 0; first < g.files; first += graphFolder {
		var tests, parts strings.Builder
		tests.WriteString(graphLoads)
		parts.WriteString(graphLoads)
		names := []string{}
		folder := g.folder(first)
		for i := first; i < min(first+graphFolder, g.files); i++ {
			part := fmt.Sprintf("part%06d", i/users)
			if i%users == 0 {
				files[folder+"/../src/"+part+".py"] = ""
				parts.WriteString(sources(part, "//lib:all"))
			}
			files[folder+"/"+g.test(i)+".py"] = ""
			fmt.Fprintf(&tests, "pytest_file(name = %q, src = %q, deps = [%q])\n", g.test(i), g.test(i)+".py", "//"+filepath.Dir(folder)+"/src:"+part)
			names = append(names, g.test(i))
		}
		fmt.Fprintf(&tests, "matrix_suite(name = \"tests\", files = [\"%s\"])\n", strings.Join(names, `", "`))
		files[folder+"/BUILD.bazel"], files[folder+"/../src/BUILD.bazel"] = tests.String(), parts.String()
	}
	return writeFiles(dir, files)
}

const graphLoads = "load(\"@rules_weft//:defs.bzl\", \"matrix_suite\", \"pytest_file\", \"python_sources\")\n"

func sources(name, dep string) string {
	deps := ""
	if dep != "" {
		deps = fmt.Sprintf(", deps = [%q]", dep)
	}
	return fmt.Sprintf("python_sources(name = %q, srcs = [%q], visibility = [\"//visibility:public\"]%s)\n", name, name+".py", deps)
}

// lock names environments that nobody has built, as nothing is run in them: empty
// folders, which are rooted as weft roots what it has realised.
func (g graphShape) lock(dir, source string) (string, error) {
	system, err := nixenv.System()
	if err != nil {
		return "", err
	}
	type paths struct {
		OutPath string `json:"outPath"`
		DrvPath string `json:"drvPath"`
	}
	environments := map[string]any{}
	for _, name := range g.environments {
		path := filepath.Join(filepath.Dir(dir), "store", strings.Repeat("0", 32)+"-"+name)
		root := filepath.Join(dir, nixenv.RootsDir, name)
		if err := errors.Join(os.MkdirAll(path, 0o755), os.MkdirAll(filepath.Dir(root), 0o755), os.Symlink(path, root)); err != nil {
			return "", err
		}
		environments[name] = map[string]any{"kind": "python", "version": "3.11.0", "description": name, "systems": map[string]paths{system: {path, path + ".drv"}}}
	}
	text, err := json.Marshal(map[string]any{"version": 1, "source": source, "environments": environments})
	return string(text), err
}

// editBuildFile gives a folder another rule, and so a cell more.
func (g graphShape) editBuildFile(dir string, turn int) error {
	path := filepath.Join(dir, g.folder(0), "BUILD.bazel")
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "pytest_file(name = \"late_%d\", src = %q)\n", turn, g.test(0)+".py")
	if e := file.Close(); err == nil {
		err = e
	}
	return err
}
