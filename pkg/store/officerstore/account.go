package officerstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store"
)

// CreateOfficer adds an officer with a password, for whoever runs the server: the first ones have nobody to invite
// them.
func (s *Officers) CreateOfficer(ctx context.Context, op authz.Op, o officer.Officer,
	passwordHash string) (officer.Officer, error) {
	made, err := repeatable(ctx, s, op, s.seesInvited(ctx, op), func(tx pgx.Tx) (invited, error) {
		return addOfficer(ctx, tx, op, o, passwordHash)
	})
	return made.Officer, err
}

// invited is an officer who was added. First is lost in the kept answer, as it must be.
type invited struct {
	officer.Officer
	First bool `json:"-"`
}

// Invite implements officer.Store.
func (s *Officers) Invite(ctx context.Context, op authz.Op, o officer.Officer,
	k officer.SetupKey) (officer.Officer, bool, error) {
	made, err := repeatable(ctx, s, op, s.seesInvited(ctx, op), func(tx pgx.Tx) (invited, error) {
		made, err := addOfficer(ctx, tx, op, o, "")
		if err == nil {
			err = keepSetupKey(ctx, tx, op, made.ID, k)
		}
		return made, err
	})
	if fault.CodeOf(err) == "officer.email_taken" {
		err = s.takenBy(ctx, op, o.Email, err)
	}
	return made.Officer, made.First, err
}

// takenBy is the refusal of an address that is taken: of officers elsewhere the caller learns that they are not here.
func (s *Officers) takenBy(ctx context.Context, op authz.Op, email string, taken error) error {
	here := store.From[officerRow]().Where("email = ? and "+store.ScopeSQL(op.Scope, "office"), email)
	elsewhere := fault.New(fault.Conflict, "officer.registered_elsewhere").At("email")
	o, err := store.Take(ctx, s.Pool, here, elsewhere, store.Itself[officerRow])
	switch {
	case err != nil:
		return err
	case !o.Active:
		return fault.New(fault.Conflict, "officer.email_of_deactivated", "officer", o.ID.String()).At("email")
	}
	return taken
}

func (s *Officers) seesInvited(ctx context.Context, op authz.Op) func(invited) error {
	return func(made invited) error { return s.seesOfficer(ctx, op, made.ID) }
}

func addOfficer(ctx context.Context, tx pgx.Tx, op authz.Op, o officer.Officer, passwordHash string) (invited, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return invited{}, fmt.Errorf("make officer id: %w", err)
	}
	err = store.On[accountRow](tx).Create(ctx, &accountRow{PasswordHash: passwordHash, Officer: officerRow{ID: id,
		Email: o.Email, Name: o.Name, Office: o.Office, Active: true, Version: 1,
		CreatedBy: store.Null(uuid.UUID(op.Actor))}})
	if err == nil {
		err = happened(ctx, tx, op, authz.OfficerID(id), officer.AccountCreated, uuid.Nil)
	}
	if err == nil {
		o, err = officerIn(ctx, tx, authz.Everywhere(), authz.OfficerID(id))
	}
	return invited{o, true}, err
}

// reopen ends the password and the sessions of an officer, and lets them set another password with a code.
func reopen(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID, k officer.SetupKey) error {
	if err := setPassword(ctx, tx, id, ""); err != nil {
		return err
	}
	return keepSetupKey(ctx, tx, op, id, k)
}

// Readmit is reopen on nobody's behalf, for whoever runs the server.
func (s *Officers) Readmit(ctx context.Context, op authz.Op, id authz.OfficerID, k officer.SetupKey) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := reopen(ctx, tx, op, id, k); err != nil {
			return err
		}
		return accessChanged(ctx, tx, id)
	}))
}

// keepSetupKey keeps a code; the one before it is gone.
func keepSetupKey(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID, k officer.SetupKey) error {
	other := clause.OnConflict{Columns: []clause.Column{{Name: "officer_id"}}, UpdateAll: true}
	err := store.On[setupRow](tx, other).Create(ctx, &setupRow{OfficerID: uuid.UUID(id), Digest: k.Digest[:],
		IssuedBy: store.Null(uuid.UUID(op.Actor)), IssuedAt: k.IssuedAt, ExpiresAt: k.ExpiresAt})
	if err != nil {
		return err
	}
	return happened(ctx, tx, op, id, officer.CodeIssued, uuid.Nil)
}

// closeAccount takes the sessions, the code and the account itself.
func closeAccount(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID) error {
	if err := setOfficer(ctx, tx, id, store.Set("active", false)); err != nil {
		return err
	}
	if _, err := store.On[setupRow](tx).Where("officer_id = ?", uuid.UUID(id)).Delete(ctx); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, id); err != nil {
		return err
	}
	return happened(ctx, tx, op, id, officer.AccountDeactivated, uuid.Nil)
}

// reopenAccount lets a deactivated officer in again; the code that comes with it ends the old password.
func reopenAccount(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID) error {
	if err := setOfficer(ctx, tx, id, store.Set("active", true)); err != nil {
		return err
	}
	return happened(ctx, tx, op, id, officer.AccountReactivated, uuid.Nil)
}

// changeDetails sets what is given, and keeps what it was.
func changeDetails(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID, d officer.Details) error {
	if d == (officer.Details{}) {
		return nil
	}
	was, err := officerIn(ctx, tx, authz.Everywhere(), id)
	if err == nil && d.Name != nil {
		err = changeDetail(ctx, tx, op, id, officer.NameChanged, "name", was.Name, *d.Name)
	}
	if err == nil && d.Email != nil {
		err = changeDetail(ctx, tx, op, id, officer.EmailChanged, "email", was.Email, *d.Email)
	}
	if err == nil && d.Office != nil {
		err = changeDetail(ctx, tx, op, id, officer.OfficeChanged, "office", string(was.Office), string(*d.Office))
	}
	return err
}

func changeDetail(ctx context.Context, tx pgx.Tx, op authz.Op, id authz.OfficerID, kind officer.EventKind,
	column, was, became string) error {
	if err := setOfficer(ctx, tx, id, store.Set(column, became)); err != nil {
		return err
	}
	return store.On[eventRow](tx).Create(ctx, &eventRow{OfficerID: uuid.UUID(id), Kind: kind,
		Actor: store.Null(uuid.UUID(op.Actor)), Was: &was, Became: &became})
}

// setPassword replaces a password, the empty hash by none, and ends all sessions.
func setPassword(ctx context.Context, tx pgx.Tx, id authz.OfficerID, hash string) error {
	if err := setOfficer(ctx, tx, id, store.Set("password_hash", hash)); err != nil {
		return err
	}
	return endSessions(ctx, tx, id)
}

// setOfficer changes an officer to their next version.
func setOfficer(ctx context.Context, tx pgx.Tx, id authz.OfficerID, what clause.Assignment) error {
	n, err := store.On[officerRow](tx).Where("id = ?", uuid.UUID(id)).
		Set(what, store.Set("version", gorm.Expr("version + 1"))).Update(ctx)
	if err == nil && n != 1 {
		err = officer.NotFound()
	}
	return err
}

func endSessions(ctx context.Context, tx pgx.Tx, id authz.OfficerID) error {
	_, err := store.On[sessionRow](tx).Where("officer_id = ?", uuid.UUID(id)).Delete(ctx)
	return err
}
