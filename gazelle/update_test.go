package gazelle_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weft-build/weft/gazelle"
	"github.com/weft-build/weft/internal/repository"
)

type attrs map[string]any

// wanted is a rule; the order of its attributes is Gazelle's in the end.
func wanted(kind, name string, a attrs) repository.Rule {
	r := repository.Rule{Kind: kind, Name: name}
	for key, v := range a {
		r.Attrs = append(r.Attrs, repository.Attr{Name: key, Value: v})
	}
	return r
}

const load = "load(\"@rules_weft//:defs.bzl\", "

// updateCase is a BUILD file before and after; want may be "same", or "none"
// when the file goes.
type updateCase struct {
	name       string
	rules      []repository.Rule
	empty      []repository.Rule
	old, want  string
	said, hint string
}

// update merges a folder into the text of a BUILD file.
func update(t *testing.T, f *repository.Folder, old []byte, module string) ([]byte, []repository.Problem) {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "MODULE.bazel"), []byte(module), 0o644); err != nil {
		t.Fatal(err)
	}
	w, problems := gazelle.Open(root, &repository.Map{Folders: map[string]*repository.Folder{f.Path: f}})
	stop := gazelle.Listen()
	out, err := w.Update(f, old, gazelle.Mappings(old))
	problems = append(problems, stop()...)
	if err != nil {
		t.Fatal(err)
	}
	return out, problems
}

func TestUpdate(t *testing.T) {
	for _, c := range slices.Concat(ruleUpdates, valueUpdates) {
		t.Run(c.name, func(t *testing.T) {
			f := &repository.Folder{Path: "tests", Build: "BUILD.bazel", Rules: c.rules, Empty: c.empty}
			var old []byte
			if c.old != "" {
				old = []byte(c.old)
			}
			out, problems := update(t, f, old, "")
			want := c.want
			if want == "same" {
				want = c.old
			}
			if want == "none" {
				if out != nil {
					t.Errorf("is left:\n%s", out)
				}
			} else if string(out) != want {
				t.Errorf("got:\n%s\nwant:\n%s", out, want)
			}
			checkSaid(t, problems, c.said, c.hint)
			if again, _ := update(t, f, out, ""); string(again) != string(out) {
				t.Errorf("a second time it is:\n%s", again)
			}
		})
	}
}

func checkSaid(t *testing.T, problems []repository.Problem, said, hint string) {
	t.Helper()
	if said == "" && len(problems) == 0 {
		return
	}
	if len(problems) != 1 || said == "" {
		t.Errorf("said %+v, want %q", problems, said)
		return
	}
	p := problems[0]
	if line := p.File + ":" + string(rune('0'+p.Line)) + ": " + p.Text; !strings.HasPrefix(line, said) || !strings.Contains(p.Hint, hint) {
		t.Errorf("said %q, hint %q; want %q, %q", line, p.Hint, said, hint)
	}
}

func TestUpdateLoadsUnderTheNameOfTheModule(t *testing.T) {
	f := &repository.Folder{Rules: []repository.Rule{wanted("pytest_file", "test_a", attrs{"src": "test_a.py"})}, Build: "BUILD"}
	out, problems := update(t, f, nil, "bazel_dep(name = \"rules_weft\", version = \"1\", repo_name = \"wefts\")\n")
	if !strings.HasPrefix(string(out), `load("@wefts//:defs.bzl", "pytest_file")`) || len(problems) > 0 {
		t.Errorf("%s %+v", out, problems)
	}
	out, problems = update(t, f, nil, "bazel_dep(\n  name = = \n")
	if !strings.HasPrefix(string(out), `load("@rules_weft//:defs.bzl", "pytest_file")`) || len(problems) != 1 || problems[0].File != "MODULE.bazel" || problems[0].Line != 2 {
		t.Errorf("%s %+v", out, problems)
	}
}
