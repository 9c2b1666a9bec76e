package officer

import (
	"context"
	"net/mail"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/region"
)

// Service manages officers and grants for callers whose permission is already established.
type Service struct {
	Store       Store
	Emergencies EmergencyStore
	Sessions    *Sessions
	Tree        *region.Tree
}

// Create adds an officer of an office inside the caller's scope, without any right yet.
func (s *Service) Create(ctx context.Context, op authz.Op, o Officer, secret string) (Officer, error) {
	address, err := mail.ParseAddress(o.Email)
	if err != nil || address.Address != o.Email || len(o.Email) > 254 {
		return Officer{}, fault.New(fault.Invalid, "officer.email_invalid").At("email")
	}
	o.Email, o.Name = strings.ToLower(o.Email), strings.TrimSpace(o.Name)
	if o.Name == "" || len(o.Name) > 200 {
		return Officer{}, fault.New(fault.Invalid, "officer.name_missing").At("name")
	}
	if err := s.inScope(op, o.Office, "office"); err != nil {
		return Officer{}, err
	}
	hash, err := password.Hash(ctx, secret)
	if err != nil {
		return Officer{}, err
	}
	return s.Store.CreateOfficer(ctx, op, o, hash)
}

// Deactivate takes all rights and sessions of an officer away at once. Nobody deactivates themselves, so that an office
// cannot be left without anyone by mistake.
func (s *Service) Deactivate(ctx context.Context, op authz.Op, id authz.OfficerID) error {
	if id == op.Actor {
		return fault.New(fault.Forbidden, "officer.own")
	}
	if err := s.Store.Deactivate(ctx, op, id); err != nil {
		return err
	}
	s.Sessions.Forget(id)
	return nil
}

// Grant gives an officer a role in a region. Both the officer's office and the region lie inside the caller's scope, and
// nobody grants to themselves.
func (s *Service) Grant(ctx context.Context, op authz.Op, to authz.OfficerID, g Grant) (Grant, error) {
	if to == op.Actor {
		return Grant{}, fault.New(fault.Forbidden, "grant.own")
	}
	if !g.Role.Valid() {
		return Grant{}, fault.New(fault.Invalid, "grant.role_unknown").At("role")
	}
	if err := s.inScope(op, g.Region, "region"); err != nil {
		return Grant{}, err
	}
	if !g.Until.IsZero() && g.Until.Before(g.From) {
		return Grant{}, fault.New(fault.Invalid, "grant.period").At("valid_until")
	}
	given, err := s.Store.GrantRole(ctx, op, to, g)
	if err == nil {
		s.Sessions.Forget(to)
	}
	return given, err
}

// Revoke ends a grant at once.
func (s *Service) Revoke(ctx context.Context, op authz.Op, from authz.OfficerID, grant uuid.UUID) error {
	if from == op.Actor {
		return fault.New(fault.Forbidden, "grant.own")
	}
	if err := s.Store.RevokeRole(ctx, op, from, grant); err != nil {
		return err
	}
	s.Sessions.Forget(from)
	return nil
}

// Assignable gives an active officer who works in the scope: by their office, or by a grant that reaches into it.
func (s *Service) Assignable(ctx context.Context, scope authz.Scope, id authz.OfficerID) (Officer, error) {
	o, err := s.Store.GetOfficer(ctx, authz.Everywhere(), id)
	if err != nil {
		return Officer{}, err
	}
	if reachable := scope.Covers(o.Office) || slices.ContainsFunc(o.Grants, func(g Grant) bool {
		return g.RevokedAt.IsZero() && scope.Covers(g.Region)
	}); !o.Active || !reachable {
		return Officer{}, NotFound()
	}
	return o, nil
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

// InForce lists the grants that count on a date.
func (o Officer) InForce(on calendar.Date) []authz.Grant {
	var grants []authz.Grant
	for _, g := range o.Grants {
		if g.RevokedAt.IsZero() && !on.Before(g.From) && (g.Until.IsZero() || !g.Until.Before(on)) {
			grants = append(grants, authz.Grant{Role: g.Role, Region: g.Region, From: g.From, Until: g.Until})
		}
	}
	return grants
}
