package page

import (
	"net/http"
	"time"
)

// alive is how often a stream on which nothing happens shows that it is alive;
// a connection that is gone is noticed by it.
const alive = 15 * time.Second

// stream sends events until the client or the page ends. A client that
// reconnects gets the whole board again, whatever it had.
func (p *Page) stream(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		return
	}
	s := p.hub.join()
	if s == nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer p.hub.leave(s)
	w.Header().Set("Content-Type", "text/event-stream")
	_ = send(w, []byte("retry: 1000\n\n")) // milliseconds until the browser connects again
	tick := time.NewTicker(alive)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			// Of the page's own end, not of the client's, it is told.
			_ = send(w, []byte("event: end\ndata: {}\n\n"))
			return
		case <-tick.C:
			if send(w, []byte(": \n\n")) != nil {
				return
			}
		case event, ok := <-s.events:
			if !ok || send(w, event) != nil {
				return // it fell behind
			}
		}
	}
}

func send(w http.ResponseWriter, event []byte) error {
	controller := http.NewResponseController(w)
	_ = controller.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := w.Write(event); err != nil {
		return err
	}
	return controller.Flush()
}
