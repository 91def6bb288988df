package page

import (
	"embed"
	"mime"
	"net/http"
	"path"
)

//go:embed files
var files embed.FS

// Types are not left to the machine's own tables.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// route answers what lies below the token.
func (p *Page) route(w http.ResponseWriter, r *http.Request) {
	switch name := r.URL.Path; {
	case name == "command":
		p.command(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "GET only", http.StatusMethodNotAllowed)
	case name == "events":
		p.stream(w, r)
	case name == "":
		file(w, "index.html")
	default:
		file(w, name)
	}
}

func file(w http.ResponseWriter, name string) {
	text, err := files.ReadFile(path.Join("files", path.Base(name)))
	kind := types[path.Ext(name)]
	if err != nil || kind == "" || path.Base(name) != name {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(text)
}

func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}
