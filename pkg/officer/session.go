package officer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
)

// The rules of sessions, as policies/security.md states them.
const (
	idleLimit     = 30 * time.Minute
	absoluteLimit = 12 * time.Hour
	mostSessions  = 10 // signing in once more ends the oldest
	trustFor      = 20 * time.Second
)

// Sessions signs officers in and recognises them. Recognised sessions are remembered for 20 seconds; Forget drops an
// officer's at once, and every change of rights must call it once it is made (in other processes the database's
// notification does, in the same transaction).
type Sessions struct {
	credentials CredentialStore
	tokens      TokenStore
	clock       clock.Clock

	mu    sync.RWMutex
	epoch int // grows whenever something is forgotten
	known map[[32]byte]remembered
}

type remembered struct {
	session Session
	seen    time.Time
	checked time.Time
}

// NewSessions makes an empty memory of sessions.
func NewSessions(store SessionStore, c clock.Clock) *Sessions {
	return &Sessions{credentials: store, tokens: store, clock: c, known: make(map[[32]byte]remembered)}
}

// Authenticate recognises the bearer of a token. An unknown, ended, idle or expired one is session.invalid.
func (s *Sessions) Authenticate(ctx context.Context, token string) (authz.Actor, error) {
	now := s.clock.Now()
	digest := Digest(token)
	s.mu.RLock()
	r, hit := s.known[digest]
	epoch := s.epoch
	s.mu.RUnlock()
	if until := r.session.Actor.EmergencyUntil; hit && now.Sub(r.checked) <= trustFor && !r.over(now) &&
		(until.IsZero() || now.Before(until)) {
		return r.actor(), nil
	}
	session, seen, err := s.tokens.FindSession(ctx, digest[:])
	if err != nil {
		return authz.Actor{}, err
	}
	if r = (remembered{session: session, seen: seen, checked: now}); r.over(now) {
		s.drop(digest)
		return authz.Actor{}, Invalid()
	}
	if now.Sub(seen) > time.Minute {
		if err := s.tokens.TouchSession(ctx, digest[:]); err != nil {
			return authz.Actor{}, err
		}
		r.seen = now
	}
	s.remember(digest, r, epoch)
	return r.actor(), nil
}

// over tells whether a session has come to its end.
func (r remembered) over(now time.Time) bool {
	return now.After(r.until())
}

// until is when a session ends unless it is used again.
func (r remembered) until() time.Time {
	if idle := r.seen.Add(idleLimit); idle.Before(r.session.ExpiresAt) {
		return idle
	}
	return r.session.ExpiresAt
}

// actor is whose session it is.
func (r remembered) actor() authz.Actor {
	a := r.session.Actor
	a.SessionUntil = r.until()
	return a
}

// remember keeps a session unless something was forgotten since it was read: it may have been this one.
func (s *Sessions) remember(digest [32]byte, r remembered, epoch int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.epoch == epoch {
		s.known[digest] = r
	}
}

// SignOut ends a session everywhere. It is forgotten after it has ended, whatever came of it: forgotten before, a
// request beside it would have it remembered again.
func (s *Sessions) SignOut(ctx context.Context, token string) error {
	digest := Digest(token)
	defer s.drop(digest)
	return s.tokens.EndSession(ctx, digest[:])
}

// Held lists the sessions of an officer that are not over; the one of the token is marked.
func (s *Sessions) Held(ctx context.Context, id authz.OfficerID, token string) ([]Held, error) {
	digest, now := Digest(token), s.clock.Now()
	return s.tokens.ListSessions(ctx, id, digest[:], now.Add(-idleLimit), now)
}

// End ends one of an officer's own sessions, everywhere.
func (s *Sessions) End(ctx context.Context, id authz.OfficerID, session uuid.UUID) error {
	defer s.Forget(id)
	return s.tokens.EndHeld(ctx, id, session)
}

// SessionNotFound is the one answer for a session that is not there and for one of somebody else.
func SessionNotFound() error { return fault.New(fault.NotFound, "session.not_found") }

// Forget drops what is remembered of an officer; the zero id drops everything.
func (s *Sessions) Forget(id authz.OfficerID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	for digest, r := range s.known {
		if r.session.Actor.Officer == id || id == (authz.OfficerID{}) {
			delete(s.known, digest)
		}
	}
}

func (s *Sessions) drop(digest [32]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	delete(s.known, digest)
}

// Invalid is the one answer to a token that opens nothing.
func Invalid() error { return fault.New(fault.Unauthenticated, "session.invalid") }

// Digest is what is kept of a token or a code.
func Digest(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }

func newToken() (string, [32]byte) {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand aborts the program instead
	token := base64.RawURLEncoding.EncodeToString(raw[:])
	return token, Digest(token)
}
