package rest

import (
	"errors"
	"strconv"
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
	}{{9 * time.Second, 0}, {time.Second, 1}, {25 * time.Second, 2}, {time.Hour, 6}, {-2 * time.Hour, 0},
		{10 * time.Second, 1}} {
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

// So many places are taken at once and no more; one that is given back is free, and those of others are theirs.
func TestPlacesAreCounted(t *testing.T) {
	t.Parallel()
	l, mine := newLimiter(clock.System()), place{"requests", "one"}
	var held []func()
	for range 3 {
		release, err := l.take(mine, 3)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, release)
	}
	err, is := errors.AsType[*fault.Error](func() error { _, err := l.take(mine, 3); return err }())
	if !is || err.Kind != fault.TooMany || err.Code != "request.too_many" || err.Args["seconds"] != "1" {
		t.Errorf("a fourth: %v", err)
	}
	for _, others := range []place{{"uploads", "one"}, {"requests", "other"}} {
		if release, err := l.take(others, 1); err != nil {
			t.Errorf("%v: %v", others, err)
		} else {
			release()
		}
	}
	held[0]()
	release, again := l.take(mine, 3)
	if again != nil {
		t.Fatal("a place that was given back is not free")
	}
	for _, give := range append(held[1:], release) {
		give()
	}
	if len(l.taken) > 0 {
		t.Errorf("kept of those who are gone: %v", l.taken)
	}
	for range 100 { // zero is without limit
		if _, err := l.take(mine, 0); err != nil || l.spend(mine, 0) != nil {
			t.Fatal("refused")
		}
	}
}

// Budgets that are whole again are forgotten once there are many, and no others.
func TestBudgetsAreForgotten(t *testing.T) {
	t.Parallel()
	now := clock.At(time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC))
	l := newLimiter(now)
	spend := func(n int) {
		if err := l.spend(place{"files", strconv.Itoa(n)}, 1); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 10_000 {
		spend(n)
	}
	now.Advance(30 * time.Second)
	if spend(10_000); len(l.spent) != 10_001 {
		t.Errorf("%d budgets: some were forgotten that are not whole", len(l.spent))
	}
	now.Advance(30*time.Second + 1)
	if spend(10_001); len(l.spent) != 2 {
		t.Errorf("%d budgets are kept", len(l.spent))
	}
}
