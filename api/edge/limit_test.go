package edge

import (
	"errors"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
)

// What was spent comes back evenly, and a clock that is set back keeps nobody waiting for longer than a minute.
func TestABudgetComesBackEvenly(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	now := clock.At(start)
	l, p := newLimiter(now), place{"files", "one"}
	left := func() (n int) {
		for l.spend(p, 6) == nil {
			if n++; n > 100 {
				t.Fatal("without end")
			}
		}
		return n
	}
	if n := left(); n != 6 {
		t.Errorf("%d at once, want 6", n)
	}
	err, is := errors.AsType[*fault.Error](l.spend(p, 6))
	if !is || err.Code != "request.too_often" || err.Args["seconds"] != "11" {
		t.Errorf("beyond: %v", err)
	}
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{9 * time.Second, 0}, {time.Second, 1}, {25 * time.Second, 2}, {time.Hour, 6}, {-2 * time.Hour, 0}, {10 * time.Second, 1}} {
		now.Set(now.Now().Add(step.after))
		if n := left(); n != step.want {
			t.Errorf("%s later: %d, want %d", step.after, n, step.want)
		}
	}
	if other := l.spend(place{"files", "other"}, 6); other != nil {
		t.Errorf("another caller: %v", other)
	}
}

func TestAnAddressIsWhatOneClientHas(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "::ffff:203.0.113.7", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
		"2001:db8:1:2:9::9": "2001:db8:1:2::/64", "2001:db8:1:3::1": "2001:db8:1:3::/64", "pipe": "pipe",
	} {
		if got := network(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
