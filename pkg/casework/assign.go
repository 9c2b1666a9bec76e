package casework

import (
	"context"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// nobody is the officer of a case that nobody is in charge of.
var nobody authz.OfficerID

// Assignee is the officer whom a case is given to, as they are while the case is locked.
type Assignee struct {
	Office region.Code
	Active bool
	Grants []authz.Grant // neither revoked nor pending
}

// Assignment is whom a case is given to, and what the caller may decide about that.
type Assignment struct {
	To   authz.OfficerID  // the zero id is nobody
	From *authz.OfficerID // only while they are in charge; nil for whoever is
	// Free is where the caller gives any case to anybody. Elsewhere they take a case that nobody has, and hand over
	// their own.
	Free  authz.Scope
	Works func([]authz.Grant) authz.Scope // where whoever holds these grants works on cases today
}

// AssignmentStore gives cases to officers. What fn is told of the officer stays so until the change is committed.
type AssignmentStore interface {
	// Assign follows the contract of Store.Change.
	Assign(ctx context.Context, op authz.Op, id ID, version int, to authz.OfficerID,
		fn func(*Case, Assignee) (Event, error)) (State, error)
	// HandOver changes all open cases of an officer in the scope, in one transaction, and tells how many they were.
	HandOver(ctx context.Context, op authz.Op, from, to authz.OfficerID,
		fn func(*Case, Assignee) (Event, error)) (int, error)
	// InCharge counts the open cases of an officer in the scope, by the region of each.
	InCharge(ctx context.Context, scope authz.Scope, officer authz.OfficerID) (map[region.Code]int, error)
}

// Absence is when an officer counts as one who does not work on a case: deactivated, or without a grant of one of these
// roles that counts at this instant where the case is.
type Absence struct {
	Roles []authz.Role
	At    time.Time
}

// Assign gives the case to an officer, or takes it back with the zero id.
func (c *Case) Assign(officer authz.OfficerID, on calendar.Date) (Event, error) {
	if err := c.MustBeOpen(); err != nil {
		return Event{}, err
	}
	if c.Officer == officer {
		return Event{}, fault.New(fault.Conflict, "case.already_assigned")
	}
	change := Assigned{From: c.Officer, To: officer}
	c.Officer = officer
	return Event{Kind: CaseAssigned, OccurredOn: on, Payload: change}, nil
}

// allow refuses what the caller may not decide, and an officer who does not suit: they would have a case that they do
// not find.
func (a Assignment) allow(op authz.Op, c *Case, to Assignee) error {
	if err := a.CanAssign(c, op.Actor); err != nil {
		return err
	}
	if a.From != nil && c.Officer != *a.From {
		return fault.New(fault.Conflict, "case.officer_changed")
	}
	if c.Officer == nobody && a.To != op.Actor && !a.Free.Covers(c.Region) {
		return fault.New(fault.Forbidden, "case.assign_other")
	}
	return a.Suits(op, c.Region, to)
}

// Suits refuses an officer who does not work on the cases of a region. One of an office that the caller does not see is
// one that is not there.
func (a Assignment) Suits(op authz.Op, code region.Code, to Assignee) error {
	switch {
	case a.To == nobody || to.Active && a.Works(to.Grants).Covers(code):
		return nil
	case op.Scope.Covers(to.Office):
		return fault.New(fault.Invalid, "officer.does_not_work", "region", string(code)).At("officer")
	}
	return fault.New(fault.NotFound, "officer.not_found").At("officer")
}

// CanAssign refuses a case that is another officer's to who does not give cases there.
func (a Assignment) CanAssign(c *Case, actor authz.OfficerID) error {
	if !a.Free.Covers(c.Region) && c.Officer != actor && c.Officer != nobody {
		return fault.New(fault.Forbidden, "case.assign_other")
	}
	return nil
}

// Assign gives the case to an officer; see Assignment.
func (s *Service) Assign(ctx context.Context, op authz.Op, id ID, version int, a Assignment) (State, error) {
	return s.Assignments.Assign(ctx, op, id, version, a.To, func(c *Case, to Assignee) (Event, error) {
		if err := a.allow(op, c, to); err != nil {
			return Event{}, err
		}
		return c.Assign(a.To, s.Today(c.Region))
	})
}

// HandOver gives all open cases that an officer has in the scope to another one, or to nobody, and tells how many they
// are. Where the other one does not work on one of them, none is given.
func (s *Service) HandOver(ctx context.Context, op authz.Op, from authz.OfficerID, a Assignment) (int, error) {
	if from == a.To {
		return 0, fault.New(fault.Conflict, "case.already_assigned")
	}
	return s.Assignments.HandOver(ctx, op, from, a.To, func(c *Case, to Assignee) (Event, error) {
		if err := a.allow(op, c, to); err != nil {
			return Event{}, err
		}
		return c.Assign(a.To, s.Today(c.Region))
	})
}

// LeftBehind counts the open cases in the scope of an officer who does not work on them.
func (s *Service) LeftBehind(ctx context.Context, scope authz.Scope, officer authz.OfficerID,
	works authz.Scope) (n int, err error) {
	cases, err := s.Assignments.InCharge(ctx, scope, officer)
	for code, count := range cases {
		if !works.Covers(code) {
			n += count
		}
	}
	return n, err
}
