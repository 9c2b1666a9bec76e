package officer

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
)

// Service manages officers and grants for callers whose permission is already established.
type Service struct {
	Store       Store
	Emergencies EmergencyStore
	Sessions    *Sessions
	Tree        *region.Tree
	Measures    measure.Book
	// Matrix says what a role may do, and Shows which actions have answers that show a worker. Without them every role
	// counts as one that needs a second person.
	Matrix authz.Matrix
	Shows  []authz.Action
}

// Invitation is the one-time code for an officer. Code is empty when the answer is a repeated one: it is shown once.
type Invitation struct {
	Officer   Officer
	Code      string
	ExpiresAt time.Time
}

// Create adds an officer of an office inside the caller's scope, without any right yet, and gives the code by which the
// officer sets a password of their own. An address that an officer elsewhere has is officer.registered_elsewhere.
func (s *Service) Create(ctx context.Context, op authz.Op, o Officer) (Invitation, error) {
	o, err := s.checked(op, o)
	if err != nil {
		return Invitation{}, err
	}
	code, key := NewSetupKey(s.now(), s.Measures)
	made, first, err := s.Store.Invite(ctx, op, o, key)
	return invitation(made, first, code, key), err
}

func (s *Service) checked(op authz.Op, o Officer) (Officer, error) {
	o, err := Checked(o)
	if err != nil {
		return o, err
	}
	return o, s.inScope(op, o.Office, "office")
}

// Checked holds the address and the name of a new officer to their form.
func Checked(o Officer) (Officer, error) {
	email, noEmail := checkedEmail(o.Email)
	name, noName := checkedName(o.Name)
	wrong := append(fault.FieldsOf(noEmail), fault.FieldsOf(noName)...)
	if len(wrong) == 0 {
		o.Email, o.Name = email, name
	}
	return o, fault.Together("input.invalid", wrong...)
}

func checkedEmail(email string) (string, error) {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > 254 {
		return "", fault.New(fault.Invalid, "officer.email_invalid").At("email")
	}
	return strings.ToLower(email), nil
}

func checkedName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 200 {
		return "", fault.New(fault.Invalid, "officer.name_missing").At("name")
	}
	return name, nil
}

func invitation(o Officer, first bool, code string, key SetupKey) Invitation {
	if !first {
		return Invitation{Officer: o}
	}
	return Invitation{Officer: o, Code: code, ExpiresAt: key.ExpiresAt}
}

// Readmit gives a new one-time code for an officer, and ends the password and all sessions they have. What a second
// person has to confirm must be confirmed anew: with the code the caller could act as the officer.
func (s *Service) Readmit(ctx context.Context, op authz.Op, id authz.OfficerID) (Invitation, error) {
	if id == op.Actor {
		return Invitation{}, fault.New(fault.Forbidden, "setup.own")
	}
	now := s.now()
	code, key := NewSetupKey(now, s.Measures)
	done, err := s.administer(ctx, op, id, byOffice(op), func(at Standing) (Change, error) {
		if err := at.within(op.Scope, now); err != nil {
			return Change{}, err
		}
		doubtful := at.those(func(g Grant) bool { return g.stands(now) && s.needsSecond(op, g.Role) })
		return Change{Code: &key, Suspend: ids(doubtful)}, at.leavesNoneAlone(doubtful, now)
	})
	return invitation(Officer{ID: id}, done.First, code, key), err
}

// Deactivate takes all rights and sessions of an officer away at once. Nobody deactivates themselves, nor the last
// administrator of a region, nor somebody who holds a right elsewhere.
func (s *Service) Deactivate(ctx context.Context, op authz.Op, id authz.OfficerID) error {
	if id == op.Actor {
		return fault.New(fault.Forbidden, "officer.own")
	}
	_, err := s.administer(ctx, op, id, byOffice(op), func(at Standing) (Change, error) {
		return s.deactivation(op, at)
	})
	return err
}

// Grant gives an officer a role in a region. Both the officer's office and the region lie inside the caller's scope,
// and nobody grants to themselves. What needs a second person is pending.
func (s *Service) Grant(ctx context.Context, op authz.Op, to authz.OfficerID, g Grant) (Grant, error) {
	if to == op.Actor {
		return Grant{}, fault.New(fault.Forbidden, "grant.own")
	}
	if !g.Role.Valid() || g.Role == authz.Emergency {
		return Grant{}, fault.New(fault.Invalid, "grant.role_unknown").At("role")
	}
	if err := s.inScope(op, g.Region, "region"); err != nil {
		return Grant{}, err
	}
	if !g.Until.IsZero() && g.Until.Before(g.From) {
		return Grant{}, fault.New(fault.Invalid, "grant.period").At("valid_until")
	}
	g.GrantedBy = op.Actor
	if s.needsSecond(op, g.Role) {
		g.ProposedBy = op.Actor
	}
	now := s.now()
	given, err := s.administer(ctx, op, to, byOffice(op), func(at Standing) (Change, error) {
		if !at.Officer.Active {
			return Change{}, fault.New(fault.Conflict, "officer.deactivated")
		}
		return Change{Give: &g}, s.keepsDutiesApart(at, g, now)
	})
	return given.Grant, err
}

// Confirm puts a pending grant in force, as the second person.
func (s *Service) Confirm(ctx context.Context, op authz.Op, of authz.OfficerID, grant uuid.UUID) (Grant, error) {
	if of == op.Actor {
		return Grant{}, fault.New(fault.Forbidden, "grant.own")
	}
	done, err := s.administer(ctx, op, of, byGrant(op, grant), func(at Standing) (Change, error) {
		switch g, there := at.grant(grant); {
		case !there:
			return Change{}, NotFound()
		case !g.Pending:
			return Change{}, fault.New(fault.Conflict, "grant.not_pending")
		case g.ProposedBy == op.Actor:
			return Change{}, fault.New(fault.Forbidden, "grant.own_proposal")
		}
		return Change{Confirm: grant}, nil
	})
	return done.Grant, err
}

// Revoke ends a grant at once.
func (s *Service) Revoke(ctx context.Context, op authz.Op, from authz.OfficerID, grant uuid.UUID) error {
	if from == op.Actor {
		return fault.New(fault.Forbidden, "grant.own")
	}
	now := s.now()
	_, err := s.administer(ctx, op, from, byGrant(op, grant), func(at Standing) (Change, error) {
		g, there := at.grant(grant)
		if !there {
			return Change{}, NotFound()
		}
		return Change{Revoke: []uuid.UUID{grant}}, at.leavesNoneAlone([]Grant{g}, now)
	})
	return err
}

// administer makes a change and has the officer's sessions forgotten, whatever came of it: a change whose answer was
// lost is made all the same.
func (s *Service) administer(
	ctx context.Context,
	op authz.Op,
	id authz.OfficerID,
	visible func(Officer) error,
	decide Decide,
) (Changed, error) {
	defer s.Sessions.Forget(id)
	return s.Store.Administer(ctx, op, id, visible, decide)
}

// Works is where whoever holds these grants reads cases and works on them now.
func (s *Service) Works(grants []authz.Grant) authz.Scope {
	working := s.WorkingRoles()
	works := slices.DeleteFunc(slices.Clone(grants), func(g authz.Grant) bool { return !slices.Contains(working, g.Role) })
	return authz.ScopeOf(s.Matrix, works, authz.CaseAdvance, s.now())
}

// WorkingRoles are the roles whose holders read cases and work on them.
func (s *Service) WorkingRoles() []authz.Role {
	return slices.DeleteFunc(authz.Roles(), func(r authz.Role) bool {
		return !s.Matrix.Allows(r, authz.CaseRead) || !s.Matrix.Allows(r, authz.CaseAdvance)
	})
}

// WorksNow is where an officer reads cases and works on them now: nowhere once they are deactivated.
func (s *Service) WorksNow(ctx context.Context, id authz.OfficerID) (authz.Scope, error) {
	o, err := s.Store.GetOfficer(ctx, authz.Everywhere(), id)
	if err != nil || !o.Active {
		return authz.Scope{}, err
	}
	return s.Works(InForce(o)), nil
}

// Assignee is an officer as one to whom cases may be given.
func (s *Service) Assignee(ctx context.Context, id authz.OfficerID) (casework.Assignee, error) {
	o, err := s.Store.GetOfficer(ctx, authz.Everywhere(), id)
	if err != nil {
		return casework.Assignee{}, err
	}
	return casework.Assignee{Office: o.Office, Active: o.Active, Grants: InForce(o)}, nil
}

// List reads one page of the officers of the offices in scope.
func (s *Service) List(ctx context.Context, scope authz.Scope, f Filter) ([]Officer, error) {
	if f.Limit < 1 || f.Limit > page.MaxSize+1 {
		f.Limit = page.DefaultSize
	}
	if f.Office != nil {
		scope = scope.Intersect(*f.Office)
	}
	return s.Store.ListOfficers(ctx, scope, f)
}

func (s *Service) inScope(op authz.Op, code region.Code, field string) error {
	if _, known := s.Tree.Get(code); !known && code != "" {
		return fault.New(fault.Invalid, "region.unknown").At(field)
	}
	if !op.Scope.Covers(code) {
		return fault.New(fault.Forbidden, "officer.region_out_of_scope").At(field)
	}
	return nil
}

func (s *Service) now() time.Time { return s.Sessions.clock.Now() }
