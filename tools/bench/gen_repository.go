package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// shape is how large a generated repository is. The same shape gives the same
// bytes on every machine.
type shape struct {
	Files, Folders int
}

// A fifth of the folders hold tests, as deep as the packages that they mirror.
const testShare = 5

type folder struct {
	path    string // below src/ or tests/
	modules []string
}

type generator struct {
	dir      string
	random   *rand.Rand
	packages []folder
	tests    []folder
	written  int
}

// generate writes a repository with a src layout, mirrored tests, conftest.py
// chains, helpers, data and a few import cycles into an empty folder.
func generate(dir string, s shape) error {
	if s.Folders < 2*testShare || s.Files < 10*s.Folders {
		return fmt.Errorf("a repository of %d files in %d folders is too small: at least %d folders of 10 files", s.Files, s.Folders, 2*testShare)
	}
	g := &generator{dir: dir, random: rand.New(rand.NewPCG(3, uint64(s.Files)))}
	each := s.Files / s.Folders
	tests := s.Folders / testShare
	for i := range s.Folders - tests {
		g.packages = append(g.packages, folder{packagePath(i), names("", each-1, i)})
	}
	for i := range tests {
		// Not by the package's name: pytest puts tests/ on the path before src/.
		g.tests = append(g.tests, folder{"unit" + strings.TrimPrefix(packagePath(i), root), names("test_", each-3, i)})
	}
	for _, step := range []func() error{g.settings, g.sources, g.testFiles} {
		if err := step(); err != nil {
			return err
		}
	}
	// What the division left over, so that the number is the one that was asked for.
	for n := 0; g.written < s.Files; n++ {
		if err := g.write(fmt.Sprintf("src/%s/left_over_%d.py", root, n), "LEFT_OVER = True\n"); err != nil {
			return err
		}
	}
	return nil
}

const root = "observatory"

// packagePath nests: 25 packages of 25, at most three deep.
func packagePath(i int) string {
	if i == 0 {
		return root
	}
	parts := []string{root, fmt.Sprintf("area%02d", i/25)}
	if i%25 > 0 {
		parts = append(parts, fmt.Sprintf("part%02d", i%25))
	}
	return strings.Join(parts, "/")
}

var nouns = []string{"camera", "dome", "filter", "guide", "mirror", "mount", "plate", "queue", "sensor", "sky", "star", "survey"}

func names(prefix string, count, salt int) []string {
	var all []string
	for n := range count {
		all = append(all, fmt.Sprintf("%s%s_%02d", prefix, nouns[(n+salt)%len(nouns)], n))
	}
	return all
}

func (g *generator) write(path, text string) error {
	if strings.HasSuffix(path, ".py") {
		g.written++
	}
	path = filepath.Join(g.dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func (g *generator) settings() error {
	for path, text := range map[string]string{
		"MODULE.bazel": "module(name = \"bench\")\n",
		"BUILD.bazel":  "",
		"README.md":    "# observatory\n",
		"pyproject.toml": "[project]\nname = \"observatory\"\nversion = \"1.0\"\nrequires-python = \">=3.9\"\n\n" +
			"[tool.pytest.ini_options]\ntestpaths = [\"tests\"]\nmarkers = [\"integration\", \"performance\"]\n",
	} {
		if err := g.write(path, text); err != nil {
			return err
		}
	}
	return nil
}

func (g *generator) sources() error {
	for i, p := range g.packages {
		dir := "src/" + p.path
		text := fmt.Sprintf("\"\"\"%s.\"\"\"\n\nfrom .%s import run\n\n__all__ = [\"run\"]\n", p.path, p.modules[0])
		if i == 0 {
			text = "__version__ = \"1.0\"\n"
		}
		if err := g.write(dir+"/__init__.py", text); err != nil {
			return err
		}
		for n := range p.modules {
			if err := g.write(dir+"/"+p.modules[n]+".py", g.module(i, n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// module imports its neighbours below it and modules of packages before its own,
// so that there is no cycle but those that are meant: one module in forty imports
// one above it, late.
func (g *generator) module(i, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\"\"\"Module %d of %s.\"\"\"\n\nfrom __future__ import annotations\n\nimport json\nimport logging\nfrom dataclasses import dataclass\nfrom pathlib import Path\nfrom typing import TYPE_CHECKING, Any\n\nimport yaml\n\n", n, g.packages[i].path)
	for range min(n, 2) {
		fmt.Fprintf(&b, "from .%s import Record as %s\n", g.packages[i].modules[g.random.IntN(n)], nouns[g.random.IntN(len(nouns))])
	}
	for range min(i, 3) {
		p := g.packages[g.random.IntN(i)]
		fmt.Fprintf(&b, "from %s import %s\n", strings.ReplaceAll(p.path, "/", "."), p.modules[g.random.IntN(len(p.modules))])
	}
	if i > 0 {
		p := g.packages[g.random.IntN(i)]
		fmt.Fprintf(&b, "\nif TYPE_CHECKING:\n    from %s.%s import Record as Typed\n", strings.ReplaceAll(p.path, "/", "."), p.modules[0])
	}
	fmt.Fprint(&b, "\nlog = logging.getLogger(__name__)\n\n\n@dataclass\nclass Record:\n    \"\"\"One observation.\"\"\"\n\n    name: str\n    value: float = 0.0\n\n")
	for m := range 3 + g.random.IntN(6) {
		fmt.Fprintf(&b, "    def step_%d(self, scale: float = %d.0) -> float:\n        \"\"\"Scales it {not a field}.\"\"\"\n        if scale < 0:\n            raise ValueError(f\"{self.name!r}: {scale:.2f} is \\\"negative\\\"\")\n        return self.value * scale + %d\n\n", m, m+1, m)
	}
	fmt.Fprint(&b, "\ndef load(path: Path) -> dict[str, Any]:\n    text = path.read_text(encoding=\"utf-8\")\n    return yaml.safe_load(text) if path.suffix == \".yaml\" else json.loads(text)\n\n\ndef run(name: str = \"x\") -> Record:\n")
	if n+1 < len(g.packages[i].modules) && g.random.IntN(40) == 0 {
		fmt.Fprintf(&b, "    from . import %s\n\n    log.debug(\"%%s\", %[1]s)\n", g.packages[i].modules[n+1])
	}
	fmt.Fprint(&b, "    return Record(name, 1.0)\n")
	return b.String()
}

func (g *generator) testFiles() error {
	for i, t := range g.tests {
		dir := "tests/" + t.path
		files := map[string]string{
			"__init__.py":     "",
			"conftest.py":     fmt.Sprintf("import pytest\n\nfrom %s import %s\n\n\n@pytest.fixture\ndef record_%d():\n    return %[2]s.run()\n", strings.ReplaceAll(g.packages[i].path, "/", "."), g.packages[i].modules[0], i),
			"helpers.py":      "from pathlib import Path\n\nHERE = Path(__file__).parent\n\n\ndef table(name):\n    return (HERE / \"data\" / name).read_text()\n",
			"data/table.csv":  "1,2\n",
			"data/other.json": "{}\n",
		}
		for name, text := range files {
			if err := g.write(dir+"/"+name, text); err != nil {
				return err
			}
		}
		for n := range t.modules {
			if err := g.write(dir+"/"+t.modules[n]+".py", g.test(i, n)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *generator) test(i, n int) string {
	var b strings.Builder
	p := g.packages[g.random.IntN(len(g.packages))]
	fmt.Fprintf(&b, "import pathlib\n\nimport pytest\n\nfrom %s import %s as subject\nfrom %s.%s import Record\n\nfrom .helpers import table\n\n", strings.ReplaceAll(p.path, "/", "."), p.modules[g.random.IntN(len(p.modules))], strings.ReplaceAll(g.packages[i].path, "/", "."), g.packages[i].modules[n%len(g.packages[i].modules)])
	fmt.Fprint(&b, "\ndef test_table():\n    assert table(\"table.csv\") == \"1,2\\n\"\n\n\ndef test_readme():\n    assert pathlib.Path(\"README.md\").exists()\n\n\n")
	if n%10 == 0 {
		fmt.Fprint(&b, "@pytest.mark.integration\n")
	}
	fmt.Fprint(&b, "@pytest.mark.parametrize(\"scale\", [1, 2, 3])\ndef test_scale(scale):\n    assert Record(\"a\", 1.0).step_0(scale) == scale\n\n\nclass TestSubject:\n    def test_run(self):\n        assert subject.run().name == \"x\"\n")
	return b.String()
}
