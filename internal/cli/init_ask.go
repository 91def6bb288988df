package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/weft-build/weft/internal/generate"
	"github.com/weft-build/weft/internal/scaffold"
	"github.com/weft-build/weft/internal/ui"
)

// answers are a person's, from a terminal.
type answers struct {
	terminal bool
	ctx      context.Context // ends a question that nobody answers
	in       *bufio.Reader
	out      io.Writer
}

func newAnswers(ctx context.Context, in io.Reader, out io.Writer) *answers {
	f, ok := in.(*os.File)
	return &answers{ctx: ctx, terminal: ok && term.IsTerminal(int(f.Fd())), in: bufio.NewReader(in), out: out}
}

// line reads one, unless the user interrupts; the reader then waits on alone,
// and no second one is put beside it.
func (a *answers) line() (string, error) {
	if err := a.ctx.Err(); err != nil {
		return "", err
	}
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		text, err := a.in.ReadString('\n')
		got <- answer{text, err}
	}()
	select {
	case <-a.ctx.Done():
		return "", a.ctx.Err()
	case given := <-got:
		return given.text, given.err
	}
}

// ask puts a question; d shows the diff and asks again. What is neither yes nor
// quit is no, an empty line and the end of the input too.
func (a *answers) ask(question string, diff []byte) (yes, quit bool) {
	for {
		fmt.Fprintf(a.out, "%s [y/N/d=diff/q] ", question)
		line, err := a.line()
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "y", "yes":
			return true, false
		case "q", "quit":
			return false, true
		case "d", "diff":
			fmt.Fprint(a.out, ui.Block(string(diff)), "\n")
			if err == nil {
				continue
			}
		}
		return false, err != nil
	}
}

// show lists the environments and what will be written, with sizes.
func (i *initialiser) show(plan scaffold.Plan, p scaffold.Proposal, build generate.Result) {
	var b strings.Builder
	if len(p.Environments) > 0 {
		b.WriteString("environments\n")
	}
	for _, e := range p.Environments {
		fmt.Fprintf(&b, "  %-12s %s\n", e.Name, e.Description)
	}
	b.WriteString("files\n")
	rules, size := 0, 0
	for _, c := range plan.Changes {
		if c.Vendored && !c.Ask && c.Old == nil {
			rules, size = rules+1, size+len(c.New)
		}
	}
	if rules > 0 {
		fmt.Fprintf(&b, "  new      %-32s %s, %s\n", scaffold.RulesDir+"/", ui.Plural(rules, "file"), bytesText(size))
	}
	for _, c := range plan.Changes {
		if (!c.Vendored || c.Ask || c.Old != nil) && !slices.Contains(build.Written, c.Path) {
			fmt.Fprintf(&b, "  %-8s %-32s %s\n", what(c), c.Path, detail(c))
		}
	}
	for _, name := range build.Written {
		fmt.Fprintf(&b, "  rules    %s\n", name)
	}
	fmt.Fprint(i.stderr, b.String())
}

func what(c scaffold.Change) string {
	switch {
	case c.Old == nil:
		return "new"
	case c.New == nil:
		return "remove"
	case c.Adds:
		return "add to"
	case c.Ask:
		return "yours"
	}
	return "update"
}

func detail(c scaffold.Change) string {
	if c.Adds {
		return ui.Plural(strings.Count(string(c.New), "\n")-strings.Count(string(c.Old), "\n"), "line")
	}
	return bytesText(len(c.New))
}

// bytesText is a size as a person reads it.
func bytesText(n int) string {
	if n < 1000 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f kB", float64(n)/1000)
}
