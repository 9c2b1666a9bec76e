package password

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Line is where somebody waits for a hash. Whoever is known goes before all strangers, and so waits for one hash of
// theirs at most.
type Line int

// The lines. A stranger is whoever has not signed in to the account from the same address before, whether there is such
// an account or not: the wait tells nothing.
const (
	Known Line = iota
	Stranger
)

// Hashes at once, those who may wait in each line, and for how long: more would give up before their turn.
const (
	places   = 2
	mostWait = 64
	patience = 10 * time.Second
)

// hall is where everybody waits for one of its places, each line in the order of coming.
type hall struct {
	mu      sync.Mutex
	free    int
	waiting [2][]chan struct{}
}

var turns = &hall{free: places}

// enter waits for a place; session.busy when the line is full or the wait is over.
func (h *hall) enter(ctx context.Context, in Line) error {
	if ctx.Err() != nil {
		return busy(ctx.Err())
	}
	called, err := h.queue(in)
	if called == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-called:
		return nil
	case <-ctx.Done():
		h.giveUp(in, called)
		return busy(ctx.Err())
	}
}

// queue takes a place that is free, or gives what will be closed when it is one's turn.
func (h *hall) queue(in Line) (called chan struct{}, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.free > 0 {
		h.free--
		return nil, nil //nolint:nilnil // nobody has to wait
	}
	if len(h.waiting[in]) >= mostWait {
		return nil, busy(nil)
	}
	called = make(chan struct{})
	h.waiting[in] = append(h.waiting[in], called)
	return called, nil
}

// giveUp leaves the line, or passes on the place that was given meanwhile.
func (h *hall) giveUp(in Line, called chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i := slices.Index(h.waiting[in], called); i >= 0 {
		h.waiting[in] = slices.Delete(h.waiting[in], i, i+1)
		return
	}
	h.next()
}

// leave gives the place to who is next.
func (h *hall) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next()
}

func (h *hall) next() {
	for in, line := range h.waiting {
		if len(line) > 0 {
			close(line[0])
			h.waiting[in] = line[1:]
			return
		}
	}
	h.free++
}

func busy(cause error) error { return fault.New(fault.Unavailable, "session.busy").Because(cause) }
