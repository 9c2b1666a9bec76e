package officerstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store"
)

// administration is the lock that changes of officers take, one after the other: what one of them decides on, such as
// who else is administrator of a region, no other one changes meanwhile.
const administration = 7264015

// happened keeps what an administrator did.
func happened(tx *gorm.DB, op authz.Op, to authz.OfficerID, kind officer.EventKind, grant uuid.UUID) error {
	return tx.Exec(
		`insert into officer_event (officer_id, kind, grant_id, actor) values (?, ?, ?, ?)`,
		uuid.UUID(to),
		kind,
		store.NullID(grant),
		store.NullID(uuid.UUID(op.Actor)),
	).Error
}

// GrantRole gives a role without asking anybody, for whoever runs the server.
func (s *Officers) GrantRole(
	ctx context.Context,
	op authz.Op,
	to authz.OfficerID,
	g officer.Grant,
) (officer.Grant, error) {
	g.GrantedBy = op.Actor
	visible := func(o officer.Officer) error {
		if !op.Scope.Covers(o.Office) || !o.Active {
			return officer.NotFound()
		}
		return nil
	}
	done, err := s.Administer(
		ctx,
		op,
		to,
		visible,
		func(officer.Standing) (officer.Change, error) { return officer.Change{Give: &g}, nil },
	)
	return done.Grant, err
}

// Administer implements officer.Store.
func (s *Officers) Administer(
	ctx context.Context,
	op authz.Op,
	id authz.OfficerID,
	visible func(officer.Officer) error,
	decide officer.Decide,
) (officer.Changed, error) {
	again := func(officer.Changed) error {
		o, err := s.GetOfficer(ctx, authz.Everywhere(), id)
		if err != nil {
			return err
		}
		return visible(o)
	}
	return repeatable(ctx, s, op, again, func(tx *gorm.DB) (officer.Changed, error) {
		at, err := standing(tx, op, id)
		if err == nil {
			err = visible(at.Officer)
		}
		if err != nil {
			return officer.Changed{}, err
		}
		change, err := decide(at)
		if err != nil {
			return officer.Changed{}, err
		}
		return administer(tx, op, id, change)
	})
}

// standing reads the officer once no other administration is under way. Whoever was deactivated while they waited for
// it changes nothing any more.
func standing(tx *gorm.DB, op authz.Op, id authz.OfficerID) (at officer.Standing, err error) {
	if err := tx.Exec("select pg_advisory_xact_lock(?)", administration).Error; err != nil {
		return at, err
	}
	if op.Actor != (authz.OfficerID{}) {
		var active bool
		err := tx.Raw("select exists (select from officer where id = ? and active)", uuid.UUID(op.Actor)).Scan(&active).Error
		if err != nil {
			return at, err
		}
		if !active {
			return at, officer.Invalid()
		}
	}
	var row officerRow
	if err := tx.Where("id = ?", uuid.UUID(id)).Take(&row).Error; errors.Is(err, gorm.ErrRecordNotFound) {
		return at, officer.NotFound()
	} else if err != nil {
		return at, err
	}
	all, err := withGrants(tx, []officerRow{row})
	if err != nil {
		return at, err
	}
	at.Officer = all[0]
	var others []grantRow
	err = tx.Where(`role = ? and revoked_at is null and not pending and officer_id <> ?
		and officer_id in (select id from officer where active)
		and region in (select region from officer_grant where officer_id = ? and role = ?)`, string(authz.Administrator), uuid.UUID(id), uuid.UUID(id), string(authz.Administrator)).
		Find(&others).
		Error
	for _, g := range others {
		at.Administrators = append(at.Administrators, g.grant())
	}
	return at, err
}

// administer makes a change that was decided on.
func administer(tx *gorm.DB, op authz.Op, id authz.OfficerID, c officer.Change) (done officer.Changed, err error) {
	done.First = true
	if c.Give != nil {
		done.Grant, err = giveGrant(tx, op, id, *c.Give)
	}
	mark := func(grant uuid.UUID, kind officer.EventKind, columns map[string]any) {
		err = errors.Join(err, changeGrant(tx, op, id, grant, kind, columns))
	}
	by := uuid.UUID(op.Actor)
	for _, grant := range c.Revoke {
		mark(grant, officer.GrantRevoked, map[string]any{"revoked_at": gorm.Expr("now()"), "revoked_by": store.NullID(by)})
	}
	for _, grant := range c.Suspend {
		mark(grant, officer.GrantSuspended, map[string]any{"proposed_by": by, "confirmed_by": nil, "confirmed_at": nil})
	}
	if err == nil && c.Confirm != uuid.Nil {
		mark(c.Confirm, officer.GrantConfirmed, map[string]any{"confirmed_at": gorm.Expr("now()"), "confirmed_by": by})
		if err == nil {
			done.Grant, err = readGrant(tx, c.Confirm)
		}
	}
	if err == nil && c.Code != nil {
		err = reopen(tx, op, id, *c.Code)
	}
	if err == nil && c.Deactivate {
		err = closeAccount(tx, op, id)
	}
	if err != nil {
		return officer.Changed{}, err
	}
	return done, accessChanged(tx, uuid.UUID(id))
}

func giveGrant(tx *gorm.DB, op authz.Op, to authz.OfficerID, g officer.Grant) (officer.Grant, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return g, fmt.Errorf("make grant id: %w", err)
	}
	made := grantRow{
		ID:         id,
		OfficerID:  uuid.UUID(to),
		Role:       string(g.Role),
		Region:     string(g.Region),
		ValidFrom:  g.From.Time(),
		ValidUntil: store.NullDate(g.Until),
		GrantedBy:  store.NullID(uuid.UUID(g.GrantedBy)),
		ProposedBy: store.NullID(uuid.UUID(g.ProposedBy)),
	}
	if err := tx.Create(&made).Error; err != nil {
		return g, err
	}
	if err := happened(tx, op, to, officer.GrantGiven, id); err != nil {
		return g, err
	}
	return readGrant(tx, id)
}

func readGrant(tx *gorm.DB, id uuid.UUID) (officer.Grant, error) {
	var row grantRow
	err := tx.Where("id = ?", id).Take(&row).Error
	return row.grant(), err
}

func changeGrant(
	tx *gorm.DB,
	op authz.Op,
	of authz.OfficerID,
	grant uuid.UUID,
	kind officer.EventKind,
	values map[string]any,
) error {
	done := tx.Model(&grantRow{}).
		Where("id = ? and officer_id = ? and revoked_at is null", grant, uuid.UUID(of)).
		Updates(values)
	if done.Error != nil {
		return done.Error
	}
	if done.RowsAffected != 1 {
		return officer.NotFound()
	}
	return happened(tx, op, of, kind, grant)
}
