package pysource

import (
	"fmt"
	"strings"
	"testing"
)

// outline writes definitions in one line each: kind name:line markers (bases).
func outline(list []Definition, indent string) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s%s %s:%d", indent, [...]string{"def", "class", "name"}[d.Kind], d.Name, d.Line)
		for _, part := range []struct {
			sign  string
			names []string
		}{{" @", d.Markers}, {" case:", d.CaseMarkers}, {" <", d.Bases}} {
			if len(part.names) > 0 {
				b.WriteString(part.sign + strings.Join(part.names, ","))
			}
		}
		b.WriteString("\n" + outline(d.Members, indent+" "))
	}
	return b.String()
}

func TestDefinitions(t *testing.T) {
	const pytest = "import pytest as pt\nfrom pytest import mark as m, param as p\n"
	for _, test := range []struct{ name, source, want string }{
		{"functions", "def a():\n def b(): pass\nasync def c(): pass\nif x:\n def d(): pass\nelse:\n def e(): pass",
			"def a:1\ndef c:3\ndef d:5\ndef e:7\n"},
		{"classes", "class A(B, c.D[E], f(g), *h, metaclass=I):\n def j(self): pass\n class K: l = 1\n if m:\n  async def n(self): pass\ndef o(): class P: pass",
			"class A:1 <B,c.D,f\n def j:2\n class K:3\n def n:5\ndef o:6\n"},
		{"names", "test_a = b\nTestB, c = d\n(test_e) = test_f = g\ntest_h: int = 1\ntest_i: int\ntest_j += 1\nx.test_k = 1\ntest_l.m = 1\ndef f(): test_n = 1",
			"name test_a:1\nname TestB:2\nname test_e:3\nname test_f:3\nname test_h:4\ndef f:9\n"},
		{"imports", "from a import test_b, TestC as d, e as test_f\nimport tests.g\nif TYPE_CHECKING: import test_h",
			"name test_b:1\nname test_f:1\nname tests:2\n"},
		{"decorators", pytest + "@pt.mark.a\n@m.b(1, c=pt.mark.no)\n@other.mark.no\n\n# comment\n@unknown\ndef f(): pass\ndef g(): pass",
			"def f:9 @a,b\ndef g:10\n"},
		{"aliases", pytest + "a = pt.mark.x\nb = [a, m.y(1)]\nmm = pt.mark\nc = mm\n@a\n@c.z\ndef f(): pass\nclass A:\n pytestmark = b\n @a()\n def g(self): pass",
			"def f:9 @x,z\nclass A:10 @x,y\n def g:13 @x\n"},
		{"no aliases", "from other import mark, slow\n@slow\n@mark.x\n@pytest.mark.y\ndef f(): pass", "def f:5\n"},
		{"cases", pytest + "c = [p(1, marks=m.in_list)]\n@m.parametrize('a', [p(1, marks=pt.mark.x), pt.param(2, marks=[m.y(reason=m.no), m.z], id='i')] + c)\ndef f(): pass",
			"def f:5 @parametrize case:in_list,x,y,z\n"},
		{"class marks", pytest + "@m.a\nclass A:\n pytestmark = m.b if c else [m.d]\n if e:\n  pytestmark += [m.f]\n pytestmark.append(m.g)\n def h(self):\n  pytestmark = m.no",
			"class A:4 @a,b,d,f,g\n def h:9\n"},
		{"one-line class", "class A: pass\nclass B: test_c = 1", "class A:1\nclass B:2\n name test_c:2\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := outline(Read([]byte(test.source)).Definitions, ""); got != test.want {
				t.Errorf("\ngot:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

func TestModuleMarkers(t *testing.T) {
	for source, want := range map[string]string{
		"pytestmark = pytest.mark.a":                                         "a",
		"pytestmark = [pytest.mark.b, pytest.mark.a(1)]":                     "a b",
		"pytestmark = (pytest.mark.a,)":                                      "a",
		"pytestmark: list = [pytest.mark.a]":                                 "a",
		"pytestmark = [\n  pytest.mark.a,\n]\npytestmark += [pytest.mark.b]": "a b",
		"pytestmark = []\npytestmark.append(pytest.mark.a)":                  "a",
		"pytestmark = []\npytestmark.extend([pytest.mark.a])":                "a",
		"if x:\n  pytestmark = pytest.mark.a":                                "a",
		"x = pytest.mark.a\npytestmark = x":                                  "a",
		"def f(): pytestmark = pytest.mark.a":                                "",
		"pytestmark = f(pytest.mark.a)":                                      "",
	} {
		if got := strings.Join(Read([]byte("import pytest\n"+source)).Markers, " "); got != want {
			t.Errorf("%s: got %q, want %q", source, got, want)
		}
	}
}
