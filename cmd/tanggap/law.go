package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jobs"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/track"
)

// followLaw looks every second whether the law was changed in any process. One small question costs nothing, and cannot
// be missed as a notice can.
func (a *app) followLaw(ctx context.Context) {
	failing := false
	jobs.Every(ctx, time.Second, func() {
		err := a.book.Refresh(ctx)
		if err != nil && !failing && !errors.Is(err, context.Canceled) {
			a.log.WarnContext(ctx, "the law of the database cannot be read; what held before holds on", "error", err)
		}
		failing = err != nil
	})
}

// lawTold is what is to be said of the law: what runs out, and that this process does not go by the newest.
func (a *app) lawTold(ctx context.Context) map[string]string {
	out := map[string]string{}
	if err := a.book.Refresh(ctx); err != nil {
		out["law"] = "not the newest"
	}
	for _, x := range a.book.Law().Ending(calendar.Of(a.clock.Now(), calendar.WIB)) {
		out["law: "+x.What] = "runs out on " + x.EndsOn.String()
	}
	return out
}

// Jobs go by the law as it is when they begin.
type (
	intakeWork struct{ *app }
	exportWork struct{ *app }
	matchWork  struct{ *app }
	bulkWork   struct{ *app }
	lawWork    struct{ *app }
)

// Check implements jobs.Intakes.
func (a intakeWork) Check(ctx context.Context, id uuid.UUID) error {
	return a.current.Load().Intakes.Check(ctx, id)
}

// Run implements jobs.Intakes.
func (a intakeWork) Run(ctx context.Context, id uuid.UUID) error {
	return a.current.Load().Intakes.Run(ctx, id)
}

// Fail implements jobs.Intakes.
func (a intakeWork) Fail(ctx context.Context, id uuid.UUID, code string, limit int) error {
	return a.current.Load().Intakes.Fail(ctx, id, code, limit)
}

// Run implements jobs.Exports.
func (a exportWork) Run(ctx context.Context, id uuid.UUID) error {
	return a.current.Load().Exports.Run(ctx, id)
}

// Expire implements jobs.Exports.
func (a exportWork) Expire(ctx context.Context) error { return a.current.Load().Exports.Expire(ctx) }

// Work implements jobs.Matches.
func (a matchWork) Work(ctx context.Context, id uuid.UUID) error {
	return a.current.Load().Matching.Work(ctx, id)
}

// Fail implements jobs.Matches.
func (a matchWork) Fail(ctx context.Context, id uuid.UUID, code string, limit int) error {
	return a.current.Load().Matching.Fail(ctx, id, code, limit)
}

// Run implements jobs.Bulk.
func (a bulkWork) Run(ctx context.Context, id uuid.UUID) error {
	return a.current.Load().Bulk.Run(ctx, id)
}

// Fail implements jobs.Bulk.
func (a bulkWork) Fail(ctx context.Context, id uuid.UUID, code string, limit int) error {
	return a.current.Load().Bulk.Fail(ctx, id, code, limit)
}

// Settle implements jobs.Law.
func (a lawWork) Settle(ctx context.Context, id uuid.UUID) (time.Duration, error) {
	s := &lawbook.Settler{Store: a.store.Laws, Affected: a.store.Laws, Book: a.book,
		Services: func() (*layoff.Service, *track.Service) {
			now := a.current.Load()
			return now.Layoffs, now.Tracks
		}}
	return s.Settle(ctx, id, a.clock.Now())
}
