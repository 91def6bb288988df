package pyproject

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseRequirement(t *testing.T) {
	for _, c := range []struct {
		text, written string
		want          Requirement
	}{
		{"requests", "requests", Requirement{Name: "requests"}},
		{" Foo.Bar_baz >= 1.2 , < 2 ", "Foo.Bar_baz>=1.2,<2", Requirement{Name: "foo-bar-baz", Spec: ">=1.2,<2"}},
		{"a[X_y, z]==1.*", "a[x-y,z]==1.*", Requirement{Name: "a", Extras: []string{"x-y", "z"}, Spec: "==1.*"}},
		{"a (>=1,<2) ; python_version < '3.11'", "a>=1,<2; python_version < '3.11'",
			Requirement{Name: "a", Spec: ">=1,<2", Marker: "python_version < '3.11'"}},
		{"a~=1.4.2;os_name=='nt' or os_name=='posix'", "a~=1.4.2; os_name=='nt' or os_name=='posix'",
			Requirement{Name: "a", Spec: "~=1.4.2", Marker: "os_name=='nt' or os_name=='posix'"}},
		{"a[b] @ git+https://host/x.git@v1;v=2 ; extra == 'c'", "a[b] @ git+https://host/x.git@v1;v=2 ; extra == 'c'",
			Requirement{Name: "a", Extras: []string{"b"}, URL: "git+https://host/x.git@v1;v=2", Marker: "extra == 'c'"}},
		{"a===1.0+x", "a===1.0+x", Requirement{Name: "a", Spec: "===1.0+x"}},
		{"a>=1,", "a>=1", Requirement{Name: "a", Spec: ">=1"}},
	} {
		got, err := ParseRequirement(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got.String() != c.written {
			t.Errorf("%q is written %q, want %q", c.text, got, c.written)
		}
		if c.want.Text = strings.TrimSpace(c.text); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q:\n got %+v\nwant %+v", c.text, got, c.want)
		}
	}
}

func TestParseRequirementRefuses(t *testing.T) {
	for _, text := range []string{
		"", "-e .", ">=1", "a b", "a >> 1", "a[b", "a[b c]", "a (>=1", "a @", "a @ u v", "a; python_version", "a; foo == '1'",
		"a; python_version < '3' and", "a; (os_name == 'x'", "a==1==2", "a" + strings.Repeat(" ", maxLine) + "b",
		"a; " + strings.Repeat("(", 200) + "os_name == 'x'" + strings.Repeat(")", 200),
	} {
		if got, err := ParseRequirement(text); err == nil {
			t.Errorf("%q is read as %+v", clip(text), got)
		}
	}
}

func TestSpecifies(t *testing.T) {
	for _, c := range []struct {
		spec, version string
		want          bool
	}{
		{"", "3.9", true}, {">=3.9", "3.9", true}, {">=3.10", "3.9", false}, {">=3.9", "3.10", true},
		{">=3.9,<3.11", "3.11", false}, {">= 3.8, != 3.9.*", "3.9", false}, {">=3.8,!=3.9.*", "3.10", true},
		{"==3.*", "3.12", true}, {"==3.9.*", "3.10", false}, {"~=3.8", "3.12", true}, {"~=3.8", "4.0", false},
		{"~=3.8.1", "3.8.5", true}, {"~=3.8.1", "3.9.0", false}, {"<4", "3.14", true}, {">3.9", "3.8", false},
		// a series stands for its releases, early and late
		{">=3.9.1", "3.9", true}, {"!=3.9.0", "3.9", true}, {"<=3.9", "3.9", true}, {">3.9", "3.9", true}, {"<3.9", "3.9", false},
		{">=3.9.1,<3.9", "3.9", false}, {"==3.9", "3.9", true},
		{"<1.0", "1.0a1", false}, {"<1.0rc1", "1.0a1", true}, {">1.0", "1.0.post1", false}, {">=1.0.dev1", "1.0a1", true},
		{"==1.0", "1.0.0+local", true}, {"==1.0+a", "1.0+b", false}, {"===1.0", "1.0.0", false}, {">=1!0", "2.0", false},
		{"nonsense", "3.9", true}, {">=3.9", "nonsense", true}, {">1.0a1", "1.0a2.dev1", true},
		{">=1.0", "1.0.dev3", false}, {">=1.0", "1.0-1", true},
	} {
		if got := Specifies(c.spec, c.version); got != c.want {
			t.Errorf("Specifies(%q, %q) = %t", c.spec, c.version, got)
		}
	}
}

func TestEvaluate(t *testing.T) {
	env := map[string]string{
		"python_version": "3.9", "python_full_version": "3.9.18", "sys_platform": "linux", "os_name": "posix",
		"platform_machine": "x86_64", "platform_python_implementation": "CPython", "extra": "Test_X",
	}
	for _, c := range []struct {
		marker string
		want   bool
	}{
		{"", true}, {"python_version < '3.11'", true}, {"python_version >= '3.10'", false}, {"python_version == '3.9.*'", true},
		{`"3.10" > python_version`, true}, {"python_full_version < '3.9.2'", false}, {"python_version in '3.8 3.9'", true},
		{"python_version not in '3.8, 3.9'", false}, {"sys_platform == 'win32'", false}, {"sys_platform != 'win32'", true},
		{"sys.platform == 'win32' or python_implementation == 'CPython'", true}, {"'linux' in sys_platform", true},
		{"os_name == 'nt' and sys_platform == 'linux'", false}, {"extra == 'test-x'", true}, {"extra == 'other'", false},
		{"(os_name == 'nt' or os_name == 'posix') and python_version < '3'", false},
		{"os_name == 'nt' or os_name == 'posix' and python_version < '3'", false},
		// what is not known holds, unless the rest decides
		{"platform_release > '5'", true}, {"platform_release > '5' and os_name == 'nt'", false},
		{"platform_release > '5' or os_name == 'nt'", true}, {"not a marker", true}, {"os_name > 'a'", true},
	} {
		if got := Evaluate(c.marker, env); got != c.want {
			t.Errorf("Evaluate(%q) = %t", c.marker, got)
		}
	}
}

func TestJoinMarkers(t *testing.T) {
	r := Requirement{Name: "a", Marker: "os_name == 'a' or os_name == 'b'"}
	if got, want := r.under(`extra == "x"`).String(), `a; (os_name == 'a' or os_name == 'b') and extra == "x"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.Marker = "(os_name == 'a' or os_name == 'b') and os_name == 'c'"
	if got, want := r.under(`extra == "x"`).Marker, r.Marker+` and extra == "x"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPoetrySpec(t *testing.T) {
	for constraint, want := range map[string]string{
		"^1.2.3": ">=1.2.3,<2.0.0", "^0.2.3": ">=0.2.3,<0.3.0", "^0.0.3": ">=0.0.3,<0.0.4", "^1": ">=1,<2", "^0": ">=0,<1", "^3.8": ">=3.8,<4.0",
		"~1.2.3": ">=1.2.3,<1.3.0", "~1.2": ">=1.2,<1.3", "~1": ">=1,<2", "*": "", "": "", "1.2.*": "==1.2.*", "1.2": "==1.2", "==1.2": "==1.2",
		">=1,<2": ">=1,<2", ">=1 <2": ">=1,<2", "~=1.2": "~=1.2", "^2.7 || ^3.5": ">=2.7,<4.0", "!=1.5.*,>=1": "!=1.5.*,>=1", "^1.0b1": ">=1.0b1,<2.0",
	} {
		if got := poetrySpec(constraint); got != want {
			t.Errorf("poetrySpec(%q) = %q, want %q", constraint, got, want)
		}
	}
}
