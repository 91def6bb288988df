package page

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/weft-build/weft/internal/loop"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve serves a page until the test ends.
func serve(t *testing.T) (*Page, chan loop.Command) {
	t.Helper()
	commands := make(chan loop.Command, 1)
	p, err := Serve(t.Context(), Options{Address: "127.0.0.1:0", Title: "all", Commands: commands})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return p, commands
}

// ask sends a request below the page's address, changed by change, and gives the status and the body.
func ask(t *testing.T, p *Page, method, path, body string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "http://"+r.URL.Host)
	r.Header.Set("Content-Type", "application/json")
	if change != nil {
		change(r)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.168.1.2:80", "example.com:80", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:70000", "127.1:0", ""} {
		p, err := Serve(t.Context(), Options{Address: address})
		var refused *AddressError
		if !errors.As(err, &refused) || !strings.Contains(refused.Hint(), "127.0.0.1:0") {
			t.Errorf("%q: the error is %v", address, err)
		}
		if p != nil {
			p.Close()
		}
	}
	for _, address := range []string{"127.0.0.1:0", "127.0.0.2:0", "localhost:0"} {
		p, err := Serve(t.Context(), Options{Address: address})
		if err != nil {
			t.Errorf("%q: %v", address, err)
			continue
		}
		if response, _ := ask(t, p, "GET", "", "", nil); response.StatusCode != http.StatusOK {
			t.Errorf("%q: its page is answered with %d", address, response.StatusCode)
		}
		p.Close()
	}
	busy, _ := serve(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(busy.URL(), "http://"), ":")
	port, _, _ = strings.Cut(port, "/")
	var system *net.OpError
	if _, err := Serve(t.Context(), Options{Address: "127.0.0.1:" + port}); !errors.As(err, &system) {
		t.Errorf("on a port in use the error is %v", err)
	}
}

func TestGuard(t *testing.T) {
	p, _ := serve(t)
	host := strings.Split(p.URL(), "/")[2]
	_, port, _ := strings.Cut(host, ":")
	token := p.token
	for _, c := range []struct {
		host, path string
		status     int
	}{
		{host, "/" + token + "/", 200},
		{"localhost:" + port, "/" + token + "/", 200},
		{"[::1]:" + port, "/" + token + "/page.css", 200},
		{"evil.example:" + port, "/" + token + "/", 403},
		{"evil.example", "/" + token + "/events", 403},
		{"localhost", "/" + token + "/", 403},
		{"127.0.0.1:1", "/" + token + "/", 403},
		{"127.0.0.1." + host, "/" + token + "/", 403},
		{"evil.example:" + port, "/", 403},
		{host, "/", 404},
		{host, "/" + token, 404},
		{host, "/" + token[1:] + "/", 404},
		{host, "/" + token + "x/", 404},
		{host, "/" + strings.ToLower(token) + "/", 404},
		{host, "/page.css", 404},
		{host, "/" + token + "/nothing.js", 404},
		{host, "/" + token + "/files/page.js", 404},
		{host, "/" + token + "/../page.go", 404},
		{host, "/" + token + "/%2e%2e/page.go", 404},
		{host, "/" + token + "/" + token + "/", 404},
	} {
		response, body := ask(t, p, "GET", "", "", func(r *http.Request) {
			r.Host, r.URL.Path, r.URL.RawPath, r.URL.Opaque = c.host, "", "", c.path
		})
		if response.StatusCode != c.status {
			t.Errorf("%s %s: %d, want %d", c.host, c.path, response.StatusCode, c.status)
		}
		if response.StatusCode != 200 && strings.Contains(body, token) {
			t.Errorf("%s %s: the refusal tells the token", c.host, c.path)
		}
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q, want %q", c.host, c.path, name, got, want)
			}
		}
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s %s: the policy is %q", c.host, c.path, policy)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		if response, _ := ask(t, p, method, "", "", nil); response.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, response.StatusCode)
		}
	}
	if response, _ := ask(t, p, "HEAD", "events", "", nil); response.StatusCode != 200 {
		t.Errorf("HEAD of the stream: %d", response.StatusCode)
	}
}

func TestTokensDiffer(t *testing.T) {
	a, _ := serve(t)
	b, _ := serve(t)
	if a.token == b.token || len(a.token) < 26 {
		t.Errorf("the tokens are %q and %q", a.token, b.token)
	}
}

func TestCommands(t *testing.T) {
	p, commands := serve(t)
	for _, c := range []struct {
		body   string
		status int
		want   loop.Command
		change func(*http.Request)
	}{
		{`{"command":"all"}`, 204, loop.RunAll{}, nil},
		{`{"command":"rerun"}`, 204, loop.Rerun{}, nil},
		{`{"command":"stop"}`, 204, loop.Stop{}, nil},
		{`{"command":"onlyFailed","on":true}`, 204, loop.OnlyFailed{On: true}, nil},
		{`{"command":"paths","text":"a/*"}`, 204, loop.Paths{Text: "a/*"}, nil},
		{`{"command":"format"}`, 400, nil, nil},
		{`{"command":"all","more":1}`, 400, nil, nil},
		{`all`, 400, nil, nil},
		{``, 400, nil, nil},
		{`{"command":"paths","text":"` + strings.Repeat("x", maxCommand) + `"}`, 413, nil, nil},
		{`{"command":"all"}`, 403, nil, func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }},
		{`{"command":"all"}`, 403, nil, func(r *http.Request) { r.Header.Set("Origin", "null") }},
		{`{"command":"all"}`, 403, nil, func(r *http.Request) { r.Header.Del("Origin") }},
		{`{"command":"all"}`, 403, nil, func(r *http.Request) { r.Header.Set("Origin", "https://"+r.URL.Host) }},
		{`{"command":"all"}`, 415, nil, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }},
		{`{"command":"all"}`, 415, nil, func(r *http.Request) { r.Header.Del("Content-Type") }},
		{`{"command":"all"}`, 405, nil, func(r *http.Request) { r.Method = "GET" }},
	} {
		response, body := ask(t, p, "POST", "command", c.body, c.change)
		if response.StatusCode != c.status {
			t.Errorf("%.50s: %d %s, want %d", c.body, response.StatusCode, body, c.status)
		}
		var got loop.Command
		select {
		case got = <-commands:
		default:
		}
		if got != c.want {
			t.Errorf("%.50s, answered with %d: the loop was asked %#v, want %#v", c.body, response.StatusCode, got, c.want)
		}
	}
	commands <- loop.Rerun{} // now the loop has its hands full
	if response, _ := ask(t, p, "POST", "command", `{"command":"all"}`, nil); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("while the loop is busy: %d", response.StatusCode)
	}
}

// opened is an open stream.
type opened struct {
	*http.Response
	lines *bufio.Scanner
	end   context.CancelFunc
}

func openStream(t *testing.T, p *Page) opened {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	t.Cleanup(end)
	r, err := http.NewRequestWithContext(ctx, "GET", p.URL()+"events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 16<<20)
	return opened{response, lines, end}
}

// next is the next event, without its data.
func (o opened) next() string {
	for o.lines.Scan() {
		if name, ok := strings.CutPrefix(o.lines.Text(), "event: "); ok {
			return name
		}
	}
	return ""
}

func TestStreamsAreLimited(t *testing.T) {
	p, _ := serve(t)
	var all []opened
	for range maxStreams {
		o := openStream(t, p)
		if o.next() != "board" {
			t.Fatal("a stream does not begin with the board")
		}
		all = append(all, o)
	}
	if o := openStream(t, p); o.StatusCode != http.StatusServiceUnavailable || o.Header.Get("Retry-After") == "" {
		t.Errorf("one too many is answered with %d", o.StatusCode)
	}
	all[0].end()
	for { // the server notices soon
		o := openStream(t, p)
		if o.StatusCode == http.StatusOK {
			break
		}
	}
}

func TestEnd(t *testing.T) {
	for name, end := range map[string]func(*Page, context.CancelFunc){
		"Close":       func(p *Page, _ context.CancelFunc) { p.Close() },
		"the context": func(_ *Page, over context.CancelFunc) { over() },
	} {
		ctx, over := context.WithCancel(t.Context())
		p, err := Serve(ctx, Options{Address: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		o := openStream(t, p)
		o.next()
		end(p, over)
		if got := o.next(); got != "end" {
			t.Errorf("ended by %s, the stream's last event is %q", name, got)
		}
		p.Close()
		if _, err := http.Get(p.URL()); err == nil {
			t.Errorf("ended by %s, the page is still answered", name)
		}
		p.Update(loop.Waiting{}) // the loop may end later
		over()
	}
}
