package track

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/prakerja"
)

// Service is the tracks of cases for callers whose permission is already established.
type Service struct {
	Store     Store
	Referrals ReferralStore
	Cases     *casework.Service
	Rules
}

// Rules are the laws and the measures that the tracks go by.
type Rules struct {
	JKP      *jkp.Programme
	Prakerja prakerja.Law
	Hubs     Hubs
	Measures measure.Book
	Calendar *calendar.Calendar
}

// Target is the case that somebody changes, in the version that they have read.
type Target struct {
	Op      authz.Op
	Case    casework.ID
	Version int
	Again   bool // what is recorded may be like what is there: the client says that it is not the same
}

type changing func(Moment) (casework.Event, error)

// Get reads a case's worker and tracks.
func (s *Service) Get(ctx context.Context, scope authz.Scope, id casework.ID) (casework.Detail, Tracks, error) {
	return s.Store.GetTracks(ctx, scope, id)
}

// Record adds a part to a case. The day is today, or the one that the part says and that is not in the future. A part
// that has an id keeps it.
func (k *Kind[P, S, X]) Record(ctx context.Context, s *Service, to Target, p P) (casework.State, error) {
	id := k.ID(&p)
	if *id == uuid.Nil {
		*id = newID()
	}
	if k.One {
		id = nil // it has no id of its own to be told
	}
	var on calendar.Date
	field := "occurred_on"
	if k.Day != nil {
		on, field = *k.Day(&p), k.DayField
	}
	return s.change(ctx, to, id, day{&on, field}, func(m Moment) (casework.Event, error) {
		m.Again = to.Again
		return k.Add(m, p)
	})
}

// Advance moves a part of a case on.
func (k *Kind[P, S, X]) Advance(ctx context.Context, s *Service, to Target, step Step[S, X]) (casework.State, error) {
	return s.change(ctx, to, nil, occurred(&step.On), func(m Moment) (casework.Event, error) { return k.Step(m, step) })
}

// day is a day that the client sends in a field. Nothing is today, which is settled at the office of the case.
type day struct {
	on    *calendar.Date
	field string
}

func occurred(on *calendar.Date) day { return day{on, "occurred_on"} }

// change runs fn on a case on a day that is not in the future at its office. ref is the id of the part that fn makes,
// if it makes one.
func (s *Service) change(ctx context.Context, to Target, ref *uuid.UUID, d day, fn changing) (casework.State, error) {
	return s.Store.ChangeTracks(ctx, to.Op, to.Case, to.Version, made(ref), s.within(d, fn))
}

// changeClaim is change for what the claims of the same person in other cases bind.
func (s *Service) changeClaim(ctx context.Context, to Target, ref *uuid.UUID, d day,
	fn changing) (casework.State, error) {
	return s.Store.ChangeClaims(ctx, to.Op, to.Case, to.Version, made(ref), s.within(d, fn))
}

func made(ref *uuid.UUID) *uuid.UUID {
	if ref == nil {
		return new(uuid.UUID)
	}
	return ref
}

func (s *Service) within(d day, fn changing) func(*casework.Case, *Tracks) (casework.Event, error) {
	return func(c *casework.Case, t *Tracks) (casework.Event, error) {
		if err := s.Cases.Settle(c.Region, d.on, d.field); err != nil {
			return casework.Event{}, err
		}
		event, err := fn(Moment{Case: c, Tracks: t, On: *d.on, Rules: s.Rules})
		if err == nil {
			Derive(c, t, s.Rules)
		}
		return event, err
	}
}

// today is change for what happens now, and makes no part.
func (s *Service) today(ctx context.Context, to Target, fn changing) (casework.State, error) {
	return s.change(ctx, to, nil, occurred(new(calendar.Date)), fn)
}

// newID makes the id of a part: ordered by time, so that parts read in the order they came.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
