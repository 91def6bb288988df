// Package page serves the live page of the watch loop: the board and the
// failures in a browser, pushed as they change, and a few commands back.
//
// It listens on the loopback interface only. Whoever opens it must know the
// random token in its address, must have asked for it by a loopback name (so
// that no other site's name can be pointed here), and commands are taken from
// the page itself alone. Everything it needs is embedded: nothing comes from
// the network.
package page

import (
	"context"
	"crypto/rand"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/weft-build/weft/internal/loop"
)

// Options say where and what to serve.
type Options struct {
	Address  string              // host:port of the loopback interface; port 0 is any that is free
	Title    string              // what is watched, for people: "all in reservoir"; may be empty
	Now      func() time.Time    // nil is time.Now
	Commands chan<- loop.Command // what people ask for on the page; nil takes none
}

// Page is a page being served. It is a loop.Sink.
type Page struct {
	url      string
	token    string
	hosts    map[string]bool // what a request's Host header may be
	commands chan<- loop.Command
	hub      *hub
	server   *http.Server
	over     context.CancelFunc
	ended    sync.WaitGroup
	close    sync.Once
}

// How long a client may take. A stream has no end of its own; what is written
// to it must be taken within writeTimeout.
const (
	headerTimeout  = 5 * time.Second
	bodyTimeout    = 5 * time.Second
	idleTimeout    = 2 * time.Minute
	writeTimeout   = 10 * time.Second
	commandTimeout = 2 * time.Second
	closeTimeout   = time.Second
)

// Serve begins to serve and returns at once; the page ends with the context or
// with Close. The error is an *AddressError when the address is not loopback's,
// or the system's when it cannot be listened on.
func Serve(ctx context.Context, opts Options) (*Page, error) {
	listener, err := listen(opts.Address)
	if err != nil {
		return nil, err
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	ctx, over := context.WithCancel(ctx)
	p := &Page{token: rand.Text(), hosts: hosts(listener.Addr().(*net.TCPAddr)), commands: opts.Commands, hub: newHub(opts), over: over}
	p.url = "http://" + listener.Addr().String() + "/" + p.token + "/"
	p.server = &http.Server{
		Handler:           p.guard(http.HandlerFunc(p.route)),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    16 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0), // a client's faults are not weft's to tell
	}
	p.ended.Go(func() { p.hub.run(ctx) })
	p.ended.Go(func() { _ = p.server.Serve(listener) })
	context.AfterFunc(ctx, p.Close)
	return p, nil
}

// URL is the page's address, with its token and a slash at the end.
func (p *Page) URL() string { return p.url }

// Update takes what the loop tells. It does not wait for anyone who looks.
func (p *Page) Update(u loop.Update) { p.hub.update(u) }

// Close tells those who look that weft has ended, and ends.
func (p *Page) Close() {
	p.close.Do(func() {
		p.over()
		patience, done := context.WithTimeout(context.Background(), closeTimeout)
		defer done()
		_ = p.server.Shutdown(patience)
		_ = p.server.Close()
	})
	p.ended.Wait()
}
