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

// How often work may fail without getting on, by what it fails of.
const (
	hopeless = 1   // the rules refuse it, now and tomorrow
	unclear  = 3   // a fault of the program, perhaps of a moment
	passing  = 100 // the database is away or busy: more than an hour
)

// failGrace bounds how long it may take to keep that an attempt failed, once the time of the attempt is over.
const failGrace = 5 * time.Second

// mostOf is how many failures of a kind end the work.
func mostOf(err error) int {
	switch kind := fault.KindOf(err); {
	case kind == fault.Unavailable, fault.CodeOf(err) == "request.concurrent", errors.Is(err, context.DeadlineExceeded):
		return passing
	case kind == "":
		return unclear
	}
	return hopeless
}

// tried makes one attempt at a record's work. When it fails the record hears of it, so that work that no attempt can
// help ends as failed, with its reason, and is not tried for ever. Work that is not found is somebody else's by now.
func tried(ctx context.Context, id uuid.UUID, work func(context.Context, uuid.UUID) error,
	fail func(ctx context.Context, id uuid.UUID, code string, most int) error) error {
	err := guarded(ctx, id, work)
	switch {
	case err == nil || errors.Is(ctx.Err(), context.Canceled):
		return err
	case fault.KindOf(err) == fault.NotFound:
		return river.JobCancel(err)
	}
	telling, cancel := context.WithTimeout(context.WithoutCancel(ctx), failGrace)
	defer cancel()
	if untold := fail(telling, id, fault.CodeOf(err), mostOf(err)); untold != nil {
		return fmt.Errorf("%w; and it could not be kept: %w", err, untold)
	}
	if mostOf(err) == hopeless {
		return river.JobCancel(err)
	}
	return err
}

// guarded is work whose panic is one more failure.
func guarded(ctx context.Context, id uuid.UUID, work func(context.Context, uuid.UUID) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return work(ctx, id)
}

// settled ends a job that no further attempt can help, and that has told its record so itself.
func settled(err error) error {
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Forbidden {
		return river.JobCancel(err)
	}
	return err
}
