package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
)

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
	ID         uuid.UUID `gorm:"primaryKey"`
	OfficerID  uuid.UUID
	Role       string
	Region     string
	ValidFrom  time.Time
	ValidUntil *time.Time
	GrantedBy  *uuid.UUID
	GrantedAt  time.Time
	RevokedBy  *uuid.UUID
	RevokedAt  *time.Time
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
	grant := officer.Grant{ID: g.ID, Role: authz.Role(g.Role), Region: region.Code(g.Region), From: calendar.FromTime(g.ValidFrom), GrantedAt: g.GrantedAt.UTC()}
	if g.ValidUntil != nil {
		grant.Until = calendar.FromTime(*g.ValidUntil)
	}
	if g.GrantedBy != nil {
		grant.GrantedBy = authz.OfficerID(*g.GrantedBy)
	}
	if g.RevokedAt != nil {
		grant.RevokedAt = g.RevokedAt.UTC()
	}
	return grant
}

// accessChanged tells every process, at the commit of tx, to forget what it remembers of an officer.
func accessChanged(tx *gorm.DB, id uuid.UUID) error {
	return tx.Exec("select pg_notify('tanggap_access', ?)", id.String()).Error
}

// offices limits a query on officers to the offices of a scope. An office is an element of the region tree; the national
// office is ” and belongs to the national scope alone.
func offices(tx *gorm.DB, column string, scope authz.Scope) *gorm.DB {
	codes := scope.Regions()
	if len(codes) == 0 {
		return tx.Where("false")
	}
	any := tx.Session(&gorm.Session{NewDB: true})
	for _, code := range codes {
		lo, hi := code.Range()
		any = any.Or(column+" >= ? and "+column+" < ?", lo, hi)
	}
	return tx.Where(any)
}

// repeatable keeps the answer of a request beside its work, and gives the kept one when the request comes again and the
// caller may still see what it is about: visible is asked, with the kept answer.
func repeatable[T any](ctx context.Context, s *Store, op authz.Op, visible func(T) error, work func(tx *gorm.DB) (T, error)) (T, error) {
	var answer T
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var err error
		if answer, err = work(tx); err != nil {
			return err
		}
		return keepAnswer(tx, op, answer)
	})
	if err = translate(err); err == nil || op.Request.Key == "" {
		return answer, err
	}
	var kept T
	if err := s.replay(ctx, op, err, &kept); err != nil {
		return answer, err
	}
	return kept, visible(kept)
}

// seesOfficer tells whether an officer is still in the caller's scope.
func (s *Store) seesOfficer(ctx context.Context, op authz.Op, id authz.OfficerID) error {
	_, err := s.GetOfficer(ctx, op.Scope, id)
	return err
}

// CreateOfficer implements officer.Store.
func (s *Store) CreateOfficer(ctx context.Context, op authz.Op, o officer.Officer, passwordHash string) (officer.Officer, error) {
	visible := func(made officer.Officer) error { return s.seesOfficer(ctx, op, made.ID) }
	return repeatable(ctx, s, op, visible, func(tx *gorm.DB) (officer.Officer, error) {
		id, err := uuid.NewV7()
		if err != nil {
			return o, fmt.Errorf("make officer id: %w", err)
		}
		o.ID, o.Active, o.Version = authz.OfficerID(id), true, 1
		return o, tx.Raw(`insert into officer (id, email, name, office, password_hash, created_by) values (?, ?, ?, ?, ?, ?) returning created_at`,
			id, o.Email, o.Name, string(o.Office), passwordHash, nullID(uuid.UUID(op.Actor))).Scan(&o.CreatedAt).Error
	})
}

// ListOfficers implements officer.Store.
func (s *Store) ListOfficers(ctx context.Context, scope authz.Scope, f officer.Filter) ([]officer.Officer, error) {
	db := s.db.WithContext(ctx)
	query := offices(db.Model(&officerRow{}), "office", scope).Order("id").Limit(f.Limit)
	if f.After != (authz.OfficerID{}) {
		query = query.Where("id > ?", uuid.UUID(f.After))
	}
	var rows []officerRow
	if err := query.Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	return s.withGrants(ctx, rows)
}

// GetOfficer implements officer.Store.
func (s *Store) GetOfficer(ctx context.Context, scope authz.Scope, id authz.OfficerID) (officer.Officer, error) {
	var row officerRow
	err := offices(s.db.WithContext(ctx), "office", scope).Where("id = ?", uuid.UUID(id)).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return officer.Officer{}, officer.NotFound()
	}
	if err != nil {
		return officer.Officer{}, translate(err)
	}
	all, err := s.withGrants(ctx, []officerRow{row})
	if err != nil {
		return officer.Officer{}, err
	}
	return all[0], nil
}

func (s *Store) withGrants(ctx context.Context, rows []officerRow) ([]officer.Officer, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var grants []grantRow
	if err := s.db.WithContext(ctx).Where("officer_id in ?", ids).Order("granted_at, id").Find(&grants).Error; err != nil {
		return nil, translate(err)
	}
	out := make([]officer.Officer, len(rows))
	for i, r := range rows {
		out[i] = r.officer(grants)
	}
	return out, nil
}

// Deactivate implements officer.Store.
func (s *Store) Deactivate(ctx context.Context, op authz.Op, id authz.OfficerID) error {
	visible := func(bool) error { return s.seesOfficer(ctx, op, id) }
	_, err := repeatable(ctx, s, op, visible, func(tx *gorm.DB) (bool, error) {
		done := offices(tx.Model(&officerRow{}), "office", op.Scope).Where("id = ?", uuid.UUID(id)).
			Updates(map[string]any{"active": false, "version": gorm.Expr("version + 1")})
		if done.Error != nil {
			return false, done.Error
		}
		if done.RowsAffected == 0 {
			return false, officer.NotFound()
		}
		if err := tx.Exec("delete from session where officer_id = ?", uuid.UUID(id)).Error; err != nil {
			return false, err
		}
		return true, accessChanged(tx, uuid.UUID(id))
	})
	return err
}

// GrantRole implements officer.Store.
func (s *Store) GrantRole(ctx context.Context, op authz.Op, to authz.OfficerID, g officer.Grant) (officer.Grant, error) {
	visible := func(officer.Grant) error { return s.seesOfficer(ctx, op, to) }
	return repeatable(ctx, s, op, visible, func(tx *gorm.DB) (officer.Grant, error) {
		var row officerRow
		err := offices(tx, "office", op.Scope).Where("id = ? and active", uuid.UUID(to)).Take(&row).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return g, officer.NotFound()
		}
		if err != nil {
			return g, err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return g, fmt.Errorf("make grant id: %w", err)
		}
		made := grantRow{ID: id, OfficerID: uuid.UUID(to), Role: string(g.Role), Region: string(g.Region), ValidFrom: g.From.Time(),
			ValidUntil: nullDate(g.Until), GrantedBy: nullID(uuid.UUID(op.Actor))}
		if err := tx.Omit("GrantedAt", "RevokedBy", "RevokedAt").Create(&made).Error; err != nil {
			return g, err
		}
		if err := tx.Where("id = ?", id).Take(&made).Error; err != nil {
			return g, err
		}
		return made.grant(), accessChanged(tx, uuid.UUID(to))
	})
}

// RevokeRole implements officer.Store.
func (s *Store) RevokeRole(ctx context.Context, op authz.Op, from authz.OfficerID, grant uuid.UUID) error {
	visible := func(bool) error {
		var row grantRow
		err := offices(s.db.WithContext(ctx), "region", op.Scope).Where("id = ?", grant).Take(&row).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return officer.NotFound()
		}
		return translate(err)
	}
	_, err := repeatable(ctx, s, op, visible, func(tx *gorm.DB) (bool, error) {
		done := offices(tx.Model(&grantRow{}), "region", op.Scope).
			Where("id = ? and officer_id = ? and revoked_at is null", grant, uuid.UUID(from)).
			Updates(map[string]any{"revoked_at": gorm.Expr("now()"), "revoked_by": uuid.UUID(op.Actor)})
		if done.Error != nil {
			return false, done.Error
		}
		if done.RowsAffected == 0 {
			return false, officer.NotFound()
		}
		return true, accessChanged(tx, uuid.UUID(from))
	})
	return err
}

// ListOffices implements officer.Store: offices are public knowledge, in the order of their codes.
func (s *Store) ListOffices(ctx context.Context, f officer.Filter) ([]officer.Office, error) {
	var rows []struct{ Region, Name, Zone string }
	lo, hi := rangeOf(f.Office)
	err := s.db.WithContext(ctx).Table("office").Select("region", "name", "zone").
		Where("region >= ? and region < ?", lo, hi).Order("region").Find(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	out := make([]officer.Office, len(rows))
	for i, r := range rows {
		out[i] = officer.Office{Region: region.Code(r.Region), Name: r.Name, Zone: calendar.Zone(r.Zone)}
	}
	return out, nil
}

var _ officer.Store = (*Store)(nil)
