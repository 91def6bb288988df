package nixenv

import (
	"fmt"
	"strings"
	"testing"
)

func TestScanRefs(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"plain", `import ./x.nix { }`, "path ./x.nix"},
		{"parent", `[ ../y ../../z/ a/b.nix ]`, "path ../y, path ../../z/, path a/b.nix"},
		{"this folder", `src = ./.; x = ./..;`, "path ./., path ./.."},
		{"comments", "# ./no.nix\n/* ./no.nix\n */ ./yes.nix # ./no", "path ./yes.nix"},
		{"open comment", "./yes.nix /* ./no.nix", "path ./yes.nix"},
		{"string", `url = "path:../..";`, "string path:../.."},
		{"string with a path in an interpolation", `"a ${./in.nix} ./no" + ./out.nix`, "path ./in.nix, path ./out.nix"},
		{"nested", `"${ { a = "${./deep.nix}"; } .a }" ./out.nix`, "path ./deep.nix, path ./out.nix"},
		{"escapes", `"\${./no} \" $${./no} \\" ./out.nix`, "path ./out.nix"},
		{"indented", "'' ./no ''${./no} ''' ''\\n $${./no} ${./in.nix} '' ./out.nix", "path ./in.nix, path ./out.nix"},
		{"indented with dollar at its end", "'' cost: $'' ./out.nix", "path ./out.nix"},
		{"interpolated path", `import ./envs/${name}.nix`, "prefix ./envs/"},
		{"interpolated in a segment", `./envs/py-${v}/x.nix ./out.nix`, "prefix ./envs/, path /x.nix, path ./out.nix"},
		{"joined", `./. + "/sub/x.nix"`, "path ./. + /sub/x.nix"},
		{"joined over lines", "../lib # why\n  + \"/x.nix\"", "path ../lib + /x.nix"},
		{"not joined", `[ ./a (1 + "x") ] ++ [ "y" ]`, "path ./a, string x, string y"},
		{"search path", `<nixpkgs/lib> a < ./b.nix`, "path ./b.nix"},
		{"uri", `path:../lib https://example.org/a/b`, "string path:../lib, string https://example.org/a/b"},
		{"lambda and set", `x: { inherit x; y = x.z or a//b; }`, ""},
		{"numbers and division", `1 / 2 - x / y`, ""},
		{"identifiers", `foo' bar-baz _x 1.5e3`, ""},
		{"home", `~/x.nix`, ""},
		{"unbalanced", `}}} ./a } "${`, "path ./a"},
		{"absolute", `/etc/x.nix`, "path /etc/x.nix"},
		{"open string", `"./no`, ""},
		{"ends in an escape", `"\`, ""},
		{"empty", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, r := range scanRefs(test.src) {
				text := [...]string{"path ", "prefix ", "string "}[r.kind] + r.text
				if r.joined != "" {
					text += " + " + r.joined
				}
				got = append(got, text)
			}
			if fmt.Sprint(strings.Join(got, ", ")) != test.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), test.want)
			}
		})
	}
}

func FuzzScanRefs(f *testing.F) {
	f.Add(`{ a = "${./x.nix}"; b = ''${../y}''; c = ./. + "/z"; d = path:./q; } # ./no`)
	f.Add(environmentsNix)
	f.Add(`"\`)
	f.Fuzz(func(t *testing.T, src string) {
		for _, r := range scanRefs(src) {
			if !strings.Contains(src, r.text) || !strings.Contains(src, r.joined) {
				t.Errorf("%+v is not in the file", r)
			}
			if r.kind != stringRef && !strings.Contains(r.text, "/") {
				t.Errorf("%+v is no path", r)
			}
		}
	})
}
