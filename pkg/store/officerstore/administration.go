package officerstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store"
)

// administration is the lock that changes of officers take, one after the other: what one of them decides on, such as
// who else is administrator of a region, no other one changes meanwhile.
const administration = 7264015

// happened keeps what an administrator did.
func happened(ctx context.Context, tx pgx.Tx, op authz.Op, to authz.OfficerID, kind officer.EventKind,
	grant uuid.UUID) error {
	return store.On[eventRow](tx).Create(ctx, &eventRow{OfficerID: uuid.UUID(to), Kind: kind,
		GrantID: store.Null(grant), Actor: store.Null(uuid.UUID(op.Actor))})
}

// GrantRole gives a role without asking anybody, for whoever runs the server.
func (s *Officers) GrantRole(ctx context.Context, op authz.Op, to authz.OfficerID,
	g officer.Grant) (officer.Grant, error) {
	g.GrantedBy = op.Actor
	visible := func(o officer.Officer) error {
		if !op.Scope.Covers(o.Office) || !o.Active {
			return officer.NotFound()
		}
		return nil
	}
	done, err := s.Administer(ctx, op, to, visible, func(officer.Standing) (officer.Change, error) {
		return officer.Change{Give: &g}, nil
	})
	return done.Grant, err
}

// Administer implements officer.Store.
func (s *Officers) Administer(ctx context.Context, op authz.Op, id authz.OfficerID,
	visible func(officer.Officer) error, decide officer.Decide) (officer.Changed, error) {
	var email *string // that is set
	again := func(officer.Changed) error {
		o, err := s.GetOfficer(ctx, authz.Everywhere(), id)
		if err != nil {
			return err
		}
		return visible(o)
	}
	done, err := repeatable(ctx, s, op, again, func(tx pgx.Tx) (officer.Changed, error) {
		at, err := standing(ctx, tx, op, id)
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
		email = change.Set.Email
		return administer(ctx, tx, op, id, change)
	})
	if fault.CodeOf(err) == "officer.email_taken" && email != nil {
		err = s.takenBy(ctx, op, *email, err)
	}
	return done, err
}

// ofTheSameRegions are the grants of a role that others hold who are active, in regions where an officer holds it.
const ofTheSameRegions = `role = @role and revoked_at is null and not pending and officer_id <> @officer
	and officer_id in (select id from officer where active)
	and region in (select region from officer_grant where officer_id = @officer and role = @role)`

// standing reads the officer once no other administration is under way. Whoever was deactivated while they waited for
// it changes nothing any more.
func standing(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID) (at officer.Standing, err error) {
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", administration); err != nil {
		return at, err
	}
	if op.Actor != (authz.OfficerID{}) {
		active := store.From[officerRow]().Where("id = ? and active", uuid.UUID(op.Actor))
		if _, err := store.Take(ctx, tx, active, officer.Invalid(), store.Itself[officerRow]); err != nil {
			return at, err
		}
	}
	if at.Officer, err = officerIn(ctx, tx, authz.Everywhere(), id); err != nil {
		return at, err
	}
	others := store.From[grantRow]().Where(ofTheSameRegions, sql.Named("role", authz.Administrator),
		sql.Named("officer", uuid.UUID(id)))
	at.Administrators, err = store.Find(ctx, tx, others, grantRow.grant)
	return at, err
}

// administer makes a change that was decided on.
func administer(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID,
	c officer.Change) (officer.Changed, error) {
	done := officer.Changed{First: true}
	var err error
	if c.Give != nil {
		done.Grant, err = giveGrant(ctx, tx, op, id, *c.Give)
	}
	if err == nil {
		err = changeGrants(ctx, tx, op, id, c)
	}
	if err == nil && c.Confirm != uuid.Nil {
		done.Grant, err = readGrant(ctx, tx, c.Confirm)
	}
	if err == nil && c.Reactivate {
		err = reopenAccount(ctx, tx, op, id)
	}
	if err == nil {
		err = changeDetails(ctx, tx, op, id, c.Set)
	}
	if err == nil && c.Code != nil {
		err = reopen(ctx, tx, op, id, *c.Code)
	}
	if err == nil && c.Deactivate {
		err = closeAccount(ctx, tx, op, id)
	}
	if err == nil {
		err = accessChanged(ctx, tx, id)
	}
	if err != nil {
		return officer.Changed{}, err
	}
	return done, nil
}

// changeGrants revokes grants, makes them wait for a second person, or puts one in force.
func changeGrants(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID, c officer.Change) error {
	by := uuid.UUID(op.Actor)
	for _, grant := range c.Revoke {
		err := changeGrant(ctx, tx, op, id, grant, officer.GrantRevoked,
			store.Set("revoked_at", store.Now), store.Set("revoked_by", store.Null(by)))
		if err != nil {
			return err
		}
	}
	for _, grant := range c.Suspend {
		err := changeGrant(ctx, tx, op, id, grant, officer.GrantSuspended,
			store.Set("proposed_by", by), store.Set("confirmed_by", nil), store.Set("confirmed_at", nil))
		if err != nil {
			return err
		}
	}
	if c.Confirm == uuid.Nil {
		return nil
	}
	return changeGrant(ctx, tx, op, id, c.Confirm, officer.GrantConfirmed,
		store.Set("confirmed_at", store.Now), store.Set("confirmed_by", by))
}

func giveGrant(ctx context.Context, tx pgx.Tx, op authz.Op, to authz.OfficerID,
	g officer.Grant) (officer.Grant, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return g, fmt.Errorf("make grant id: %w", err)
	}
	err = store.On[grantRow](tx).Create(ctx, &grantRow{ID: id, OfficerID: uuid.UUID(to), Role: g.Role, Region: g.Region,
		ValidFrom: g.From, ValidUntil: g.Until, GrantedBy: store.Null(uuid.UUID(g.GrantedBy)),
		ProposedBy: store.Null(uuid.UUID(g.ProposedBy))})
	if err == nil {
		err = happened(ctx, tx, op, to, officer.GrantGiven, id)
	}
	if err != nil {
		return g, err
	}
	return readGrant(ctx, tx, id)
}

func readGrant(ctx context.Context, tx pgx.Tx, id uuid.UUID) (officer.Grant, error) {
	return store.Take(ctx, tx, store.From[grantRow]().Where("id = ?", id), officer.NotFound(), grantRow.grant)
}

// changeGrant changes a grant of an officer that is not revoked.
func changeGrant(ctx context.Context, tx pgx.Tx, op authz.Op, of authz.OfficerID, grant uuid.UUID,
	kind officer.EventKind, set ...clause.Assignment) error {
	n, err := store.On[grantRow](tx).Where("id = ? and officer_id = ? and revoked_at is null", grant, uuid.UUID(of)).
		Set(set...).Update(ctx)
	if err == nil && n != 1 {
		err = officer.NotFound()
	}
	if err != nil {
		return err
	}
	return happened(ctx, tx, op, of, kind, grant)
}
