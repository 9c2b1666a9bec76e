package bulk

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// stretch is after how many cases an order keeps what came of them, and looks whether it was cancelled.
const stretch = 20

// keepGrace bounds how long it may take to keep what was done, once the work was cut off.
const keepGrace = 5 * time.Second

// Run does an order until no case is left, or it was cancelled. It fails with bulk.right_lost when whoever ordered it
// has not the right any more.
func (s *Service) Run(ctx context.Context, id uuid.UUID) error {
	o, c, err := s.Work.StartOrder(ctx, id)
	if err != nil {
		return err
	}
	for on := true; on; {
		picked, err := s.Work.NextLines(ctx, id, stretch)
		if err != nil {
			return err
		}
		if len(picked) == 0 {
			return s.Work.FinishOrder(ctx, id)
		}
		done, broken := s.changeEach(ctx, o, c, picked)
		if on, err = s.keep(ctx, id, done); err == nil {
			err = broken
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Fail keeps that an attempt failed with a code; the limit-th failure ends the order.
func (s *Service) Fail(ctx context.Context, id uuid.UUID, code string, limit int) error {
	return s.Work.FailOrder(ctx, id, code, limit)
}

// changeEach changes case after case, and gives what came of those that it got to.
func (s *Service) changeEach(ctx context.Context, o Order, c Change,
	picked []casework.Picked) (done []casework.Done, err error) {
	for _, p := range picked {
		op, free, err := s.rights(ctx, o, c)
		if err != nil {
			return done, err
		}
		op.Request = requestOf(o, p)
		state, err := s.Apply(ctx, op, p, c, free)
		came, err := casework.CameOf(p, state, err)
		if err != nil {
			return done, err
		}
		done = append(done, came)
	}
	return done, nil
}

// requestOf makes the change of one case the same request whenever it is made: it is not made twice when the work was
// cut off before that could be kept. No client can send its key: it has a blank.
func requestOf(o Order, p casework.Picked) authz.Request {
	return authz.Request{Route: "bulk", Key: o.ID.String() + " " + p.Case.String(), Digest: o.ID[:]}
}

// keep also keeps what was done when the work was cut off.
func (s *Service) keep(ctx context.Context, id uuid.UUID, done []casework.Done) (on bool, err error) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), keepGrace)
		defer cancel()
	}
	return s.Work.KeepLines(ctx, id, done)
}

// rights is on whose behalf the next case is changed: never where more may be done now than when it was ordered.
func (s *Service) rights(ctx context.Context, o Order, c Change) (op authz.Op, free authz.Scope, err error) {
	scope, err := s.now(ctx, o, c.Right())
	if err != nil {
		return op, free, err
	}
	if scope.Empty() {
		return op, free, fault.New(fault.Forbidden, "bulk.right_lost")
	}
	if c.Kind == Assign {
		free, err = s.now(ctx, o, authz.CaseAssign)
	}
	return authz.Op{Actor: o.Officer, Scope: scope}, free, err
}

// now is the part of the scope of an order in which its officer may do an action now.
func (s *Service) now(ctx context.Context, o Order, a authz.Action) (authz.Scope, error) {
	may, err := s.Rights(ctx, o.Officer, a)
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.NotFound {
		return authz.Scope{}, nil
	}
	var codes []region.Code
	for _, code := range o.Scope {
		codes = append(codes, may.Intersect(code).Regions()...)
	}
	return authz.ScopeOver(codes...), err
}
