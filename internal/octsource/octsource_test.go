package octsource_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/weft-build/weft/internal/octsource"
)

func read(t *testing.T, rows ...string) *octsource.File {
	t.Helper()
	return octsource.Read([]byte(strings.Join(rows, "\n") + "\n"))
}

func sound(t *testing.T, f *octsource.File) {
	t.Helper()
	if f.Problem != nil {
		t.Errorf("problem in line %d: %s", f.Problem.Line, f.Problem.Text)
	}
}

func TestCalls(t *testing.T) {
	for _, test := range []struct{ name, code, want string }{
		{"call", "x = area (2);", "area"},
		{"variable", "x = 1; y = x + z;", "z"},
		{"assigned later", "disp (x); x = 1;", "disp"},
		{"indexed and fields", "a(i).b{j} = c.d (1);", "c c.d i j"},
		{"package", "y = pkga.sub.f (1);", "pkga pkga.sub.f"},
		{"several outputs", "[a, ~, c.d, e{k}] = f (a);", "f k"},
		{"assigned within a condition", "if ((n = f ()) > 0) n, end", "f"},
		{"loop", "for k = g (), k; end\nfor (i = 1:3) i; end", "g"},
		{"parameters", "function [r, s] = f (a, b = dflt ())\n r = a + b + other;\n s = f (1);\nend", "dflt other"},
		{"scopes", "function f (a)\n a;\nend\nfunction g ()\n a;\nend", "a"},
		{"no ends", "function f (a)\n if a, b, end\nfunction g (b)\n b; a;\n", "a b"},
		{"code after a function's end", "1;\nfunction area (r)\n r;\nend\nr (5);", "r"},
		{"endfunction without an endif", "function f (x)\n if (x)\nendfunction\nx;", "x"},
		{"handle", "g = @area; h = @pkga.f;", "area pkga pkga.f"},
		{"anonymous function", "f = @(x, y) x + y + z; x;", "x z"},
		{"anonymous function in a cell", "c = {@(u) u + 1, u};", "u"},
		{"nested anonymous functions", "f = @(x) @(y) x + y + z;", "z"},
		{"catch", "try\n f;\ncatch err\n disp (err);\nend", "disp f"},
		{"global", "global a b = c\na; b;", "c"},
		{"names as strings", `feval ("area", 1); cellfun ("pkga.f", c); str2func ('@(x) g (x)'); exist ("later")`, "area c cellfun exist feval g later pkga pkga.f str2func"},
		{"code as strings", `eval ("v = h (1);", 'bad;'); eval ('disp (v)')`, "disp eval h"},
		{"scripts", "run (\"sub/setup.m\"); source ('other.m'); run third.m", "other run setup source third"},
		{"transpose and strings", "a = b' + c.' * d(1)' + [e' 'no f' g'] + h{1}';", "b c d e g h"},
		{"strings", `x = "it's no f"; y = 'say "g"'; z = "a\"h"; w = 'it''s no i';`, ""},
		{"string over rows", "x = [\"a \\\n it's % b\\\n c\", f];", "f"},
		{"comments", "f; % g\nh; # i\n%{\n j\n %{\n k\n %}\n#}\nl; ... m\n", "f h l"},
		{"continuation", "x = f (1, ... no\n  g, ...\n  h);", "f g h"},
		{"matrix over rows", "x = [f 'a'\n g];", "f g"},
		{"commands", "hold on\nformat long; close all\nf - 1\ng -1\nh (1)\nm = 2\nn == 3\nk ('a b')", "close f format g h hold k n"},
		{"number", "x = 1e3 + 0x1F + 3.*y + 1i + 2.e1;", "y"},
		{"end as an index", "x = y(end, f (end)); if z, end", "f y z"},
		{"fields like keywords", "s.end = 1; s.if (2); t = s.for;", ""},
		{"increment", "x = 1; x++; x += f;", "f"},
		{"not", "if (! f || ~g && h != 1 && k ~= 2) end", "f g h k"},
		{"do until", "do\n x = f ();\nuntil g (x)", "f g"},
		{"unwind", "unwind_protect\n f;\nunwind_protect_cleanup g; end_unwind_protect\nh;", "f g h"},
		{"class", "classdef (Sealed) A < B & pkga.C\n properties (Access = private)\n  p = q (1);\n  r\n end\n methods\n  function o = A (x)\n   o.p = f (x); A.g ();\n  end\n end\nend",
			"A A.g B f pkga pkga.C q"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := read(t, strings.Split(test.code, "\n")...)
			got := slices.DeleteFunc(f.Calls, func(s string) bool { return s == "Access" })
			if strings.Join(got, " ") != test.want {
				t.Errorf("calls %q, want %q", strings.Join(got, " "), test.want)
			}
			sound(t, f)
		})
	}
}

func TestKindsOfFiles(t *testing.T) {
	for _, test := range []struct {
		code                   string
		function, class, blank bool
		name, functions        string
	}{
		{"% about\n\nfunction y = area (r)\n y = r;\nend\nfunction sub ()\nend", true, false, false, "area", "area sub"},
		{"function f\n function g\n end\nend", true, false, false, "f", "f g"},
		{"1;\nfunction helper ()\nend", false, false, false, "", "helper"},
		{"# only\n%{\nfunction f\n%}\n%!test\n%! function g\n", false, false, true, "", ""},
		{"", false, false, true, "", ""},
		{"classdef A < handle\n methods\n  function o = A ()\n  end\n  function v = get.P (o)\n  end\n end\nend", false, true, false, "A", "A get.P"},
		{"function_handle_test = 1;", false, false, false, "", ""},
		{"\ufefffunction f\r\nend\r\n", true, false, false, "f", "f"},
		{"function [a, ...\n b] = f (x)\nend", true, false, false, "f", "f"},
	} {
		f := read(t, test.code)
		if f.Function != test.function || f.Class != test.class || f.Blank != test.blank || f.Name != test.name {
			t.Errorf("%q: function %v, class %v, blank %v, name %q", test.code, f.Function, f.Class, f.Blank, f.Name)
		}
		if got := strings.Join(f.Functions, " "); got != test.functions {
			t.Errorf("%q: functions %q, want %q", test.code, got, test.functions)
		}
		sound(t, f)
	}
}

func TestStringsAndPaths(t *testing.T) {
	for _, test := range []struct{ name, code, strings, paths string }{
		{"literal", `x = load ("data/a.mat");`, "data/a.mat", ""},
		{"command", "load data/a.mat -ascii", "data/a.mat -ascii", ""},
		{"joined", `x = fullfile ("data", name, "a.mat");`, "data/a.mat data a.mat", ""},
		{"concatenated", `x = ['data' '/' "a.mat"]`, "data/a.mat data / a.mat", ""},
		{"empty is none", `x = ""; y = ['' ''];`, "", ""},
		{"addpath", `addpath ("lib"); addpath lib2; addpath ('a', 'b:c', "-end");`, "lib lib2 a b:c -end", "lib lib2 a b c"},
		{"genpath", `addpath (genpath ('src'));`, "src", "src/**"},
		{"the file's folder", `addpath (fullfile (fileparts (mfilename ("fullpath")), "..", "src"));`, "../src fullpath .. src", "../src"},
		{"its parent", `addpath (fileparts (fileparts (mfilename ('fullpath'))));`, "fullpath", ".."},
		{"by a variable", "here = fileparts (mfilename ('fullpath'));\naddpath ([here '/../src']);", "fullpath ../src /../src", "../src"},
		{"working folder", "addpath (pwd); addpath ([pwd filesep 'x']);", "x", ". x"},
		{"unknown folder", "addpath (fullfile (root, 'x')); addpath ([root '/y']); addpath (root);", "x y /y", "x y"},
		{"without end", "a = [a a]; addpath (a); b = [b 'x' b 'x' b]; addpath (b);", "x", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := read(t, strings.Split(test.code, "\n")...)
			var values []string
			for _, s := range f.Strings {
				values = append(values, s.Value)
			}
			if test.name != "without end" && strings.Join(values, " ") != test.strings {
				t.Errorf("strings %q, want %q", strings.Join(values, " "), test.strings)
			}
			if test.name != "without end" && strings.Join(f.Paths, " ") != test.paths {
				t.Errorf("paths %q, want %q", strings.Join(f.Paths, " "), test.paths)
			}
		})
	}
	f := read(t, "a = 1;", "", "load (fullfile (\"d\", 'e'));")
	want := []octsource.String{{Line: 3, Value: "d/e", Joined: true}, {Line: 3, Value: "d"}, {Line: 3, Value: "e"}}
	if !slices.Equal(f.Strings, want) {
		t.Errorf("strings %v, want %v", f.Strings, want)
	}
}

func TestDynamic(t *testing.T) {
	for code, want := range map[string]bool{
		"feval (f, 1)": true, "eval ([a 'b'])": true, "str2func (name)": true, "run (file)": true, "source (x)": true,
		"feval (@f)": false, "eval ('f;')": false, "feval (\"f\")": false, "run f.m": false, "evalin ('base', 'f')": false,
		"evalin ('base', f)": true, "cellfun (f, c)": false,
	} {
		if got := read(t, code).Dynamic; got != want {
			t.Errorf("%s: dynamic %v", code, got)
		}
	}
}

func TestPackagesAndMRST(t *testing.T) {
	f := read(t, "pkg load statistics", "pkg ('load', \"image\", '-nodeps'); pkg list", "% pkg load no", "mrstModule add mimetic")
	if got := strings.Join(f.Packages, " "); got != "image statistics" || !f.MRST {
		t.Errorf("packages %q, MRST %v", got, f.MRST)
	}
	for code, want := range map[string]bool{"% needs MRST": true, "% mrst-core": true, "amrst = 1;": false, "x": false} {
		if read(t, code).MRST != want {
			t.Errorf("%s: MRST %v", code, !want)
		}
	}
}

func TestTests(t *testing.T) {
	for _, test := range []struct {
		name, code string
		blocks     int
		functions  string
		found      bool // with the name test_x
		calls      string
		types      string
	}{
		// The example of weft_parse_blocks.m.
		{"blocks", "x = 1;\n%! before any block\n%!test # adds up\n%! a = f (1);\nno part of it\n%! b = 2;\n%!## a comment\n%! still\n%!assert (g, 1)\n%!assert (1, 1)\n %!test indented\n%!error <no> f (1)\n%!demo\n%! plot (1)\n%!shared a, b\n%!test\n%! # says what",
			5, "", true, "assert f g no", ""},
		{"within a block comment, as for Octave", "%{\n%!test\n%! f;\n%}", 1, "", true, "f", ""},
		{"shared variables and functions", "%!shared a, b # and more\n%! a = f ();\n%!function y = own (x)\n%! y = x;\n%!endfunction\n%!test <*123>\n%! own (a); b;\n%!testif HAVE_X; cond (1) <*4>\n%! g;",
			2, "", true, "cond f g", ""},
		{"errors do not parse", "%!error <parse error> eval ('x = (')\n%!error id=Octave:some-id f (]\n%!fail ('h (1)', 'no')", 3, "", true, "eval f fail h", ""},
		{"rows but no test", "%!shared a\nfunction test_a\nend", 0, "", false, "", ""},
		{"functions", "function t = test_a ()\nend\nfunction test_b\nend\nfunction y = helper (x)\nend", 0, "test_b", true, "", ""},
		{"script with functions", "1;\nfunction test_b\nend", 0, "test_b", true, "", ""},
		{"whole file", "x = f (1);", 0, "", true, "f", ""},
		{"nothing", "% nothing\n%{\nx = 1\n%}", 0, "", false, "", ""},
		{"type of the file", "% weft-type: integration\n%!test\n%! f;", 1, "", true, "f", "integration"},
		{"types of tests", "%!test\n%! # weft: performance\n%! f;\n%!assert (1)", 2, "", true, "assert f", "performance unit"},
		{"types of functions", "% weft-type: security\n1;\nfunction test_a\n % weft: unit\nend\nfunction test_b\nend", 0, "test_a test_b", true, "", "security unit"},
		{"head type of a whole file", "  ## weft-type: performance  \nx = 1;", 0, "", true, "", "performance"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := read(t, strings.Split(test.code, "\n")...)
			if f.TestBlocks != test.blocks || strings.Join(f.TestFunctions, " ") != test.functions || f.Tests("test_x") != test.found {
				t.Errorf("%d blocks, functions %v, tests %v", f.TestBlocks, f.TestFunctions, f.Tests("test_x"))
			}
			if strings.Join(f.Calls, " ") != test.calls {
				t.Errorf("calls %q, want %q", strings.Join(f.Calls, " "), test.calls)
			}
			if strings.Join(f.Types, " ") != test.types {
				t.Errorf("types %q, want %q", strings.Join(f.Types, " "), test.types)
			}
			sound(t, f)
		})
	}
	if read(t, "x = 1;").Tests("setup") {
		t.Error("a script of another name is no test")
	}
}

func TestProblems(t *testing.T) {
	for _, test := range []struct {
		code string
		line int
		text string
	}{
		{"x = 1;\ny = 'abc;\n", 2, "unterminated string"},
		{"x = (1;\ny = f ();\nfunction g\nend", 1, `"(" is never closed`},
		{"x = 1);", 1, `")" closes nothing`},
		{"%{\nx = 1;", 1, "block comment is never closed"},
		{"% weft-type: slow\nx = 1;", 1, `there is no test type "slow"; the types are unit, integration, performance, security, compatibility`},
	} {
		f := read(t, strings.Split(test.code, "\n")...)
		if f.Problem == nil || f.Problem.Line != test.line || f.Problem.Text != test.text {
			t.Errorf("%q: problem %+v, want line %d: %s", test.code, f.Problem, test.line, test.text)
		}
	}
	large := read(t, "%!test", strings.Repeat("x = 1;\n", 1<<20))
	if large.TestBlocks != 1 || large.Problem == nil || !strings.Contains(large.Problem.Text, "larger than 4 MiB") {
		t.Errorf("large file: %d blocks, problem %+v", large.TestBlocks, large.Problem)
	}
	f := read(t, "x = (1;", "function g", "h;", "end", "k = 'caf\xe9';")
	if !slices.Contains(f.Calls, "h") || f.Strings[0].Value != "café" {
		t.Errorf("after a problem: calls %v, strings %v", f.Calls, f.Strings)
	}
}

func FuzzRead(f *testing.F) {
	for _, code := range []string{
		"function [a, b] = f (x, y = 2)\n a = x';\nend", "%!test\n%! f (1);\n%!shared a\n", "a = [a a a]; addpath (a);",
		"classdef A < B\nproperties\np\nend\nend", "hold on; x = @(y) @(z) {y', 'a'};", "%{\n%}\nx = (1, ...\n[", "eval (\"eval ('eval (x)')\")",
		"[[[[]]]]=(({{", "f = @(@(@(x", "x.('a').b = 1; s.(", "global a = b c\ncatch err\n",
	} {
		f.Add([]byte(code))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := octsource.Read(data)
		if !slices.IsSorted(file.Calls) {
			t.Errorf("calls are not sorted: %q", file.Calls)
		}
		for _, s := range file.Strings {
			if s.Line < 1 || s.Value == "" {
				t.Errorf("string %+v", s)
			}
		}
	})
}
