package result

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// MaxSuiteXML is the size above which a test.xml is refused.
const MaxSuiteXML = 200 << 20

const (
	maxCases = 500_000   // of one test.xml; more is not a test suite
	maxDepth = 32        // of nested testsuite elements
	maxText  = 64 << 10  // kept of a case's traceback and output
	maxLog   = 256 << 10 // kept of a cell's log
)

// ErrTooLarge says that a test.xml is larger than MaxSuiteXML.
var ErrTooLarge = errors.New("test.xml is larger than 200 MiB")

// SuiteCell is one testsuite element of a suite's test.xml.
type SuiteCell struct {
	Name      string    // the testsuite's name
	JSON      *CellJSON // weft.cell; nil in a foreign XML
	First     *CellJSON // weft.cell.first; nil when the cell ran once
	Cases     []Case
	Log       string   // testsuite-level system-out
	Generated bool     // written by Bazel because the test wrote none
	Problems  []string // what is wrong with this element, lower case
}

// ParseSuite reads a suite's test.xml. On an error it still returns the cells
// that it could read, the last of them perhaps in part.
func ParseSuite(r io.Reader) ([]SuiteCell, error) {
	return parseSuite(r, MaxSuiteXML, maxCases)
}

func parseSuite(r io.Reader, maxBytes int64, maxCases int) ([]SuiteCell, error) {
	p := &suiteParser{texts: map[string]string{}, dec: xml.NewDecoder(newSanitiser(r, maxBytes)), maxCases: maxCases}
	// The sanitiser has already replaced what is not UTF-8.
	p.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	err := p.document()
	cells := make([]SuiteCell, 0, len(p.cells))
	for _, c := range p.cells {
		if c != nil {
			cells = append(cells, *c)
		}
	}
	if err != nil {
		return cells, fmt.Errorf("reading test.xml: %w", err)
	}
	return cells, nil
}

type suiteParser struct {
	dec   *xml.Decoder
	cells []*SuiteCell
	cases int
	texts map[string]string // one copy of each name: those of a file's tests repeat

	maxCases int
}

func (p *suiteParser) document() error {
	root := false
	for {
		tok, err := p.dec.Token()
		if err == io.EOF {
			if !root {
				return errors.New("there is no testsuite element")
			}
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "testsuites":
			root = true // its children come as the next tokens
		case "testsuite":
			root = true
			if err := p.suite(start, 1); err != nil {
				return err
			}
		default:
			if !root {
				return fmt.Errorf("the root element is %q, not testsuites", start.Name.Local)
			}
			if err := p.dec.Skip(); err != nil {
				return err
			}
		}
	}
}

// children calls visit for each child element of the element just started.
func (p *suiteParser) children(visit func(xml.StartElement) error) error {
	for {
		tok, err := p.dec.Token()
		if err != nil {
			if err == io.EOF {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if err := visit(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

func (p *suiteParser) suite(start xml.StartElement, depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	c := &SuiteCell{Name: attr(start, "name")}
	at, nested := len(p.cells), false
	p.cells = append(p.cells, c)
	err := p.children(func(el xml.StartElement) error {
		switch el.Name.Local {
		case "properties":
			return p.properties(func(name, value string) { c.property(name, value) })
		case "testcase":
			return p.testcase(c, el)
		case "testsuite":
			nested = true
			return p.suite(el, depth+1)
		case "system-out":
			text, err := p.text(maxLog)
			c.Log = text
			c.Generated = strings.HasPrefix(strings.TrimSpace(text), "Generated test.log (")
			return err
		}
		return p.dec.Skip()
	})
	if j := c.JSON; err == nil && j != nil && (j.Verdict == Passed || j.Verdict == Failed) && j.Counts.Tests != count(c.Cases).Tests {
		c.problem("its cell.json counts %d tests, and %d are in the XML", j.Counts.Tests, count(c.Cases).Tests)
	}
	c.Cases = slices.Clone(c.Cases) // without room for more
	if nested && c.JSON == nil && len(c.Cases) == 0 {
		p.cells[at] = nil // only a folder of others
	}
	return err
}

func (p *suiteParser) properties(add func(name, value string)) error {
	return p.children(func(el xml.StartElement) error {
		if el.Name.Local != "property" {
			return p.dec.Skip()
		}
		value, text := attr(el, "value"), ""
		text, err := p.text(maxText)
		if value == "" {
			value = strings.TrimSpace(text)
		}
		if err == nil {
			add(attr(el, "name"), value)
		}
		return err
	})
}

// text reads the rest of an element as text, that of its children included.
func (p *suiteParser) text(limit int) (string, error) {
	out := clip{n: limit}
	for depth := 1; depth > 0; {
		tok, err := p.dec.Token()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return out.String(), err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			out.write(t)
		}
	}
	return out.String(), nil
}

func (c *SuiteCell) property(name, value string) {
	switch name {
	case "weft.cell":
		if c.JSON != nil {
			c.problem("weft.cell is there twice")
			return
		}
		c.JSON = c.decode(name, value)
	case "weft.cell.first":
		c.First = c.decode(name, value)
	}
}

func (c *SuiteCell) problem(format string, args ...any) {
	c.Problems = append(c.Problems, fmt.Sprintf(format, args...))
}

// decode reads a cell.json. One that does not say which cell it is, or is of
// a version that this code does not know, is a problem and no result.
func (c *SuiteCell) decode(name, value string) *CellJSON {
	var j CellJSON
	if err := json.Unmarshal([]byte(value), &j); err != nil {
		var version struct{ Version int }
		if json.Unmarshal([]byte(value), &version); version.Version <= CellVersion {
			c.problem("%s is not a cell.json: %v", name, err)
			return nil
		}
		j.Version = version.Version
	}
	switch {
	case j.Version > CellVersion:
		c.problem("%s has version %d, newer than the %d that this weft reads", name, j.Version, CellVersion)
		return nil
	case j.Version < 1:
		c.problem("%s has no version", name)
		return nil
	case j.File == "" || j.Type == "" || j.Environment.Name == "":
		c.problem("%s does not name its file, type and environment", name)
		return nil
	}
	j.Reason = InWorkspace(j.Reason)
	j.DurationSeconds = max(j.DurationSeconds, 0)
	if !j.Verdict.known() {
		c.problem("%s has the unknown verdict %q", name, j.Verdict)
		j.Reason = fmt.Sprintf("unknown verdict %q", j.Verdict)
		j.Verdict = Infrastructure
	}
	return &j
}

// one is the first copy of a text.
func (p *suiteParser) one(text string) string {
	if kept, ok := p.texts[text]; ok {
		return kept
	}
	p.texts[text] = text
	return text
}

func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
