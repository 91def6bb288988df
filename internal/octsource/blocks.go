package octsource

import (
	"regexp"
	"slices"
	"strings"

	"github.com/weft-build/weft/internal/request"
)

// block is one `%!` block: its kind and its rows, without "%!" and, in the
// first, without the kind.
type block struct {
	kind string
	rows []row
}

// test says whether the launcher runs it as a test.
func (b block) test() bool {
	return !slices.Contains([]string{"shared", "function", "demo", "endfunction"}, b.kind)
}

var (
	kindOfBlock = regexp.MustCompile(`^[A-Za-z]*`)
	anyType     = regexp.MustCompile(`^(%!)?\s*[%#]+\s*weft(-type)?:\s*\S+\s*$`)
	headType    = regexp.MustCompile(`^\s*[%#]+\s*weft-type:\s*(\S+)\s*$`)
	ownType     = regexp.MustCompile(`^\s*[%#]+\s*weft:\s*(\S+)\s*$`)
)

// blocksOf is weft_parse_blocks.m: rows that begin with "%!" count, a block
// begins where something other than white space follows, and takes all such
// rows up to the next beginning, whatever lies between.
func blocksOf(rows []row) (blocks []block, any bool) {
	for _, r := range rows {
		body, ok := strings.CutPrefix(r.text, "%!")
		if !ok {
			continue
		}
		any = true
		if body == "" || strings.IndexByte(" \t\n\v\f\r", body[0]) >= 0 {
			if len(blocks) > 0 {
				last := &blocks[len(blocks)-1]
				last.rows = append(last.rows, row{r.line, body})
			}
			continue
		}
		kind := kindOfBlock.FindString(body)
		if body[0] == '#' {
			kind = "demo" // a comment, run by none
		}
		blocks = append(blocks, block{kind, []row{{r.line, body[len(kindOfBlock.FindString(body)):]}}})
	}
	return blocks, any
}

// readTests finds the tests and their types, and returns the blocks.
func (f *File) readTests(rows []row) []block {
	blocks, any := blocksOf(rows)
	f.rowsOfBlocks = any
	script, blank := firstThing(rows)
	f.Function, f.Blank = !script && !blank, blank

	typed := f.typesOf(rows)
	if any {
		for _, b := range blocks {
			if b.test() {
				f.TestBlocks++
				typed(b.rows)
			}
		}
		return blocks
	}
	f.testFunctions(rows, script, typed)
	return nil
}

// testFunctions is weft_parse_functions.m.
func (f *File) testFunctions(rows []row, script bool, typed func([]row)) {
	if f.Blank {
		return
	}
	names, at := functionRows(rows)
	for i, name := range names {
		if !isTest(name) || i == 0 && !script {
			continue
		}
		end := len(rows)
		if i+1 < len(at) {
			end = at[i+1]
		}
		f.TestFunctions = append(f.TestFunctions, name)
		typed(rows[at[i]:end])
	}
	if len(f.TestFunctions) == 0 {
		typed(nil)
	}
}

func isTest(name string) bool { return strings.HasPrefix(name, "test_") }

// typesOf gives what notes the type of one test, given its rows (nil for the
// whole file): its own, else the head's, else unit; nothing in a file in which
// no comment names a type.
func (f *File) typesOf(rows []row) func([]row) {
	head, marked := "unit", false
	for _, r := range rows {
		if anyType.MatchString(r.text) {
			marked = true
		}
		if m := headType.FindStringSubmatch(r.text); m != nil {
			head, marked = f.checkType(m[1], r.line), true
			break
		}
	}
	return func(test []row) {
		if !marked {
			return
		}
		kind := head
		for _, r := range test {
			if m := ownType.FindStringSubmatch(r.text); m != nil {
				kind = f.checkType(m[1], r.line)
				break
			}
		}
		if at, found := slices.BinarySearch(f.Types, kind); !found && kind != "" {
			f.Types = slices.Insert(f.Types, at, kind)
		}
	}
}

func (f *File) checkType(name string, line int) string {
	if !slices.Contains(request.Types, name) {
		f.problem(line, `there is no test type "`+name+`"; the types are `+strings.Join(request.Types, ", "))
		return ""
	}
	return name
}

var (
	pattern  = regexp.MustCompile(`^\s*(<[^>]*>|id=\S+)`)
	bug      = regexp.MustCompile(`^\s*<[^>]*>`)
	features = regexp.MustCompile(`^[^;%#]*;?`)
)

// code is the code of a block as it is run, and the names that it shares with
// the blocks after it.
func (b block) code() (code []row, shared []string) {
	code = slices.Clone(b.rows)
	first := &code[0]
	switch b.kind {
	case "error", "warning":
		first.text = pattern.ReplaceAllString(first.text, "")
	case "assert", "fail", "function":
		first.text = b.kind + bug.ReplaceAllString(first.text, "")
	case "testif":
		first.text = strings.TrimRight(features.ReplaceAllString(first.text, ""), " \t")
		if at := strings.LastIndexByte(first.text, '<'); at >= 0 && strings.HasSuffix(first.text, ">") {
			first.text = first.text[:at]
		}
	case "shared":
		names, _, _ := strings.Cut(strings.ReplaceAll(first.text, "#", "%"), "%")
		for name := range strings.SplitSeq(names, ",") {
			shared = append(shared, strings.TrimSpace(name))
		}
		code = code[1:]
	case "test", "xtest":
		first.text = bug.ReplaceAllString(first.text, "")
	case "demo", "endfunction":
		return nil, nil
	}
	return code, shared
}
