package ui

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/proc"
)

// frame is the shortest time between two drawings that updates cause: what
// comes in between is folded at once.
const frame = 25 * time.Millisecond

// watchLive is the board on a terminal. Neither the loop nor the board ever
// waits for the other: updates and commands wait in queues of their own, as the
// board stands still while an editor has the terminal.
type watchLive struct {
	opts     WatchOptions
	program  *tea.Program
	updates  inbox
	commands *outbox
	lent     atomic.Bool
	err      error
	closing  chan struct{}
	once     sync.Once
	work     sync.WaitGroup
}

func newWatchLive(o WatchOptions, in, out *os.File) *watchLive {
	v := &watchLive{opts: o, closing: make(chan struct{}), commands: newOutbox(o.Commands)}
	v.updates.wake = make(chan struct{}, 1)
	model := newWatchScreen(o)
	model.ask, model.take = v.commands.put, v.updates.take
	model.edit = func(argv []string) tea.Cmd { return v.edit(argv, in, out) }
	v.program = tea.NewProgram(model, tea.WithInput(&tty{File: in, gone: o.Quit}), tea.WithOutput(out),
		tea.WithoutSignalHandler(), tea.WithEnvironment(environ(o.Env)))
	v.work.Go(func() {
		if _, v.err = v.program.Run(); v.err != nil {
			o.Quit() // a board that cannot be drawn must not look alive
		}
	})
	v.work.Go(v.pump)
	v.work.Go(func() { v.commands.run(v.closing) })
	return v
}

// Update queues what the loop tells.
func (v *watchLive) Update(u loop.Update) { v.updates.put(u) }

// Lent says that an editor has the terminal.
func (v *watchLive) Lent() bool { return v.lent.Load() }

// pump wakes the board when something is in the queue.
func (v *watchLive) pump() {
	for {
		select {
		case <-v.closing:
			return
		case <-v.updates.wake:
		}
		v.program.Send(wakeMsg{})
		select {
		case <-v.closing:
			return
		case <-time.After(frame):
		}
	}
}

// edit lends the terminal to an editor.
func (v *watchLive) edit(argv []string, in, out *os.File) tea.Cmd {
	cmd, err := proc.Interactive(proc.Command{Purpose: "opening the editor", Argv: argv, Dir: v.opts.Dir}, in, out)
	if err != nil {
		return func() tea.Msg { return editedMsg{err} }
	}
	return tea.Exec(&lending{cmd, &v.lent}, func(err error) tea.Msg { return editedMsg{err} })
}

// lending is a process that has the terminal while it runs. Its streams are
// set: the board's own input is no plain file.
type lending struct {
	*exec.Cmd
	lent *atomic.Bool
}

// SetStdin, SetStdout and SetStderr are what bubbletea would set.
func (l *lending) SetStdin(io.Reader)  {}
func (l *lending) SetStdout(io.Writer) {}
func (l *lending) SetStderr(io.Writer) {}

// Run runs the process.
func (l *lending) Run() error {
	l.lent.Store(true)
	defer l.lent.Store(false)
	return l.Cmd.Run()
}

// Close ends the board and leaves the terminal as it was.
func (v *watchLive) Close() {
	v.once.Do(func() {
		close(v.closing)
		v.program.Quit()
		v.work.Wait()
		if v.err != nil {
			fmt.Fprintf(v.opts.Stderr, "weft: the board ended: %s\n", Clean(v.err.Error()))
		}
	})
}

// tty is the terminal's input. It tells when the terminal is gone, which
// bubbletea takes for no more keys: in raw mode nothing else ends the input.
type tty struct {
	*os.File
	gone func()
}

// Read reads keys.
func (t *tty) Read(p []byte) (int, error) {
	n, err := t.File.Read(p)
	if err != nil {
		go t.gone()
	}
	return n, err
}

// inbox holds updates until the board takes them.
type inbox struct {
	mu      sync.Mutex
	waiting []loop.Update
	wake    chan struct{}
}

func (i *inbox) put(u loop.Update) {
	i.mu.Lock()
	i.waiting = append(i.waiting, u)
	i.mu.Unlock()
	select {
	case i.wake <- struct{}{}:
	default:
	}
}

func (i *inbox) take() []loop.Update {
	i.mu.Lock()
	defer i.mu.Unlock()
	taken := i.waiting
	i.waiting = nil
	return taken
}

// outbox holds commands, in their order, until the loop takes them.
type outbox struct {
	mu      sync.Mutex
	waiting []loop.Command
	wake    chan struct{}
	to      chan<- loop.Command
}

func newOutbox(to chan<- loop.Command) *outbox {
	return &outbox{wake: make(chan struct{}, 1), to: to}
}

func (o *outbox) put(c loop.Command) {
	o.mu.Lock()
	o.waiting = append(o.waiting, c)
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *outbox) run(closing <-chan struct{}) {
	for {
		select {
		case <-closing:
			return
		case <-o.wake:
		}
		o.mu.Lock()
		waiting := o.waiting
		o.waiting = nil
		o.mu.Unlock()
		for _, c := range waiting {
			select {
			case o.to <- c:
			case <-closing:
				return
			}
		}
	}
}
