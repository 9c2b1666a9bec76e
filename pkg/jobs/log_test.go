package jobs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
)

// kept is a log of histories in memory, on the time of a bubble of package synctest, which passes as fast as it can.
type kept struct {
	size, done, of         int64
	sealing, sending, ills error // of sealing, of publishing, of writing
	counting               error
	hangs                  bool // counting does not answer

	published []time.Duration // when
	counts    int
	out       strings.Builder
	tried     atomic.Bool
	elapsed   func() time.Duration
}

// keep keeps the log while test runs, and ends it then.
func keep(t *testing.T, test func(t *testing.T, k *kept)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		k := &kept{elapsed: clock.Elapsed()}
		go KeepLog(ctx, Log{
			Seal: func(context.Context) (int64, error) { return k.size, k.sealing },
			Publish: func(context.Context) error {
				if k.sending == nil {
					k.published = append(k.published, k.elapsed())
				}
				return k.sending
			},
			Count: func(ctx context.Context) error {
				if k.counts++; k.hangs {
					<-ctx.Done()
					return ctx.Err()
				}
				return k.counting
			},
			Stopped:    func(context.Context) error { return k.ills },
			Publishing: func() (done, of int64) { return k.done, k.of },
			Elapsed:    k.elapsed, Tried: &k.tried,
		}, slog.New(slog.NewTextHandler(&k.out, nil)))
		test(t, k)
	})
}

// at lets time pass until so long after the start, and everything that is due then happen.
func (k *kept) at(d time.Duration) {
	<-time.After(d - k.elapsed())
	synctest.Wait()
}

func (k *kept) expect(t *testing.T, seconds ...time.Duration) {
	t.Helper()
	for i := range seconds {
		seconds[i] *= time.Second
	}
	if !slices.Equal(k.published, seconds) {
		t.Errorf("published at %v, want %v", k.published, seconds)
	}
}

func (k *kept) logged(line string) int { return strings.Count(k.out.String(), line) }

// A checkpoint goes out at the start, then within five seconds of what is new, and every 45 when nothing is.
func TestWhenCheckpointsGoOut(t *testing.T) {
	t.Parallel()
	keep(t, func(t *testing.T, k *kept) {
		k.at(44 * time.Second)
		k.expect(t, 0)
		k.at(45 * time.Second)
		k.expect(t, 0, 45)
		k.size = 1
		k.at(49 * time.Second)
		k.expect(t, 0, 45)
		k.at(50 * time.Second)
		k.expect(t, 0, 45, 50)
		k.at(60 * time.Second)
		k.size = 2 // nothing went out for more than five seconds
		k.at(61 * time.Second)
		k.expect(t, 0, 45, 50, 61)
		k.at(105 * time.Second)
		k.expect(t, 0, 45, 50, 61)
		k.at(106 * time.Second)
		k.expect(t, 0, 45, 50, 61, 106)
		k.size = 1 // shorter than it was published: looked into at once
		k.at(107 * time.Second)
		k.expect(t, 0, 45, 50, 61, 106, 107)
		if k.out.Len() > 0 {
			t.Errorf("logged %s", k.out.String())
		}
	})
}

// What fails is tried again every second, and is told once however often it fails, and once that it is over.
func TestPublishingFails(t *testing.T) {
	t.Parallel()
	const bad, good = "the log of histories is not published", "the log of histories is published again"
	keep(t, func(t *testing.T, k *kept) {
		k.sending = fault.New(fault.Unavailable, "checkpoints.unreachable")
		k.at(500 * time.Millisecond)
		if !k.tried.Load() {
			t.Error("the first publication was tried, and is not said to be")
		}
		k.at(3500 * time.Millisecond)
		if k.logged(bad) != 1 || k.logged("code=checkpoints.unreachable") != 1 || k.logged(good) != 0 {
			t.Errorf("logged %s", k.out.String())
		}
		k.sending = io.ErrClosedPipe
		k.at(6500 * time.Millisecond)
		if k.logged(bad) != 2 || k.logged("code=internal") != 1 {
			t.Errorf("logged %s", k.out.String())
		}
		k.sending = nil
		k.at(7500 * time.Millisecond)
		k.expect(t, 7)
		k.at(20 * time.Second)
		k.expect(t, 7)
		if k.logged(good) != 1 {
			t.Errorf("logged %s", k.out.String())
		}
		k.size, k.sending = 1, io.ErrClosedPipe
		k.at(21500 * time.Millisecond)
		k.sending = nil
		k.at(22500 * time.Millisecond) // not five seconds after what failed
		k.expect(t, 7, 22)
	})
}

// What cannot be sealed is not published, and that is told; nothing was tried then.
func TestSealingFails(t *testing.T) {
	t.Parallel()
	keep(t, func(t *testing.T, k *kept) {
		k.sealing = fault.New(fault.Unavailable, "database.unavailable")
		k.at(60 * time.Second)
		k.expect(t)
		if k.tried.Load() || k.logged("code=database.unavailable") != 1 {
			t.Errorf("tried: %t, logged %s", k.tried.Load(), k.out.String())
		}
		k.sealing = nil
		k.at(61 * time.Second)
		k.expect(t, 61)
	})
}

// While nothing can be written that is told, with its reason, whenever the reason changes. Where the count does not
// reach the database nothing is told: it refuses to be written anyway.
func TestWritingStops(t *testing.T) {
	t.Parallel()
	const bad, good = "nothing can be written", "writing goes on"
	keep(t, func(t *testing.T, k *kept) {
		k.at(3500 * time.Millisecond)
		if k.counts != 4 || k.out.Len() > 0 {
			t.Errorf("counted %d times, logged %s", k.counts, k.out.String())
		}
		k.ills, k.counting = fault.New(fault.Unavailable, "history.unpublished"), io.ErrClosedPipe
		k.at(5500 * time.Millisecond)
		if k.out.Len() > 0 {
			t.Errorf("logged %s", k.out.String())
		}
		k.counting = nil
		k.at(9500 * time.Millisecond)
		if k.logged(bad) != 1 || k.logged("code=history.unpublished") != 1 {
			t.Errorf("logged %s", k.out.String())
		}
		k.ills = nil
		k.at(12500 * time.Millisecond)
		if k.logged(bad) != 1 || k.logged(good) != 1 {
			t.Errorf("logged %s", k.out.String())
		}
	})
}

// A database that hangs ends neither the count nor the publication.
func TestACountThatHangs(t *testing.T) {
	t.Parallel()
	keep(t, func(t *testing.T, k *kept) {
		k.hangs = true
		k.at(9500 * time.Millisecond)
		k.size = 1
		if k.counts != 1 {
			t.Errorf("counted %d times", k.counts)
		}
		k.at(10500 * time.Millisecond)
		k.expect(t, 0, 10)
		if k.hangs = false; k.counts != 2 {
			t.Errorf("counted %d times", k.counts)
		}
	})
}

// A long publication tells every ten seconds how far it is; a short one tells nothing.
func TestALongPublicationTellsItsProgress(t *testing.T) {
	t.Parallel()
	keep(t, func(t *testing.T, k *kept) {
		const line = "publishing the log of histories"
		k.at(500 * time.Millisecond)
		k.done, k.of = 10, 100
		k.at(9500 * time.Millisecond)
		if k.logged(line) != 0 {
			t.Errorf("logged %s", k.out.String())
		}
		k.at(10500 * time.Millisecond)
		if k.logged(line+`" done=10 of=100`) != 1 {
			t.Errorf("logged %s", k.out.String())
		}
		k.at(19500 * time.Millisecond)
		k.of = 0
		k.at(25500 * time.Millisecond)
		k.of = 100
		k.at(34500 * time.Millisecond)
		if k.logged(line) != 1 {
			t.Errorf("logged %s", k.out.String())
		}
	})
}

// What is done at every tick begins at once, keeps to its interval, waits for itself, and ends with its context.
func TestEvery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		elapsed, ended := clock.Elapsed(), false
		var at []time.Duration
		go func() {
			Every(ctx, time.Minute, func() {
				at = append(at, elapsed())
				if len(at) == 2 {
					<-time.After(90 * time.Second) // longer than the interval
				}
			})
			ended = true
		}()
		<-time.After(4*time.Minute + time.Second)
		synctest.Wait()
		want := []time.Duration{0, time.Minute, 150 * time.Second, 3 * time.Minute, 4 * time.Minute}
		if !slices.Equal(at, want) {
			t.Errorf("done at %v", at)
		}
		cancel()
		synctest.Wait()
		if !ended {
			t.Error("it goes on")
		}
		Every(ctx, time.Minute, func() { t.Error("done although its context is over") })
	})
}

// Being stopped is no fault to tell.
func TestAFaultIsToldOnce(t *testing.T) {
	t.Parallel()
	over, stop := context.WithCancel(t.Context())
	stop()
	var out strings.Builder
	c := change{log: slog.New(slog.NewTextHandler(&out, nil)), bad: "bad", good: "good"}
	c.note(over, io.EOF)
	c.note(t.Context(), errors.Join(context.Canceled))
	c.note(t.Context(), nil)
	if out.Len() > 0 {
		t.Errorf("logged %s", out.String())
	}
}
