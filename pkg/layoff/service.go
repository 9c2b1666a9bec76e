package layoff

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Today is the civil date at the office of a site.
func (s *Service) Today(code region.Code) calendar.Date {
	return calendar.Of(s.Clock.Now(), casework.ZoneOf(code))
}

// Record adds an event of the procedure; the day is today when it is not said. See Layoff.Record.
func (s *Service) Record(ctx context.Context, op authz.Op, id uuid.UUID, version int, h DatedEvent) (Layoff, error) {
	return s.change(ctx, op, id, version, &h.On, func(l *Layoff) (Event, error) { return l.Record(h) })
}

// Prevent records the check list of prevention. See Layoff.Prevent.
func (s *Service) Prevent(ctx context.Context, op authz.Op, id uuid.UUID, version int, p Prevention) (Layoff, error) {
	var on calendar.Date
	return s.change(ctx, op, id, version, &on, func(l *Layoff) (Event, error) { return l.Prevent(p, on) })
}

// Reduce lowers the number of people and closes the cases of those who stay. See Layoff.Reduce.
func (s *Service) Reduce(ctx context.Context, op authz.Op, id uuid.UUID, version, people int, cases []string,
	reason string) (Layoff, error) {
	var on calendar.Date
	return s.change(ctx, op, id, version, &on, func(l *Layoff) (Event, error) {
		return l.Reduce(people, cases, reason,
			on)
	})
}

// Withdraw ends the layoff and its cases. See Layoff.Withdraw.
func (s *Service) Withdraw(ctx context.Context, op authz.Op, id uuid.UUID, version int, reason string) (Layoff, error) {
	var on calendar.Date
	return s.change(ctx, op, id, version, &on, func(l *Layoff) (Event, error) { return l.Withdraw(reason, on) })
}

// change runs fn with *on settled to a day that is not in the future at the site, and sets the layoff's deadline anew.
func (s *Service) change(ctx context.Context, op authz.Op, id uuid.UUID, version int, on *calendar.Date,
	fn func(*Layoff) (Event, error)) (Layoff, error) {
	return s.Store.ChangeLayoff(ctx, op, id, version, func(l *Layoff) (Event, error) {
		today := s.Today(l.Employer.Region)
		if on.IsZero() {
			*on = today
		}
		if on.After(today) {
			return Event{}, fault.New(fault.Invalid, "layoff.in_future", "today", today.String()).At("on")
		}
		event, err := fn(l)
		if err != nil {
			return Event{}, err
		}
		clocks, err := l.Clocks(s.Law, s.Calendar, today)
		l.setDue(clocks)
		return event, err
	})
}

// Clocks gives the statutory clocks of a layoff as they stand on a day, today at the site when it is not said.
func (s *Service) Clocks(ctx context.Context, scope authz.Scope, id uuid.UUID,
	on calendar.Date) (Layoff, []Clock, error) {
	l, err := s.Store.GetLayoff(ctx, scope, id)
	if err != nil {
		return Layoff{}, nil, err
	}
	if on.IsZero() {
		on = s.Today(l.Employer.Region)
	}
	clocks, err := l.Clocks(s.Law, s.Calendar, on)
	return l, clocks, err
}
