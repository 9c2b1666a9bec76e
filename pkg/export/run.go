package export

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// beatEvery is how often a running export shows that it lives, how far it is, and looks whether it was cancelled.
const beatEvery = 2 * time.Second

// finishGrace bounds how long the end of an attempt may take to be kept, once its own time is over.
const finishGrace = 5 * time.Second

// Run makes one export. Whoever was interrupted in it starts again; a file that is not whole is never seen. What can
// pass is tried a few times, what cannot fails at once, each with its reason.
func (s *Service) Run(ctx context.Context, id uuid.UUID) error {
	x, err := s.Work.StartExport(ctx, id)
	if err != nil {
		return err
	}
	made, err := s.attempt(ctx, x)
	if fault.CodeOf(err) == "export.overtaken" {
		return nil // cancelled, or another worker has it now
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return err // the program ends: another one takes it up
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishGrace)
	defer cancel()
	if err != nil && mayPass(err) && x.Attempt < MostAttempts {
		if releasing := s.Work.ReleaseExport(ctx, x); fault.CodeOf(releasing) == "export.overtaken" {
			return nil
		}
		return err
	}
	return s.finish(ctx, made, err)
}

// mayPass tells whether another attempt could do better: of what the database or the machine does, not of what was
// found.
func mayPass(err error) bool {
	switch fault.CodeOf(err) {
	case "", "database.unavailable", "database.slow", "request.concurrent":
		return true
	}
	return false
}

// attempt makes the file, and shows meanwhile that it lives.
func (s *Service) attempt(ctx context.Context, x Export) (made Export, err error) {
	made = x
	if x.Attempt > MostStarts {
		return made, fault.New(fault.Unavailable, "export.interrupted")
	}
	var written atomic.Int64
	work, cancel := context.WithCancelCause(ctx)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		s.beat(work, cancel, x, &written)
	}()
	err = s.makeOrSay(work, &made, &written)
	cancel(nil)
	<-beating
	switch cause := context.Cause(work); {
	case err != nil && fault.CodeOf(cause) == "export.overtaken":
		return made, cause
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return made, fault.New(fault.Unavailable, "export.too_slow").Because(err)
	}
	return made, err
}

// makeOrSay is make, whose panic is one more failure: it must not leave an export that seems to be under way for ever.
func (s *Service) makeOrSay(ctx context.Context, x *Export, written *atomic.Int64) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("make export %s: panic: %v\n%s", x.ID, p, debug.Stack())
		}
	}()
	return s.make(ctx, x, written)
}

// finish keeps how an export ended.
func (s *Service) finish(ctx context.Context, made Export, failed error) error {
	made.State = Ready
	if failed != nil {
		if made.State, made.Failure = Failed, fault.CodeOf(failed); made.Failure == "" {
			made.Failure = "internal"
		}
	}
	err := s.Work.FinishExport(ctx, made, s.keepFor(made))
	if err != nil || made.State == Failed {
		s.Folder.Remove(made.ID)
	}
	switch {
	case err != nil && fault.CodeOf(err) != "export.overtaken":
		return err
	case made.Failure == "internal":
		return failed
	}
	return nil
}

// keepFor is how long the file of an export can be fetched, as it was decided on the day of the order.
func (s *Service) keepFor(x Export) time.Duration {
	return time.Duration(s.Measures.On(calendar.Of(x.CreatedAt, calendar.WIB)).ExportHours.Value) * time.Hour
}

func (s *Service) beat(ctx context.Context, cancel context.CancelCauseFunc, x Export, written *atomic.Int64) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			x.Entries = int(written.Load())
			if err := s.Work.BeatExport(ctx, x); fault.CodeOf(err) == "export.overtaken" {
				cancel(err)
				return
			}
		}
	}
}

// rights is what of an order its officer may see now: never more than was ordered, and perhaps approved. A region
// that was named must still be theirs as it was; of everything that they had, what they kept is left.
func (s *Service) rights(ctx context.Context, x Export) (authz.Scope, error) {
	now, err := s.Rights(ctx, x.Officer, authz.ExportCreate)
	if kind := fault.KindOf(err); err != nil && kind != fault.Forbidden && kind != fault.NotFound {
		return authz.Scope{}, err
	}
	var codes []region.Code
	for _, code := range x.Scope {
		codes = append(codes, now.Intersect(code).Regions()...)
	}
	scope := authz.ScopeOver(codes...)
	if err != nil || scope.Empty() || x.Asked.Region != "" && !coversAll(scope, x.Scope) {
		return authz.Scope{}, fault.New(fault.Forbidden, "export.right_lost")
	}
	return scope, nil
}

// make writes the file under the rights that whoever asked has now.
func (s *Service) make(ctx context.Context, x *Export, written *atomic.Int64) error {
	scope, err := s.rights(ctx, *x)
	if err != nil {
		return err
	}
	if err := s.reach(ctx, scope, x.Asked); err != nil {
		return err
	}
	x.Scope = scope.Regions()
	signed, asOf, err := s.Checkpoint(ctx, x.Asked.AsOf)
	if err != nil {
		return err
	}
	file, err := s.Folder.Create(x.ID, x.Attempt)
	if err != nil {
		return err
	}
	defer file.Abandon()
	err = s.Work.Snapshot(ctx, scope, *x, asOf, func(snap Snapshot) error {
		m := &run{Service: s, ctx: ctx, x: x, snap: snap, asOf: asOf, checkpoint: signed, written: written}
		if x.Asked.Format == XLSX {
			return m.book(file)
		}
		return m.bundle(file)
	})
	if err != nil {
		return err
	}
	if x.Bytes, x.SHA256, err = file.Finish(); err != nil {
		return err
	}
	return ctx.Err()
}
