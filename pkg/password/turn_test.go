package password

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
)

// await returns when so many wait in a line.
func (h *hall) await(t *testing.T, in Line, n int) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		h.mu.Lock()
		waiting := len(h.waiting[in])
		h.mu.Unlock()
		if waiting == n {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%d wait, want %d", waiting, n)
		default:
			runtime.Gosched()
		}
	}
}

// However many strangers wait, whoever is known goes before them; within a line it is first come, first served.
func TestWhoeverIsKnownGoesBeforeStrangers(t *testing.T) {
	t.Parallel()
	h := &hall{free: places}
	for range places {
		if err := h.enter(t.Context(), Stranger); err != nil {
			t.Fatal(err)
		}
	}
	order := make(chan string, 8)
	var group sync.WaitGroup
	wait := func(in Line, name string, others int) {
		group.Go(func() {
			if err := h.enter(t.Context(), in); err != nil {
				t.Error(err)
			}
			order <- name
			h.leave()
		})
		h.await(t, in, others+1)
	}
	wait(Stranger, "first stranger", 0)
	wait(Stranger, "second stranger", 1)
	wait(Known, "first known", 0)
	wait(Known, "second known", 1)
	h.leave()
	group.Wait()
	for _, want := range []string{"first known", "second known", "first stranger", "second stranger"} {
		if got := <-order; got != want {
			t.Errorf("got the %s, want the %s", got, want)
		}
	}
	h.leave()
	if h.free != places {
		t.Errorf("%d places are free", h.free)
	}
}

// A line that is full refuses at once, the other one does not, and who gives up makes room and keeps no place.
func TestAFullLineRefuses(t *testing.T) {
	t.Parallel()
	h := &hall{}
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range mostWait {
		group.Go(func() {
			if err := h.enter(ctx, Stranger); fault.CodeOf(err) != "session.busy" ||
				fault.KindOf(err) != fault.Unavailable {
				t.Errorf("gave up with %v", err)
			}
		})
	}
	h.await(t, Stranger, mostWait)
	if _, err := h.queue(Stranger); fault.CodeOf(err) != "session.busy" {
		t.Errorf("one too many: %v", err)
	}
	group.Go(func() {
		if err := h.enter(t.Context(), Known); err != nil {
			t.Errorf("the other line: %v", err)
		}
	})
	h.await(t, Known, 1)
	h.leave()
	h.await(t, Known, 0)
	cancel()
	group.Wait()
	h.await(t, Stranger, 0)
	h.leave()
	if h.free != 1 {
		t.Errorf("%d places are free, want 1", h.free)
	}
}

// A place that is given to somebody who gives up at that moment goes to the next one.
func TestAPlaceIsNotLost(t *testing.T) {
	t.Parallel()
	h := &hall{}
	first, err := h.queue(Known)
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.queue(Stranger)
	if err != nil {
		t.Fatal(err)
	}
	h.leave() // to the first
	<-first
	h.giveUp(Known, first)
	<-second
	h.giveUp(Stranger, second)
	if h.free != 1 {
		t.Errorf("%d places are free, want 1", h.free)
	}
}
