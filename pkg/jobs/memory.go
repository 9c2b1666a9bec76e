package jobs

import (
	"runtime/debug"
	"sync"
)

// eagerPercent has the garbage collected as soon as memory is twice what is in use.
const eagerPercent = 100

// eagerCollector makes the garbage collector work harder while an export runs, and no longer. Requests leave little
// behind and do better with a lazy collector; a proof over millions of entries does not.
type eagerCollector struct {
	mu      sync.Mutex
	running int // exports
	usual   int // percent, when none runs
}

func (c *eagerCollector) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running++; c.running == 1 {
		c.usual = debug.SetGCPercent(eagerPercent)
	}
}

func (c *eagerCollector) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running--; c.running == 0 {
		debug.SetGCPercent(c.usual)
	}
}
