package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
)

// Credential implements officer.SessionStore. An unknown address gives an empty credential, not an error: the caller
// spends the same time on it.
func (s *Store) Credential(ctx context.Context, email string) (officer.Credential, error) {
	var c officer.Credential
	var locked *time.Time
	err := s.pool.QueryRow(ctx, `select id, password_hash, active, locked_until, failed_sign_ins from officer where email = $1`, email).
		Scan((*[16]byte)(&c.Officer), &c.Hash, &c.Active, &locked, &c.FailedBefore)
	if errors.Is(err, pgx.ErrNoRows) {
		return officer.Credential{}, nil
	}
	if locked != nil {
		c.LockedUntil = *locked
	}
	return c, translate(err)
}

// RecordAttempt implements officer.SessionStore.
func (s *Store) RecordAttempt(ctx context.Context, id authz.OfficerID, failures int, lockedUntil time.Time) error {
	var until *time.Time
	if !lockedUntil.IsZero() {
		until = &lockedUntil
	}
	_, err := s.pool.Exec(ctx, `update officer set failed_sign_ins = $2, locked_until = $3 where id = $1`, uuid.UUID(id), failures, until)
	return translate(err)
}

// ChangePassword implements officer.SessionStore: the new password and the end of all sessions are one change.
func (s *Store) ChangePassword(ctx context.Context, id authz.OfficerID, passwordHash string) error {
	return translate(s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec(`update officer set password_hash = ?, version = version + 1 where id = ?`, passwordHash, uuid.UUID(id)).Error; err != nil {
			return err
		}
		if err := tx.Exec("delete from session where officer_id = ?", uuid.UUID(id)).Error; err != nil {
			return err
		}
		return accessChanged(tx, uuid.UUID(id))
	}))
}

// StartSession implements officer.SessionStore.
func (s *Store) StartSession(ctx context.Context, id authz.OfficerID, digest []byte, expires time.Time, most int) error {
	return translate(s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec(`delete from session where officer_id = ? and (expires_at < now() or token_digest in
			(select token_digest from session where officer_id = ? order by created_at desc offset ?))`,
			uuid.UUID(id), uuid.UUID(id), most-1).Error; err != nil {
			return err
		}
		// The digest is not first: GORM would take bytes that follow a bracket for a list of values.
		return tx.Exec(`insert into session (officer_id, token_digest, expires_at) values (?, ?, ?)`, uuid.UUID(id), digest, expires).Error
	}))
}

// FindSession implements officer.SessionStore; what it does not find is officer.Invalid.
func (s *Store) FindSession(ctx context.Context, digest []byte) (officer.Session, time.Time, error) {
	var found officer.Session
	var seen time.Time
	var row officerRow
	var confirmed time.Time
	err := s.pool.QueryRow(ctx, `select s.created_at, s.last_seen_at, s.expires_at, s.confirmed_at, o.id, o.name, o.office, o.email
		from session s join officer o on o.id = s.officer_id where s.token_digest = $1 and o.active`, digest).
		Scan(&found.CreatedAt, &seen, &found.ExpiresAt, &confirmed, (*[16]byte)(&row.ID), &row.Name, &row.Office, &row.Email)
	if errors.Is(err, pgx.ErrNoRows) {
		return found, seen, officer.Invalid()
	}
	if err != nil {
		return found, seen, translate(err)
	}
	all, err := s.withGrants(ctx, []officerRow{row})
	if err != nil {
		return found, seen, err
	}
	found.Actor = authz.Actor{Officer: authz.OfficerID(row.ID), Name: row.Name, Email: row.Email, Office: region.Code(row.Office), Grants: officer.InForce(all[0]), ConfirmedAt: confirmed}
	return found, seen, s.addEmergency(ctx, &found.Actor)
}

// addEmergency adds the right that an officer has opened in an emergency, while it lasts.
func (s *Store) addEmergency(ctx context.Context, actor *authz.Actor) error {
	var code string
	err := s.pool.QueryRow(ctx, "select id, region, until from emergency where officer_id = $1 and until > clock_timestamp() and verdict is null order by until desc limit 1", uuid.UUID(actor.Officer)).
		Scan((*[16]byte)(&actor.Emergency), &code, &actor.EmergencyUntil)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	actor.Grants = append(actor.Grants, authz.Grant{Role: authz.Emergency, Region: region.Code(code)})
	return translate(err)
}

// TouchSession implements officer.SessionStore.
func (s *Store) TouchSession(ctx context.Context, digest []byte) error {
	_, err := s.pool.Exec(ctx, `update session set last_seen_at = now() where token_digest = $1`, digest)
	return translate(err)
}

// ConfirmSession implements officer.SessionStore.
func (s *Store) ConfirmSession(ctx context.Context, digest []byte) error {
	_, err := s.pool.Exec(ctx, `update session set confirmed_at = now() where token_digest = $1`, digest)
	return translate(err)
}

// EndSession implements officer.SessionStore.
func (s *Store) EndSession(ctx context.Context, digest []byte) error {
	var id uuid.UUID
	err := s.pool.QueryRow(ctx, `delete from session where token_digest = $1 returning officer_id`, digest).Scan((*[16]byte)(&id))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return translate(err)
	}
	_, err = s.pool.Exec(ctx, "select pg_notify('tanggap_access', $1)", id.String())
	return translate(err)
}

// WatchAccess calls forget for every officer whose rights or sessions changed in any process, and with the zero id
// whenever changes may have been missed. It returns when ctx ends or the connection breaks.
func (s *Store) WatchAccess(ctx context.Context, forget func(authz.OfficerID)) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return unavailable(err)
	}
	raw := conn.Hijack()
	defer func() { _ = raw.Close(context.WithoutCancel(ctx)) }()
	if _, err := raw.Exec(ctx, "listen tanggap_access"); err != nil {
		return translate(err)
	}
	forget(authz.OfficerID{})
	for {
		note, err := raw.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait for access changes: %w", err)
		}
		id, err := uuid.Parse(note.Payload)
		if err != nil {
			id = uuid.Nil
		}
		forget(authz.OfficerID(id))
	}
}

var _ officer.SessionStore = (*Store)(nil)
