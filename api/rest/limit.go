package rest

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Share is how much one caller may have under way at the same time. Zero is without limit.
type Share struct {
	Requests int
	Uploads  int
	Streams  int // of events
	Files    int // whole files of workers and exact searches in a minute
}

// Limits keep one caller from taking what is meant for all.
type Limits struct {
	Anonymous int   // requests of one address whose session is not recognised yet
	Address   Share // of one client address, all its officers together
	Officer   Share
}

// DefaultLimits are used where none are given. An address may be a whole office behind one router.
func DefaultLimits() Limits {
	return Limits{Anonymous: 256,
		Address: Share{Requests: 1024, Uploads: 32, Streams: 512, Files: 6000},
		Officer: Share{Requests: 32, Uploads: 4, Streams: 20, Files: 240}}
}

// limiter counts what callers have under way, in this process.
type limiter struct {
	clock clock.Clock
	mu    sync.Mutex
	taken map[place]int
	spent map[place]time.Time // when the budget of a minute is whole again
}

// place is what is counted of whom.
type place struct{ kind, who string }

func newLimiter(c clock.Clock) *limiter {
	return &limiter{clock: c, taken: map[place]int{}, spent: map[place]time.Time{}}
}

// take holds a place until release is called; it fails with request.too_many when most are taken.
func (l *limiter) take(p place, most int) (release func(), err error) {
	if most <= 0 {
		return func() {}, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken[p] >= most {
		return nil, fault.New(fault.TooMany, "request.too_many", "seconds", "1")
	}
	l.taken[p]++
	return func() { l.give(p) }, nil
}

func (l *limiter) give(p place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken[p]--; l.taken[p] <= 0 {
		delete(l.taken, p)
	}
}

// spend takes one of so many in a minute. What was spent comes back evenly; it fails with request.too_often when
// nothing is left, and says when one more is.
func (l *limiter) spend(p place, most int) error {
	if most <= 0 {
		return nil
	}
	each := time.Minute / time.Duration(most)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	whole := l.spent[p]
	switch {
	case whole.Before(now):
		whole = now
	case whole.After(now.Add(time.Minute)): // the machine's clock was set back
		whole = now.Add(time.Minute)
		l.spent[p] = whole
	}
	whole = whole.Add(each)
	if over := whole.Sub(now) - time.Minute; over > 0 {
		return fault.New(fault.TooMany, "request.too_often", "seconds", fmt.Sprint(int(over/time.Second)+1))
	}
	l.forget(now)
	l.spent[p] = whole
	return nil
}

// forget drops budgets that are whole again, once there are many.
func (l *limiter) forget(now time.Time) {
	const many = 10_000
	if len(l.spent) < many {
		return
	}
	for p, whole := range l.spent {
		if whole.Before(now) {
			delete(l.spent, p)
		}
	}
}

// network is what counts as one client address: an IPv6 client has a whole /64 to itself.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// Admit counts a request that nobody has been recognised for yet.
func (e *API) Admit(x *Exchange) error {
	return e.hold(x, place{"anonymous", x.address}, e.Limits.Anonymous)
}

func (e *API) hold(x *Exchange, p place, most int) error {
	release, err := e.callers.take(p, most)
	if err == nil {
		x.Hold(release)
	}
	return err
}

// share takes the caller's places for a route, of the address and of the officer, instead of the one without a name.
func (e *API) share(x *Exchange, c *call) error {
	kinds := []struct {
		name             string
		counts           bool
		address, officer int
	}{
		{"requests", !c.route.Stream, e.Limits.Address.Requests, e.Limits.Officer.Requests},
		{"uploads", c.route.Upload, e.Limits.Address.Uploads, e.Limits.Officer.Uploads},
		{"streams", c.route.Stream, e.Limits.Address.Streams, e.Limits.Officer.Streams},
	}
	x.Release()
	for _, k := range kinds {
		if !k.counts {
			continue
		}
		if err := e.hold(x, place{k.name, c.actor.Officer.String()}, k.officer); err != nil {
			return err
		}
		if err := e.hold(x, place{k.name, x.address}, k.address); err != nil {
			return err
		}
	}
	if c.route.whole() {
		return e.spend(x, c)
	}
	return nil
}

// Spend takes one whole file of the caller's budget, for what finds a worker exactly.
func (e *API) Spend(ctx context.Context) error { return e.spend(ExchangeOf(ctx), of(ctx)) }

func (e *API) spend(x *Exchange, c *call) error {
	if err := e.callers.spend(place{"files", c.actor.Officer.String()}, e.Limits.Officer.Files); err != nil {
		return err
	}
	return e.callers.spend(place{"files", x.address}, e.Limits.Address.Files)
}
