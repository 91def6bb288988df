package pipeline

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/weft-build/weft/internal/event"
	"github.com/weft-build/weft/internal/proc"
	"github.com/weft-build/weft/internal/result"
)

// Bazel names a file's content by what it was when the command began, and an
// action that waited its turn reads what was saved since: its result would stay
// in the cache under the name of a content that it never saw, and would be a
// false pass when a person goes back to that (seen with 7.7.1). From caches that
// others read, the guard of TestOptions keeps it away, for the very action; from
// the workspace's own cache, the pass does, for all that it ran: what has no
// output Bazel makes again, or takes from the other caches.

// took notes what Bazel has run itself: a file without which it does so again.
func (p *pass) took(e event.Event) {
	switch e := e.(type) {
	case event.Action:
		if e.Mnemonic == "WeftCell" {
			p.made = append(p.made, localPath(e.PrimaryOutput))
		}
	case event.TestResult:
		if log := localPath(e.Outputs["test.log"]); log != "" && !e.CachedLocally && !e.CachedRemotely {
			p.made = append(p.made, filepath.Join(filepath.Dir(log), "test.cache_status"))
		}
	}
}

// distrust has Bazel run again what it ran while a source was saved.
func (p *pass) distrust(since time.Time) {
	if len(p.made) == 0 {
		return
	}
	file := p.savedSince(since)
	if file == "" {
		return
	}
	for _, path := range p.made {
		if path != "" {
			_ = os.Remove(path) // what is not there is no result either
		}
	}
	if p.tools.Memory == nil { // a watch runs what the save affects
		p.note(result.Problem{Kind: "saved", Message: fmt.Sprintf("%s was saved while tests ran: they may have read it as it was before or after", file),
			Hint: p.req.Line(proc.Quote([]string{p.req.Scope.Text})) + " runs again what it affects"})
	}
}

// savedSince is a source file that has changed since; "" when none has. The times
// are the file system's, which the kernel's clock may be a tick ahead of.
func (p *pass) savedSince(since time.Time) string {
	for _, file := range p.sources {
		var s unix.Stat_t
		err := unix.Stat(filepath.Join(p.req.Workspace, file), &s)
		if err == nil && !time.Unix(s.Ctim.Unix()).Before(since.Add(-tick)) {
			return file
		}
	}
	return ""
}

// tick is the longest that the time of a file lags behind the clock.
const tick = 20 * time.Millisecond

// localPath is the file that a URI of an event's names; "" when it is none.
func localPath(uri string) string {
	if u, err := url.Parse(uri); err == nil && u.Scheme == "file" {
		return event.Text(u.Path)
	}
	return ""
}
