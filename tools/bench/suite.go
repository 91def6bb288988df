package main

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

//go:embed suite
var bodies embed.FS

const (
	// users is how many test files use the shared module.
	users = 5
	// modules is how many modules the others share among them.
	modules = 8
)

// uses says whether test file i uses the shared module: five, spread over the
// first forty.
func uses(i int) bool { return i%modules == 0 && i/modules < users }

func testName(i int) string { return fmt.Sprintf("test_%03d", i) }

func testPath(i int) string { return "tests/" + testName(i) + ".py" }

const sharedPath = "src/pkg/shared.py"

func modulePath(i int) string { return fmt.Sprintf("src/pkg/mod_%d.py", i) }

// imports are the sources that test file i needs.
func imports(i int) []string {
	all := []string{"src/pkg/__init__.py", modulePath(i % modules)}
	if uses(i) {
		all = append(all, sharedPath)
	}
	return all
}

// suite is a workload's repository: text by path. The same workload gives the
// same bytes everywhere.
func suite(w workload) (map[string]string, error) {
	files := map[string]string{"src/pkg/__init__.py": "", "pyproject.toml": project(w)}
	module, err := body("src/module.py")
	if err != nil {
		return nil, err
	}
	for i := range modules {
		files[modulePath(i)] = module
	}
	if files[sharedPath], err = body("src/shared.py"); err != nil {
		return nil, err
	}
	for i := range w.files {
		if files[testPath(i)], err = testFile(w, i); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func project(w workload) string {
	needs := ""
	for _, r := range w.requires {
		needs += fmt.Sprintf("%q, ", r)
	}
	return "[project]\nname = \"pkg\"\nversion = \"1.0\"\nrequires-python = \">=3.9,<3.12\"\n" +
		"dependencies = [" + strings.TrimSuffix(needs, ", ") + "]\n\n" +
		"[tool.pytest.ini_options]\ntestpaths = [\"tests\"]\npythonpath = [\"src\"]\n"
}

func testFile(w workload, i int) (string, error) {
	var texts []string
	for _, name := range w.bodies {
		text, err := body("tests/" + name + ".py")
		if err != nil {
			return "", err
		}
		texts = append(texts, text)
	}
	text := strings.Join(texts, "\n\n")
	text = strings.NewReplacer("{{module}}", fmt.Sprint(i%modules), "{{number}}", fmt.Sprint(i)).Replace(text)
	if !uses(i) {
		return text, nil
	}
	more, err := body("tests/shared_test.py")
	return strings.Replace(text, "from pkg.mod_", "from pkg import shared\nfrom pkg.mod_", 1) + more, err
}

func body(name string) (string, error) {
	text, err := bodies.ReadFile(path.Join("suite", name))
	return string(text), err
}
