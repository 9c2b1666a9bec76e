package officerstore

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

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

type officerRow struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	Email     string
	Name      string
	Office    string
	Active    bool
	Version   int
	CreatedAt time.Time
	CreatedBy *uuid.UUID
}

func (officerRow) TableName() string { return "officer" }

type grantRow struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	OfficerID   uuid.UUID
	Role        string
	Region      string
	ValidFrom   time.Time
	ValidUntil  *time.Time
	GrantedBy   *uuid.UUID
	GrantedAt   time.Time `gorm:"->"`
	RevokedBy   *uuid.UUID
	RevokedAt   *time.Time
	ProposedBy  *uuid.UUID
	ConfirmedBy *uuid.UUID
	ConfirmedAt *time.Time
	Pending     bool `gorm:"->"`
}

func (grantRow) TableName() string { return "officer_grant" }

func (r officerRow) officer(grants []grantRow) officer.Officer {
	o := officer.Officer{ID: authz.OfficerID(r.ID), Email: r.Email, Name: r.Name, Office: region.Code(r.Office), Active: r.Active,
		Version: r.Version, CreatedAt: r.CreatedAt.UTC()}
	for _, g := range grants {
		if g.OfficerID == r.ID {
			o.Grants = append(o.Grants, g.grant())
		}
	}
	return o
}

func (g grantRow) grant() officer.Grant {
	grant := officer.Grant{ID: g.ID, Role: authz.Role(g.Role), Region: region.Code(g.Region), From: calendar.FromTime(g.ValidFrom), GrantedAt: g.GrantedAt.UTC(),
		GrantedBy: someone(g.GrantedBy), ProposedBy: someone(g.ProposedBy), ConfirmedBy: someone(g.ConfirmedBy), Pending: g.Pending}
	if g.ValidUntil != nil {
		grant.Until = calendar.FromTime(*g.ValidUntil)
	}
	if g.RevokedAt != nil {
		grant.RevokedAt = g.RevokedAt.UTC()
	}
	return grant
}

// someone is the officer of a column that may be null, for nobody.
func someone(id *uuid.UUID) authz.OfficerID {
	if id == nil {
		return authz.OfficerID{}
	}
	return authz.OfficerID(*id)
}

// accessChanged tells every process, at the commit of tx, to forget what it remembers of an officer.
func accessChanged(tx *gorm.DB, id uuid.UUID) error {
	return tx.Exec("select pg_notify('tanggap_access', ?)", id.String()).Error
}

// repeatable keeps the answer of a request beside its work, and gives the kept one when the request comes again and the
// caller may still see what it is about: visible is asked, with the kept answer.
func repeatable[T any](ctx context.Context, s *Officers, op authz.Op, visible func(T) error, work func(tx *gorm.DB) (T, error)) (T, error) {
	var answer T
	err := s.Gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var err error
		if answer, err = work(tx); err != nil {
			return err
		}
		return store.KeepAnswer(tx, op, answer)
	})
	if err == nil {
		return answer, nil
	}
	var kept T
	if err := s.Replay(ctx, op, store.Translate(err), &kept); err != nil {
		return answer, err
	}
	return kept, visible(kept)
}

// seesOfficer tells whether an officer is still in the caller's scope.
func (s *Officers) seesOfficer(ctx context.Context, op authz.Op, id authz.OfficerID) error {
	_, err := s.GetOfficer(ctx, op.Scope, id)
	return err
}

// ListOfficers implements officer.Store.
func (s *Officers) ListOfficers(ctx context.Context, scope authz.Scope, f officer.Filter) ([]officer.Officer, error) {
	db := s.Gorm.WithContext(ctx)
	query := store.InOffices(db.Model(&officerRow{}), "office", scope).Order("id").Limit(f.Limit)
	if f.After != (authz.OfficerID{}) {
		query = query.Where("id > ?", uuid.UUID(f.After))
	}
	var rows []officerRow
	if err := query.Find(&rows).Error; err != nil {
		return nil, store.Translate(err)
	}
	return s.withGrants(ctx, rows)
}

// GetOfficer implements officer.Store.
func (s *Officers) GetOfficer(ctx context.Context, scope authz.Scope, id authz.OfficerID) (officer.Officer, error) {
	var row officerRow
	err := store.InOffices(s.Gorm.WithContext(ctx), "office", scope).Where("id = ?", uuid.UUID(id)).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return officer.Officer{}, officer.NotFound()
	}
	if err != nil {
		return officer.Officer{}, store.Translate(err)
	}
	all, err := s.withGrants(ctx, []officerRow{row})
	if err != nil {
		return officer.Officer{}, err
	}
	return all[0], nil
}

func (s *Officers) withGrants(ctx context.Context, rows []officerRow) ([]officer.Officer, error) {
	all, err := withGrants(s.Gorm.WithContext(ctx), rows)
	return all, store.Translate(err)
}

func withGrants(db *gorm.DB, rows []officerRow) ([]officer.Officer, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var grants []grantRow
	if err := db.Where("officer_id in ?", ids).Order("granted_at, id").Find(&grants).Error; err != nil {
		return nil, err
	}
	out := make([]officer.Officer, len(rows))
	for i, r := range rows {
		out[i] = r.officer(grants)
	}
	return out, nil
}

// ListOffices implements officer.Store: offices are public knowledge, in the order of their codes.
func (s *Officers) ListOffices(ctx context.Context, f officer.Filter) ([]officer.Office, error) {
	var rows []struct{ Region, Name, Zone string }
	lo, hi := store.RangeOf(f.Office)
	err := s.Gorm.WithContext(ctx).Table("office").Select("region", "name", "zone").
		Where("region >= ? and region < ?", lo, hi).Order("region").Find(&rows).Error
	if err != nil {
		return nil, store.Translate(err)
	}
	out := make([]officer.Office, len(rows))
	for i, r := range rows {
		out[i] = officer.Office{Region: region.Code(r.Region), Name: r.Name, Zone: calendar.Zone(r.Zone)}
	}
	return out, nil
}

var _ officer.Store = (*Officers)(nil)
