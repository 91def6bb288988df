package page

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/weft-build/weft/internal/loop"
)

const (
	maxStreams = 64
	// behind is how many events a client may be behind before it is cut off; it
	// then reconnects and gets the whole board.
	behind = 32
	// pause is the least time between two events; what happens in it is one event.
	pause = 80 * time.Millisecond
)

// hub tells every stream what changed. All streams have been told the same.
type hub struct {
	state *state
	woken chan struct{}

	telling sync.Mutex // held while streams are told, and while one joins or leaves
	streams map[*stream]bool
}

// stream is one client's. events is closed when it fell behind.
type stream struct{ events chan []byte }

func newHub(opts Options) *hub {
	return &hub{state: newState(opts), woken: make(chan struct{}, 1), streams: map[*stream]bool{}}
}

func (h *hub) update(u loop.Update) {
	h.state.add(u)
	select {
	case h.woken <- struct{}{}:
	default:
	}
}

// run tells what changed, the first at once, until the context ends.
func (h *hub) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.woken:
		}
		h.telling.Lock()
		h.tell()
		h.telling.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// tell sends what changed to every stream. It waits for none.
func (h *hub) tell() {
	if len(h.streams) == 0 {
		return
	}
	h.send(h.state.change())
}

func (h *hub) send(m message) {
	event := encode(m)
	if event == nil {
		return
	}
	for s := range h.streams {
		select {
		case s.events <- event:
		default:
			delete(h.streams, s)
			close(s.events)
		}
	}
}

// join adds a stream, whose first event is the whole board; nil when there are
// too many.
func (h *hub) join() *stream {
	h.telling.Lock()
	defer h.telling.Unlock()
	if len(h.streams) >= maxStreams {
		return nil
	}
	change, whole := h.state.whole()
	h.send(change) // the others are told as much as the new one
	s := &stream{events: make(chan []byte, behind)}
	s.events <- encode(whole)
	h.streams[s] = true
	return s
}

func (h *hub) leave(s *stream) {
	h.telling.Lock()
	defer h.telling.Unlock()
	delete(h.streams, s)
}

// encode writes a server-sent event; nil when there is nothing to tell.
func encode(m message) []byte {
	if len(m.parts) == 0 {
		return nil
	}
	m.parts["version"] = m.version
	data, err := json.Marshal(m.parts)
	if err != nil { // of strings, numbers and times only: it cannot be
		return nil
	}
	return fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", m.version, m.event, data)
}
