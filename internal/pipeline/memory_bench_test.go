package pipeline

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/weft-build/weft/internal/plan"
	"github.com/weft-build/weft/internal/result"
)

// parsed is a cell as it comes from a suite's test.xml: ten tests that passed.
func parsed(b *testing.B, file, environment string) result.Cell {
	var xml strings.Builder
	fmt.Fprintf(&xml, `<testsuites><testsuite name="%s"><properties><property name="weft.cell" value="{&quot;version&quot;:1,&quot;label&quot;:&quot;//x:x&quot;,&quot;file&quot;:&quot;%[1]s&quot;,`+
		`&quot;type&quot;:&quot;unit&quot;,&quot;environment&quot;:{&quot;name&quot;:&quot;%s&quot;,&quot;kind&quot;:&quot;python&quot;,&quot;version&quot;:&quot;3.11.2&quot;,&quot;storePath&quot;:&quot;/nix/store/00000000000000000000000000000000-python3-3.11-env&quot;},`+
		`&quot;interpreter&quot;:{&quot;executable&quot;:&quot;/nix/store/00000000000000000000000000000000-python3-3.11-env/bin/python3&quot;,&quot;version&quot;:&quot;3.11.2&quot;},`+
		`&quot;verdict&quot;:&quot;passed&quot;,&quot;exitCode&quot;:0,&quot;start&quot;:&quot;2026-11-23T12:00:00Z&quot;,&quot;cpuSeconds&quot;:0.1,&quot;counts&quot;:{&quot;tests&quot;:10,&quot;passed&quot;:10},`+
		`&quot;sandbox&quot;:{&quot;network&quot;:&quot;loopback&quot;,&quot;interfaces&quot;:[&quot;lo&quot;]}}"/></properties>`, file, environment)
	for i := range 10 {
		fmt.Fprintf(&xml, `<testcase classname="%s" file="%s" line="%d" name="test_the_thing_%d" time="0.01"/>`, strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", "."), file, 10*i, i)
	}
	xml.WriteString(`</testsuite></testsuites>`)
	cells, err := result.ParseSuite(strings.NewReader(xml.String()))
	if err != nil || len(cells) != 1 || cells[0].JSON == nil {
		b.Fatal(cells, err)
	}
	c := cells[0]
	return result.Cell{ID: plan.CellID(file, "unit", environment), File: c.JSON.File, Type: c.JSON.Type, Environment: c.JSON.Environment.Name, Suite: "//x:tests.unit@" + environment,
		Verdict: result.Passed, Start: time.Unix(0, 0), Duration: time.Second, Cases: c.Cases, JSON: *c.JSON}
}

// BenchmarkRemembered is what the results of 100,000 cells with ten tests each
// take between two passes.
func BenchmarkRemembered(b *testing.B) {
	environments := []string{"python3.9", "python3.10", "python3.11", "octave", "minimal", "full"}
	for b.Loop() {
		before := heapInUse()
		m := &Memory{whole: &plan.Plan{}}
		for i := range 100_000 / len(environments) {
			run := result.Run{}
			for _, e := range environments {
				c := parsed(b, fmt.Sprintf("project/area%03d/tests/test_number_%06d.py", i/100, i), e)
				m.whole.Cells = append(m.whole.Cells, result.PlannedCell{ID: c.ID, File: c.File, Type: c.Type, Environment: c.Environment})
				run.Cells = append(run.Cells, c)
			}
			m.keep(run)
		}
		b.ReportMetric(float64(heapInUse()-before)/(1<<20), "heap-MB")
		runtime.KeepAlive(m)
	}
}

func heapInUse() int64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}
