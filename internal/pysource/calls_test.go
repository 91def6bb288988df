package pysource

import (
	"reflect"
	"testing"
)

func TestCalls(t *testing.T) {
	const source = `
import nox, setuptools
VERSION = "1.2"
@nox.session(python=["3.9", "3.10"], reuse_venv=True)
@nox.parametrize("django", ("3.2", '4' ".0"))
def tests(session: nox.Session) -> None:
    session.install("-e", ".[test]", *extra, silent=False)
    if session.posargs:
        (session
            .install(
                f"a{b}", f"c", **rest))
setuptools.setup(
    name="x" "y", version=VERSION, count=-1_000, ratio=1.5, hex=0x10,
    packages=find_packages("src", exclude=["t"]),
    classifiers="""
    A
    B""".split(),
    extras_require={"test": ["pytest"] + ["cov"], 3: 4, "k": lambda x: 1},
    cmdclass=dict(build_ext=Build, n=None), key=lambda a, b: a, none=None, last=[x for x in y])
def session(x): pass
`
	got := Calls([]byte(source), "setup", "session", "install", "parametrize")
	u := func(text string) Unknown { return Unknown(text) }
	want := []Call{
		{4, "session", "nox.session", nil, map[string]any{"python": []any{"3.9", "3.10"}, "reuse_venv": true}, "tests", ""},
		{5, "parametrize", "nox.parametrize", []any{"django", []any{"3.2", "4.0"}}, map[string]any{}, "tests", ""},
		{7, "install", "session.install", []any{"-e", ".[test]", u("*extra")}, map[string]any{"silent": false}, "", "tests"},
		{10, "install", "session.install", []any{u(`f"a{b}"`), "c"}, map[string]any{"**": u("rest")}, "", "tests"},
		{12, "setup", "setuptools.setup", nil, map[string]any{
			"name": "xy", "version": u("VERSION"), "count": int64(-1000), "ratio": 1.5, "hex": int64(16),
			"packages":    u(`find_packages("src", exclude=["t"])`),
			"classifiers": []any{"A", "B"},
			"extras_require": map[string]any{
				"test": []any{"pytest", "cov"}, "k": u("lambda x: 1")},
			"cmdclass": map[string]any{"build_ext": u("Build"), "n": nil},
			"key":      u("lambda a, b: a"), "none": nil, "last": []any{u("x for x in y")},
		}, "", ""},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d calls, want %d: %v", len(got), len(want), got)
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("call %d:\n got %#v\nwant %#v", i, got[i], want[i])
		}
	}
}

func TestConstants(t *testing.T) {
	const source = `
__version__ = "1.2"
A = B = 3
C: str = "c"
D = ["a"]
D += ["b"]
E = compute()
F = "f"
F = compute()
G = "1"
if x:
    G += dev()
    H = {"a": (1, 2.5), "b": [x]}
I = J.k = 1
K, L = 1, 2
M = 1,
class N:
    O = 1
def p():
    Q = 1
R = (
    "long "
    "text")
S = -x
T = "a" if x else "b"
`
	got := Constants([]byte(source))
	want := map[string]any{
		"__version__": "1.2", "A": int64(3), "B": int64(3), "C": "c", "D": []any{"a", "b"}, "G": "1",
		"H": map[string]any{"a": []any{int64(1), 2.5}, "b": []any{Unknown("x")}},
		"I": int64(1), "R": "long text",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf(" got %#v\nwant %#v", got, want)
	}
}
