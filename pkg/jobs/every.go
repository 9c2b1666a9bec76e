package jobs

import (
	"context"
	"time"
)

// Every runs fn at once and then at every interval until ctx ends. It is for what each process does for itself; what an
// installation does once is a routine.
func Every(ctx context.Context, interval time.Duration, fn func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for ctx.Err() == nil {
		fn()
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}
