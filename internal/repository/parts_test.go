package repository

import "testing"

func TestFnmatch(t *testing.T) {
	for _, c := range []struct {
		glob, name, rel string
		want            bool
	}{
		{"test_*.py", "test_a.py", "tests/test_a.py", true},
		{"test_*.py", "a_test.py", "tests/a_test.py", false},
		{"*.egg", "x.egg", "x.egg", true},
		{"build", "build", "a/build", true},
		{"docs/*.rst", "a.rst", "docs/sub/a.rst", true}, // fnmatch's * takes slashes
		{"docs/*.rst", "a.rst", "x/docs/a.rst", true},
		{"[!a]*.py", "b.py", "b.py", true},
		{"[!a]*.py", "a.py", "a.py", false},
		{"[", "[", "[", false}, // a bad pattern matches nothing
	} {
		if got := matches(c.glob, c.name, c.rel); got != c.want {
			t.Errorf("matches(%q, %q, %q) = %v", c.glob, c.name, c.rel, got)
		}
	}
}

func TestNamed(t *testing.T) {
	for _, c := range []struct {
		name     string
		patterns []string
		want     bool
	}{
		{"test_a", []string{"test"}, true},
		{"testing", []string{"test"}, true},
		{"check_a", []string{"test", "check_*"}, true},
		{"recheck_a", []string{"check_*"}, false},
		{"ATest", []string{"*Test"}, true},
	} {
		if got := named(c.name, c.patterns); got != c.want {
			t.Errorf("named(%q, %q) = %v", c.name, c.patterns, got)
		}
	}
}

func TestClimb(t *testing.T) {
	at := func(p string) *folder { return &folder{path: p} }
	for _, c := range []struct{ from, to, want string }{
		{"", "", "."}, {"", "src", "src"}, {"src", "src", "."}, {"src/pkg", "src", ".."},
		{"src/pkg/sub", "", "../../.."}, {"a", "a/b/c", "b/c"},
	} {
		if got := climb(at(c.from), at(c.to)); got != c.want {
			t.Errorf("climb(%q, %q) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestNameLike(t *testing.T) {
	for s, want := range map[string]bool{
		"data/wells.csv": true, "README.md": true, "pkg.mod": true, "with space.txt": true, "a b c d e f": false,
		"a\nb": false, "<div>": false, "it's": false, "": true,
	} {
		if got := nameLike(s); got != want {
			t.Errorf("nameLike(%q) = %v", s, got)
		}
	}
}
