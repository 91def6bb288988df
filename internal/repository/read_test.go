package repository

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// workspace writes files, "path" → text, and maps them.
func workspace(t *testing.T, files map[string]string, environments ...Environment) *Map {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, err := Read(context.Background(), Options{Root: root, Environments: environments, Cache: filepath.Join(root, ".weft/gen")})
	if err != nil {
		t.Fatal(err)
	}
	// What the cache gives must be what the sources gave.
	again, err := Read(context.Background(), Options{Root: root, Environments: environments, Cache: filepath.Join(root, ".weft/gen")})
	if err != nil || again.Counts.Scanned != 0 || text(again) != text(m) {
		t.Fatalf("from the cache: %v, %d scanned\n%s\nfrom the sources:\n%s", err, again.Counts.Scanned, text(again), text(m))
	}
	return m
}

// text is the map for people and comparisons.
func text(m *Map) string {
	var b strings.Builder
	for _, name := range sortedKeys(m.Folders) {
		for _, r := range m.Folders[name].Rules {
			fmt.Fprintf(&b, "//%s:%s %s %v\n", name, r.Name, r.Kind, r.Attrs)
		}
	}
	for _, p := range m.Problems {
		fmt.Fprintf(&b, "%s:%d: %s\n", p.File, p.Line, p.Text)
	}
	return b.String()
}

// attr is an attribute of a rule, as text; "" when there is no such rule.
func attr(m *Map, folder, rule, name string) string {
	if f := m.Folders[folder]; f != nil {
		for _, r := range f.Rules {
			for _, a := range r.Attrs {
				if r.Name == rule && a.Name == name {
					return fmt.Sprint(a.Value)
				}
			}
		}
	}
	return ""
}

func environment(t *testing.T, name string, modules ...string) Environment {
	t.Helper()
	out := t.TempDir()
	for _, m := range modules {
		if err := os.MkdirAll(filepath.Join(out, "lib/python3.11/site-packages", m), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return Environment{Name: name, Kind: "python", Version: "3.11.2", OutPath: out}
}

func TestMissingModules(t *testing.T) {
	m := workspace(t, map[string]string{
		"pytest.ini":      "[pytest]\n",
		"test_a.py":       "import os, yaml\nimport helper\ntry:\n    import ujson\nexcept ImportError:\n    ujson = None\ndef test_a(): import lazily\n",
		"helper.py":       "import numpy.linalg\nimport pytest\n",
		"unused.py":       "import nobody_has_this\n",
		"old/BUILD.bazel": "# gazelle:weft_environments full\n",
		"old/test_b.py":   "import tomli_w\ndef test_b(): pass\n",
	}, environment(t, "minimal", "pytest"), environment(t, "full", "pytest", "numpy", "yaml", "tomli_w"),
		Environment{Name: "unbuilt", Kind: "python", OutPath: "/nowhere"})
	want := `helper.py:1: module "numpy" is not in minimal
test_a.py:1: module "yaml" is not in minimal
`
	got := ""
	for _, p := range m.Problems {
		got += fmt.Sprintf("%s:%d: %s\n", p.File, p.Line, p.Text)
	}
	if got != want {
		t.Errorf("problems:\n%swant:\n%s", got, want)
	}
}

func TestUnknownEnvironment(t *testing.T) {
	m := workspace(t, map[string]string{
		"BUILD.bazel": "# gazelle:weft_environments python3.*, pithon3.9\n", "test_a.py": "def test_a(): pass\n",
	}, environment(t, "python3.11", "pytest"))
	if got := text(m); !strings.Contains(got, `BUILD.bazel:1: weft_environments names "pithon3.9"`) || strings.Contains(got, `names "python3.*"`) {
		t.Errorf("problems:\n%s", got)
	}
}

// What a person keeps is neither written again nor taken away.
func TestHandWrittenRulesProvide(t *testing.T) {
	m := workspace(t, map[string]string{
		"pyproject.toml":      "[project]\nname = \"pkg\"\nversion = \"1\"\n",
		"src/BUILD.bazel":     "load(\"@rules_weft//:defs.bzl\", \"python_sources\")\npython_sources(name = \"all_of_it\", srcs = glob([\"**/*.py\"]), imports = [\".\"])\n",
		"src/pkg/__init__.py": "", "src/pkg/a.py": "", "tests/test_a.py": "from pkg import a\ndef test_a(): pass\n",
	})
	if got := attr(m, "tests", "test_a", "deps"); got != "[//:distribution //src:all_of_it]" {
		t.Errorf("deps = %s", got)
	}
	if m.Folders["src/pkg"] != nil {
		t.Errorf("rules beside the hand-written one:\n%s", text(m))
	}
}

func TestDynamicImportsNeedTheWholePackage(t *testing.T) {
	m := workspace(t, map[string]string{
		"pyproject.toml":  "[project]\nname = \"pkg\"\nversion = \"1\"\n",
		"pkg/__init__.py": "", "pkg/plugins/__init__.py": "", "pkg/plugins/one.py": "", "pkg/other.py": "",
		"pkg/load.py":     "import importlib\ndef load(name): return importlib.import_module(f\"pkg.plugins.{name}\")\n",
		"tests/test_a.py": "from pkg.load import load\ndef test_a(): load('one')\n",
		"tests/test_b.py": "import importlib\ndef test_b(name): importlib.import_module(name)\n",
	})
	if got := attr(m, "pkg", "load", "deps"); got != "[//pkg/plugins:modules :__init__]" && got != "[:__init__ //pkg/plugins:modules]" {
		t.Errorf("deps of load = %s", got)
	}
	if got := attr(m, "pkg/plugins", "modules", "deps"); got != "[:__init__ :one]" {
		t.Errorf("deps of plugins = %s", got)
	}
	if got := attr(m, "tests", "test_b", "deps"); !strings.Contains(got, "//pkg:modules") {
		t.Errorf("deps of test_b = %s", got)
	}
}

// What tests need of a folder that is off is said, and nothing depends on
// metadata that no rule declares.
func TestOffAboveTests(t *testing.T) {
	m := workspace(t, map[string]string{
		"BUILD.bazel": "# gazelle:weft off\n", "pytest.ini": "[pytest]\n",
		"pyproject.toml":    "[project]\nname = \"pkg\"\nversion = \"1\"\n",
		"tests/BUILD.bazel": "# gazelle:weft on\n", "tests/test_a.py": "def test_a(): pass\n",
	})
	if got := text(m); !strings.Contains(got, "BUILD.bazel:0: tests elsewhere need pytest_ini here, and weft is off") || strings.Contains(got, ":distribution") {
		t.Errorf("got:\n%s", got)
	}
}
