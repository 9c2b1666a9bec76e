package clock_test

import (
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/clock"
)

func TestFixedStandsUntilItIsMoved(t *testing.T) {
	t.Parallel()
	start := time.Date(2025, 2, 6, 23, 59, 59, 0, time.UTC)
	c := clock.At(start)
	if !c.Now().Equal(start) || !c.Now().Equal(c.Now()) {
		t.Fatal("a fixed clock moved by itself")
	}
	c.Advance(2 * time.Second)
	if want := start.Add(2 * time.Second); !c.Now().Equal(want) {
		t.Fatalf("got %s, want %s", c.Now(), want)
	}
	c.Set(start)
	if !c.Now().Equal(start) {
		t.Fatal("it was not set back")
	}
}

func TestSystemTellsUTC(t *testing.T) {
	t.Parallel()
	if clock.System().Now().Location() != time.UTC {
		t.Fatal("the system's clock is not in UTC")
	}
}

func TestFixedIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	start := time.Date(2025, 2, 7, 0, 0, 0, 0, time.UTC)
	c := clock.At(start)
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			c.Advance(time.Second)
			if c.Now().Before(start) {
				t.Error("it went back")
			}
		})
	}
	wait.Wait()
	if want := start.Add(50 * time.Second); !c.Now().Equal(want) {
		t.Fatalf("got %s, want %s", c.Now(), want)
	}
}

func TestBothAreClocks(t *testing.T) {
	t.Parallel()
	for _, c := range []clock.Clock{clock.System(), clock.At(time.Unix(0, 0))} {
		if c.Now().IsZero() {
			t.Errorf("%T tells no time", c)
		}
	}
}
