package ui

import (
	"io"
	"sync"
	"time"
)

// lastWords is how long a reader may take for what is left when the watch ends.
const lastWords = time.Second

// queue writes in the background, in order: a reader that stands still keeps
// neither the loop waiting nor the end of the watch.
type queue struct {
	failed func(io.Writer) // a write failed; what comes for that writer is dropped

	mu      sync.Mutex
	waiting []piece
	wake    chan struct{}
	closing chan struct{}
	ended   chan struct{}
	once    sync.Once
}

// piece is a text on its way.
type piece struct {
	to   io.Writer
	text []byte
}

func newQueue(failed func(io.Writer)) *queue {
	q := &queue{failed: failed, wake: make(chan struct{}, 1), closing: make(chan struct{}), ended: make(chan struct{})}
	go q.run()
	return q
}

// queued is a writer whose writes never wait.
type queued struct {
	q  *queue
	to io.Writer
}

// to is a writer by way of the queue.
func (q *queue) to(w io.Writer) io.Writer { return queued{q, w} }

// Write puts a copy of the text in the queue.
func (w queued) Write(text []byte) (int, error) {
	w.q.mu.Lock()
	w.q.waiting = append(w.q.waiting, piece{w.to, append([]byte(nil), text...)})
	w.q.mu.Unlock()
	select {
	case w.q.wake <- struct{}{}:
	default:
	}
	return len(text), nil
}

func (q *queue) run() {
	defer close(q.ended)
	gone := map[io.Writer]bool{}
	for open := true; open; {
		select {
		case <-q.wake:
		case <-q.closing:
			open = false
		}
		q.mu.Lock()
		waiting := q.waiting
		q.waiting = nil
		q.mu.Unlock()
		for _, p := range waiting {
			if gone[p.to] {
				continue
			}
			if _, err := p.to.Write(p.text); err != nil {
				gone[p.to] = true
				q.failed(p.to)
			}
		}
	}
}

// Close waits for what is left to be written, but not for long.
func (q *queue) Close() {
	q.once.Do(func() { close(q.closing) })
	select {
	case <-q.ended:
	case <-time.After(lastWords):
	}
}
