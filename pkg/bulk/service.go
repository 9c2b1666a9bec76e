package bulk

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Service changes many cases for callers whose permission is already established. Rights are asked again for each case
// of an order.
type Service struct {
	Store  Store
	Work   WorkStore
	Cases  *casework.Service
	Tracks *track.Service
	Tree   *region.Tree
	// Regions is where a case in the scope is.
	Regions func(ctx context.Context, scope authz.Scope, id casework.ID) (region.Code, error)
	// Rights is where an officer may do an action now.
	Rights func(ctx context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error)
	// Works is where whoever holds these grants works on cases today, and Roles those with which one does.
	Works func([]authz.Grant) authz.Scope
	Roles func() []authz.Role
	// Assignee is an officer to whom cases may be given.
	Assignee func(ctx context.Context, id authz.OfficerID) (casework.Assignee, error)
}

// Apply makes the change of one case. Free is where the caller gives any case to anybody.
func (s *Service) Apply(ctx context.Context, op authz.Op, p casework.Picked, c Change,
	free authz.Scope) (casework.State, error) {
	switch c.Kind {
	case Assign:
		return s.Cases.Assign(ctx, op, p.Case, p.Version, casework.Assignment{To: c.Officer, Free: free, Works: s.Works})
	case HandOver:
		return s.Cases.Assign(ctx, op, p.Case, casework.AnyVersion, casework.Assignment{To: c.Officer, From: &c.From,
			Free: op.Scope, Works: s.Works})
	case Note:
		return s.Cases.Note(ctx, op, p.Case, p.Version, c.Text, c.On)
	case FollowUp:
		return s.Cases.FollowUp(ctx, op, p.Case, p.Version, c.On)
	case Refer:
		return s.Refer(ctx, track.Target{Op: op, Case: p.Case, Version: p.Version}, track.Referral{Kind: c.Ask.Kind,
			To: c.Ask.To, Service: c.Ask.Service, AnswerBy: c.Ask.AnswerBy, Reason: c.Ask.Reason, Message: c.Ask.Message})
	}
	panic("no kind of order: " + string(c.Kind))
}

// Refer asks another office in one case. Whose case it is comes before anything that is said of other offices.
func (s *Service) Refer(ctx context.Context, to track.Target, r track.Referral) (casework.State, error) {
	if _, err := s.Regions(ctx, to.Op.Scope, to.Case); err != nil {
		return casework.State{}, err
	}
	if _, known := s.Tree.Get(r.To); known { // of one that is not there Refer says so
		if err := s.Tracks.Staffed(ctx, r.To, s.Roles()); err != nil {
			return casework.State{}, err
		}
	}
	return s.Tracks.Refer(ctx, to, r)
}

// Order takes an order on. Missing are the picked cases that are not there for the caller.
func (s *Service) Order(ctx context.Context, op authz.Op, c Change, of Choice) (o Order, missing []casework.ID,
	err error) {
	if of.Filter == nil {
		if err := casework.EachOnce(of.Picked, MostPicked); err != nil {
			return Order{}, nil, err
		}
	}
	if of.Filter != nil && of.Filter.Region != nil {
		op.Scope = op.Scope.Intersect(*of.Filter.Region)
	}
	return s.Store.CreateOrder(ctx, op, Order{ID: uuid.Must(uuid.NewV7()), Officer: op.Actor, Kind: c.Kind,
		Scope: op.Scope.Regions(), State: Queued}, c, of)
}

// HandOver gives all open cases that an officer has in the scope to another one, or to nobody: at once, in one
// transaction, where one call may change so many, and else by an order. Either is refused where the other one does not
// work on one of them. By is the right for it, which is asked again for each case.
func (s *Service) HandOver(ctx context.Context, op authz.Op, by authz.Action, from,
	to authz.OfficerID) (n int, ordered *Order, err error) {
	job := op.Part("order")
	if o, err := s.Store.OrderOf(ctx, job); err == nil {
		return 0, &o, nil
	} else if fault.KindOf(err) != fault.NotFound {
		return 0, nil, err
	}
	held, err := s.Cases.Assignments.InCharge(ctx, op.Scope, from)
	if err != nil {
		return 0, nil, err
	}
	for _, cases := range held {
		n += cases
	}
	whom := casework.Assignment{To: to, Free: op.Scope, Works: s.Works}
	if n <= casework.MostAtOnce || from == to {
		n, err = s.Cases.HandOver(ctx, op, from, whom)
		return n, nil, err
	}
	if err := s.suits(ctx, op, whom, held); err != nil {
		return 0, nil, err
	}
	o, _, err := s.Order(ctx, job, Change{Kind: HandOver, By: by, From: from, Officer: to},
		Choice{Filter: &casework.Filter{Officer: &from, Stages: casework.OpenStages()}})
	return 0, &o, err
}

// suits refuses an officer who does not work where one of the cases is.
func (s *Service) suits(ctx context.Context, op authz.Op, a casework.Assignment, held map[region.Code]int) error {
	if a.To == (authz.OfficerID{}) {
		return nil
	}
	officer, err := s.Assignee(ctx, a.To)
	if err != nil {
		return err
	}
	for code := range held {
		if err := a.Suits(op, code, officer); err != nil {
			return err
		}
	}
	return nil
}

// List reads a page of the orders that a viewer may see, newest first.
func (s *Service) List(ctx context.Context, v Viewer, after uuid.UUID, limit int) ([]Order, error) {
	return s.Store.ListOrders(ctx, v, after, limit)
}

// Lines reads a page of what came of the cases of an order.
func (s *Service) Lines(ctx context.Context, v Viewer, id uuid.UUID, p Page) ([]Line, error) {
	if p.Limit < 1 || p.Limit > page.MaxSize+1 {
		p.Limit = page.DefaultSize
	}
	return s.Store.ListLines(ctx, v, id, p)
}

// All reads what came of every case of an order.
func (s *Service) All(ctx context.Context, v Viewer, id uuid.UUID) ([]Line, error) {
	return s.Store.ListLines(ctx, v, id, Page{Limit: MostCases})
}

// Cancel ends an order. What has been changed stays so.
func (s *Service) Cancel(ctx context.Context, op authz.Op, v Viewer, id uuid.UUID) (Order, error) {
	return s.Store.CancelOrder(ctx, op, v, id)
}
