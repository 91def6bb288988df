package page

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// policy is the page's Content-Security-Policy. 'self' is this server, which
// answers nothing outside of the token.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
	"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
}, "; ")

// guard lets through what was meant for this server and knows the token, and
// takes the token off the path. A name that another site points at this
// machine (DNS rebinding) shows in the Host header.
func (p *Page) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !p.hosts[r.Host] {
			http.Error(w, "this server is asked for as localhost or 127.0.0.1 only", http.StatusForbidden)
			return
		}
		token, rest, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if subtle.ConstantTimeCompare([]byte(token), []byte(p.token)) != 1 || !ok {
			http.Error(w, "no such page: the address that weft printed has a token in it", http.StatusNotFound)
			return
		}
		http.StripPrefix(strings.TrimSuffix(r.URL.Path, rest), next).ServeHTTP(w, r)
	})
}

// sameOrigin says that the page itself sent the request. Browsers set Origin
// on every POST, and no script can.
func sameOrigin(r *http.Request) bool {
	return r.Header.Get("Origin") == "http://"+r.Host
}
