package pysource

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestImports(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{"plain", "import a, b.c as d", "1 a|1 b.c"},
		{"from", "from a.b import (c as d,\n  e,)", "1 a.b[c e]"},
		{"relative", "from . import a\nfrom .. . b import c\nfrom ... import *", "1 .[a]|2 ...b[c]|3 ...[*]"},
		{"one line", "if a: import b; import c", "1 b|1 c"},
		{"line joins", "import \\\n a\nfrom b \\\n import c", "1 a|3 b[c]"},
		{"function", "def f():\n import a\nimport b", "2 a local|3 b"},
		{"async function", "async def f(): import a", "1 a local"},
		{"method", "class A:\n import a\n def f(self):\n  import b", "2 a|4 b local"},
		{"type checking", "if typing.TYPE_CHECKING:\n import a\nelse:\n import b", "2 a typing|4 b"},
		{"not type checking", "if not (TYPE_CHECKING):\n import a\nelif x:\n import b\nelse:\n import c", "2 a|4 b typing|6 c typing"},
		{"type checking and", "if TYPE_CHECKING and x: import a\nif TYPE_CHECKING or x: import b", "1 a typing|2 b"},
		{"type checking within", "if a:\n if not TYPE_CHECKING:\n  b\nelse:\n import c", "5 c"},
		{"try", "try:\n import a\nexcept ImportError:\n import b\nelse:\n import c\nfinally:\n import d", "2 a optional|4 b optional|6 c|8 d"},
		{"try for another error", "try:\n import a\nexcept OSError:\n import b\nexcept (KeyError, m.ModuleNotFoundError) as e:\n import c", "2 a optional|4 b|6 c optional"},
		{"try finally", "try: import a\nfinally: import b", "1 a|2 b"},
		{"except without parentheses", "try:\n import a\nexcept ValueError, ImportError:\n pass", "2 a optional"},
		{"except star", "try:\n import a\nexcept* Exception: pass", "2 a optional"},
		{"except bare", "try: import a\nexcept: pass", "1 a optional"},
		{"try in try", "try:\n try:\n  import a\n except KeyError:\n  import b\nexcept Exception: pass", "3 a optional|5 b optional"},
		{"suppress", "with contextlib.suppress(ImportError):\n import a\nwith suppress(OSError): import b", "2 a optional|3 b"},
		{"match", "match a:\n case {'b': 1}: import c\n case _ if d:\n  import e\nmatch[f]: int = 1\nmatch = case = 1\nimport g", "2 c|4 e|7 g"},
		{"type", "type A[T] = int\ntype = 1\ntype(a)\nimport b", "4 b"},
		{"parameters", "def f[T: (int, str) = int](a: {1: 2}[1]) -> {3: 4}: import b\nclass A[*T, **P]: import c", "1 b local|2 c"},
		{"lambda", "if (lambda: 1)(): import a\nwhile lambda x=lambda: 1: x: import b", "1 a|2 b"},
		{"strings", "x = 'import a'; y = '''\nimport b\n'''; z = f'{\"\"\"\nimport c\n\"\"\"}'\nimport d", "6 d"},
		{"nested f-strings", "x = f'{f'{f'{'import a'}'}'}'\ny = f\"{a:{'b'}>{c['d']}}\"; import e", "2 e"},
		{"a field over lines", "x = f'{\n  a # }'\n}'\nimport b", "4 b"},
		{"t-string", "x = t'{a!r:{b}}'; import c", "1 c"},
		{"named escapes", `x = f'\N{LEFT CURLY BRACKET}{a}'; y = rf'\N{a}'; z = f'\{b}'; import c`, "1 c"},
		{"line ends", "import a\r\nimport b\rimport c", "1 a|2 b|3 c"},
		{"form feed", "if a:\n  import b\n\f\nimport c\n\f  \n", "2 b|4 c"},
		{"tabs", "if a:\n\timport b\n        import c", "2 b|3 c"},
		{"numbers", "x = 1if a else 0x1for b in c; y = 1_0.e-5j + .5; import d", "1 d"},
		{"Python 2", "print 'a', `b`\nprint >>c, 0777L, ur'd'\nexec 'e' in f\nraise A, 'b'\nimport g", "5 g"},
		{"never closed", "x = (1,\nimport a\ny = [\nfrom b import c\nz = {\ndef f():\n  import d", "2 a|4 b[c]|7 d local"},
		{"string never closed", "x = 'a\nimport b\ny = f'{c\nimport d", "2 b|4 d"},
		{"wrong brackets", "x = (]\nimport a\n)\nimport b", "2 a|4 b"},
		{"words like keywords", "imports = 1\nimport_ = 2\nx.from_ = 3\nimport a", "4 a"},
		{"unicode", "import é.ü as ö", "1 é.ü"},
		{"no name", "import\nfrom a\nfrom a import\nimport b.", "3 a[]|4 b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, i := range Read([]byte(test.source)).Imports {
				text := fmt.Sprint(i.Line, " ", strings.Repeat(".", i.Level), i.Module)
				if i.Names != nil {
					text += fmt.Sprint(i.Names)
				}
				for word, is := range map[string]bool{" optional": i.Optional, " typing": i.Typing, " local": i.Local} {
					if is {
						text += word
					}
				}
				got = append(got, text)
			}
			if got := strings.Join(got, "|"); got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestDynamic(t *testing.T) {
	for _, test := range []struct {
		source string
		want   Dynamic
	}{
		{"importlib.import_module('a.b')", Dynamic{1, "import_module", "a.b", ""}},
		{"import_module(name='.a', package='b.c')", Dynamic{1, "import_module", "b.c.a", ""}},
		{"import_module('..a', 'b.c')", Dynamic{1, "import_module", "b.a", ""}},
		{"import_module('.a', __package__)", Dynamic{1, "import_module", ".a", ""}},
		{"import_module(a)", Dynamic{1, "import_module", "", ""}},
		{"import_module(f'a.{b}')", Dynamic{1, "import_module", "", "a."}},
		{"import_module('a.' + b)", Dynamic{1, "import_module", "", "a."}},
		{"import_module('a.%s' % b)", Dynamic{1, "import_module", "", "a."}},
		{"import_module('a.{}'.format(b))", Dynamic{1, "import_module", "", "a."}},
		{"__import__('a', fromlist=['b'])", Dynamic{1, "__import__", "a", ""}},
		{"np = pytest.importorskip('numpy', minversion='1')", Dynamic{1, "importorskip", "numpy", ""}},
		{"runpy.run_module('a', run_name='__main__')", Dynamic{1, "run_module", "a", ""}},
		{"pkgutil.iter_modules(a.__path__)", Dynamic{1, "iter_modules", "", ""}},
		{"walk_packages(a, prefix='b.')", Dynamic{1, "walk_packages", "", "b."}},
		{"pytest_plugins = ['a']", Dynamic{1, "pytest_plugins", "a", ""}},
		{"pytest_plugins = 'a'", Dynamic{1, "pytest_plugins", "a", ""}},
		{"\nx = f'{import_module(\"a\")}'", Dynamic{2, "import_module", "a", ""}},
		{"from importlib import import_module as load\nload('a')", Dynamic{2, "import_module", "a", ""}},
	} {
		if got := Read([]byte(test.source)).Dynamic; len(got) != 1 || got[0] != test.want {
			t.Errorf("%s:\n got %+v\nwant %+v", test.source, got, test.want)
		}
	}
	if got := Read([]byte("def import_module(a='b'): pass")).Dynamic; got != nil {
		t.Errorf("a definition is no call: %v", got)
	}
}

func TestUses(t *testing.T) {
	source := "f(z.late)\nimport a.b as x, c.d\nfrom . import e\nfrom .g import h as i\n" +
		"x.c.d; c . q; e.f().g; i.j[k.l]; self.m; f'{x.n!r:{i.o}}'; (x\n.p)\nx.c.d\nimport z"
	want := []Reference{{0, "z.late"}, {0, "a.b.c.d"}, {0, "c.q"}, {1, "e.f"}, {1, "g.h.j"}, {0, "a.b.n"}, {1, "g.h.o"}}
	// What is in parentheses may go on in the next line; outside of them it may not.
	want = append(want, Reference{0, "a.b.p"})
	if got := Read([]byte(source)).Uses; !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
}

func TestStrings(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"'''doc'''\nx = 'a'; y = \"a\"", "2 a"},
		{"def f():\n 'doc'\n 'no doc'", "3 no doc"},
		{"x = '' + 'a\\nb' + '''c\nd'''", ""},
		{`x = 'a\x41\101\u0041\'\q'; y = r'\a'; z = b'\x00'`, "1 aAAA'\\q|1 \\a|1 \x00"},
		{"x = 'a' \"b\" f'c'", "1 abc*"},
		{"x = f'{a}/b/{c}.txt'; y = f'd{{}}'", "1 /b/*|1 .txt*|1 d{}"},
		{"x = a / 'b' / 'c' / d / 'e'", "1 b|1 c|1 b/c*|1 e"},
		{"x = Path('a') / 'b'; y = Path('c', 'd')", "1 a|1 b|1 a/b*|1 c|1 d|1 c/d*"},
		{"x = os.path.join(a, 'b', 'c', d, 'e', f('g'))", "1 b|1 c|1 b/c*|1 e|1 g"},
		{"x = a.joinpath('b', 'c')", "1 b|1 c|1 b/c*"},
		{"x = ','.join(['a', 'b']); y = 1 / 2", "1 ,|1 a|1 b"},
		{"x = '" + strings.Repeat("a", 261) + "'", ""},
		{"x = f'{a:>{b!r}}{'c':d}'", "1 c"},
		{"# coding: latin-1\nx = '\xe9'", "2 é"},
		{"# coding: iso-8859-15\nx = '\xa4'", "2 €"},
		{"\n# vim: set fileencoding=cp1252 :\nx = '\x80'", "3 €"},
		{"\ufeffx = 'é'", "1 é"},
	} {
		var got []string
		for _, s := range Read([]byte(test.source)).Strings {
			text := fmt.Sprint(s.Line, " ", s.Value)
			if s.Joined {
				text += "*"
			}
			got = append(got, text)
		}
		if got := strings.Join(got, "|"); got != test.want {
			t.Errorf("%s\n got %q\nwant %q", test.source, got, test.want)
		}
	}
}

func TestProblems(t *testing.T) {
	for _, test := range []struct {
		source, want string
	}{
		{"import a", ""},
		{"# coding: koi8-r\nimport a", ""},
		{"x = '''\nimport a", "1 a string is not closed"},
		{"\nx = 'a", "2 a string is not closed"},
		{"x = f'{a", `1 a string is not closed`},
		{"x = (\n\nimport a", `1 "(" is not closed`},
		{"x = (]", `1 "]" does not close "("`},
		{"x = )", `1 ")" closes nothing`},
		{"if a:\n  b\n c", "3 the indentation fits no block"},
		{"if a:\nb", "2 an indented block is missing"},
		{"x = \\ 1", "1 a backslash that does not end its line"},
		{"\nx = '\xff'", "2 bytes that are not UTF-8, and no other encoding is declared"},
		{"# coding: koi8-r\nx = '\xff'", `1 encoding "koi8-r" is not known`},
		{"# coding: none\n", `1 encoding "none" is not known`},
		{"# coding: ascii\nx = '\xff'", `1 encoding "ascii" is declared, and there are bytes beyond it`},
		{"\ufeff# coding: latin-1\n", `1 encoding "latin-1" is declared after the byte order mark of UTF-8`},
		{"\nx\x00", "2 a NUL byte"},
		{strings.Repeat("(", 2000), "1 brackets are nested more than 1000 deep"},
		{strings.Repeat("f'{", 2000), "1 brackets are nested more than 1000 deep"},
	} {
		got := ""
		if p := Read([]byte(test.source)).Problem; p != nil {
			got = fmt.Sprint(p.Line, " ", p.Text)
		}
		if got != test.want {
			t.Errorf("%.40q:\n got %s\nwant %s", test.source, got, test.want)
		}
	}
}

func TestRest(t *testing.T) {
	f := Read([]byte("__all__ = ['a'] + sorted(['b']) + f('c')\n__all__ += d.__all__ + ['e']\n__all__.extend(['f'])\ndef g(): __all__ = ['h']"))
	if want := []string{"a", "b", "e", "f"}; !reflect.DeepEqual(f.All, want) {
		t.Errorf("__all__: got %v, want %v", f.All, want)
	}
	f = Read([]byte("import pkgutil\nx = a.__file__; f(cwd=1)\ndef load_tests(): '__path__'\ny = f'{globals()}' # setattr\ntype T = int"))
	if want := []string{"__file__", "cwd", "globals", "load_tests", "pkgutil"}; !reflect.DeepEqual(f.Mentions, want) {
		t.Errorf("mentions: got %v, want %v", f.Mentions, want)
	}
	for source, want := range map[string]bool{
		"'''\n>>> 1\n'''": true, "x = '>>> 1'": false, "class A:\n def f(self):\n  r'''a\n  >>> b'''": true, "'a >>> b'": false,
		"def f():\n def g():\n  '>>> 1'": false, "if a:\n '>>> 1'": false, "if a:\n def f(): '>>> 1'": true, "f'>>> {a}'": false,
		"def f():\n class A:\n  '>>> 1'": false, "b'>>> 1'": false, `'a\n>>> b'`: true,
	} {
		if got := Read([]byte(source)).Doctests; got != want {
			t.Errorf("%q: doctests: got %v", source, got)
		}
	}
}
