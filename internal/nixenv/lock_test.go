package nixenv

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const exampleLock = `{
  "environments": {
    "octave": {
      "description": "a <b> & \"c\"",
      "kind": "octave",
      "standIn": [
        "mrst"
      ],
      "systems": {},
      "types": [
        "unit"
      ],
      "version": "7.3.0"
    },
    "python3.9": {
      "description": "",
      "kind": "python",
      "systems": {
        "aarch64-darwin": {
          "drvPath": "/nix/store/kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk-e.drv",
          "outPath": "/nix/store/kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk-e"
        },
        "x86_64-linux": {
          "drvPath": "/nix/store/00000000000000000000000000000000-e.drv",
          "outPath": "/nix/store/00000000000000000000000000000000-e"
        }
      },
      "version": "3.9.21"
    }
  },
  "source": "sha256-x",
  "version": 1
}
`

func TestLockRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", LockName)
	l, err := ParseLock(path, []byte(exampleLock))
	if err != nil || strings.Join(l.Names(), " ") != "octave python3.9" {
		t.Fatalf("got %+v, %v", l, err)
	}
	if err := WriteLock(path, l); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || string(data) != exampleLock {
		t.Errorf("got %s, %v", data, err)
	}
	again, err := ReadLock(path)
	if err != nil || !reflect.DeepEqual(again, l) {
		t.Errorf("got %+v, %v", again, err)
	}
	if p, ok := l.Paths("python3.9", "x86_64-linux"); !ok || p.OutPath != "/nix/store/00000000000000000000000000000000-e" {
		t.Errorf("got %+v, %v", p, ok)
	}
	for _, miss := range [][2]string{{"octave", "x86_64-linux"}, {"python3.9", "riscv64-linux"}, {"no", "x86_64-linux"}} {
		if p, ok := l.Paths(miss[0], miss[1]); ok {
			t.Errorf("%v: got %+v", miss, p)
		}
	}
}

func TestWriteLockLeavesTheSameFileAlone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, LockName)
	l, _ := ParseLock(path, []byte(exampleLock))
	if err := WriteLock(path, l); err != nil {
		t.Fatal(err)
	}
	first, _ := os.Stat(path)
	if err := WriteLock(path, l); err != nil {
		t.Fatal(err)
	}
	second, _ := os.Stat(path)
	if !os.SameFile(first, second) {
		t.Error("it was replaced")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	if first.Mode().Perm() != 0o644 {
		t.Errorf("mode %v", first.Mode())
	}
	if err := WriteLock(filepath.Join(path, "x"), l); err == nil {
		t.Error("no error where no folder can be")
	}
}

func TestParseLockFaults(t *testing.T) {
	edit := func(old, new string) string { return strings.Replace(exampleLock, old, new, 1) }
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", `reading L:1:1: unexpected end of JSON input`},
		{"cut", exampleLock[:30], `reading L:3:8: unexpected end of JSON input`},
		{"conflict", edit(`    "octave"`, "<<<<<<< HEAD\n    \"octave\""), `reading L:3:1: invalid character '<' looking for beginning of object key string`},
		{"no JSON", "hello", `reading L:1:1: invalid character 'h' looking for beginning of value`},
		{"two values", "{}\n{}", `reading L:2:1: invalid character '{' after top-level value`},
		{"list", "[]", `reading L:1:1: it is no JSON object but of type array`},
		{"wrong type", edit(`"octave",`, `7,`), `reading L:5:15: "environments.kind" cannot be of JSON type number`},
		{"no version", edit(`"version": 1`, `"v": 1`), `reading L: "version" is missing`},
		{"no source", edit(`"source"`, `"s"`), `reading L: "source" is missing`},
		{"no environments", `{"version": 1, "source": "x"}`, `reading L: "environments" is missing`},
		{"null", `null`, `reading L: "version" is missing`},
		{"no kind", edit(`"kind": "octave"`, `"kind": ""`), `reading L: environment "octave" has no kind`},
		{"bad name", edit(`"octave": {`, `"../x": {`), `reading L: "../x" cannot be an environment's name`},
		{"bad path", edit(`"/nix/store/00000000000000000000000000000000-e"`, `"/nix/store/../../bin"`), `reading L: environment "python3.9" has a path for x86_64-linux that is not in a Nix store`},
		{"newer", edit(`"version": 1`, `"version": 2`), `L has version 2, and this weft reads up to 1`},
		{"newer and different", `{"version": 3, "environments": []}`, `L has version 3, and this weft reads up to 1`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseLock("L", []byte(test.text))
			if err == nil || err.Error() != test.want {
				t.Fatalf("got  %v\nwant %s", err, test.want)
			}
			var hinted interface{ Hint() string }
			if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), "weft env lock") {
				t.Errorf("no hint")
			}
		})
	}
	_, err := ReadLock(filepath.Join(t.TempDir(), "no"))
	if !isMissing(err) {
		t.Errorf("got %v", err)
	}
	if _, err := ReadLock(t.TempDir()); err == nil || isMissing(err) {
		t.Errorf("a folder: got %v", err)
	}
}

func FuzzParseLock(f *testing.F) {
	f.Add([]byte(exampleLock))
	f.Add([]byte(`{"version":1,"source":"x","environments":{"a":{"kind":"python"}}}`))
	f.Add([]byte("{\n\"version\": \"1\"}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ParseLock("L", data)
		if err != nil {
			var bad *LockCorruptError
			if errors.As(err, &bad) && (bad.Line < 0 || bad.Line > 0 && bad.Column < 1) {
				t.Errorf("place %d:%d", bad.Line, bad.Column)
			}
			return
		}
		text, err := l.Marshal()
		if err != nil || !json.Valid(text) {
			t.Fatalf("%q, %v", text, err)
		}
		if again, err := ParseLock("L", text); err != nil || !reflect.DeepEqual(again.Names(), l.Names()) {
			t.Errorf("written and read: %+v, %v", again, err)
		}
	})
}

func TestSystemOf(t *testing.T) {
	for host, want := range map[string]string{"linux/amd64": "x86_64-linux", "linux/arm64": "aarch64-linux", "darwin/arm64": "aarch64-darwin",
		"darwin/amd64": "x86_64-darwin", "windows/amd64": "", "linux/riscv64": ""} {
		goos, goarch, _ := strings.Cut(host, "/")
		got, err := systemOf(goos, goarch)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v", host, got, err)
		}
	}
	if _, err := System(); err != nil {
		t.Error(err)
	}
}
