package pyproject

import (
	"strings"
	"testing"
)

// Files that were written to be slow or deep end soon, and are said.
func TestHostileFiles(t *testing.T) {
	groups := "[dependency-groups]\n"
	for i := range 40 {
		groups += strings.ReplaceAll("gN = [{include-group = 'gM'}, {include-group = 'gM'}]\n", "N", itoa(i))
		groups = strings.ReplaceAll(groups, "M", itoa(i+1))
	}
	deep := func(open string) string { return strings.Repeat(open, maxFile/len(open)-1000) }
	for name, c := range map[string]struct{ file, text string }{
		"groups that double":     {"pyproject.toml", groups + "g40 = ['x']\n"},
		"arrays in arrays":       {"pyproject.toml", "a = " + deep("[")},
		"tables in tables":       {"pyproject.toml", "a = " + deep("{a=")},
		"a long dotted key":      {"pyproject.toml", "[project]\nname = 'x'\n" + strings.Repeat("a.", 1<<17) + "a = 1"},
		"brackets of a marker":   {"requirements.txt", "a; " + strings.Repeat("(", maxLine/2)},
		"a long requirement":     {"requirements.txt", "a" + strings.Repeat("[", maxLine)},
		"a file that is too big": {"tox.ini", deep("[") + deep("[")},
		"calls in calls":         {"setup.py", "setup(" + deep("setup(")},
		"lists in lists":         {"setup.py", "setup(name=" + deep("[")},
		"sessions":               {"noxfile.py", deep("@session(")},
	} {
		workspace := files(c.file, c.text)
		_, read := Read(workspace, []string{""})
		_, pytest := ReadPytest(workspace, "")
		_, matrix := ReadMatrix(workspace, "")
		if len(read)+len(pytest)+len(matrix) == 0 && !strings.HasSuffix(c.file, ".py") && name != "a long dotted key" {
			t.Errorf("%s: nothing is said", name)
		}
	}
}
