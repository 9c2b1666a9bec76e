// Package privacy keeps the worker's side of a case: legal holds, erasure, and how long data are kept. Erasure destroys
// the worker's key and takes what is in clear out of every table; histories stay and still verify (UU 27/2022 art.
// 42-44).
//
//	(nothing) ─► requested ─► done
//	                 └─► refused ─► requested
package privacy

import (
	"context"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/rule"
)

// The kinds of entries that this package writes.
const (
	HoldSet          casework.Kind = "hold.set"
	HoldReleased     casework.Kind = "hold.released"
	ErasureRequested casework.Kind = "erasure.requested"
	ErasureRefused   casework.Kind = "erasure.refused"
	WorkerErased     casework.Kind = "worker.erased"
)

// State is where an erasure stands.
type State string

// The states of an erasure; the empty one is none.
const (
	Requested State = "requested"
	Refused   State = "refused"
	Done      State = "done"
)

// Values lists the states of an erasure.
func (State) Values() []State {
	return []State{Requested, Refused, Done}
}

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

// ErasureStatus is what stands over one case. Obstacle says why the worker cannot be erased now: erased, elsewhere,
// open, held, or nothing.
type ErasureStatus struct {
	Held        bool
	Erasure     State
	RequestedBy authz.OfficerID
	DecidedBy   authz.OfficerID
	Obstacle    string
}

// none is the payload of entries that say everything by their kind; a reason stands sealed beside it.
type none struct{}

// Hold sets a legal hold: nothing of the worker is erased while it stands. The reason is sealed.
func (f *ErasureStatus) Hold(why identity.Secret, on calendar.Date) (casework.Event, error) {
	if f.Held {
		return casework.Event{}, fault.New(fault.Conflict, "hold.set_already")
	}
	if why.IsZero() {
		return casework.Event{}, fault.New(fault.Invalid, "privacy.reason_required").At("reason")
	}
	f.Held = true
	return casework.Event{Kind: HoldSet, OccurredOn: on, Payload: none{}, Secret: why}, nil
}

// Release ends a legal hold.
func (f *ErasureStatus) Release(why identity.Secret, on calendar.Date) (casework.Event, error) {
	if !f.Held {
		return casework.Event{}, fault.New(fault.Conflict, "hold.not_set")
	}
	if why.IsZero() {
		return casework.Event{}, fault.New(fault.Invalid, "privacy.reason_required").At("reason")
	}
	f.Held = false
	return casework.Event{Kind: HoldReleased, OccurredOn: on, Payload: none{}, Secret: why}, nil
}

// Request asks for the erasure of the worker; another officer decides. Whatever stands in its way is said at once.
func (f *ErasureStatus) Request(by authz.OfficerID, why identity.Secret, on calendar.Date) (casework.Event, error) {
	if err := f.obstacle(); err != nil {
		return casework.Event{}, err
	}
	if f.Erasure == Requested {
		return casework.Event{}, fault.New(fault.Conflict, "erasure.requested_already")
	}
	if why.IsZero() {
		return casework.Event{}, fault.New(fault.Invalid, "privacy.reason_required").At("reason")
	}
	f.Erasure, f.RequestedBy, f.DecidedBy = Requested, by, authz.OfficerID{}
	return casework.Event{Kind: ErasureRequested, OccurredOn: on, Payload: none{}, Secret: why}, nil
}

// Decide erases the worker or refuses to; never by whoever asked.
func (f *ErasureStatus) Decide(by authz.OfficerID, erase bool, on calendar.Date) (casework.Event, error) {
	switch {
	case f.Erasure != Requested:
		return casework.Event{}, fault.New(fault.Conflict, "erasure.not_requested")
	case f.RequestedBy == by:
		return casework.Event{}, fault.New(fault.Forbidden, "erasure.own")
	}
	if !erase {
		f.Erasure, f.DecidedBy = Refused, by
		return casework.Event{Kind: ErasureRefused, OccurredOn: on, Payload: none{}}, nil
	}
	if err := f.obstacle(); err != nil {
		return casework.Event{}, err
	}
	f.Erasure, f.DecidedBy = Done, by
	return casework.Event{Kind: WorkerErased, OccurredOn: on, Payload: none{}}, nil
}

func (f *ErasureStatus) obstacle() error {
	switch f.Obstacle {
	case "":
		return nil
	case "erased":
		return fault.New(fault.Conflict, "worker.erased")
	case "elsewhere":
		return fault.New(fault.Conflict, "erasure.elsewhere")
	case "held":
		return fault.New(fault.Conflict, "erasure.held")
	default:
		return fault.New(fault.Conflict, "erasure.case_open")
	}
}

// Due is a closed case whose retention is over.
type Due struct {
	Case     casework.ID
	Region   string
	ClosedOn calendar.Date
}

// Store keeps what stands over cases, like casework.Store keeps cases.
type Store interface {
	ChangePrivacy(ctx context.Context, op authz.Op, id casework.ID, version int,
		fn func(*casework.Case, *ErasureStatus) (casework.Event, error)) (casework.State, error)
	// GetPrivacy reads what stands over a case.
	GetPrivacy(ctx context.Context, scope authz.Scope, id casework.ID) (ErasureStatus, error)
	// ListDue lists closed cases, closed before a day and neither held nor erased, by id.
	ListDue(ctx context.Context, scope authz.Scope, before calendar.Date, after casework.ID, limit int) ([]Due, error)
}

// Service is privacy for callers whose permission is already established.
type Service struct {
	Store    Store
	Cases    *casework.Service
	Measures measure.Book
}

func (s *Service) change(ctx context.Context, op authz.Op, id casework.ID, version int,
	fn func(f *ErasureStatus, on calendar.Date) (casework.Event, error)) (casework.State, error) {
	decide := func(c *casework.Case, f *ErasureStatus) (casework.Event, error) {
		return fn(f, s.Cases.Today(c.Region))
	}
	return s.Store.ChangePrivacy(ctx, op, id, version, decide)
}

// Hold sets or releases a legal hold; see File.
func (s *Service) Hold(ctx context.Context, op authz.Op, id casework.ID, version int, set bool,
	why string) (casework.State, error) {
	return s.change(ctx, op, id, version, func(f *ErasureStatus, on calendar.Date) (casework.Event, error) {
		if set {
			return f.Hold(identity.NewSecret(why), on)
		}
		return f.Release(identity.NewSecret(why), on)
	})
}

// Request asks for the erasure of a worker; see File.
func (s *Service) Request(ctx context.Context, op authz.Op, id casework.ID, version int,
	why string) (casework.State, error) {
	return s.change(ctx, op, id, version, func(f *ErasureStatus, on calendar.Date) (casework.Event, error) {
		return f.Request(op.Actor, identity.NewSecret(why), on)
	})
}

// Decide erases a worker, or refuses to; see File.
func (s *Service) Decide(ctx context.Context, op authz.Op, id casework.ID, version int,
	erase bool) (casework.State, error) {
	return s.change(ctx, op, id, version, func(f *ErasureStatus, on calendar.Date) (casework.Event, error) {
		return f.Decide(op.Actor, erase, on)
	})
}

// Status is what stands over a case.
func (s *Service) Status(ctx context.Context, scope authz.Scope, id casework.ID) (ErasureStatus, error) {
	return s.Store.GetPrivacy(ctx, scope, id)
}

// Doable is an operation of the API on the hold or the erasure of a worker; Why is what it would be refused with.
type Doable struct {
	Operation string
	Why       error
}

// Doables tells what an officer could do now, as the operations themselves judge.
func (f ErasureStatus) Doables(by authz.OfficerID) []Doable {
	why, on := identity.NewSecret("x"), calendar.Date{}
	try := func(operation string, do func(*ErasureStatus) (casework.Event, error)) Doable {
		trial := f
		_, err := do(&trial)
		return Doable{operation, err}
	}
	decide := func(erase bool) func(*ErasureStatus) (casework.Event, error) {
		return func(f *ErasureStatus) (casework.Event, error) { return f.Decide(by, erase, on) }
	}
	return []Doable{
		try("hold-set", func(f *ErasureStatus) (casework.Event, error) { return f.Hold(why, on) }),
		try("hold-release", func(f *ErasureStatus) (casework.Event, error) { return f.Release(why, on) }),
		try("erasure-request", func(f *ErasureStatus) (casework.Event, error) { return f.Request(by, why, on) }),
		try("erasure-approve", decide(true)), try("erasure-refuse", decide(false)),
	}
}

// Retention is how many years a closed case keeps its worker's data, as decided today.
func (s *Service) Retention() rule.Figure[int] {
	return s.Measures.On(s.Cases.Today("")).RetentionYears
}

// Due lists cases whose retention is over today.
func (s *Service) Due(ctx context.Context, scope authz.Scope, after casework.ID, limit int) ([]Due, error) {
	today := s.Cases.Today("")
	return s.Store.ListDue(ctx, scope, today.AddMonths(-12*s.Retention().Value), after, limit)
}
