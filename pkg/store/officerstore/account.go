package officerstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store"
)

// CreateOfficer adds an officer with a password, for whoever runs the server: the first ones have nobody to invite
// them.
func (s *Officers) CreateOfficer(
	ctx context.Context,
	op authz.Op,
	o officer.Officer,
	passwordHash string,
) (officer.Officer, error) {
	made, err := repeatable(
		ctx,
		s,
		op,
		s.seesInvited(ctx, op),
		func(tx *gorm.DB) (invited, error) { return addOfficer(tx, op, o, passwordHash) },
	)
	return made.Officer, err
}

// invited is an officer who was added. First is lost in the kept answer, as it must be.
type invited struct {
	officer.Officer
	First bool `json:"-"`
}

// Invite implements officer.Store.
func (s *Officers) Invite(
	ctx context.Context,
	op authz.Op,
	o officer.Officer,
	k officer.SetupKey,
) (officer.Officer, bool, error) {
	made, err := repeatable(ctx, s, op, s.seesInvited(ctx, op), func(tx *gorm.DB) (invited, error) {
		made, err := addOfficer(tx, op, o, "")
		if err == nil {
			err = keepSetupKey(tx, op, made.ID, k)
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
	var row officerRow
	err := store.InOffices(s.Gorm.WithContext(ctx), "office", op.Scope).Where("email = ?", email).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.New(fault.Conflict, "officer.registered_elsewhere").At("email")
	}
	if err != nil {
		return store.Translate(err)
	}
	return taken
}

func (s *Officers) seesInvited(ctx context.Context, op authz.Op) func(invited) error {
	return func(made invited) error { return s.seesOfficer(ctx, op, made.ID) }
}

func addOfficer(tx *gorm.DB, op authz.Op, o officer.Officer, passwordHash string) (invited, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return invited{}, fmt.Errorf("make officer id: %w", err)
	}
	o.ID, o.Active, o.Version = authz.OfficerID(id), true, 1
	err = tx.Raw(`insert into officer (id, email, name, office, password_hash, created_by)
		values (?, ?, ?, ?, ?, ?) returning created_at`,
		id, o.Email, o.Name, string(o.Office), passwordHash, store.NullID(uuid.UUID(op.Actor))).
		Scan(&o.CreatedAt).
		Error
	if err == nil {
		err = happened(tx, op, o.ID, officer.AccountCreated, uuid.Nil)
	}
	return invited{o, true}, err
}

// reopen ends the password and the sessions of an officer, and lets them set another password with a code.
func reopen(tx *gorm.DB, op authz.Op, id authz.OfficerID, k officer.SetupKey) error {
	if err := setPassword(tx, id, ""); err != nil {
		return err
	}
	return keepSetupKey(tx, op, id, k)
}

func keepSetupKey(tx *gorm.DB, op authz.Op, id authz.OfficerID, k officer.SetupKey) error {
	err := tx.Exec(
		`insert into setup_code (officer_id, digest, issued_by, issued_at, expires_at) values (@id, @digest, @by, @at, @until)
		on conflict (officer_id) do update set digest = excluded.digest, issued_by = excluded.issued_by,
			issued_at = excluded.issued_at, expires_at = excluded.expires_at`,
		map[string]any{
			"id":     uuid.UUID(id),
			"digest": k.Digest[:],
			"by":     store.NullID(uuid.UUID(op.Actor)),
			"at":     k.IssuedAt,
			"until":  k.ExpiresAt,
		},
	).Error
	if err != nil {
		return err
	}
	return happened(tx, op, id, officer.CodeIssued, uuid.Nil)
}

// closeAccount takes the sessions, the code and the account itself.
func closeAccount(tx *gorm.DB, op authz.Op, id authz.OfficerID) error {
	err := tx.Exec("update officer set active = false, version = version + 1 where id = ?", uuid.UUID(id)).Error
	if err != nil {
		return err
	}
	if err := tx.Exec("delete from setup_code where officer_id = ?", uuid.UUID(id)).Error; err != nil {
		return err
	}
	if err := tx.Exec("delete from session where officer_id = ?", uuid.UUID(id)).Error; err != nil {
		return err
	}
	return happened(tx, op, id, officer.AccountDeactivated, uuid.Nil)
}

// setPassword replaces a password, the empty hash by none, and ends all sessions.
func setPassword(tx *gorm.DB, id authz.OfficerID, hash string) error {
	err := tx.Exec("update officer set password_hash = ?, version = version + 1 where id = ?", hash, uuid.UUID(id)).Error
	if err != nil {
		return err
	}
	return tx.Exec("delete from session where officer_id = ?", uuid.UUID(id)).Error
}
