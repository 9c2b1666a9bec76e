package officerstore

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// Credential implements officer.SessionStore. An unknown address gives an empty credential, not an error: the caller
// spends the same time on it.
func (s *Officers) Credential(ctx context.Context, email, address string) (officer.Credential, error) {
	var c officer.Credential
	var digest []byte
	var issued, expires *time.Time
	err := s.Pool.QueryRow(ctx, `select o.id, o.password_hash, o.active, o.email, o.name, f.name, k.digest, k.issued_at, k.expires_at,
			exists (select from sign_in_origin a where a.officer_id = o.id and a.address = $2)
		from officer o join office f on f.region = o.office left join setup_code k on k.officer_id = o.id
		where o.email = $1`, email, s.blinded("origin", address)).
		Scan((*[16]byte)(&c.Officer), &c.Hash, &c.Active, &c.Owner.Email, &c.Owner.Name, &c.Owner.Office,
			&digest, &issued, &expires, &c.Known)
	if errors.Is(err, pgx.ErrNoRows) {
		return officer.Credential{}, nil
	}
	if err == nil && digest != nil {
		c.Code.Digest, c.Code.IssuedAt, c.Code.ExpiresAt = [32]byte(digest), issued.UTC(), expires.UTC()
	}
	return c, store.Translate(err)
}

// ChangePassword implements officer.SessionStore: the new password, the end of all sessions and of a code are one
// change.
func (s *Officers) ChangePassword(ctx context.Context, id authz.OfficerID, passwordHash string) error {
	return store.Translate(s.Gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := passwordChanged(tx, id, passwordHash); err != nil {
			return err
		}
		return tx.Exec("delete from setup_code where officer_id = ?", uuid.UUID(id)).Error
	}))
}

// UseSetupCode implements officer.SessionStore: of two at once one finds the code gone.
func (s *Officers) UseSetupCode(
	ctx context.Context,
	id authz.OfficerID,
	k officer.SetupKey,
	passwordHash string,
) (used bool, err error) {
	err = s.Gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		done := tx.Exec(
			"delete from setup_code where officer_id = @id and digest = @digest",
			map[string]any{"id": uuid.UUID(id), "digest": k.Digest[:]},
		)
		if used = done.RowsAffected == 1; done.Error != nil || !used {
			return done.Error
		}
		return passwordChanged(tx, id, passwordHash)
	})
	return used, store.Translate(err)
}

func passwordChanged(tx *gorm.DB, id authz.OfficerID, hash string) error {
	if err := setPassword(tx, id, hash); err != nil {
		return err
	}
	if err := happened(tx, authz.Op{Actor: id}, id, officer.PasswordSet, uuid.Nil); err != nil {
		return err
	}
	return accessChanged(tx, uuid.UUID(id))
}

// StartSession implements officer.SessionStore. The account is held while the session begins: what ends the password,
// or the account, comes before it and is seen here, or after it and ends the session too.
func (s *Officers) StartSession(ctx context.Context, start officer.SessionStart) (begun, ended bool, err error) {
	err = pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		id := uuid.UUID(start.Officer)
		err := tx.QueryRow(ctx, "select true from officer where id = $1 and active and password_hash = $2 for share",
			id, start.Hash).Scan(&begun)
		if err != nil {
			return err
		}
		gone, err := tx.Exec(ctx, `delete from session where officer_id = $1 and (expires_at < now() or token_digest in
			(select token_digest from session where officer_id = $1 order by created_at desc offset $2))`, id, start.Most-1)
		if err != nil {
			return err
		}
		if ended = gone.RowsAffected() > 0; ended {
			if _, err := tx.Exec(ctx, notifyAccess, id.String()); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `insert into session (token_digest, officer_id, expires_at) values ($1, $2, $3)`,
			start.Digest[:], id, start.Expires); err != nil {
			return err
		}
		return s.rememberOrigin(ctx, tx, start)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, false, nil
	}
	return begun && err == nil, ended && err == nil, store.Translate(err)
}

// FindSession implements officer.SessionStore; what it does not find is officer.Invalid.
func (s *Officers) FindSession(ctx context.Context, digest []byte) (officer.Session, time.Time, error) {
	var found officer.Session
	var seen time.Time
	var row officerRow
	var confirmed time.Time
	err := s.Pool.QueryRow(ctx, `select s.created_at, s.last_seen_at, s.expires_at, s.confirmed_at, o.id, o.name, o.office, o.email
		from session s join officer o on o.id = s.officer_id where s.token_digest = $1 and o.active`, digest).
		Scan(&found.CreatedAt, &seen, &found.ExpiresAt, &confirmed, (*[16]byte)(&row.ID), &row.Name, &row.Office, &row.Email)
	if errors.Is(err, pgx.ErrNoRows) {
		return found, seen, officer.Invalid()
	}
	if err != nil {
		return found, seen, store.Translate(err)
	}
	all, err := s.withGrants(ctx, []officerRow{row})
	if err != nil {
		return found, seen, err
	}
	found.Actor = authz.Actor{
		Officer:     authz.OfficerID(row.ID),
		Name:        row.Name,
		Email:       row.Email,
		Office:      region.Code(row.Office),
		Grants:      officer.InForce(all[0]),
		ConfirmedAt: confirmed,
	}
	return found, seen, s.addEmergency(ctx, &found.Actor)
}

// addEmergency adds the right that an officer has opened in an emergency, while it lasts.
func (s *Officers) addEmergency(ctx context.Context, actor *authz.Actor) error {
	var code string
	err := s.Pool.QueryRow(ctx, "select id, region, until from emergency where officer_id = $1 and until > clock_timestamp() and verdict is null order by until desc limit 1", uuid.UUID(actor.Officer)).
		Scan((*[16]byte)(&actor.Emergency), &code, &actor.EmergencyUntil)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	actor.Grants = append(actor.Grants, authz.Grant{Role: authz.Emergency, Region: region.Code(code)})
	return store.Translate(err)
}

// TouchSession implements officer.SessionStore.
func (s *Officers) TouchSession(ctx context.Context, digest []byte) error {
	_, err := s.Pool.Exec(ctx, `update session set last_seen_at = now() where token_digest = $1`, digest)
	return store.Translate(err)
}

// RotateSession implements officer.SessionStore.
func (s *Officers) RotateSession(ctx context.Context, digest, next []byte) error {
	return s.onSession(
		ctx,
		`update session set token_digest = $2, confirmed_at = now() where token_digest = $1 returning officer_id`,
		officer.Invalid(),
		digest,
		next,
	)
}

// EndSession implements officer.SessionStore; a session that has ended already is no fault.
func (s *Officers) EndSession(ctx context.Context, digest []byte) error {
	return s.onSession(ctx, `delete from session where token_digest = $1 returning officer_id`, nil, digest)
}

const notifyAccess = "select pg_notify('tanggap_access', $1)"

// onSession changes one session and tells every process in the same transaction.
func (s *Officers) onSession(ctx context.Context, statement string, gone error, args ...any) error {
	err := pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		var id uuid.UUID
		if err := tx.QueryRow(ctx, statement, args...).Scan((*[16]byte)(&id)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, notifyAccess, id.String())
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) { // somebody was told so already, or will be: it must outlive a failover
		if err := s.Confirm(ctx, &pgx.Batch{}, func(pgx.BatchResults) error { return nil }); err != nil {
			return err
		}
		return gone
	}
	return store.Translate(err)
}

// WatchAccess calls forget for every officer whose rights or sessions changed in any process, and with the zero id
// whenever changes may have been missed. It returns when ctx ends or the connection breaks.
func (s *Officers) WatchAccess(ctx context.Context, forget func(authz.OfficerID)) error {
	conn, err := s.Pool.Acquire(ctx)
	if err != nil {
		return store.Translate(err)
	}
	raw := conn.Hijack()
	defer func() { _ = raw.Close(context.WithoutCancel(ctx)) }()
	if _, err := raw.Exec(ctx, "listen tanggap_access"); err != nil {
		return store.Translate(err)
	}
	forget(authz.OfficerID{})
	for {
		note, err := raw.WaitForNotification(ctx)
		if err != nil {
			return store.Translate(err)
		}
		id, err := uuid.Parse(note.Payload)
		if err != nil {
			id = uuid.Nil
		}
		forget(authz.OfficerID(id))
	}
}

var _ officer.SessionStore = (*Officers)(nil)
