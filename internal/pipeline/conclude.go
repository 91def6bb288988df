package pipeline

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/weft-build/weft/internal/analysis"
	"github.com/weft-build/weft/internal/report"
	"github.com/weft-build/weft/internal/report/junit"
	"github.com/weft-build/weft/internal/report/markdown"
	"github.com/weft-build/weft/internal/request"
	"github.com/weft-build/weft/internal/result"
)

// Exit codes that this package knows: analysis' for a run without a test, and
// its own for a report that could not be written.
const (
	exitNothing     = 4
	exitFault       = 70
	exitInterrupted = 130
)

// renderers by the name that --report takes.
var renderers = map[string]func(io.Writer, report.Report) error{
	"markdown": markdown.Write,
	"json":     report.Write,
	"junit":    junit.Write,
}

// Renderer returns the renderer of a report format; false when there is none.
func Renderer(format string) (func(io.Writer, report.Report) error, bool) {
	render, ok := renderers[format]
	return render, ok
}

// conclude analyses a run, remembers it and writes its reports.
func (p *pass) conclude(run result.Run) (Outcome, error) {
	m := p.tools.Memory
	if m != nil && p.filter != "" {
		return p.concludeAside(run), nil
	}
	if !run.Interrupted && len(run.Cells) > 0 {
		recorded := run
		if m != nil {
			recorded.ID = m.oneRun(run.ID)
		}
		if err := p.store.Append(recorded); err != nil {
			problem := result.Problem{Kind: "history", Message: err.Error()}
			run.Problems = append(run.Problems, problem)
			p.sink.Update(Noted{problem})
		}
	}
	if m != nil {
		run = m.remember(run, p.plan)
		if run.Interrupted { // another pass takes its place
			p.discard()
			return Outcome{ExitCode: exitInterrupted, Plan: p.plan}, nil
		}
		defer func() { m.past = nil; m.past = p.startLoad() }()
		p.plan = m.whole
	}
	a := analysis.Analyse(run, p.past, p.analysisOptions())
	code := analysis.ExitCode(run, a)
	if code == exitNothing {
		// A filter among Bazel's flags can leave nothing over.
		problem := result.Problem{Kind: "plan", Message: "no test ran: nothing matches what was asked for", Hint: "leave out --test_filter"}
		run.Problems = append(run.Problems, problem)
		p.sink.Update(Noted{problem})
	}
	out := Outcome{ExitCode: code, Report: report.Build(run, a), Folder: p.folder(), Plan: p.plan, BrokenOff: p.brokenOff}
	for _, f := range p.reportFiles() {
		err := os.MkdirAll(filepath.Dir(f.Path), 0o755)
		if err == nil {
			err = report.WriteFile(f.Path, func(w io.Writer) error { return renderers[f.Format](w, out.Report) })
		}
		if err != nil {
			p.sink.Update(Noted{result.Problem{Kind: "report", Message: fmt.Sprintf("writing the %s report: %v", f.Format, err), Hint: "weft report shows what is known of this run"}})
			if out.ExitCode == 0 {
				out.ExitCode = exitFault
			}
		}
	}
	p.prune()
	p.sink.Update(Reported{Run: run, Report: out.Report, Folder: out.Folder})
	return out, nil
}

// concludeAside ends a pass that ran some tests of its cells: there is nothing
// to remember and no report, for both are about whole cells.
func (p *pass) concludeAside(run result.Run) Outcome {
	p.discard()
	a := analysis.Analyse(run, p.past, p.analysisOptions())
	return Outcome{ExitCode: analysis.ExitCode(run, a), Plan: p.plan, BrokenOff: p.brokenOff}
}

// discard removes the folder of a run without a report.
func (p *pass) discard() { _ = os.RemoveAll(p.folder()) }

// analysisOptions are the gates that concern the plan: a run without security
// cells says nothing about security, and is not failed for that.
func (p *pass) analysisOptions() analysis.Options {
	g := p.req.Gates
	o := analysis.Options{CoverageAsked: p.req.Coverage, Threshold: g.Regression, Sources: p.sources,
		Workspace: os.DirFS(p.req.Workspace), Generated: p.req.CheckBuildFiles}
	for _, c := range p.plan.Cells {
		switch c.Type {
		case "unit":
			o.CoverageMin = g.Coverage
		case "performance":
			o.PerformanceGate = g.Regression > 0
		case "security":
			if g.SecurityFailOn != "never" {
				o.SecurityFailOn = g.SecurityFailOn
			}
		}
	}
	return o
}

// reportFiles are the two that are always written, then the ones asked for.
func (p *pass) reportFiles() []request.ReportFile {
	files := []request.ReportFile{
		{Format: "json", Path: filepath.Join(p.folder(), "report.json")},
		{Format: "markdown", Path: filepath.Join(p.folder(), "report.md")},
	}
	for _, f := range p.req.Reports {
		if !filepath.IsAbs(f.Path) {
			f.Path = filepath.Join(p.req.Dir, f.Path)
		}
		files = append(files, f)
	}
	return files
}

// prune points `latest` at this run and drops the runs beyond the limits. Of the
// passes of a watch the last two stay, for who reads the one before: they are one
// run, and push no other out.
// Failing at that loses nothing, so it is not worth a word.
func (p *pass) prune() {
	keep := p.req.KeepRuns
	if m := p.tools.Memory; m != nil {
		m.folders = append(m.folders, p.folder())
		for len(m.folders) > 2 {
			_ = os.RemoveAll(m.folders[0])
			m.folders = m.folders[1:]
		}
		keep += len(m.folders) - 1
	}
	latest := filepath.Join(p.runs(), "latest")
	_ = os.Remove(latest + ".new")
	if os.Symlink(p.id, latest+".new") == nil {
		_ = os.Rename(latest+".new", latest)
	}
	entries, err := os.ReadDir(p.runs())
	if err != nil {
		return
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() {
			ids = append(ids, e.Name())
		}
	}
	slices.Sort(ids)
	for i, id := range ids {
		info, err := os.Stat(filepath.Join(p.runs(), id))
		old := err == nil && p.req.KeepDays > 0 && p.start.Sub(info.ModTime()) > p.keepFor()
		many := p.req.KeepRuns > 0 && len(ids)-i > keep
		if id != p.id && (old || many) {
			_ = os.RemoveAll(filepath.Join(p.runs(), id))
		}
	}
}

func (p *pass) keepFor() time.Duration { return time.Duration(p.req.KeepDays) * 24 * time.Hour }
