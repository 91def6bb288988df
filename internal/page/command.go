package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/weft-build/weft/internal/loop"
)

// maxCommand is how many bytes a command may have; a path filter is typed by hand.
const maxCommand = 8 << 10

// asked is a command as the page sends it.
type asked struct {
	Command string `json:"command"` // "all", "rerun", "stop", "onlyFailed", "paths"
	On      bool   `json:"on"`      // of onlyFailed
	Text    string `json:"text"`    // of paths
}

func (a asked) command() (loop.Command, error) {
	switch a.Command {
	case "all":
		return loop.RunAll{}, nil
	case "rerun":
		return loop.Rerun{}, nil
	case "stop":
		return loop.Stop{}, nil
	case "onlyFailed":
		return loop.OnlyFailed{On: a.On}, nil
	case "paths":
		return loop.Paths{Text: a.Text}, nil
	}
	return nil, fmt.Errorf("no such command: %q", a.Command)
}

// command passes on what a person asks for. Another site's page can send a
// request here, but not with this server's origin.
func (p *Page) command(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", "POST")
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	case !sameOrigin(r):
		http.Error(w, "commands are taken from the page itself only", http.StatusForbidden)
		return
	case !isJSON(r):
		http.Error(w, "commands are application/json", http.StatusUnsupportedMediaType)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	command, err := read(w, r)
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		http.Error(w, "the command is too long", http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	default:
		p.pass(w, r, command)
	}
}

func read(w http.ResponseWriter, r *http.Request) (loop.Command, error) {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxCommand))
	decoder.DisallowUnknownFields()
	var a asked
	if err := decoder.Decode(&a); err != nil {
		return nil, fmt.Errorf("reading the command: %w", err)
	}
	return a.command()
}

// pass hands the command to the loop, which may be busy for a moment.
func (p *Page) pass(w http.ResponseWriter, r *http.Request, command loop.Command) {
	patience := time.NewTimer(commandTimeout)
	defer patience.Stop()
	select {
	case p.commands <- command:
		w.WriteHeader(http.StatusNoContent)
	case <-patience.C:
		http.Error(w, "weft does not take commands at the moment", http.StatusServiceUnavailable)
	case <-r.Context().Done():
	}
}
