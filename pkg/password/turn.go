package password

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Line is where somebody waits for a hash. Strangers may hold one of the two places at a time, so that whoever is known
// never waits for more than one of theirs.
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
	patience = 3 * time.Second
)

type line struct {
	waiting atomic.Int32
	narrow  chan struct{} // only strangers pass it, one at a time
	turn    chan struct{}
}

var (
	turn  = make(chan struct{}, places)
	lines = [...]*line{Known: {turn: turn}, Stranger: {turn: turn, narrow: make(chan struct{}, 1)}}
)

// enter waits for a place in the order of coming; session.busy when the line is full or the wait is over.
func (l *line) enter(ctx context.Context) (leave func(), err error) {
	defer l.waiting.Add(-1)
	if l.waiting.Add(1) > mostWait {
		return nil, fault.New(fault.Unavailable, "session.busy")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	taken := make([]chan struct{}, 0, 2)
	leave = func() {
		for _, gate := range taken {
			<-gate
		}
	}
	for _, gate := range []chan struct{}{l.narrow, l.turn} {
		if gate == nil {
			continue
		}
		select {
		case gate <- struct{}{}:
			taken = append(taken, gate)
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		leave()
		return nil, fault.New(fault.Unavailable, "session.busy").Because(ctx.Err())
	}
	return leave, nil
}
