package officerstore

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/store"
)

// credentialRow is what is compared at a door, with the code that is out, if any.
type credentialRow struct {
	ID                      uuid.UUID
	PasswordHash            string
	Active, Known           bool
	Email, Name, OfficeName string
	Digest                  []byte
	IssuedAt, CodeExpiresAt *time.Time
}

const (
	credentialTables = `officer o join office f on f.region = o.office left join setup_code k on k.officer_id = o.id`
	// The argument is the address.
	credentialColumns = `o.id, o.password_hash, o.active, o.email, o.name, f.name as office_name, k.digest, k.issued_at,
		k.expires_at as code_expires_at,
		exists (select from sign_in_origin a where a.officer_id = o.id and a.address = ?) as known`
)

func (r credentialRow) credential() officer.Credential {
	c := officer.Credential{Officer: authz.OfficerID(r.ID), Hash: r.PasswordHash, Active: r.Active, Known: r.Known,
		Owner: password.Owner{Email: r.Email, Name: r.Name, Office: r.OfficeName}}
	if r.Digest != nil {
		c.Code = officer.SetupKey{Digest: [32]byte(r.Digest), IssuedAt: r.IssuedAt.UTC(), ExpiresAt: r.CodeExpiresAt.UTC()}
	}
	return c
}

// Credential implements officer.CredentialStore. An unknown address gives an empty credential, not an error: the caller
// spends the same time on it.
func (s *Officers) Credential(ctx context.Context, email, address string) (officer.Credential, error) {
	q := store.From[credentialRow]().Table(credentialTables).Select(credentialColumns, s.blinded("origin", address)).
		Where("o.email = ?", email)
	c, err := store.Take(ctx, s.Pool, q, officer.NotFound(), credentialRow.credential)
	if errors.Is(err, officer.NotFound()) {
		return officer.Credential{}, nil
	}
	return c, err
}

// ChangePassword implements officer.CredentialStore: the new password, the end of all sessions and of a code are one
// change.
func (s *Officers) ChangePassword(ctx context.Context, id authz.OfficerID, passwordHash string) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := passwordChanged(ctx, tx, id, passwordHash); err != nil {
			return err
		}
		_, err := store.On[setupRow](tx).Where("officer_id = ?", uuid.UUID(id)).Delete(ctx)
		return err
	}))
}

// UseSetupCode implements officer.CredentialStore: of two at once one finds the code gone.
func (s *Officers) UseSetupCode(ctx context.Context, id authz.OfficerID, k officer.SetupKey,
	passwordHash string) (used bool, err error) {
	err = pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		n, err := store.On[setupRow](tx).Where("officer_id = ? and digest = ?", uuid.UUID(id), k.Digest[:]).Delete(ctx)
		if used = n == 1; err != nil || !used {
			return err
		}
		return passwordChanged(ctx, tx, id, passwordHash)
	})
	return used, store.Translate(err)
}

func passwordChanged(ctx context.Context, tx pgx.Tx, id authz.OfficerID, hash string) error {
	if err := setPassword(ctx, tx, id, hash); err != nil {
		return err
	}
	if err := happened(ctx, tx, authz.Op{Actor: id}, id, officer.PasswordSet, uuid.Nil); err != nil {
		return err
	}
	return accessChanged(ctx, tx, id)
}

var _ officer.CredentialStore = (*Officers)(nil)
