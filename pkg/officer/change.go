package officer

import (
	"context"
	"errors"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

// errMay ends an administration that only asked whether it may.
var errMay = errors.New("it may")

// Change sets the name, the address or the office of an officer. Nobody does so for themselves, and whoever holds a
// right elsewhere is for those who may judge that right. The grants stay: they are of regions, not of offices.
func (s *Service) Change(ctx context.Context, op authz.Op, id authz.OfficerID, d Details) (Officer, error) {
	if id == op.Actor {
		return Officer{}, fault.New(fault.Forbidden, "officer.own_details")
	}
	if d == (Details{}) {
		return Officer{}, fault.New(fault.Invalid, "officer.nothing_to_change")
	}
	d, err := s.checkedDetails(op, d)
	if err != nil {
		return Officer{}, err
	}
	now := s.now()
	_, err = s.administer(ctx, op, id, byOffice(op), func(at Standing) (Change, error) {
		return Change{Set: d.without(at.Officer)}, at.inside(op.Scope, now)
	})
	if err != nil {
		return Officer{}, err
	}
	return s.Store.GetOfficer(ctx, op.Scope, id)
}

// checkedDetails holds what is set to the form of a new officer's.
func (s *Service) checkedDetails(op authz.Op, d Details) (Details, error) {
	if d.Email != nil {
		email, err := checkedEmail(*d.Email)
		if err != nil {
			return d, err
		}
		d.Email = &email
	}
	if d.Name != nil {
		name, err := checkedName(*d.Name)
		if err != nil {
			return d, err
		}
		d.Name = &name
	}
	if d.Office == nil {
		return d, nil
	}
	return d, s.inScope(op, *d.Office, "office")
}

// without leaves out what the officer has already.
func (d Details) without(o Officer) Details {
	if d.Email != nil && *d.Email == o.Email {
		d.Email = nil
	}
	if d.Name != nil && *d.Name == o.Name {
		d.Name = nil
	}
	if d.Office != nil && *d.Office == o.Office {
		d.Office = nil
	}
	return d
}

// Reactivate lets a deactivated officer in again, with a one-time code and without any grant: each is given anew.
func (s *Service) Reactivate(ctx context.Context, op authz.Op, id authz.OfficerID) (Invitation, error) {
	code, key := NewSetupKey(s.now(), s.Measures)
	done, err := s.administer(ctx, op, id, byOffice(op), func(at Standing) (Change, error) {
		if at.Officer.Active {
			return Change{}, fault.New(fault.Conflict, "officer.active")
		}
		return Change{Reactivate: true, Code: &key}, nil
	})
	return invitation(Officer{ID: id}, done.First, code, key), err
}

// MayDeactivate tells why Deactivate would refuse, and changes nothing.
func (s *Service) MayDeactivate(ctx context.Context, op authz.Op, id authz.OfficerID) error {
	op.Request = authz.Request{}
	_, err := s.Store.Administer(ctx, op, id, byOffice(op), func(at Standing) (Change, error) {
		if _, err := s.deactivation(op, at); err != nil {
			return Change{}, err
		}
		return Change{}, errMay
	})
	if errors.Is(err, errMay) {
		return nil
	}
	return err
}

// deactivation decides that an officer loses everything.
func (s *Service) deactivation(op authz.Op, at Standing) (Change, error) {
	now := s.now()
	if at.Officer.ID == op.Actor {
		return Change{}, fault.New(fault.Forbidden, "officer.own")
	}
	if !at.Officer.Active {
		return Change{}, nil
	}
	if err := at.within(op.Scope, now); err != nil {
		return Change{}, err
	}
	held := at.those(func(g Grant) bool { return g.RevokedAt.IsZero() })
	return Change{Deactivate: true, Revoke: ids(held)}, at.leavesNoneAlone(held, now)
}
