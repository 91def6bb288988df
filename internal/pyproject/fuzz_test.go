package pyproject

import "testing"

func FuzzParseRequirement(f *testing.F) {
	for _, seed := range []string{
		"requests", "Foo.Bar_baz >= 1.2 , < 2", "a[X_y, z]==1.*", "a (>=1,<2) ; python_version < '3.11'",
		"a @ git+https://host/x.git@v1;v=2 ; extra == 'c'", "a; (os_name == 'a' or 'b' in os_name) and extra != 'c'", "a===1!2.0rc1.post2.dev3+l", "a;b", "[", "a[",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRequirement(text)
		if err != nil {
			return
		}
		again, err := ParseRequirement(r.String())
		if err != nil {
			t.Fatalf("%q is written %q, which is not read: %v", text, r, err)
		}
		if again.String() != r.String() {
			t.Fatalf("%q is written %q and then %q", text, r, again)
		}
		Evaluate(r.Marker, map[string]string{"python_version": "3.9", "os_name": "posix"})
		Specifies(r.Spec, "3.9")
		if _, err := ParseRequirement(r.under(`extra == "x"`).String()); err != nil {
			t.Fatalf("%q under a condition is not read: %v", text, err)
		}
	})
}

func FuzzReadIni(f *testing.F) {
	for _, seed := range []string{
		"[a]\nx = 1\n  2\n# c\ny: z\n", "[a] ; c\n[a]\nx=1\nx=2\n", "  x\n[\n=\n:\n", "\ufeff[a]\r\nx=\r\n\ty\r\n", "[tool:pytest]\naddopts = -x 'a",
		"[tox]\nenvlist = py{39,310}-{a,b}\n[testenv]\ndeps = x: y\n {[testenv]deps}\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, read := range []func(string, []byte, *reader) *ini{readIniconfig, readConfigparser} {
			r := &reader{}
			parsed := read("f", []byte(text), r)
			for _, name := range parsed.names {
				for _, key := range parsed.keys(name) {
					if s, ok := parsed.setting(name, key); !ok || s.line < 1 || s.line > len(lines([]byte(text))) {
						t.Fatalf("%q of [%s] stands in line %d", key, name, s.line)
					}
				}
			}
		}
		workspace := files("tox.ini", text, "setup.cfg", text, "pytest.ini", text, "requirements.txt", text)
		ReadPytest(workspace, "")
		ReadMatrix(workspace, "")
		Read(workspace, []string{""})
	})
}

func FuzzReadTOML(f *testing.F) {
	for _, seed := range []string{
		"[project]\nname = 'a'\nversion = 1\ndependencies = ['b', 2]\n[dependency-groups]\na = [{include-group = 'a'}]\n",
		"[tool.poetry]\nname = 'a'\n[tool.poetry.dependencies]\npython = '^3'\nb = [{version = '~1'}, 2]\n[tool.poetry.extras]\nx = ['b']\n",
		"[tool.pytest]\ntestpaths = 'a'\n[tool.pytest.ini_options]\naddopts = ['-p', 'x']\n", "[tool.hatch.version]\npath = 'a.py'\npattern = '('\n",
		"[project]\nname='a'\ndynamic=['version']\n[tool.setuptools]\npackage-dir = {'' = '..'}\n[tool.setuptools.dynamic]\nversion = {attr = '.'}\n",
		"[tool.tox]\nenv_list = 1\nlegacy_tox_ini = '[tox]'\n[[tool.hatch.envs.a.matrix]]\npython = [1]\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		workspace := files("pyproject.toml", text, "a.py", "x = 1")
		ReadPytest(workspace, "")
		ReadMatrix(workspace, "")
		all, _ := Read(workspace, []string{""})
		for _, d := range all {
			if len(d.Roots) == 0 || d.Version == "" {
				t.Fatalf("a distribution without roots or version: %+v", d)
			}
		}
	})
}
