package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/tanggap/tanggap/pkg/store"
)

// stage is what the start of the server is at, for /readyz and for the log. It names no place: /readyz is open to all.
type stage struct {
	log *slog.Logger
	now atomic.Pointer[func() string]
}

// enter begins a step.
func (s *stage) enter(step string) {
	s.follow(func() string { return step })
	s.log.Info("starting", "step", step)
}

// follow shows the progress of a step that knows its own.
func (s *stage) follow(progress func() string) { s.now.Store(&progress) }

// String is the present step.
func (s *stage) String() string {
	if now := s.now.Load(); now != nil {
		return (*now)()
	}
	return "settings"
}

// The pauses between attempts to reach the database: it is back within seconds of its return.
const (
	firstPause   = 250 * time.Millisecond
	longestPause = 2 * time.Second
)

// patiently makes attempts until one succeeds. A database that cannot be reached is waited for, which is logged once
// for each reason; everything else is for somebody to mend, and ends the program.
func (s *stage) patiently(ctx context.Context, attempt func(context.Context) error) error {
	said := ""
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := attempt(ctx)
		if err == nil || ctx.Err() != nil || !store.Unreachable(err) {
			return errors.Join(err, ctx.Err())
		}
		s.follow(func() string { return "database: cannot be reached, trying again" })
		if err.Error() != said {
			said = err.Error()
			s.log.Warn("the database cannot be reached; waiting for it", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
