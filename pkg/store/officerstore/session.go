package officerstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// StartSession implements officer.TokenStore. The account is held while the session begins: what ends the password,
// or the account, comes before it and is seen here, or after it and ends the session too.
func (s *Officers) StartSession(ctx context.Context, start officer.SessionStart) (begun, ended bool, err error) {
	err = pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		id := uuid.UUID(start.Officer)
		held := store.From[officerRow](clause.Locking{Strength: clause.LockingStrengthShare}).
			Where("id = ? and active and password_hash = ?", id, start.Hash)
		if _, err := store.Take(ctx, tx, held, officer.NotFound(), store.Itself[officerRow]); err != nil {
			return err
		}
		gone, err := store.On[sessionRow](tx).Where(`officer_id = ? and (expires_at < now() or token_digest in
			(select token_digest from session where officer_id = ? order by created_at desc offset ?))`,
			id, id, start.Most-1).Delete(ctx)
		if err != nil {
			return err
		}
		if ended = gone > 0; ended {
			if err := accessChanged(ctx, tx, start.Officer); err != nil {
				return err
			}
		}
		err = store.On[sessionRow](tx).Create(ctx,
			&sessionRow{TokenDigest: start.Digest[:], OfficerID: id, ExpiresAt: start.Expires})
		if err != nil {
			return err
		}
		return s.rememberOrigin(ctx, tx, start)
	})
	if errors.Is(err, officer.NotFound()) {
		return false, false, nil
	}
	return err == nil, ended && err == nil, store.Translate(err)
}

// foundRow is a session with the officer whose it is.
type foundRow struct {
	CreatedAt, LastSeenAt, ExpiresAt, ConfirmedAt time.Time
	ID                                            uuid.UUID
	Name, Email                                   string
	Office                                        region.Code
}

// FindSession implements officer.TokenStore; what it does not find is officer.Invalid.
func (s *Officers) FindSession(ctx context.Context, digest []byte) (officer.Session, time.Time, error) {
	q := store.From[foundRow]().Table("session s join officer o on o.id = s.officer_id").
		Select("s.created_at, s.last_seen_at, s.expires_at, s.confirmed_at, o.id, o.name, o.email, o.office").
		Where("s.token_digest = ? and o.active", digest)
	row, err := store.Take(ctx, s.Pool, q, officer.Invalid(), store.Itself[foundRow])
	if err != nil {
		return officer.Session{}, time.Time{}, err
	}
	all, err := withGrants(ctx, s.Pool, []officerRow{{ID: row.ID}})
	if err != nil {
		return officer.Session{}, time.Time{}, err
	}
	found := officer.Session{CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, Actor: authz.Actor{
		Officer: authz.OfficerID(row.ID), Name: row.Name, Email: row.Email, Office: row.Office,
		Grants: officer.InForce(all[0]), ConfirmedAt: row.ConfirmedAt}}
	return found, row.LastSeenAt, s.addEmergency(ctx, &found.Actor)
}

// addEmergency adds the right that an officer has opened in an emergency, while it lasts.
func (s *Officers) addEmergency(ctx context.Context, actor *authz.Actor) error {
	e, open, err := openEmergency(ctx, s.Pool, actor.Officer)
	if err != nil || !open {
		return err
	}
	actor.Emergency, actor.EmergencyUntil = e.ID, e.Until
	actor.Grants = append(actor.Grants, authz.Grant{Role: authz.Emergency, Region: e.Region})
	return nil
}

// TouchSession implements officer.TokenStore; a session that has ended meanwhile is no fault.
func (s *Officers) TouchSession(ctx context.Context, digest []byte) error {
	_, err := store.On[sessionRow](s.Pool).Where("token_digest = ?", digest).
		Set(store.Set("last_seen_at", store.Now)).Update(ctx)
	return store.Translate(err)
}

// RotateSession implements officer.TokenStore. Only pgx gives back whose session it changed; so below.
func (s *Officers) RotateSession(ctx context.Context, digest, next []byte) error {
	const rotate = `update session set token_digest = $2, confirmed_at = now() where token_digest = $1
		returning officer_id`
	return s.onSession(ctx, rotate, officer.Invalid(), digest, next)
}

// EndSession implements officer.TokenStore; a session that has ended already is no fault.
func (s *Officers) EndSession(ctx context.Context, digest []byte) error {
	return s.onSession(ctx, `delete from session where token_digest = $1 returning officer_id`, nil, digest)
}

// heldRow is a session as its officer sees it.
type heldRow struct {
	ID                               uuid.UUID
	CreatedAt, LastSeenAt, ExpiresAt time.Time
	Own                              bool
}

// ListSessions implements officer.TokenStore.
func (s *Officers) ListSessions(ctx context.Context, id authz.OfficerID, digest []byte,
	idleSince, now time.Time) ([]officer.Held, error) {
	q := store.From[heldRow]().Table("session").
		Select("id, created_at, last_seen_at, expires_at, token_digest = ? as own", digest).
		Where("officer_id = ? and last_seen_at >= ? and expires_at >= ?", uuid.UUID(id), idleSince, now).
		Order("last_seen_at desc, id")
	return store.Find(ctx, s.Pool, q, func(r heldRow) officer.Held {
		return officer.Held{ID: r.ID, CreatedAt: r.CreatedAt.UTC(), LastSeenAt: r.LastSeenAt.UTC(),
			ExpiresAt: r.ExpiresAt.UTC(), Own: r.Own}
	})
}

// EndHeld implements officer.TokenStore.
func (s *Officers) EndHeld(ctx context.Context, id authz.OfficerID, session uuid.UUID) error {
	const end = `delete from session where id = $1 and officer_id = $2 returning officer_id`
	return s.onSession(ctx, end, officer.SessionNotFound(), session, uuid.UUID(id))
}

// onSession changes one session and tells every process in the same transaction.
func (s *Officers) onSession(ctx context.Context, statement string, gone error, args ...any) error {
	err := pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		var id uuid.UUID
		if err := tx.QueryRow(ctx, statement, args...).Scan((*[16]byte)(&id)); err != nil {
			return fmt.Errorf("change session: %w", err)
		}
		return accessChanged(ctx, tx, authz.OfficerID(id))
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
// whenever changes may have been missed. It returns when ctx ends or the connection breaks. It listens on a connection
// of its own, which only pgx gives.
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

var _ officer.TokenStore = (*Officers)(nil)
