package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/tanggap/tanggap/pkg/fault"
)

// How often the work of a record may fail in a row before it ends as failed, by why it fails.
const (
	limitRefused = 1   // a rule refuses it, now and tomorrow
	limitUnknown = 3   // a fault of the program, perhaps of a moment
	limitPassing = 100 // the database is away or busy: more than an hour
)

// failGrace bounds how long it may take to keep that an attempt failed, once the time of the attempt is over.
const failGrace = 5 * time.Second

// limitOf is how many failures of this kind end the work.
func limitOf(err error) int {
	switch kind := fault.KindOf(err); {
	case kind == fault.Unavailable, fault.CodeOf(err) == "request.concurrent", errors.Is(err, context.DeadlineExceeded):
		return limitPassing
	case kind == "":
		return limitUnknown
	}
	return limitRefused
}

// attempt works on a record once. When that fails the record is told, so that work that no attempt can help ends as
// failed, with its reason, and is not tried for ever. A record that is not found is no longer ours to work on, and
// being stopped is no failure.
func attempt(ctx context.Context, id uuid.UUID, work func(context.Context, uuid.UUID) error,
	fail func(ctx context.Context, id uuid.UUID, code string, limit int) error) error {
	err := recovered(ctx, id, work)
	switch {
	case err == nil || errors.Is(ctx.Err(), context.Canceled):
		return err
	case fault.KindOf(err) == fault.NotFound:
		return river.JobCancel(err)
	}
	telling, cancel := context.WithTimeout(context.WithoutCancel(ctx), failGrace)
	defer cancel()
	limit := limitOf(err)
	if failing := fail(telling, id, fault.CodeOf(err), limit); failing != nil {
		return fmt.Errorf("%w; and it could not be kept: %w", err, failing)
	}
	if limit == limitRefused {
		return river.JobCancel(err)
	}
	return err
}

// recovered does the work; a panic is one more failure.
func recovered(ctx context.Context, id uuid.UUID, work func(context.Context, uuid.UUID) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return work(ctx, id)
}

// cancelIfGone ends a job that no further attempt can help, and that has told its record so itself.
func cancelIfGone(err error) error {
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Forbidden {
		return river.JobCancel(err)
	}
	return err
}
