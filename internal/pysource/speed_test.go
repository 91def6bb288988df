package pysource

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// BenchmarkRead reads a test file of some 5 KB.
func BenchmarkRead(b *testing.B) {
	var source bytes.Buffer
	source.WriteString("\"\"\"Tests of something.\"\"\"\nimport os\nimport pytest\nfrom pkg.sub import thing, other\n\nHERE = os.path.dirname(__file__)\n")
	for i := range 12 {
		fmt.Fprintf(&source, `
@pytest.mark.parametrize("value, expected", [(1, 2), pytest.param(3, 4, marks=pytest.mark.slow), (5, %[1]d)])
def test_thing_%[1]d(value, expected, tmp_path):
    """The thing is as it is told to be, whatever it was before."""
    path = os.path.join(HERE, "data", "file_%[1]d.txt")  # beside this file
    with open(path, encoding="utf-8") as file:
        content = {"name": file.read(), 'value': [value, f"{expected!r:>10}"]}
    assert thing.compute(content["name"], scale=1.5) == other(expected, option=None), "not the same"
`, i)
	}
	b.SetBytes(int64(source.Len()))
	b.ReportAllocs()
	for b.Loop() {
		Read(source.Bytes())
	}
}

// What is large or deep takes memory in proportion, and no stack.
func TestLarge(t *testing.T) {
	const size = 1 << 20
	for name, piece := range map[string]string{
		"brackets": "(", "fields": "f'{", "formats": "f'{a:{", "quotes": "'", "lists": "x = [[[[[", "lines": "\n", "words": "a ", "chain": "a.",
		"strings": "'a' ", "slashes": "/ 'a' ", "targets": "a = ", "imports": "import a;", "one-line ifs": "if a:", "classes": "class A:",
		"data": "'abc', 1.5,\n", "comments": "# a\n", "decorators": "@a.b\n", "calls": "setup(", "escapes": "\\", "lambdas": "lambda:", "tries": "try:\n",
	} {
		source := []byte(strings.Repeat(piece, size/len(piece)))
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		file := Read(source)
		Calls(source, "setup")
		Constants(source)
		runtime.GC()
		runtime.ReadMemStats(&after)
		if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 24*size {
			t.Errorf("%s: %d bytes of source keep %d bytes", name, size, kept)
		}
		runtime.KeepAlive(file)
	}
}
