// Package clock is where the time of day comes from. Everything that needs it takes a Clock; only this package asks the
// system.
package clock

import (
	"sync"
	"time"
)

// Clock tells the present instant.
type Clock interface {
	Now() time.Time
}

type system struct{}

func (system) Now() time.Time { return time.Now().UTC() }

// System is the machine's clock, in UTC.
func System() Clock { return system{} }

// Elapsed begins to count and tells how long ago that was. Setting the machine's clock does not change it.
func Elapsed() func() time.Duration {
	began := time.Now()
	return func() time.Duration { return time.Since(began) }
}

// Fixed is a clock that stands until it is moved. It is safe for concurrent use.
type Fixed struct {
	mu  sync.RWMutex
	now time.Time
}

// At makes a clock that stands at t.
func At(t time.Time) *Fixed { return &Fixed{now: t} }

// Now gives the instant at which the clock stands.
func (f *Fixed) Now() time.Time {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.now
}

// Set moves the clock to t.
func (f *Fixed) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t
}

// Advance moves the clock on by d.
func (f *Fixed) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}
