package pysource

import (
	"bytes"
	"reflect"
	"testing"
)

// seeds are sources that a tokenizer may stumble over; what is wrong in them is
// wrong for Python too.
var seeds = []string{
	"", "\n", "\\", "\\\n", "#", "\ufeffimport a", "import", "from", "from .", "from . import (", "import a.", "import a as",
	"from a import *, b", "@", "@a\n@b", "class", "class A(", "def", "def f(:", "async", "async def", "async with a: import b",
	"if", "if x: import a; import b", "if TYPE_CHECKING:\n import a\nelif b:\n import c\nelse:\n import d",
	"try: import a\nexcept: import b\nelse: import c\nfinally: import d", "except ImportError: pass", "try:\n import a\nexcept A, ImportError:\n pass",
	"x = f'{a!r:>{b}} {c['d']}'", "f'{", "f'{a:", "f'''{\n", "f'{a:{b", "f\"{f\"{f\"{1}\"}\"}\"", "rf'\\{a}\\N{b}'", "t'{a}'", "f'{{}}'", "f'}'",
	"'", "'''", "\"\"\"a\\\"\"\"", "b'\\x", "'\\u12'", "'\\N{", "ur'a'", "'a' 'b' f'{c}' 'd'", "`a`", "print 'a', b", "print >>a, 'b'", "exec 'a'",
	"((((", "))))", "([)]", "f'{(}'", "f'{)}'", "{1: [2, (3,", "(\nimport a", "(\nfrom a import b", "0x", "1e", "1_000j", "1if a else 2", ".5", "a.b . c",
	"match a:\n case b: import c\n case _:\n  import d", "match: int = 1", "match[a]: int = 1", "match(a)", "case = 1", "type A = b", "type(a)", "lambda: 1",
	"if (lambda: 1): import a", "with lambda: 1: import a", "x = lambda a, b=1: a", "import a\x00b", "\fimport a", "if a:\n\timport b\n        import c",
	"if a:\nimport b", "  import a", "if a:\n  b\n c", "a = b = c", "a, *b = c", "(a) = b", "[a, b] = c", "__all__ = ['a'] + ['b']\n__all__ += ['c']\n__all__.extend(['d'])",
	"pytest_plugins = ['a', 'b']", "import pytest as p\nfrom pytest import mark as m\na = p.mark.b\n@a\n@m.c(d=p.mark.e)\nclass T:\n pytestmark = [a]\n def test_x(self): 'a >>> b'",
	"import pytest\n@pytest.mark.parametrize('a', [pytest.param(1, marks=[pytest.mark.b])])\ndef test_a(): '>>> 1'",
	"import_module('a' + b)\nimport_module(f'a{b}')\nimport_module('.a', 'b')\nimport_module('..a', package='b.c')\nwalk_packages(a, 'b.')",
	"join(a, 'b', 'c', d, 'e')", "a / 'b' / 'c' / d", "Path('a') / 'b'", "join(join('a', 'b'), 'c')", "a.joinpath('b', 'c') / f'd{e}'",
	"# coding: latin-1\n'\xe9'", "# coding: koi8-r\n'\xe9'", "# coding: none\n", "'\xff'", "\xff = 1", "é = 'ü'", "a\r\nb\rimport c",
	"setup(name='a', **b)\nsetup(*a, b=[c, (1,), {2: 3}], d=-1)", "A = 'a' 'b' + f'c'\nA += 'd'", "x = 'a b'.split()", "x = 'a'.b)(",
}

func FuzzRead(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := Read(data)
		check(t, file, data)
		if again := Read(data); !reflect.DeepEqual(file, again) {
			t.Errorf("read twice:\n%+v\n%+v", file, again)
		}
		for _, call := range Calls(data, "setup", "import_module", "join", "param") {
			inside(t, "call", call.Line, data)
		}
		Constants(data)
	})
}

// check is what holds for every file.
func check(t *testing.T, file *File, data []byte) {
	t.Helper()
	for _, i := range file.Imports {
		inside(t, "import", i.Line, data)
		if i.Module == "" && i.Level == 0 {
			t.Errorf("an import of nothing: %+v", i)
		}
	}
	for _, d := range file.Dynamic {
		inside(t, d.Call, d.Line, data)
	}
	seen := map[string]bool{}
	for _, s := range file.Strings {
		inside(t, "string", s.Line, data)
		if seen[s.Value] || len(s.Value) == 0 || len(s.Value) > maxString || bytes.IndexByte([]byte(s.Value), '\n') >= 0 {
			t.Errorf("string %q: seen %v", s.Value, seen[s.Value])
		}
		seen[s.Value] = true
	}
	if file.Problem != nil {
		inside(t, "problem", file.Problem.Line, data)
	}
	definitions(t, file.Definitions, data)
}

func definitions(t *testing.T, list []Definition, data []byte) {
	t.Helper()
	for _, d := range list {
		inside(t, d.Name, d.Line, data)
		if d.Name == "" {
			t.Errorf("a definition without a name: %+v", d)
		}
		definitions(t, d.Members, data)
	}
}

func inside(t *testing.T, what string, line int, data []byte) {
	t.Helper()
	if lines := 1 + bytes.Count(unixLines(data), []byte("\n")); line < 1 || line > lines {
		t.Errorf("%s is on line %d of %d", what, line, lines)
	}
}
