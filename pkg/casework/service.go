package casework

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
)

// MaxNote is the longest note, in characters.
const MaxNote = 4000

// Deps are what the service needs.
type Deps struct {
	Store       Store
	Assignments AssignmentStore
	Many        ManyStore
	Loads       LoadStore
	Clock       clock.Clock
	Tree        *region.Tree
	JKP         *jkp.Programme
	// Measures have what is asked about, though no law forbids it.
	Measures measure.Book
}

// Service is casework for callers whose permission is already established: it takes the scope that the permission gave.
type Service struct {
	Deps
}

// New makes the service.
func New(deps Deps) *Service { return &Service{deps} }

// Today is the civil date in the zone of a region's office.
func (s *Service) Today(code region.Code) calendar.Date {
	return calendar.Of(s.Clock.Now(), ZoneOf(code))
}

// ZoneOf is the time zone of the office of a region; the ministry keeps WIB.
func ZoneOf(code region.Code) calendar.Zone {
	return calendar.ZoneOf(string(code.Province()))
}

// Open opens a case for one worker. It fails with case.region_out_of_scope when the regency is not the caller's, and
// with case.already_registered when the worker has an open case, wherever that is.
func (s *Service) Open(ctx context.Context, op authz.Op, o Opening) (State, error) {
	if _, known := s.Tree.Get(o.Case.Region); !known || o.Case.Region.Level() != region.Regency {
		return State{}, fault.New(fault.Invalid, "region.unknown").At("region")
	}
	if !op.Scope.Covers(o.Case.Region) {
		return State{}, fault.New(fault.Forbidden, "case.region_out_of_scope").At("region")
	}
	today := s.Today(o.Case.Region)
	o.Person.tidy()
	warnings, err := s.judge(&o.Case, &o.Person, today, "worker.", nil)
	if err != nil {
		return State{}, err
	}
	alike, err := s.alike(ctx, op.Scope, o.Person)
	if err != nil {
		return State{}, err
	}
	o.Told = Tell(append(warnings, alike...), nil)
	o.Case.OpenedOn, o.Case.Stage, o.Case.ClaimState = today, Intake, ClaimNone
	o.Case.Derive(s.JKP)
	return s.Store.Open(ctx, op, o)
}

// Advance moves an open case along the state machine; see Case.Advance. Reopening is another right: see Reopen.
func (s *Service) Advance(ctx context.Context, op authz.Op, id ID, version int, a Advance) (State, error) {
	return s.move(ctx, op, id, version, a, false)
}

// Reopen takes a closed case up again; see Case.Advance.
func (s *Service) Reopen(ctx context.Context, op authz.Op, id ID, version int, a Advance) (State, error) {
	return s.move(ctx, op, id, version, a, true)
}

func (s *Service) move(ctx context.Context, op authz.Op, id ID, version int, a Advance, closed bool) (State, error) {
	if !a.To.Valid() {
		return State{}, fault.New(fault.Invalid, "case.stage_unknown").At("to")
	}
	return s.change(ctx, op, id, version, &a.OccurredOn, func(c *Case) (Event, error) {
		can := c.MustBeOpen
		if closed {
			can = c.CanReopen
		}
		if err := can(); err != nil {
			return Event{}, err
		}
		return c.Advance(a)
	})
}

// Note adds a note of at most MaxNote characters.
func (s *Service) Note(ctx context.Context, op authz.Op, id ID, version int, text string,
	on calendar.Date) (State, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > MaxNote {
		return State{}, fault.New(fault.Invalid, "case.note_length", "most", fmt.Sprint(MaxNote)).At("text")
	}
	return s.change(ctx, op, id, version, &on, func(c *Case) (Event, error) {
		return c.Note(identity.NewSecret(text), on)
	})
}

// FollowUp sets the next date to look at the case.
func (s *Service) FollowUp(ctx context.Context, op authz.Op, id ID, version int, due calendar.Date) (State, error) {
	var on calendar.Date
	return s.change(ctx, op, id, version, &on, func(c *Case) (Event, error) { return c.FollowUp(due, on) })
}

// change runs fn on the case with *on set to the day it happened: today at the case's office unless the client said an
// earlier day.
func (s *Service) change(ctx context.Context, op authz.Op, id ID, version int, on *calendar.Date,
	fn func(*Case) (Event, error)) (State, error) {
	return s.Store.Change(ctx, op, id, version, func(c *Case) (Event, error) {
		if err := s.Settle(c.Region, on, "occurred_on"); err != nil {
			return Event{}, err
		}
		event, err := fn(c)
		if err == nil {
			c.Derive(s.JKP)
		}
		return event, err
	})
}

// Settle fills a missing date of occurrence with today at the office and refuses one in the future, naming the field
// that it was sent in.
func (s *Service) Settle(code region.Code, on *calendar.Date, field string) error {
	today := s.Today(code)
	if on.IsZero() {
		*on = today
	}
	if on.After(today) {
		return fault.New(fault.Invalid, "case.occurred_in_future", "today", today.String()).At(field)
	}
	return nil
}

// Get reads one case with its history, oldest entry first.
func (s *Service) Get(ctx context.Context, scope authz.Scope, id ID) (Detail, []Entry, error) {
	return s.Store.Get(ctx, scope, id)
}

// List reads one page of cases in the order of the filter. The filter's region narrows the scope; one outside of it
// gives an empty list, like a region without cases.
func (s *Service) List(ctx context.Context, scope authz.Scope, f Filter) ([]Row, error) {
	if f.Limit < 1 || f.Limit > page.MaxSize+1 {
		f.Limit = page.DefaultSize
	}
	return s.Store.List(ctx, narrowed(scope, f.Region), f)
}

// MostRows is how many cases a list as a file holds.
const MostRows = 5000

// ListAll reads the whole list, up to MostRows, and tells whether there are more.
func (s *Service) ListAll(ctx context.Context, scope authz.Scope, f Filter) (rows []Row, more bool, err error) {
	f.Limit = MostRows + 1
	rows, err = s.Store.List(ctx, narrowed(scope, f.Region), f)
	if len(rows) > MostRows {
		return rows[:MostRows], true, err
	}
	return rows, false, err
}

// Count counts cases per stage under the same filter as List.
func (s *Service) Count(ctx context.Context, scope authz.Scope, f Filter) (map[Stage]int, error) {
	return s.Store.Count(ctx, narrowed(scope, f.Region), f)
}

// Facets counts cases under the same filter as List by everything that narrows it further.
func (s *Service) Facets(ctx context.Context, scope authz.Scope, f Filter) (Facets, error) {
	return s.Store.Facets(ctx, narrowed(scope, f.Region), f)
}

func narrowed(scope authz.Scope, code *region.Code) authz.Scope {
	if code == nil {
		return scope
	}
	return scope.Intersect(*code)
}
