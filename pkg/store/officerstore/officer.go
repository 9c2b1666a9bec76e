package officerstore

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// ActorOf is an officer with the grants of now, for work that runs without a session. A deactivated one has none.
func (s *Officers) ActorOf(ctx context.Context, id authz.OfficerID) (authz.Actor, error) {
	o, err := s.GetOfficer(ctx, authz.Everywhere(), id)
	if err != nil {
		return authz.Actor{}, err
	}
	if !o.Active {
		return authz.Actor{}, officer.NotFound()
	}
	return authz.Actor{Officer: o.ID, Name: o.Name, Email: o.Email, Office: o.Office, Grants: officer.InForce(o)}, nil
}

const notifyAccess = "select pg_notify('tanggap_access', $1)"

// accessChanged tells every process, at the commit of tx, to forget what it remembers of an officer.
func accessChanged(ctx context.Context, tx pgx.Tx, id authz.OfficerID) error {
	if _, err := tx.Exec(ctx, notifyAccess, id.String()); err != nil {
		return fmt.Errorf("tell of changed access: %w", err)
	}
	return nil
}

// once is an answer that knows whether it was given before.
type once[T any] struct {
	answer T
	again  bool
}

// MarshalJSON implements json.Marshaler.
func (o once[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.answer) }

// UnmarshalJSON implements json.Unmarshaler; what is read is a kept answer.
func (o *once[T]) UnmarshalJSON(text []byte) error {
	*o = once[T]{again: true}
	return json.Unmarshal(text, &o.answer)
}

// repeatable keeps the answer of a request beside its work, and gives the kept one when the request comes again and the
// caller may still see what it is about: visible is asked, with the kept answer.
func repeatable[T any](ctx context.Context, s *Officers, op authz.Op, visible func(T) error,
	work func(tx pgx.Tx) (T, error)) (T, error) {
	var o once[T]
	err := s.Write(ctx, op, &o, func(tx pgx.Tx) (err error) {
		o.answer, err = work(tx)
		return err
	})
	if err == nil && o.again {
		err = visible(o.answer)
	}
	return o.answer, err
}

// seesOfficer tells whether an officer is still in the caller's scope.
func (s *Officers) seesOfficer(ctx context.Context, op authz.Op, id authz.OfficerID) error {
	_, err := s.GetOfficer(ctx, op.Scope, id)
	return err
}

// ListOfficers implements officer.Store.
func (s *Officers) ListOfficers(ctx context.Context, scope authz.Scope, f officer.Filter) ([]officer.Officer, error) {
	q := store.From[officerRow]().Where(store.ScopeSQL(scope, "office")).Order("id").Limit(f.Limit)
	if f.After != (authz.OfficerID{}) {
		q = q.Where("id > ?", uuid.UUID(f.After))
	}
	rows, err := store.Find(ctx, s.Pool, q, store.Itself[officerRow])
	if err != nil {
		return nil, err
	}
	return withGrants(ctx, s.Pool, rows)
}

// GetOfficer implements officer.Store.
func (s *Officers) GetOfficer(ctx context.Context, scope authz.Scope, id authz.OfficerID) (officer.Officer, error) {
	return officerIn(ctx, s.Pool, scope, id)
}

// ListEvents implements officer.Store.
func (s *Officers) ListEvents(ctx context.Context, scope authz.Scope, id authz.OfficerID) ([]officer.Event, error) {
	if _, err := s.GetOfficer(ctx, scope, id); err != nil {
		return nil, err
	}
	q := store.From[eventRow]().Where("officer_id = ?", uuid.UUID(id)).Order("id")
	return store.Find(ctx, s.Pool, q, eventRow.event)
}

// officerIn reads an officer of a scope with all their grants.
func officerIn(ctx context.Context, from store.Reader, scope authz.Scope, id authz.OfficerID) (officer.Officer, error) {
	q := store.From[officerRow]().Where("id = ? and "+store.ScopeSQL(scope, "office"), uuid.UUID(id))
	row, err := store.Take(ctx, from, q, officer.NotFound(), store.Itself[officerRow])
	if err != nil {
		return officer.Officer{}, err
	}
	all, err := withGrants(ctx, from, []officerRow{row})
	if err != nil {
		return officer.Officer{}, err
	}
	return all[0], nil
}

// withGrants reads the grants of officers, each in the order in which they were given.
func withGrants(ctx context.Context, from store.Reader, rows []officerRow) ([]officer.Officer, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	q := store.From[grantRow]().Where("officer_id in ?", ids).Order("granted_at, id")
	grants, err := store.Find(ctx, from, q, store.Itself[grantRow])
	if err != nil {
		return nil, err
	}
	out := make([]officer.Officer, len(rows))
	for i, r := range rows {
		out[i] = r.officer(grants)
	}
	return out, nil
}

// officeRow is an office.
type officeRow struct {
	Region region.Code   `gorm:"column:region"`
	Name   string        `gorm:"column:name"`
	Zone   calendar.Zone `gorm:"column:zone"`
}

// TableName names the table to GORM.
func (officeRow) TableName() string { return "office" }

// ListOffices implements officer.Store: offices are public knowledge, in the order of their codes.
func (s *Officers) ListOffices(ctx context.Context, f officer.Filter) ([]officer.Office, error) {
	lo, hi := store.RangeOf(f.Office)
	q := store.From[officeRow]().Where("region >= ? and region < ?", lo, hi).Order("region")
	return store.Find(ctx, s.Pool, q, func(r officeRow) officer.Office { return officer.Office(r) })
}

var _ officer.Store = (*Officers)(nil)
