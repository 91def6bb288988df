package page

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// task is a piece of work of the page's main thread, or a part of one.
type task struct {
	Name     string  `json:"name"`
	Phase    string  `json:"ph"`
	Thread   int     `json:"tid"`
	Process  int     `json:"pid"`
	Start    float64 `json:"ts"`   // microseconds
	Duration float64 `json:"dur"`  // microseconds
	CPU      float64 `json:"tdur"` // of Duration, what the thread itself ran
	Args     struct {
		Name string `json:"name"`
	} `json:"args"`
}

// traced logs the longest tasks of the page's main thread while work is done,
// from Chromium's own trace. With WEFT_TRACES the trace is kept in that folder,
// for DevTools to show.
func (b *tab) traced(what string, work func()) {
	b.Helper()
	var mu sync.Mutex
	var events []json.RawMessage
	done := make(chan struct{})
	ctx, end := context.WithCancel(b.ctx)
	defer end()
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *tracing.EventDataCollected:
			mu.Lock()
			defer mu.Unlock()
			for _, v := range e.Value {
				events = append(events, json.RawMessage(slices.Clone(v)))
			}
		case *tracing.EventTracingComplete:
			close(done)
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	config := tracing.StartParams{TraceConfig: &tracing.TraceConfig{IncludedCategories: []string{"devtools.timeline", "disabled-by-default-devtools.timeline"}, ExcludedCategories: []string{"*"}}}
	if _, err := chromedp.Call(ctx, tracing.Start, config); err != nil {
		b.Fatal(err)
	}
	work()
	if _, err := chromedp.Call(ctx, tracing.End, struct{}{}); err != nil {
		b.Fatal(err)
	}
	select {
	case <-done:
	case <-time.After(patience):
		b.Fatal("the trace did not end")
	}
	b.longest(what, events)
}

func (b *tab) longest(what string, events []json.RawMessage) {
	b.Helper()
	if folder := os.Getenv("WEFT_TRACES"); folder != "" {
		data, err := json.Marshal(map[string]any{"traceEvents": events})
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, strings.ReplaceAll(what, " ", "-")+".json"), data, 0o644)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	var tasks []task
	main := map[[2]int]bool{}
	for _, event := range events {
		var t task
		if err := json.Unmarshal(event, &t); err != nil {
			continue // arguments of another shape
		}
		if t.Name == "thread_name" && t.Args.Name == "CrRendererMain" {
			main[[2]int{t.Process, t.Thread}] = true
		}
		if t.Name == "RunTask" && t.Phase == "X" {
			tasks = append(tasks, t)
		}
	}
	tasks = slices.DeleteFunc(tasks, func(t task) bool { return !main[[2]int{t.Process, t.Thread}] })
	slices.SortFunc(tasks, func(a, b task) int { return cmp.Compare(b.Duration, a.Duration) })
	over := 0
	for _, t := range tasks {
		if t.Duration > 200_000 {
			over++
		}
	}
	if len(tasks) == 0 {
		b.Errorf("%s: the trace has no tasks of the page", what)
		return
	}
	b.Logf("%s: the longest of %d tasks took %.0f ms (%.0f ms of CPU), %d took more than 200 ms", what, len(tasks), tasks[0].Duration/1000, tasks[0].CPU/1000, over)
}
